/** In what EAP-SIM, EAP-AKA and EAP-AKA' differ only by numbers. */

import { hmac, type RsaDecryptionKey } from "../../../crypto/backend/node.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { AuthenticationCentre } from "./authentication-centre.ts";
import type { Reauthentication, TemporaryIdentities } from "./temporary-identities.ts";

export interface Family {
  readonly name: "SIM" | "AKA" | "AKA'";
  readonly type: number;
  /** First characters of user names. 3GPP TS 23.003, 14. */
  readonly permanent: string;
  readonly pseudonym: string;
  readonly reauthentication: string;
  /** AT_MAC's value. */
  mac(kAut: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array;
}

const hmacSha1 = (kAut: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array =>
  hmac("sha1", kAut, ...data).subarray(0, 16);
const hmacSha256 = (kAut: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array =>
  hmac("sha256", kAut, ...data).subarray(0, 16);

export const simFamily: Family = {
  name: "SIM",
  type: eapTypes.SIM.type,
  permanent: "1",
  pseudonym: "3",
  reauthentication: "5",
  mac: hmacSha1,
};

export const akaFamily: Family = {
  name: "AKA",
  type: eapTypes.AKA.type,
  permanent: "0",
  pseudonym: "2",
  reauthentication: "4",
  mac: hmacSha1,
};

export const akaPrimeFamily: Family = {
  name: "AKA'",
  type: eapTypes["AKA'"].type,
  permanent: "6",
  pseudonym: "7",
  reauthentication: "8",
  mac: hmacSha256,
};

export interface SimAkaOptions {
  readonly centre: AuthenticationCentre;
  readonly identities: TemporaryIdentities;
  /** `eap_sim_aka_result_ind`. */
  readonly resultIndications: boolean;
  /** `eap_sim_id`: whether peers are given these, and whether the identity of EAP-Response/Identity does where it is known. */
  readonly pseudonyms: boolean;
  readonly reauthentication: boolean;
  readonly takesEapIdentity: boolean;
  /** `eap_sim_aka_fast_reauth_limit`. */
  readonly mostReauthentications: number;
  /** `imsi_privacy_key`. */
  readonly privacyKey: RsaDecryptionKey | undefined;
}

/** The user name of an identity: what is before its realm. RFC 4186, section 4.2.1.4. */
export function userNameOf(identity: Uint8Array): string {
  const end = identity.findIndex((octet) => octet === 0x40 || octet === 0);
  return octetText(end < 0 ? identity : identity.subarray(0, end));
}

/** What a peer's identity is, by its first character. */
export type NamedAs = "permanent" | "pseudonym" | "reauthentication" | "encrypted" | "unknown";

export function namedAs(family: Family, identity: Uint8Array): NamedAs {
  if (identity.length > 1 && identity[0] === 0) return "encrypted";
  switch (String.fromCharCode(identity[0] ?? 0)) {
    case family.permanent:
      return "permanent";
    case family.pseudonym:
      return "pseudonym";
    case family.reauthentication:
      return "reauthentication";
    default:
      return "unknown";
  }
}

/** What is remembered of whoever has a temporary identity. */
export type Remembered =
  | { readonly kind: "reauthentication"; readonly entry: Reauthentication }
  | { readonly kind: "pseudonym"; readonly permanent: string };

/** @returns undefined for an identity that is not temporary, that nobody remembers, or that was used as often as may be */
export async function rememberedOf(
  { identities, mostReauthentications }: SimAkaOptions,
  family: Family,
  identity: Uint8Array,
): Promise<Remembered | undefined> {
  const userName = userNameOf(identity);
  switch (namedAs(family, identity)) {
    case "reauthentication": {
      const entry = await identities.reauthenticationOf(userName);
      const isUsable = entry !== undefined && entry.counter <= mostReauthentications;
      return isUsable ? { kind: "reauthentication", entry } : undefined;
    }
    case "pseudonym": {
      const permanent = await identities.permanentOf(userName);
      return permanent === undefined ? undefined : { kind: "pseudonym", permanent };
    }
    case "permanent":
    case "encrypted":
    case "unknown":
      return undefined;
  }
}

/** IMSI of a permanent user name. @returns undefined where it is none: what doesn't consist of digits has no business in a look-up */
export function imsiOf(permanent: string): string | undefined {
  const imsi = permanent.slice(1);
  return /^[0-9]{1,18}$/.test(imsi) ? imsi : undefined;
}

/** Peers have sent a NUL at its end. */
export function withoutTrailingZeros(identity: Uint8Array): Uint8Array {
  let length = identity.length;
  while (length > 0 && identity[length - 1] === 0) length -= 1;
  return identity.slice(0, length);
}

/**
 * The permanent identity in one that was encrypted for the server: a NUL, and in Base64 what RSAES-OAEP has made of it, followed by
 * attributes after a comma. Wireless Broadband Alliance, "IMSI Privacy Protection for Wi-Fi".
 */
export function openIdentity(privacyKey: RsaDecryptionKey | undefined, identity: Uint8Array): Uint8Array | undefined {
  const [text = ""] = octetText(identity.subarray(1)).split(",", 1);
  const sealed = octetsOfBase64(text);
  return sealed && privacyKey?.openOaepSha256(sealed);
}

function octetsOfBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    // Whatever it is, it is not Base64.
    return undefined;
  }
}

/** An octet for a character. */
const octetText = (octets: Uint8Array): string => String.fromCharCode(...octets.subarray(0, mostOctets));

/** Of an identity that anybody has. */
const mostOctets = 4096;
