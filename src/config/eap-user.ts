/** A user of the EAP server, as an eap_user file or a database of users describes one. */

import type { EapType } from "../wire/eap/types.ts";

/** What the server has of a user to compare with. Its octets belong to whoever has given it, and are good as long as somebody has the credential itself. */
export type EapCredential =
  | { readonly kind: "password"; readonly password: Uint8Array }
  /** NT password hash: MD4 of the password in UTF-16LE, 16 octets. RFC 2759, section 8.3. */
  | { readonly kind: "nt-hash"; readonly hash: Uint8Array }
  /** A salted hash of the password, of which only pwd knows what to make. RFC 8146. */
  | {
      readonly kind: "salted";
      readonly prep: "sha1" | "sha256" | "sha512";
      readonly hash: Uint8Array;
      readonly salt: Uint8Array;
    };

/** What TTLS may carry that is no EAP. RFC 5281, section 11.2. */
export const ttlsAuthentications = ["PAP", "CHAP", "MSCHAP", "MSCHAPV2"] as const;
export type TtlsAuthentication = (typeof ttlsAuthentications)[number];

/** A RADIUS attribute that goes with a user: what it is for is the business of whoever knows RADIUS. */
export interface UserAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface EapUser {
  /** In the order in which they are proposed. */
  readonly methods: readonly EapType[];
  /** TTLS-PAP and kin. */
  readonly ttls: readonly TtlsAuthentication[];
  readonly credential: EapCredential | undefined;
  /** The only version of PEAP that is spoken with this user. */
  readonly peapVersion: 0 | 1 | undefined;
  /** A station's address that may come in without EAP. */
  readonly macAcl: boolean;
  readonly attributes: readonly UserAttribute[];
}
