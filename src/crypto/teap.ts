/** Keys of TEAP with TLS up to 1.2. RFC 9930, sections 6.1 to 6.4. */

import { concat } from "../base/bytes.ts";
import { type Digest, hmac } from "./backend/node.ts";
import { wipe } from "./secret.ts";
import { tlsPrf } from "./tls/prf.ts";

/** What the TLS session says of how keys are derived. */
export interface TeapHashes {
  readonly prf: "sha256" | "sha384" | "md5-sha1";
  /** Of the cipher suite's MAC, where it has one. */
  readonly mac: Digest;
}

/** Of one method inside. 40 octets each. */
export interface TeapCompoundKeys {
  readonly chain: Uint8Array;
  /** Compound MAC Key, 20 octets. */
  readonly cmk: Uint8Array;
}

export const teapSeedLabel = "EXPORTER: teap session key seed";
export const teapChainLength = 40;
const imskLength = 32;

function link(hashes: TeapHashes, chain: Uint8Array, imsk: Uint8Array): TeapCompoundKeys {
  const keys = tlsPrf(hashes.prf, chain, "Inner Methods Compound Keys", imsk, 60);
  const compound = { chain: keys.slice(0, teapChainLength), cmk: keys.slice(teapChainLength) };
  wipe(keys, imsk);
  return compound;
}

/** @param chain S-IMCK so far @param msk of the method; undefined where it has none */
export function linkMsk(hashes: TeapHashes, chain: Uint8Array, msk: Uint8Array | undefined): TeapCompoundKeys {
  const imsk = new Uint8Array(imskLength);
  imsk.set(msk?.subarray(0, imskLength) ?? []);
  return link(hashes, chain, imsk);
}

export function linkEmsk(hashes: TeapHashes, chain: Uint8Array, emsk: Uint8Array): TeapCompoundKeys {
  const derived = tlsPrf(hashes.prf, emsk, "TEAPbindkey@ietf.org", Uint8Array.of(0, 0, 64), 64);
  const imsk = derived.slice(0, imskLength);
  wipe(derived);
  return link(hashes, chain, imsk);
}

const macLength = 20;

/**
 * @param tlv the whole Crypto-Binding TLV, both MACs zero
 * @param type of TEAP
 * @param outer TLVs of the first message of each, the server's first
 */
export const teapCompoundMac = (
  hashes: TeapHashes,
  cmk: Uint8Array,
  tlv: Uint8Array,
  type: number,
  outer: readonly Uint8Array[],
): Uint8Array => hmac(hashes.mac, cmk, concat(tlv, Uint8Array.of(type), ...outer)).slice(0, macLength);

export const deriveTeapMsk = (hashes: TeapHashes, chain: Uint8Array): Uint8Array =>
  tlsPrf(hashes.prf, chain, "Session Key Generating Function", new Uint8Array(), 64);

export const deriveTeapEmsk = (hashes: TeapHashes, chain: Uint8Array): Uint8Array =>
  tlsPrf(hashes.prf, chain, "Extended Session Key Generating Function", new Uint8Array(), 64);
