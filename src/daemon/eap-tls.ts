/** EAP methods with certificates, after a BSS's settings. */

import { sameValue } from "../base/same-value.ts";
import type { BssSettings } from "../config/registry.ts";
import { tlsEngine } from "../crypto/tls/engine.ts";
import type { EapMethod } from "../eap/method.ts";
import { createTlsMethods, type TlsMethods, tlsMethodSettingsOf, wantsTls } from "../eap/tls/methods.ts";
import type { EapMethodsPart } from "./eap-methods.ts";
import type { EapServerHost } from "./eap-server.ts";
import { files } from "./read-configuration.ts";

type Wanted = ReturnType<typeof tlsMethodSettingsOf>;

export class CertificateMethods implements EapMethodsPart {
  readonly list: readonly EapMethod<unknown>[];

  private constructor(
    readonly settings: Wanted,
    readonly tls: TlsMethods,
  ) {
    this.list = tls.list;
  }

  static open(
    settings: BssSettings,
    host: EapServerHost,
    before: EapMethodsPart | undefined,
  ): CertificateMethods | undefined {
    if (!wantsTls(settings)) return undefined;
    const wanted = tlsMethodSettingsOf(settings);
    if (before instanceof CertificateMethods && sameValue(before.settings, wanted)) {
      before.refresh();
      return before;
    }
    const services = { engine: tlsEngine(), read: files, clock: host.clock, log: host.log };
    return new CertificateMethods(wanted, createTlsMethods(wanted, services));
  }

  refresh(): void {
    this.tls.reload();
  }

  retire(): void {
    this.tls.close();
  }
}
