/** Keys of EAP-FAST. RFC 4851, section 5; RFC 5422, section 3.3. */

import { concat, utf8 } from "../base/bytes.ts";
import { hmac } from "./backend/node.ts";
import { wipe } from "./secret.ts";
import type { MasterSecret } from "./tls/port.ts";
import { tlsPrf } from "./tls/prf.ts";

/** T-PRF. RFC 4851, section 5.5. */
export function tPrf(key: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const labelled = concat(utf8(label), Uint8Array.of(0), seed, Uint8Array.of(length >> 8, length & 0xff));
  let block: Uint8Array = new Uint8Array();
  for (let offset = 0, count = 1; offset < length; offset += block.length, count++) {
    const next = hmac("sha1", key, block, labelled, Uint8Array.of(count));
    wipe(block);
    block = next;
    out.set(block.subarray(0, length - offset), offset);
  }
  wipe(block, labelled);
  return out;
}

/** What follows TLS's key block: keys that TLS itself has no use for. RFC 4851, section 5.1. */
export function keysBeyondBlock(
  prf: "sha256" | "sha384" | "md5-sha1",
  { masterSecret, clientRandom, serverRandom, keyBlockLength }: MasterSecret,
  length: number,
): Uint8Array {
  const seed = concat(serverRandom, clientRandom);
  const block = tlsPrf(prf, masterSecret, "key expansion", seed, keyBlockLength + length);
  const beyond = block.slice(keyBlockLength);
  wipe(block);
  return beyond;
}

/** The master secret of a handshake with a PAC. RFC 4851, section 5.1. @param pacKey 32 octets @returns 48 octets */
export const pacMasterSecret = (pacKey: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array): Uint8Array =>
  tPrf(pacKey, "PAC to master secret label hash", concat(serverRandom, clientRandom), 48);

export const fastChainLength = 40;

/** One method inside: S-IMCK (40 octets) and CMK (20 octets). RFC 4851, section 5.2. */
export function linkFast(
  chain: Uint8Array,
  msk: Uint8Array | undefined,
): { readonly chain: Uint8Array; readonly cmk: Uint8Array } {
  const isk = new Uint8Array(32);
  isk.set(msk?.subarray(0, 32) ?? []);
  const keys = tPrf(chain, "Inner Methods Compound Keys", isk, 60);
  const compound = { chain: keys.slice(0, fastChainLength), cmk: keys.slice(fastChainLength) };
  wipe(keys, isk);
  return compound;
}

/** RFC 4851, section 5.3. @param tlv the whole Crypto-Binding TLV, its MAC zero */
export const fastCompoundMac = (cmk: Uint8Array, tlv: Uint8Array): Uint8Array => hmac("sha1", cmk, tlv);

/** RFC 4851, section 5.4. */
export const deriveFastMsk = (chain: Uint8Array): Uint8Array =>
  tPrf(chain, "Session Key Generating Function", new Uint8Array(), 64);

export const deriveFastEmsk = (chain: Uint8Array): Uint8Array =>
  tPrf(chain, "Extended Session Key Generating Function", new Uint8Array(), 64);
