/** The EAP methods that a BSS's settings make possible, with what they need: certificates, databases. */

import type { BssSettings } from "../config/registry.ts";
import type { EapMethod } from "../eap/method.ts";
import { plainMethods } from "../eap/methods.ts";
import { GroupMethods } from "./eap-group-methods.ts";
import type { EapServerHost } from "./eap-server.ts";
import { SimAkaMethods } from "./eap-sim-aka.ts";
import { CertificateMethods } from "./eap-tls.ts";

/** Methods that need the same, opened for what the settings said. */
export interface EapMethodsPart {
  readonly list: readonly EapMethod<unknown>[];
  /** Reads files again that may be others under the same names. */
  refresh?(): void;
  /**
   * Others have taken their place: what they hold goes when the last conversation with them is over.
   * @param successor may go on with some of it
   */
  retire(successor: EapMethodsPart | undefined): void;
}

/**
 * @param before what was in use so far: what is returned if nothing about it has changed
 * @returns undefined where the settings have no use for it
 * @throws ConfigurationError where the settings ask for what can't be
 */
type OpenPart = (
  settings: BssSettings,
  host: EapServerHost,
  before: EapMethodsPart | undefined,
) => EapMethodsPart | undefined;

const openers: readonly OpenPart[] = [CertificateMethods.open, GroupMethods.open, SimAkaMethods.open];

export class EapMethods {
  readonly list: readonly EapMethod<unknown>[];

  constructor(readonly parts: readonly (EapMethodsPart | undefined)[]) {
    this.list = [...plainMethods, ...parts.flatMap((part) => part?.list ?? [])];
  }

  /** Reads files again that may be others under the same names. */
  refresh(): void {
    for (const part of this.parts) part?.refresh?.();
  }

  /** Others have taken their place, or none. */
  retire(successors?: EapMethods): void {
    for (const [i, part] of this.parts.entries()) {
      const successor = successors?.parts[i];
      if (part !== successor) part?.retire(successor);
    }
  }
}

/**
 * @param before what was in use so far, to keep of it what hasn't changed
 * @throws ConfigurationError where the settings ask for what can't be; what was in use is as before then
 */
export function openEapMethods(settings: BssSettings, host: EapServerHost, before?: EapMethods): EapMethods {
  const parts: (EapMethodsPart | undefined)[] = [];
  try {
    for (const [i, open] of openers.entries()) parts.push(open(settings, host, before?.parts[i]));
  } catch (thrown) {
    for (const [i, part] of parts.entries()) if (part !== before?.parts[i]) part?.retire(before?.parts[i]);
    throw thrown;
  }
  return new EapMethods(parts);
}
