/** Keys of PEAP's cryptographic binding. [MS-PEAP], sections 3.1.5.5 and 3.1.5.7; for version 1 the PRF is that of draft-josefsson-pppext-eap-tls-eap-10. */

import { concat, utf8 } from "../base/bytes.ts";
import { hmac } from "./backend/node.ts";
import { wipe } from "./secret.ts";

/** PRF+ with HMAC-SHA-1. */
function prfPlus(version: number, key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let block: Uint8Array = new Uint8Array();
  for (let offset = 0, count = 1; offset < length; offset += block.length, count++) {
    const tail = version === 0 ? Uint8Array.of(count, 0, 0) : Uint8Array.of(length & 0xff, count);
    const next = hmac("sha1", key, block, seed, tail);
    wipe(block);
    block = next;
    out.set(block.subarray(0, length - offset), offset);
  }
  wipe(block);
  return out;
}

export interface CompoundKeys {
  /** Intermediate PEAP MAC Key, 40 octets. */
  readonly ipmk: Uint8Array;
  /** Compound MAC Key, 20 octets. */
  readonly cmk: Uint8Array;
}

/**
 * @param tunnelKey 60 octets or more
 * @param innerKey MSK of the method inside; undefined where there was none
 */
export function deriveCompoundKeys(
  version: number,
  tunnelKey: Uint8Array,
  innerKey: Uint8Array | undefined,
): CompoundKeys {
  const isk = new Uint8Array(32);
  isk.set(innerKey?.subarray(0, 32) ?? []);
  const seed = concat(utf8("Inner Methods Compound Keys"), isk);
  const keys = prfPlus(version, tunnelKey.subarray(0, 40), seed, 60);
  const split = { ipmk: keys.slice(0, 40), cmk: keys.slice(40) };
  wipe(isk, seed, keys);
  return split;
}

/** Of a session that goes on, without a method inside: fast reconnect. */
export const resumedCompoundKeys = (tunnelKey: Uint8Array): CompoundKeys => ({
  ipmk: tunnelKey.slice(0, 40),
  cmk: tunnelKey.slice(40, 60),
});

/** Compound MAC. @param tlv the whole Crypto-Binding TLV, its Compound MAC zero @param type of PEAP */
export const compoundMac = (cmk: Uint8Array, tlv: Uint8Array, type: number): Uint8Array =>
  hmac("sha1", cmk, tlv, Uint8Array.of(type));

/** The MSK where the binding was used. 64 octets. */
export function deriveBoundMsk(version: number, ipmk: Uint8Array): Uint8Array {
  // With the terminating zero, which the other label has not.
  const keys = prfPlus(version, ipmk, utf8("Session Key Generating Function\0"), 128);
  const msk = keys.slice(0, 64);
  wipe(keys);
  return msk;
}
