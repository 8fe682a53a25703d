import { concat, utf8, Writer } from "../base/bytes.ts";
import { hmac } from "./backend/node.ts";

const zero = Uint8Array.of(0);

/** PRF of IEEE Std 802.11-2020, 12.7.1.2, on HMAC-SHA-1. @param length in octets */
export function prfSha1(key: Uint8Array, label: string, data: Uint8Array, length: number): Uint8Array {
  const rounds = Math.ceil(length / 20);
  const parts = Array.from({ length: rounds }, (_, i) => hmac("sha1", key, utf8(label), zero, data, Uint8Array.of(i)));
  return concat(...parts).subarray(0, length);
}

/** KDF-Hash-Length of IEEE Std 802.11-2020, 12.7.1.7.2. @param length in octets */
export function kdf(
  digest: "sha256" | "sha384",
  key: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const rounds = Math.ceil(length / (digest === "sha256" ? 32 : 48));
  const bits = new Writer().u16le(length * 8).finish();
  const parts = Array.from({ length: rounds }, (_, i) =>
    hmac(digest, key, new Writer().u16le(i + 1).finish(), utf8(label), context, bits),
  );
  return concat(...parts).subarray(0, length);
}
