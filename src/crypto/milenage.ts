/** Milenage: an example of the functions f1 to f5 that USIMs and their authentication centres have, and the one that most use. 3GPP TS 35.206. */

import { concat } from "../base/bytes.ts";
import { aesEncryptBlocks } from "./backend/node.ts";
import { sameSecret, wipe } from "./secret.ts";

export interface MilenageKeys {
  /** The subscriber's key, 16 octets. */
  readonly k: Uint8Array;
  /** The operator's constant as that key encrypts it, 16 octets. */
  readonly opc: Uint8Array;
}

/** OPc. 3GPP TS 35.206, 4.1. @param op the operator's constant */
export const deriveOpc = (k: Uint8Array, op: Uint8Array): Uint8Array => xor(aesEncryptBlocks(k, op), op);

/** f1 and f1*. 3GPP TS 35.206, 4.1. @param sqn 6 octets @param amf 2 octets */
export function milenageMacs(
  { k, opc }: MilenageKeys,
  rand: Uint8Array,
  sqn: Uint8Array,
  amf: Uint8Array,
): { readonly macA: Uint8Array; readonly macS: Uint8Array } {
  const temp = encryptedRand(k, opc, rand);
  const in1 = concat(sqn, amf, sqn, amf);
  // r1 is 64 bits, c1 is 0.
  const rotated = rotated64(xor(in1, opc));
  const input = xor(temp, rotated);
  const encrypted = aesEncryptBlocks(k, input);
  const out1 = xor(encrypted, opc);
  wipe(temp, rotated, input, encrypted);
  return { macA: out1.slice(0, 8), macS: out1.slice(8) };
}

export interface MilenageResults {
  /** f2, 8 octets. */
  readonly res: Uint8Array;
  /** f3 and f4, 16 octets each. */
  readonly ck: Uint8Array;
  readonly ik: Uint8Array;
  /** f5 and f5*, 6 octets each. */
  readonly ak: Uint8Array;
  readonly akStar: Uint8Array;
}

/** f2 to f5*. 3GPP TS 35.206, 4.1. */
export function milenageResults({ k, opc }: MilenageKeys, rand: Uint8Array): MilenageResults {
  const temp = encryptedRand(k, opc, rand);
  /** OUTn, with the rotation rn in octets and cn of one bit. */
  const out = (rotation: number, constant: number): Uint8Array => {
    const block = xor(temp, opc);
    const input = concat(block.subarray(rotation), block.subarray(0, rotation));
    input[15] = (input[15] ?? 0) ^ constant;
    const encrypted = aesEncryptBlocks(k, input);
    const result = xor(encrypted, opc);
    wipe(block, input, encrypted);
    return result;
  };
  const [out2, out5] = [out(0, 1), out(12, 8)];
  const results = {
    res: out2.slice(8),
    ck: out(4, 2),
    ik: out(8, 4),
    ak: out2.slice(0, 6),
    akStar: out5.slice(0, 6),
  };
  wipe(temp, out2, out5);
  return results;
}

/** The GSM functions A3 and A8. 3GPP TS 55.205, 4. */
export function milenageGsm(
  keys: MilenageKeys,
  rand: Uint8Array,
): { readonly sres: Uint8Array; readonly kc: Uint8Array } {
  const { res, ck, ik, ak, akStar } = milenageResults(keys, rand);
  const sres = xor(res.subarray(0, 4), res.subarray(4));
  const halves = [xor(ck.subarray(0, 8), ck.subarray(8)), xor(ik.subarray(0, 8), ik.subarray(8))] as const;
  const kc = xor(...halves);
  wipe(res, ck, ik, ak, akStar, ...halves);
  return { sres, kc };
}

/**
 * The sequence number that a USIM reports with AUTS. 3GPP TS 33.102, 6.3.3. @param auts 14 octets
 * @returns 6 octets; undefined where it is not the USIM's
 */
export function milenageResynchronization(
  keys: MilenageKeys,
  rand: Uint8Array,
  auts: Uint8Array,
): Uint8Array | undefined {
  const { res, ck, ik, ak, akStar } = milenageResults(keys, rand);
  const sqn = xor(auts.subarray(0, 6), akStar);
  wipe(res, ck, ik, ak, akStar);
  // AMF* is 0, so that it needs not be sent.
  const { macS } = milenageMacs(keys, rand, sqn, new Uint8Array(2));
  return sameSecret(macS, auts.subarray(6)) ? sqn : undefined;
}

/** TEMP. 3GPP TS 35.206, 4.1. */
function encryptedRand(k: Uint8Array, opc: Uint8Array, rand: Uint8Array): Uint8Array {
  const input = xor(rand, opc);
  const temp = aesEncryptBlocks(k, input);
  wipe(input);
  return temp;
}

const rotated64 = (block: Uint8Array): Uint8Array => concat(block.subarray(8), block.subarray(0, 8));

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((octet, i) => octet ^ (b[i] ?? 0));
