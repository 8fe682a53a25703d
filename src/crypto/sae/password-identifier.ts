/**
 * Password identifiers of SAE that change: in place of its identifier, which anybody could recognize it by, a station names one that was
 * given to it under protection the last time. It is the identifier itself, encrypted, so that nothing has to be remembered for it. The form
 * is hostapd's (2.12), whose access points may be of the same network:
 *
 *     AES-SIV(key, UNIX time (4 octets) || identifier || 1 to 8 octets 0 || number (4 octets))
 */

import { concat, Writer } from "../../base/bytes.ts";
import type { Entropy } from "../../base/entropy.ts";
import { aesSivDecrypt, aesSivEncrypt } from "../aes-siv.ts";

/** In octets. */
export const identifierKeyLength = 32;

const timeLength = 4;
const numberLength = 4;
const mostPadding = 8;

/** @param unixTime in seconds */
export function sealPasswordIdentifier(
  key: Uint8Array,
  identifier: Uint8Array,
  unixTime: number,
  entropy: Entropy,
): Uint8Array {
  // Its length, too, would tell which identifier it is.
  const padding = new Uint8Array(1 + ((entropy.bytes(1)[0] ?? 0) % mostPadding));
  const time = new Writer().u32be(Math.floor(unixTime) >>> 0).finish();
  return aesSivEncrypt(key, concat(time, identifier, padding, entropy.bytes(numberLength)));
}

/** @returns the identifier; undefined where this was not sealed with the key */
export function openPasswordIdentifier(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const clear = aesSivDecrypt(key, sealed);
  if (clear === undefined || clear.length <= timeLength + numberLength) return undefined;
  const padded = clear.subarray(timeLength, clear.length - numberLength);
  const end = padded.indexOf(0);
  return end === 0 ? undefined : padded.slice(0, end < 0 ? padded.length : end);
}
