/** The methods that need TLS, as the configuration wants them. */

import { utf8 } from "../../base/bytes.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { EapMethod } from "../method.ts";
import { fastMethod } from "../methods/fast/fast.ts";
import { peapMethod } from "../methods/peap/peap.ts";
import { teapMethod } from "../methods/teap/teap.ts";
import { tlsMethod, unauthTlsMethod } from "../methods/tls.ts";
import { ttlsMethod } from "../methods/ttls/ttls.ts";
import {
  createTlsService,
  type EapTlsSettings,
  eapTlsKeys,
  type ReloadableTlsService,
  type TlsService,
  type TlsServices,
} from "./service.ts";

const methodKeys = [
  "eap_skip_prot_success",
  "eap_fast_a_id",
  "eap_fast_a_id_info",
  "eap_fast_prov",
  "pac_opaque_encr_key",
  "pac_key_lifetime",
  "pac_key_refresh_time",
  "eap_teap_auth",
  "eap_teap_id",
  "eap_teap_separate_result",
  "eap_teap_method_sequence",
] as const satisfies readonly (keyof BssSettings)[];

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
      teapMethod(service, {
        authorityId: settings.eap_fast_a_id,
        authentication: settings.eap_teap_auth,
        identities: settings.eap_teap_id,
        separateResult: settings.eap_teap_separate_result,
        sequence: settings.eap_teap_method_sequence,
      }),
      ...fastMethods(settings, service, services),
      unauthTlsMethod(service),
      unauthTlsMethod(service, "WFA-UNAUTH-TLS"),
    ],
    reload: () => service.reload(),
    close: () => service.close(),
  };
}

/** EAP-FAST lives on a key for its credentials, and a name for whose they are. */
function fastMethods(settings: TlsMethodSettings, service: TlsService, { clock }: TlsServices): EapMethod<unknown>[] {
  const { eap_fast_a_id: authorityId, pac_opaque_encr_key: encryptionKey } = settings;
  if (authorityId === undefined || encryptionKey === undefined) return [];
  const method = fastMethod(service, {
    authorityId,
    authorityInfo: utf8(settings.eap_fast_a_id_info ?? ""),
    encryptionKey,
    provisioning: settings.eap_fast_prov,
    lifetime: settings.pac_key_lifetime,
    refresh: settings.pac_key_refresh_time,
    clock,
  });
  return [method];
}

/** Whether the configuration has anything that TLS could be made from. */
export const wantsTls = (settings: BssSettings): boolean =>
  settings.server_cert !== undefined ||
  settings.private_key !== undefined ||
  settings.ca_cert !== undefined ||
  settings.pac_opaque_encr_key !== undefined;
