/** How RADIUS keeps passwords and keys from those who see the packet: MD5 of the shared secret as a key stream. */

import { concat } from "../base/bytes.ts";
import type { Entropy } from "../base/entropy.ts";
import { hash } from "../crypto/backend/node.ts";
import { wipe } from "../crypto/secret.ts";
import { radius } from "../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../wire/radius/packet.ts";
import { AttributeList, firstOf } from "../wire/radius/values.ts";

const block = 16;

/** RFC 2865, section 5.2. */
export const longestPassword = 128;

/** A value of User-Password. RFC 2865, section 5.2. @param password at most 128 octets @throws RangeError where it is longer */
export function hidePassword(secret: Uint8Array, requestAuthenticator: Uint8Array, password: Uint8Array): Uint8Array {
  if (password.length > longestPassword) throw new RangeError(`a password of ${password.length} octets`);
  const padded = new Uint8Array(Math.max(block, Math.ceil(password.length / block) * block));
  padded.set(password);
  return encrypt(secret, requestAuthenticator, padded);
}

/**
 * Zeros at the end count as padding. With another secret, the octets mean nothing.
 * @returns undefined where the length can't be
 */
export function revealPassword(
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  hidden: Uint8Array,
): Uint8Array | undefined {
  if (hidden.length < block || hidden.length > longestPassword || hidden.length % block !== 0) return undefined;
  const padded = decrypt(secret, requestAuthenticator, hidden);
  let length = padded.length;
  while (length > 0 && padded[length - 1] === 0) length -= 1;
  return padded.slice(0, length);
}

/**
 * A salt and what it hides, as in MS-MPPE-Send-Key, MS-MPPE-Recv-Key (RFC 2548, section 2.4.2) and behind the tag of a Tunnel-Password
 * (RFC 2868, section 3.5).
 * @param salt 16 bits, not the same twice in a packet; its first bit is set here
 */
export function hideSalted(
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  salt: number,
  value: Uint8Array,
): Uint8Array {
  const saltOctets = Uint8Array.of((salt >>> 8) | 0x80, salt & 0xff);
  const padded = new Uint8Array(Math.ceil((value.length + 1) / block) * block);
  padded[0] = value.length;
  padded.set(value, 1);
  const hidden = encrypt(secret, concat(requestAuthenticator, saltOctets), padded);
  wipe(padded);
  return concat(saltOctets, hidden);
}

/** @returns undefined where the length can't be, which is also what another secret often leads to */
export function revealSalted(
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  salted: Uint8Array,
): Uint8Array | undefined {
  const hidden = salted.subarray(2);
  if (hidden.length < block || hidden.length % block !== 0) return undefined;
  const padded = decrypt(secret, concat(requestAuthenticator, salted.subarray(0, 2)), hidden);
  const length = padded[0] ?? 0;
  return length < padded.length ? padded.slice(1, 1 + length) : undefined;
}

/** What an authenticator has of an MSK. RFC 2548, section 2.4. */
export interface MppeKeys {
  /** The first half of the MSK. */
  readonly receive: Uint8Array;
  readonly send: Uint8Array;
}

/** The two attributes that carry an MSK: of a long one its first 64 octets, of a short one (MSCHAPV2's has 32) half each. */
export function mppeKeyAttributes(
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  msk: Uint8Array,
  entropy: Entropy,
): RadiusAttribute[] {
  const [high = 0, low = 0] = entropy.bytes(2);
  const salt = (high << 8) | low;
  const hide = (key: Uint8Array, own: number): Uint8Array => hideSalted(secret, requestAuthenticator, own, key);
  const half = Math.min(32, msk.length >>> 1);
  return new AttributeList()
    .add(radius.msMppeSendKey, hide(msk.subarray(half, 2 * half), salt))
    .add(radius.msMppeRecvKey, hide(msk.subarray(0, half), salt ^ 1)).list;
}

/**
 * @returns undefined where one of them is missing or can't be what it is said to be
 * @throws MalformedError where a vendor's attributes are cut
 */
export function mppeKeysOf(
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  attributes: readonly RadiusAttribute[],
): MppeKeys | undefined {
  const reveal = (hidden: Uint8Array | undefined): Uint8Array | undefined =>
    hidden && revealSalted(secret, requestAuthenticator, hidden);
  const send = reveal(firstOf(attributes, radius.msMppeSendKey));
  const receive = reveal(firstOf(attributes, radius.msMppeRecvKey));
  return send && receive && { send, receive };
}

function encrypt(secret: Uint8Array, initial: Uint8Array, clear: Uint8Array): Uint8Array {
  const out = new Uint8Array(clear.length);
  for (let at = 0; at < clear.length; at += block) {
    const stream = hash("md5", secret, at === 0 ? initial : out.subarray(at - block, at));
    for (let i = 0; i < block; i++) out[at + i] = (clear[at + i] ?? 0) ^ (stream[i] ?? 0);
  }
  return out;
}

function decrypt(secret: Uint8Array, initial: Uint8Array, hidden: Uint8Array): Uint8Array {
  const out = new Uint8Array(hidden.length);
  for (let at = 0; at < hidden.length; at += block) {
    const stream = hash("md5", secret, at === 0 ? initial : hidden.subarray(at - block, at));
    for (let i = 0; i < block; i++) out[at + i] = (hidden[at + i] ?? 0) ^ (stream[i] ?? 0);
  }
  return out;
}
