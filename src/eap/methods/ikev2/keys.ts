/** EAP-IKEv2's keys, and what they protect. RFC 7296, sections 2.13 to 2.15 and 3.14; RFC 5106, section 7. */

import { concat, Reader, utf8 } from "../../../base/bytes.ts";
import type { Entropy } from "../../../base/entropy.ts";
import { aesCbcDecrypt, aesCbcEncrypt, hmac } from "../../../crypto/backend/node.ts";
import { joinSecrets, sameSecret, wipe } from "../../../crypto/secret.ts";
import {
  decodePayloads,
  encodePayload,
  encodePayloads,
  encodeRequest,
  type IkeHeader,
  type IkeMessage,
  type Payload,
  payloadType,
} from "./message.ts";

const prfLength = 20;
const encryptionKeyLength = 16;
const blockLength = 16;
/** Of HMAC-SHA1-96. */
export const checksumLength = 12;

const prf = (key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array => hmac("sha1", key, ...data);

/** prf+. RFC 7296, section 2.13. */
function prfPlus(key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let round = 1; round <= Math.ceil(length / prfLength); round++) {
    blocks.push(prf(key, blocks.at(-1) ?? new Uint8Array(0), seed, Uint8Array.of(round)));
  }
  return joinSecrets(blocks, length);
}

/** RFC 7296, section 2.14; by the names there. */
export interface IkeKeys {
  readonly skD: Uint8Array;
  readonly skAi: Uint8Array;
  readonly skAr: Uint8Array;
  readonly skEi: Uint8Array;
  readonly skEr: Uint8Array;
  readonly skPi: Uint8Array;
  readonly skPr: Uint8Array;
}

/** @param agreed what Diffie-Hellman gives, as long as the prime @param spis both, the initiator's first */
export function deriveIkeKeys(agreed: Uint8Array, nonces: Uint8Array, spis: Uint8Array): IkeKeys {
  const seed = prf(nonces, agreed);
  const lengths = [prfLength, prfLength, prfLength, encryptionKeyLength, encryptionKeyLength, prfLength, prfLength];
  const material = prfPlus(
    seed,
    concat(nonces, spis),
    lengths.reduce((sum, length) => sum + length),
  );
  const r = new Reader(material, ["keys"]);
  const next = (length: number): Uint8Array => r.take(length).slice();
  const keys: IkeKeys = {
    skD: next(prfLength),
    skAi: next(prfLength),
    skAr: next(prfLength),
    skEi: next(encryptionKeyLength),
    skEr: next(encryptionKeyLength),
    skPi: next(prfLength),
    skPr: next(prfLength),
  };
  wipe(seed, material);
  return keys;
}

export const wipeIkeKeys = (keys: IkeKeys): void =>
  wipe(keys.skD, keys.skAi, keys.skAr, keys.skEi, keys.skEr, keys.skPi, keys.skPr);

/** MSK and EMSK, one after the other. RFC 5106, section 5. */
export const deriveExportedKeys = ({ skD }: IkeKeys, nonces: Uint8Array): Uint8Array => prfPlus(skD, nonces, 128);

export const checksum = (key: Uint8Array, data: Uint8Array): Uint8Array => prf(key, data).slice(0, checksumLength);

/**
 * AUTH with a shared secret. RFC 7296, section 2.15, with the padding of RFC 5106, section 7.
 * @param message the first one of whoever authenticates
 * @param nonce the other's
 * @param skP and identity (the payload's data) of whoever authenticates
 */
export function authenticate(
  secret: Uint8Array,
  message: Uint8Array,
  nonce: Uint8Array,
  skP: Uint8Array,
  identity: Uint8Array,
): Uint8Array {
  const key = prf(secret, utf8("Key Pad for EAP-IKEv2"));
  const result = prf(key, message, nonce, prf(skP, identity));
  wipe(key);
  return Uint8Array.from(result);
}

/** A request that is one encrypted payload. RFC 7296, section 3.14. */
export function sealRequest(
  keys: IkeKeys,
  header: IkeHeader,
  payloads: readonly Payload[],
  entropy: Entropy,
): Uint8Array {
  const inside = encodePayloads(payloads);
  const padding = (blockLength - ((inside.length + 1) % blockLength)) % blockLength;
  const clear = concat(inside, new Uint8Array(padding), Uint8Array.of(padding));
  const iv = Uint8Array.from(entropy.bytes(blockLength));
  const sealed = concat(iv, aesCbcEncrypt(keys.skEi, iv, clear));
  const payload = encodePayload(sealed, payloads[0]?.type ?? payloadType.none, checksumLength);
  const message = encodeRequest(header, payloadType.encrypted, payload, checksumLength);
  return concat(message, checksum(keys.skAi, message));
}

/**
 * The payloads inside the encrypted one of a response.
 * @param octets the whole message
 * @returns undefined where its checksum is wrong, or there is none
 * @throws MalformedError
 */
export function openResponse(
  keys: IkeKeys,
  message: IkeMessage,
  octets: Uint8Array,
): Pick<IkeMessage, "payloads"> | undefined {
  const last = message.payloads.at(-1);
  if (last?.type !== payloadType.encrypted) return undefined;
  const covered = octets.subarray(0, -checksumLength);
  if (!sameSecret(checksum(keys.skAr, covered), octets.subarray(-checksumLength))) return undefined;
  const sealed = last.data.subarray(blockLength, -checksumLength);
  if (last.data.length <= blockLength + checksumLength || sealed.length % blockLength !== 0) return undefined;
  const clear = aesCbcDecrypt(keys.skEr, last.data.subarray(0, blockLength), sealed);
  const padding = clear.at(-1) ?? 0;
  const r = new Reader(clear, ["SK"]);
  if (padding + 1 > clear.length) r.fail("more padding than there is");
  return decodePayloads(r.field("payloads", clear.length - padding - 1), message.firstInside);
}
