import { concat, Writer } from "../base/bytes.ts";
import { aesCtr } from "./backend/node.ts";
import { aesCmac, doubled } from "./cmac.ts";
import { sameSecret } from "./secret.ts";

/** Octets that the encrypted text is longer. */
export const sivLength = 16;

/** AES-SIV, RFC 5297, 2.6. @param key 32, 48 or 64 octets: one half for each of its parts */
export function aesSivEncrypt(key: Uint8Array, clear: Uint8Array, ...associated: readonly Uint8Array[]): Uint8Array {
  const siv = s2v(firstHalf(key), [...associated, clear]);
  return concat(siv, aesCtr(secondHalf(key), counterOf(siv), clear));
}

/** RFC 5297, 2.7. @returns undefined where it is not what was encrypted */
export function aesSivDecrypt(
  key: Uint8Array,
  sealed: Uint8Array,
  ...associated: readonly Uint8Array[]
): Uint8Array | undefined {
  if (sealed.length < sivLength) return undefined;
  const siv = sealed.subarray(0, sivLength);
  const clear = aesCtr(secondHalf(key), counterOf(siv), sealed.subarray(sivLength));
  return sameSecret(s2v(firstHalf(key), [...associated, clear]), siv) ? clear : undefined;
}

const firstHalf = (key: Uint8Array): Uint8Array => key.subarray(0, key.length / 2);
const secondHalf = (key: Uint8Array): Uint8Array => key.subarray(key.length / 2);

/** RFC 5297, 2.4. @param strings one at least */
function s2v(key: Uint8Array, strings: readonly Uint8Array[]): Uint8Array {
  let d = aesCmac(key, new Uint8Array(16));
  for (const string of strings.slice(0, -1)) d = xor(doubled(d), aesCmac(key, string));
  const last = strings.at(-1) ?? new Uint8Array(0);
  if (last.length < 16) return aesCmac(key, xor(doubled(d), new Writer().put(last).u8(0x80).finish()));
  const start = last.length - 16;
  return aesCmac(key, concat(last.subarray(0, start), xor(d, last.subarray(start))));
}

/** Two bits are cleared, so that 32-bit and 64-bit counters do the same. RFC 5297, 2.5. */
const counterOf = (siv: Uint8Array): Uint8Array => siv.map((octet, i) => (i === 8 || i === 12 ? octet & 0x7f : octet));

/** The shorter one as if zeros followed. */
const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((octet, i) => octet ^ (b[i] ?? 0));
