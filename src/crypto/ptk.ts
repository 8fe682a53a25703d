import { concat, utf8 } from "../base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../base/mac-address.ts";
import { hmac } from "./backend/node.ts";
import { kdf, prfSha1 } from "./prf.ts";
import { wipe } from "./secret.ts";

/** The hash that an AKM's derivations stand on. IEEE Std 802.11-2020, table 9-151. */
export type AkmHash = "sha1" | "sha256" | "sha384" | "sha512";

/** Pairwise transient key in its parts. IEEE Std 802.11-2020, 12.7.1.3. */
export interface Ptk {
  /** Key confirmation key, for MICs. */
  readonly kck: Uint8Array;
  /** Key encryption key, for Key Data. */
  readonly kek: Uint8Array;
  /** Temporal key, for the cipher. */
  readonly tk: Uint8Array;
}

export interface PtkInput {
  /** It gives the lengths of the keys, and derives them. */
  readonly hash: AkmHash;
  /** Where another one derives them, as stations of before a correction of the standard do. */
  readonly derivedWith?: AkmHash;
  readonly pmk: Uint8Array;
  /** Authenticator's and supplicant's address. */
  readonly aa: MacAddress;
  readonly spa: MacAddress;
  readonly anonce: Uint8Array;
  readonly snonce: Uint8Array;
  /** Octets of the temporal key: 16 for CCMP-128, 32 for TKIP. */
  readonly tkLength: number;
}

/** In octets. IEEE Std 802.11-2020, table 12-11. */
const keyLengths: Readonly<Record<AkmHash, { readonly kckLength: number; readonly kekLength: number }>> = {
  sha1: { kckLength: 16, kekLength: 16 },
  sha256: { kckLength: 16, kekLength: 16 },
  sha384: { kckLength: 24, kekLength: 32 },
  sha512: { kckLength: 32, kekLength: 32 },
};

export function derivePtk(input: PtkInput): Ptk {
  const { hash, derivedWith = hash, pmk, tkLength } = input;
  const { kckLength, kekLength } = keyLengths[hash];
  const context = concat(
    ...inOrder(encodeMacAddress(input.aa), encodeMacAddress(input.spa)),
    ...inOrder(input.anonce, input.snonce),
  );
  const length = kckLength + kekLength + tkLength;
  const whole =
    derivedWith === "sha1"
      ? prfSha1(pmk, "Pairwise key expansion", context, length)
      : kdf(derivedWith, pmk, "Pairwise key expansion", context, length);
  const ptk: Ptk = {
    kck: whole.slice(0, kckLength),
    kek: whole.slice(kckLength, kckLength + kekLength),
    tk: whole.slice(kckLength + kekLength),
  };
  wipe(whole);
  return ptk;
}

export const wipePtk = (ptk: Ptk | undefined): void => wipe(ptk?.kck, ptk?.kek, ptk?.tk);

/** Name of a PMK. IEEE Std 802.11-2020, 12.7.1.3. @returns 16 octets */
export const derivePmkid = (hash: AkmHash, pmk: Uint8Array, aa: MacAddress, spa: MacAddress): Uint8Array =>
  hmac(hash, pmk, utf8("PMK Name"), encodeMacAddress(aa), encodeMacAddress(spa)).subarray(0, 16);

export function inOrder(a: Uint8Array, b: Uint8Array): [Uint8Array, Uint8Array] {
  return isBefore(a, b) ? [a, b] : [b, a];
}

function isBefore(a: Uint8Array, b: Uint8Array): boolean {
  const i = a.findIndex((octet, at) => octet !== b[at]);
  return i >= 0 && (a[i] ?? 0) < (b[i] ?? 0);
}
