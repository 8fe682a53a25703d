import { concat, Writer } from "../base/bytes.ts";
import { aesCtr } from "./backend/node.ts";
import { aesCmac } from "./cmac.ts";
import { sameSecret } from "./secret.ts";

export interface EaxSealed {
  readonly data: Uint8Array;
  /** 16 octets. */
  readonly tag: Uint8Array;
}

/** AES-EAX: Bellare, Rogaway, Wagner, "The EAX Mode of Operation", figure 4; as RFC 4764, section 3.3 uses it. @param key 16 octets */
export function aesEaxSeal(key: Uint8Array, nonce: Uint8Array, header: Uint8Array, clear: Uint8Array): EaxSealed {
  const start = tweakedMac(key, 0, nonce);
  const data = aesCtr(key, start, clear);
  return { data, tag: tagOf(key, start, header, data) };
}

/** @returns undefined where it is not what was sealed */
export function aesEaxOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: EaxSealed,
): Uint8Array | undefined {
  const start = tweakedMac(key, 0, nonce);
  if (!sameSecret(tagOf(key, start, header, sealed.data), sealed.tag)) return undefined;
  return aesCtr(key, start, sealed.data);
}

function tagOf(key: Uint8Array, start: Uint8Array, header: Uint8Array, data: Uint8Array): Uint8Array {
  const ofHeader = tweakedMac(key, 1, header);
  const ofData = tweakedMac(key, 2, data);
  return start.map((octet, i) => octet ^ (ofHeader[i] ?? 0) ^ (ofData[i] ?? 0));
}

/** OMAC with a number before it, so that the three of them have nothing in common. */
const tweakedMac = (key: Uint8Array, number: 0 | 1 | 2, data: Uint8Array): Uint8Array =>
  aesCmac(key, concat(new Writer().zeros(15).u8(number).finish(), data));
