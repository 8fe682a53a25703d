/** The EAP methods that a BSS's settings make possible, with what they need: certificates, databases. */

import type { BssSettings } from "../config/registry.ts";
import type { EapMethod } from "../eap/method.ts";
import { plainMethods } from "../eap/methods.ts";
import type { EapServerHost } from "./eap-server.ts";

export interface EapMethods {
  readonly list: readonly EapMethod<unknown>[];
  /** Others have taken their place: what they hold goes when the last conversation with them is over. */
  retire(): void;
}

const justPlain: EapMethods = { list: plainMethods, retire: () => undefined };

/**
 * @param before what was in use so far, to keep of it what hasn't changed
 * @throws ConfigurationError where the settings ask for what can't be
 */
export function openEapMethods(_settings: BssSettings, _host: EapServerHost, _before?: EapMethods): EapMethods {
  return justPlain;
}
