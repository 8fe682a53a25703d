import { utf8, Writer } from "../base/bytes.ts";
import { hmac } from "./backend/node.ts";
import { joinSecrets, wipe } from "./secret.ts";

/** In octets. */
export const digestLengths = { sha256: 32, sha384: 48, sha512: 64 } as const;

const zero = Uint8Array.of(0);

/** PRF of IEEE Std 802.11-2020, 12.7.1.2, on HMAC-SHA-1. @param length in octets */
export function prfSha1(key: Uint8Array, label: string, data: Uint8Array, length: number): Uint8Array {
  const rounds = Math.ceil(length / 20);
  const parts = Array.from({ length: rounds }, (_, i) => hmac("sha1", key, utf8(label), zero, data, Uint8Array.of(i)));
  return joinSecrets(parts, length);
}

/** What IEEE 802.11's key derivation functions are made of. */
export type KdfDigest = keyof typeof digestLengths;

/** KDF-Hash-Length of IEEE Std 802.11-2020, 12.7.1.7.2. @param length in octets */
export const kdf = (
  digest: KdfDigest,
  key: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array => kdfBits(digest, key, label, context, length * 8);

/** The same where the length is not one of whole octets: the lowest bits of the last one are 0 then. @param length in bits */
export function kdfBits(
  digest: KdfDigest,
  key: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const octets = Math.ceil(length / 8);
  const rounds = Math.ceil(octets / digestLengths[digest]);
  const message = new Writer().u16le(0).put(utf8(label)).put(context).u16le(length).finish();
  const result = new Uint8Array(octets);
  for (let round = 1; round <= rounds; round++) {
    message[0] = round;
    message[1] = round >>> 8;
    const block = hmac(digest, key, message);
    const start = (round - 1) * block.length;
    result.set(block.subarray(0, octets - start), start);
    wipe(block);
  }
  const unused = octets * 8 - length;
  const last = result[octets - 1];
  if (unused > 0 && last !== undefined) result[octets - 1] = last & (0xff << unused);
  return result;
}

/** HKDF-Expand, RFC 5869, section 2.3. @param length in octets */
export function hkdfExpand(digest: KdfDigest, key: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const rounds = Math.ceil(length / digestLengths[digest]);
  const blocks: Uint8Array[] = [];
  for (let round = 1; round <= rounds; round++) {
    blocks.push(hmac(digest, key, blocks.at(-1) ?? new Uint8Array(0), info, Uint8Array.of(round)));
  }
  return joinSecrets(blocks, length);
}
