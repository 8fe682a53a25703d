import { aesCbcFromZero, aesEncryptBlocks } from "./backend/node.ts";
import { wipe } from "./secret.ts";

/** AES-CMAC. RFC 4493, 2.4; NIST SP 800-38B. @param key 16 or 32 octets @returns 16 octets */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const zero = aesEncryptBlocks(key, new Uint8Array(16));
  const subkey1 = doubled(zero);
  const blocks = Math.max(1, Math.ceil(message.length / 16));
  const padded = new Uint8Array(blocks * 16);
  padded.set(message);
  const whole = message.length === padded.length;
  if (!whole) padded[message.length] = 0x80;
  const subkey2 = doubled(subkey1);
  const mask = whole ? subkey1 : subkey2;
  const lastBlock = padded.subarray(-16);
  for (const [i, octet] of mask.entries()) lastBlock[i] = (lastBlock[i] ?? 0) ^ octet;
  const chained = aesCbcFromZero(key, padded);
  const mac = chained.slice(-16);
  // Keys are made with it too, of inputs that hold others.
  wipe(zero, subkey1, subkey2, padded, chained);
  return mac;
}

/** Multiplication by x in GF(2^128). */
export function doubled(block: Uint8Array): Uint8Array {
  const out = block.map((octet, i) => ((octet << 1) | ((block[i + 1] ?? 0) >>> 7)) & 0xff);
  if ((block[0] ?? 0) & 0x80) out[15] = (out[15] ?? 0) ^ 0x87;
  return out;
}
