/** What the EAP server knows of a user. */

import type { EapType } from "../wire/eap/types.ts";
import type { UserAttribute } from "./contract.ts";
import type { Credential } from "./method.ts";

/** What TTLS may carry that is no EAP. RFC 5281, section 11.2. */
export type TtlsAuthentication = "PAP" | "CHAP" | "MSCHAP" | "MSCHAPV2";

/** An entry of an eap_user file, or of a database of them. */
export interface EapUser {
  /** In the order in which they are proposed. */
  readonly methods: readonly EapType[];
  /** TTLS-PAP and kin. */
  readonly ttls: readonly TtlsAuthentication[];
  readonly credential: Credential | undefined;
  /** The only version of PEAP that is spoken with this user. */
  readonly peapVersion: 0 | 1 | undefined;
  /** A station's address that may come in without EAP. */
  readonly macAcl: boolean;
  readonly attributes: readonly UserAttribute[];
}

export interface EapUsers {
  /** @param phase 2 inside a tunnel @returns undefined where there is none; a promise that is broken means that nobody can say */
  find(identity: Uint8Array, phase: 1 | 2): EapUser | undefined | Promise<EapUser | undefined>;
}
