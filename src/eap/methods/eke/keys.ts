/** EAP-EKE's keys, and what they protect. RFC 6124, sections 4 and 5. */

import { concat, utf8 } from "../../../base/bytes.ts";
import type { Entropy } from "../../../base/entropy.ts";
import { aesCbcDecrypt, aesCbcEncrypt } from "../../../crypto/backend/node.ts";
import { joinSecrets, sameSecret, wipe } from "../../../crypto/secret.ts";
import { type EkeHash, prf } from "./proposal.ts";

export const blockLength = 16;
/** Of a nonce: half of the PRF's key, 16 at least. */
export const nonceLength = 16;
const encryptionKeyLength = 16;

/** prf+. RFC 6124, section 4.1. */
function prfPlus(hash: EkeHash, key: Uint8Array, data: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let round = 1; round <= Math.ceil(length / hash.length); round++) {
    blocks.push(prf(hash, key, blocks.at(-1) ?? new Uint8Array(0), data, Uint8Array.of(round)));
  }
  return joinSecrets(blocks, length);
}

const zeros = (hash: EkeHash): Uint8Array => new Uint8Array(hash.length);

/** The key that both public keys are encrypted with. RFC 6124, section 5.1. @param names ID_S | ID_P @returns 16 octets */
export function derivePasswordKey(hash: EkeHash, password: Uint8Array, names: Uint8Array): Uint8Array {
  const temp = prf(hash, zeros(hash), password);
  const key = prfPlus(hash, temp, names, encryptionKeyLength);
  wipe(temp);
  return key;
}

/** SharedSecret. RFC 6124, section 5.2. @param agreed what Diffie-Hellman gives, as long as the prime */
export const deriveSharedSecret = (hash: EkeHash, agreed: Uint8Array): Uint8Array => prf(hash, zeros(hash), agreed);

/** For nonces under way. */
export interface ProtectionKeys {
  readonly ke: Uint8Array;
  readonly ki: Uint8Array;
}

/** RFC 6124, section 5.2. */
export function deriveProtectionKeys(hash: EkeHash, sharedSecret: Uint8Array, names: Uint8Array): ProtectionKeys {
  const keys = prfPlus(hash, sharedSecret, concat(utf8("EAP-EKE Keys"), names), encryptionKeyLength + hash.length);
  const derived = { ke: keys.slice(0, encryptionKeyLength), ki: keys.slice(encryptionKeyLength) };
  wipe(keys);
  return derived;
}

/** Ka. RFC 6124, section 5.3. @param nonces Nonce_P | Nonce_S */
export const deriveAuthenticationKey = (
  hash: EkeHash,
  sharedSecret: Uint8Array,
  names: Uint8Array,
  nonces: Uint8Array,
): Uint8Array => prfPlus(hash, sharedSecret, concat(utf8("EAP-EKE Ka"), names, nonces), hash.length);

/** MSK and EMSK, one after the other. RFC 6124, section 5.4. */
export const deriveExportedKeys = (
  hash: EkeHash,
  sharedSecret: Uint8Array,
  names: Uint8Array,
  nonces: Uint8Array,
): Uint8Array => prfPlus(hash, sharedSecret, concat(utf8("EAP-EKE Exported Keys"), names, nonces), 128);

/** Octets of what {@link protect} makes of so many. */
export const protectedLength = (hash: EkeHash, clearLength: number): number => blockLength + clearLength + hash.length;

/** Prot: encrypted, then under a MAC. RFC 6124, section 4.1. @param clear whole blocks */
export function protect(hash: EkeHash, { ke, ki }: ProtectionKeys, clear: Uint8Array, entropy: Entropy): Uint8Array {
  const iv = Uint8Array.from(entropy.bytes(blockLength));
  const sealed = aesCbcEncrypt(ke, iv, clear);
  return concat(iv, sealed, prf(hash, ki, sealed));
}

/** @param protectedData as long as {@link protectedLength} says @returns undefined where the MAC is wrong */
export function unprotect(
  hash: EkeHash,
  { ke, ki }: ProtectionKeys,
  protectedData: Uint8Array,
): Uint8Array | undefined {
  const sealed = protectedData.subarray(blockLength, -hash.length);
  if (!sameSecret(prf(hash, ki, sealed), protectedData.subarray(-hash.length))) return undefined;
  return aesCbcDecrypt(ke, protectedData.subarray(0, blockLength), sealed);
}
