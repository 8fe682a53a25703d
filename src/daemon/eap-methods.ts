/** The EAP methods that a BSS's settings make possible, with what they need: certificates, databases. */

import { sameValue } from "../base/same-value.ts";
import type { BssSettings } from "../config/registry.ts";
import { tlsEngine } from "../crypto/tls/engine.ts";
import type { EapMethod } from "../eap/method.ts";
import { plainMethods } from "../eap/methods.ts";
import { createTlsMethods, type TlsMethods, tlsMethodSettingsOf, wantsTls } from "../eap/tls/methods.ts";
import type { EapServerHost } from "./eap-server.ts";
import { files } from "./read-configuration.ts";

export interface EapMethods {
  readonly list: readonly EapMethod<unknown>[];
  /** Reads files again that may be others under the same names. */
  refresh(): void;
  /** Others have taken their place: what they hold goes when the last conversation with them is over. */
  retire(): void;
}

const justPlain: EapMethods = { list: plainMethods, refresh: () => undefined, retire: () => undefined };

/** With certificates, and with what they were opened for. */
class MethodsWithTls implements EapMethods {
  readonly list: readonly EapMethod<unknown>[];

  constructor(
    readonly settings: ReturnType<typeof tlsMethodSettingsOf>,
    readonly tls: TlsMethods,
  ) {
    this.list = [...plainMethods, ...tls.list];
  }

  refresh(): void {
    this.tls.reload();
  }

  retire(): void {
    this.tls.close();
  }
}

/**
 * @param before what was in use so far, to keep of it what hasn't changed
 * @throws ConfigurationError where the settings ask for what can't be
 */
export function openEapMethods(settings: BssSettings, host: EapServerHost, before?: EapMethods): EapMethods {
  if (!wantsTls(settings)) return justPlain;
  const wanted = tlsMethodSettingsOf(settings);
  if (before instanceof MethodsWithTls && sameValue(before.settings, wanted)) {
    before.refresh();
    return before;
  }
  const services = { engine: tlsEngine(), read: files, clock: host.clock, log: host.log };
  return new MethodsWithTls(wanted, createTlsMethods(wanted, services));
}
