/**
 * SAE-PK: a password that carries a fingerprint of the access point's public key, so that whoever knows the password can join the network but can't
 * pass for it. Wi-Fi Alliance, WPA3 Specification 3.1, section 6.
 */

import { concat, Writer } from "../../base/bytes.ts";
import { aesSivDecrypt, aesSivEncrypt, sivLength } from "../aes-siv.ts";
import { type EcdsaCurve, type EcdsaKey, ecdsaKeyOf, hash, verifyEcdsa } from "../backend/node.ts";
import type { KdfDigest } from "../prf.ts";
import type { SaeCommitValues } from "./exchange.ts";

export interface SaePkPair {
  /** 16 octets: Modifier M. */
  readonly modifier: Uint8Array;
  /** K_AP: DER, SubjectPublicKeyInfo with a compressed point. */
  readonly publicKey: Uint8Array;
  /** Of the public key. */
  readonly curve: EcdsaCurve;
  readonly key: EcdsaKey;
}

/** @param privateKey DER @returns undefined where it is no private key of the curves P-256, P-384 or P-521 */
export function saePkPairOf(modifier: Uint8Array, privateKey: Uint8Array): SaePkPair | undefined {
  const key = ecdsaKeyOf(privateKey);
  return key && { modifier, key, curve: key.curve, publicKey: publicKeyInfo(key) };
}

/** Who both ends are, and what they have sent. */
export interface SaePkParties {
  readonly ap: SaeCommitValues;
  readonly station: SaeCommitValues;
  /** 6 octets each. */
  readonly bssid: Uint8Array;
  readonly stationAddress: Uint8Array;
}

export interface SaePkProof {
  readonly publicKey: Uint8Array;
  /** KeyAuth: DER, Ecdsa-Sig-Value. */
  readonly signature: Uint8Array;
  /** EncryptedModifier. */
  readonly sealedModifier: Uint8Array;
}

/** What the access point's Confirm proves. @param kek 32, 48 or 64 octets */
export const proveSaePk = (pair: SaePkPair, kek: Uint8Array, parties: SaePkParties): SaePkProof => ({
  publicKey: pair.publicKey,
  signature: pair.key.sign(digestOfCurve[pair.curve], signedData(pair, parties)),
  sealedModifier: aesSivEncrypt(kek, pair.modifier),
});

/** The station's view of it. @param fingerprint see {@link saePkFingerprint} */
export function verifySaePk(
  proof: SaePkProof,
  kek: Uint8Array,
  parties: SaePkParties,
  curve: EcdsaCurve,
  ssid: Uint8Array,
  fingerprint: Fingerprint,
): boolean {
  if (proof.sealedModifier.length !== modifierLength + sivLength) return false;
  const modifier = aesSivDecrypt(kek, proof.sealedModifier);
  if (modifier === undefined) return false;
  const { publicKey } = proof;
  const expected = firstBits(hash(digestOfCurve[curve], ssid, modifier, publicKey), fingerprint.bits);
  if (!expected.every((octet, i) => octet === fingerprint.octets[i])) return false;
  return verifyEcdsa(publicKey, digestOfCurve[curve], signedData({ modifier, publicKey }, parties), proof.signature);
}

/** In octets. */
export const modifierLength = 16;

export const digestOfCurve: Readonly<Record<EcdsaCurve, KdfDigest>> = {
  prime256v1: "sha256",
  secp384r1: "sha384",
  secp521r1: "sha512",
};

const signedData = (pair: Pick<SaePkPair, "modifier" | "publicKey">, parties: SaePkParties): Uint8Array =>
  concat(
    parties.ap.element,
    parties.station.element,
    parties.ap.scalar,
    parties.station.scalar,
    pair.modifier,
    pair.publicKey,
    parties.bssid,
    parties.stationAddress,
  );

/** Object identifiers of named curves, as DER. RFC 5480, 2.1.1.1. */
const curveIdentifiers: Readonly<Record<EcdsaCurve, readonly number[]>> = {
  prime256v1: [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
  secp384r1: [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22],
  secp521r1: [0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23],
};

/** id-ecPublicKey. */
const ecPublicKey = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/** SubjectPublicKeyInfo. RFC 5480, 2; short enough for lengths of one octet. */
function publicKeyInfo({ curve, compressedPoint }: EcdsaKey): Uint8Array {
  const algorithm = der(0x30, Uint8Array.of(...ecPublicKey, ...curveIdentifiers[curve]));
  return der(0x30, concat(algorithm, der(0x03, concat(Uint8Array.of(0), compressedPoint))));
}

const der = (tag: number, content: Uint8Array): Uint8Array =>
  new Writer().u8(tag).u8(content.length).put(content).finish();

/** Characters of passwords, five bits each. */
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Of the check character. WPA3 Specification 3.1, 6.5. */
const permutation = [
  7, 2, 1, 30, 16, 20, 27, 11, 31, 6, 8, 13, 29, 5, 10, 21, 22, 3, 24, 0, 23, 25, 12, 9, 28, 14, 4, 15, 17, 18, 19, 26,
];

/** Multiplication in the dihedral group of 32 elements: 16 rotations, then 16 reflections. */
function times(a: number, b: number): number {
  const rotation = a < 16 ? a + b : a - b;
  return (a < 16 ? b : b ^ 16) < 16 ? rotation & 15 : 16 | (rotation & 15);
}

/** The last character of a password, which shows most mistakes of typing. */
export function saePkCheckCharacter(text: string): string {
  let sum = 0;
  let rounds = 0;
  for (const character of [...text].reverse()) {
    let value = alphabet.indexOf(character);
    if (value < 0) continue;
    rounds += 1;
    for (let i = 0; i < rounds; i++) value = permutation[value] ?? 0;
    sum = times(sum, value);
  }
  return alphabet[sum > 0 && sum < 16 ? 16 - sum : sum] ?? "";
}

/** Groups of four characters with hyphens between them, three at least, all of one strength, the last character a check. */
export function isSaePkPassword(text: string): boolean {
  if (!/^[a-z2-7]{4}(-[a-z2-7]{4}){2,}$/.test(text)) return false;
  if (text.at(-1) !== saePkCheckCharacter(text.slice(0, -1))) return false;
  const strengths = new Set(text.split("-").map((group) => alphabet.indexOf(group[0] ?? "") >> 4));
  return strengths.size === 1;
}

export interface Fingerprint {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/** The bits that a hash of network, modifier and public key has to begin with. @param password see {@link isSaePkPassword} */
export function saePkFingerprint(password: string): Fingerprint {
  const characters = password.replaceAll("-", "");
  const zeros = 8 * ((alphabet.indexOf(password[0] ?? "") & 16) === 0 ? 5 : 3);
  const all = [...characters].map((character) => alphabet.indexOf(character).toString(2).padStart(5, "0")).join("");
  // The first bit of each group tells the strength, and the last character is the check.
  const told = (all.match(/.{20}/g) ?? [])
    .map((group) => group.slice(1))
    .join("")
    .slice(0, -5);
  const text = "0".repeat(zeros) + told;
  const octets = (text.match(/.{1,8}/g) ?? []).map((octet) => Number.parseInt(octet.padEnd(8, "0"), 2));
  return { octets: Uint8Array.from(octets), bits: text.length };
}

/** The password that goes with a hash which begins with enough zeros. */
export function saePkPassword(digest: Uint8Array, strength: 3 | 5, groups: number): string {
  const bits = [...digest]
    .map((octet) => octet.toString(2).padStart(8, "0"))
    .join("")
    .slice(8 * strength);
  const mark = strength === 3 ? "1" : "0";
  // Five bits of the last group are the check's.
  const told = `${bits.slice(0, 19 * groups - 5)}00000`;
  const characters = (told.match(/.{19}/g) ?? [])
    .flatMap((group) => `${mark}${group}`.match(/.{5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five, 2)] ?? "")
    .join("");
  const grouped = (characters.match(/.{4}/g) ?? []).join("-").slice(0, -1);
  return grouped + saePkCheckCharacter(grouped);
}

function firstBits(octets: Uint8Array, bits: number): Uint8Array {
  const kept = octets.slice(0, Math.ceil(bits / 8));
  const unused = kept.length * 8 - bits;
  const last = kept.at(-1);
  if (unused > 0 && last !== undefined) kept[kept.length - 1] = last & (0xff << unused);
  return kept;
}
