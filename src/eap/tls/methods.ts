/** The methods that need TLS, as the configuration wants them. */

import type { BssSettings } from "../../config/registry.ts";
import type { EapMethod } from "../method.ts";
import { peapMethod } from "../methods/peap/peap.ts";
import { tlsMethod, unauthTlsMethod } from "../methods/tls.ts";
import { ttlsMethod } from "../methods/ttls/ttls.ts";
import {
  createTlsService,
  type EapTlsSettings,
  eapTlsKeys,
  type ReloadableTlsService,
  type TlsServices,
} from "./service.ts";

const methodKeys = ["eap_skip_prot_success"] as const satisfies readonly (keyof BssSettings)[];

export type TlsMethodSettings = EapTlsSettings & Pick<BssSettings, (typeof methodKeys)[number]>;

/** What of a configuration concerns these methods. */
export const tlsMethodSettingsOf = (settings: BssSettings): TlsMethodSettings =>
  Object.fromEntries([...eapTlsKeys, ...methodKeys].map((key) => [key, settings[key]])) as unknown as TlsMethodSettings;

export interface TlsMethods {
  readonly list: readonly EapMethod<unknown>[];
  /** Reads certificates and revocation lists again. @returns whether they are good; else those from before stay */
  reload(): boolean;
  /** Conversations that run go on. */
  close(): void;
}

/** @throws ConfigurationError with what to do, where a file is missing or wrong */
export function createTlsMethods(settings: TlsMethodSettings, services: TlsServices): TlsMethods {
  const service: ReloadableTlsService = createTlsService(settings, services);
  return {
    list: [
      tlsMethod(service, { withoutIndication: settings.eap_skip_prot_success }),
      peapMethod(service),
      ttlsMethod(service),
      unauthTlsMethod(service),
      unauthTlsMethod(service, "WFA-UNAUTH-TLS"),
    ],
    reload: () => service.reload(),
    close: () => service.close(),
  };
}

/** Whether the configuration has anything that TLS could be made from. */
export const wantsTls = (settings: BssSettings): boolean =>
  settings.server_cert !== undefined || settings.private_key !== undefined || settings.ca_cert !== undefined;
