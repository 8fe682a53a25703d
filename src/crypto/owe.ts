/** Opportunistic Wireless Encryption: a key for everybody, without a password. RFC 8110. */

import { concat, utf8, Writer } from "../base/bytes.ts";
import type { Entropy } from "../base/entropy.ts";
import { type EcdhKeyPair, ecdhKeyPair, hash, hmac } from "./backend/node.ts";
import { digestLengths, hkdfExpand, type KdfDigest } from "./prf.ts";
import { wipe } from "./secret.ts";

export const oweGroupNumbers = [19, 20, 21] as const;
export type OweGroupNumber = (typeof oweGroupNumbers)[number];

interface OweGroup {
  readonly curve: "prime256v1" | "secp384r1" | "secp521r1";
  readonly digest: KdfDigest;
  /** In octets, of private keys and of coordinates. */
  readonly length: number;
}

/** Hashes: RFC 8110, section 4.3, by the length of the prime. */
const oweGroups: Readonly<Record<OweGroupNumber, OweGroup>> = {
  19: { curve: "prime256v1", digest: "sha256", length: 32 },
  20: { curve: "secp384r1", digest: "sha384", length: 48 },
  21: { curve: "secp521r1", digest: "sha512", length: 66 },
};

export const isOweGroup = (number: number): number is OweGroupNumber =>
  (oweGroupNumbers as readonly number[]).includes(number);

export const oweDigestOf = (group: OweGroupNumber): KdfDigest => oweGroups[group].digest;

export interface OweKeys {
  /** For the station: our public key, an x coordinate. */
  readonly publicKey: Uint8Array;
  /** As long as the group's hash. */
  readonly pmk: Uint8Array;
  /** 16 octets. */
  readonly pmkid: Uint8Array;
}

/**
 * The access point's side, all of it: a key pair that is used once, and what both ends have in common then.
 * @param stationKey the station's public key
 * @returns undefined where that is no public key of the group
 */
export function deriveOweKeys(number: OweGroupNumber, stationKey: Uint8Array, entropy: Entropy): OweKeys | undefined {
  const group = oweGroups[number];
  if (stationKey.length !== group.length) return undefined;
  const pair = drawKeyPair(group, entropy);
  const shared = pair.agree(stationKey);
  if (shared === undefined) return undefined;
  const keys = oweKeysOf(number, stationKey, pair.publicX, shared);
  wipe(shared);
  return { publicKey: pair.publicX, ...keys };
}

/** RFC 8110, section 4.4. @param shared z, the x coordinate of the shared point */
export function oweKeysOf(
  number: OweGroupNumber,
  stationKey: Uint8Array,
  apKey: Uint8Array,
  shared: Uint8Array,
): Pick<OweKeys, "pmk" | "pmkid"> {
  const { digest } = oweGroups[number];
  const salt = concat(stationKey, apKey, new Writer().u16le(number).finish());
  const prk = hmac(digest, salt, shared);
  const pmk = hkdfExpand(digest, prk, utf8("OWE Key Generation"), digestLengths[digest]);
  wipe(prk);
  return { pmk, pmkid: hash(digest, stationKey, apKey).slice(0, 16) };
}

function drawKeyPair({ curve, length }: OweGroup, entropy: Entropy): EcdhKeyPair {
  for (;;) {
    const octets = entropy.bytes(length);
    // 521 bits in 66 octets: without this, seven of their first eight bits would make it too large nearly always.
    if (curve === "secp521r1") octets[0] = (octets[0] ?? 0) & 1;
    const pair = ecdhKeyPair(curve, octets);
    wipe(octets);
    if (pair !== undefined) return pair;
  }
}
