/** Key derivation of EAP-SIM, EAP-AKA and EAP-AKA'. RFC 4186, section 7; RFC 4187, section 7; RFC 9048, section 3. */

import { concat, utf8, Writer } from "../base/bytes.ts";
import { hash, hmac } from "./backend/node.ts";
import { sha1Compression } from "./hmac-sha1-words.ts";
import { joinSecrets, wipe } from "./secret.ts";

export interface SessionKeys {
  /** Master Session Key and its extended half, 64 octets each. */
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array;
}

export interface FullAuthenticationKeys extends SessionKeys {
  /** For AT_ENCR_DATA, 16 octets. */
  readonly kEncr: Uint8Array;
  /** For AT_MAC: 16 octets, 32 in AKA'. */
  readonly kAut: Uint8Array;
}

export interface SimMasterKeyInput {
  readonly identity: Uint8Array;
  /** 8 octets each. */
  readonly kc: readonly Uint8Array[];
  readonly nonceMt: Uint8Array;
  /** Octets of AT_VERSION_LIST, without padding. */
  readonly versionList: Uint8Array;
  readonly selectedVersion: number;
}

/** MK. RFC 4186, section 7. @returns 20 octets */
export const deriveSimMasterKey = (input: SimMasterKeyInput): Uint8Array =>
  hash(
    "sha1",
    input.identity,
    ...input.kc,
    input.nonceMt,
    input.versionList,
    new Writer().u16be(input.selectedVersion).finish(),
  );

/** MK. RFC 4187, section 7. @returns 20 octets */
export const deriveAkaMasterKey = (identity: Uint8Array, ik: Uint8Array, ck: Uint8Array): Uint8Array =>
  hash("sha1", identity, ik, ck);

/** RFC 4186, section 7. */
export function deriveSimAkaKeys(masterKey: Uint8Array): FullAuthenticationKeys {
  const material = fips186Prf(masterKey, 160);
  const keys = {
    kEncr: material.slice(0, 16),
    kAut: material.slice(16, 32),
    msk: material.slice(32, 96),
    emsk: material.slice(96),
  };
  wipe(material);
  return keys;
}

export interface ReauthenticationInput {
  readonly identity: Uint8Array;
  readonly counter: number;
  readonly nonceS: Uint8Array;
}

/** Of a fast reauthentication. RFC 4186, section 7. */
export function deriveSimAkaReauthenticationKeys(masterKey: Uint8Array, input: ReauthenticationInput): SessionKeys {
  const counter = new Writer().u16be(input.counter).finish();
  const seed = hash("sha1", input.identity, counter, input.nonceS, masterKey);
  const material = fips186Prf(seed, 128);
  const keys = { msk: material.slice(0, 64), emsk: material.slice(64) };
  wipe(seed, material);
  return keys;
}

/**
 * The random number generator of FIPS 186-2, change notice 1, in the form that RFC 4186, appendix B, gives it: G is SHA-1's compression
 * of one block, and nothing is added by an optional input. @param key 20 octets @param length in octets, whole words
 */
function fips186Prf(key: Uint8Array, length: number): Uint8Array {
  const block = new Int32Array(16);
  const state = new DataView(Uint8Array.from(key).buffer);
  const result = new Uint8Array(length);
  const out = new DataView(result.buffer);
  for (let at = 0; at < length; ) {
    for (let word = 0; word < 5; word++) block[word] = state.getInt32(4 * word);
    const w = sha1Compression(block);
    let carry = 1;
    for (let word = 4; word >= 0; word--) {
      const sum = state.getUint32(4 * word) + ((w[word] ?? 0) >>> 0) + carry;
      state.setUint32(4 * word, sum >>> 0);
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
    for (const part of w) {
      if (at < length) out.setInt32(at, part);
      at += 4;
    }
    w.fill(0);
  }
  block.fill(0);
  wipe(new Uint8Array(state.buffer));
  return result;
}

/**
 * CK' and IK', bound to the name of the access network. 3GPP TS 33.402, annex A.2; RFC 9048, section 3.3.
 * @param autn whose first 6 octets are SQN xor AK
 */
export function bindToNetwork(
  ck: Uint8Array,
  ik: Uint8Array,
  networkName: Uint8Array,
  autn: Uint8Array,
): { readonly ck: Uint8Array; readonly ik: Uint8Array } {
  const functionCode = 0x20;
  const key = concat(ck, ik);
  const input = new Writer()
    .u8(functionCode)
    .put(networkName)
    .u16be(networkName.length)
    .put(autn.subarray(0, 6))
    .u16be(6)
    .finish();
  const bound = hmac("sha256", key, input);
  const keys = { ck: bound.slice(0, 16), ik: bound.slice(16) };
  wipe(key, bound);
  return keys;
}

export interface AkaPrimeKeys extends FullAuthenticationKeys {
  /** For fast reauthentication, 32 octets. */
  readonly kRe: Uint8Array;
}

/** RFC 9048, section 3.3. @param ckPrime and ikPrime of {@link bindToNetwork} */
export function deriveAkaPrimeKeys(identity: Uint8Array, ikPrime: Uint8Array, ckPrime: Uint8Array): AkaPrimeKeys {
  const key = concat(ikPrime, ckPrime);
  const material = prfPrime(key, concat(utf8("EAP-AKA'"), identity), 208);
  const keys = {
    kEncr: material.slice(0, 16),
    kAut: material.slice(16, 48),
    kRe: material.slice(48, 80),
    msk: material.slice(80, 144),
    emsk: material.slice(144),
  };
  wipe(key, material);
  return keys;
}

/** RFC 9048, section 3.3. */
export function deriveAkaPrimeReauthenticationKeys(kRe: Uint8Array, input: ReauthenticationInput): SessionKeys {
  const counter = new Writer().u16be(input.counter).finish();
  const material = prfPrime(kRe, concat(utf8("EAP-AKA' re-auth"), input.identity, counter, input.nonceS), 128);
  const keys = { msk: material.slice(0, 64), emsk: material.slice(64) };
  wipe(material);
  return keys;
}

/** PRF'. RFC 9048, section 3.4.1. */
function prfPrime(key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let round = 1; round <= Math.ceil(length / 32); round++) {
    blocks.push(hmac("sha256", key, blocks.at(-1) ?? new Uint8Array(0), seed, Uint8Array.of(round)));
  }
  return joinSecrets(blocks, length);
}
