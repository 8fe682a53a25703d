/** The primitives that come from Node's OpenSSL. The only file of crypto/ that touches `node:`. */

import {
  type CipherCCMTypes,
  constants,
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  getDiffieHellman,
  type KeyObject,
  pbkdf2,
  pbkdf2Sync,
  privateDecrypt,
  timingSafeEqual,
} from "node:crypto";
import {
  opensslDes,
  opensslHash,
  opensslHmacMd5,
  type QuickDes,
  type QuickHash,
  type QuickHmac,
} from "./openssl-digests.ts";
import { type HmacDigest, opensslHmac, type ShortHmac } from "./openssl-hmac.ts";

/** The same memory without Buffer's ways: its slice() is no copy, and what wipes the one would wipe the other. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);

export type Digest = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

/** Looked for when first asked for; null where it can't be had. */
const quick: {
  md5?: QuickHash | null;
  sha1?: QuickHash | null;
  hmacMd5?: QuickHmac | null;
  des?: QuickDes | null;
} = {};

export function hash(digest: Digest, ...data: readonly Uint8Array[]): Uint8Array {
  if (digest === "md5" || digest === "sha1") {
    if (quick[digest] === undefined) quick[digest] = opensslHash(digest) ?? null;
    const result = quick[digest]?.(data);
    if (result) return result;
  }
  const h = createHash(digest);
  for (const part of data) h.update(part);
  return plain(h.digest());
}

/** Looked for when first asked for; null where it can't be had. */
const shortHmacs: { [digest in HmacDigest]?: ShortHmac | null } = {};

/** RFC 2104. */
export function hmac(digest: Digest, key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array {
  if (digest === "md5") {
    if (quick.hmacMd5 === undefined) quick.hmacMd5 = opensslHmacMd5() ?? null;
    const result = quick.hmacMd5?.(key, data);
    if (result) return result;
  } else {
    if (shortHmacs[digest] === undefined) shortHmacs[digest] = opensslHmac(digest) ?? null;
    const result = shortHmacs[digest]?.(key, data);
    if (result) return result;
  }
  const h = createHmac(digest, key);
  for (const part of data) h.update(part);
  return plain(h.digest());
}

/** RFC 8018, 5.2, with HMAC-SHA-1, off the event loop. */
export function pbkdf2Sha1(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, rounds, length, "sha1", (error, key) => (error ? reject(error) : resolve(plain(key))));
  });
}

/** The same, blocking: some milliseconds for what Wi-Fi asks for. */
export const pbkdf2Sha1Now = (password: Uint8Array, salt: Uint8Array, rounds: number, length: number): Uint8Array =>
  plain(pbkdf2Sync(password, salt, rounds, length, "sha1"));

/** AES-ECB without padding. @param data whole blocks of 16 octets */
export function aesEncryptBlocks(key: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return plain(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** Places in its 8 octets, of which the lowest bits are parity that nobody looks at, of a DES key's 56 bits. */
function desKeyOf(bits: Uint8Array): Uint8Array {
  const key = new Uint8Array(8);
  for (let i = 0; i < 8; i++) {
    const both = ((bits[i - 1] ?? 0) << 8) | (bits[i] ?? 0);
    key[i] = (both >>> i) & 0xfe;
  }
  return key;
}

/**
 * One block of DES. OpenSSL 3 has it as triple DES only, which it is with one key thrice.
 * @param key 7 octets, without parity @param block 8 octets
 */
export function desEncrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
  const single = desKeyOf(key);
  if (quick.des === undefined) quick.des = opensslDes() ?? null;
  const quickly = quick.des?.(single, block);
  if (quickly) {
    single.fill(0);
    return quickly;
  }
  const cipher = createCipheriv("des-ede3-ecb", Buffer.concat([single, single, single]), null).setAutoPadding(false);
  const encrypted = Uint8Array.from(cipher.update(block));
  single.fill(0);
  return encrypted;
}

/** AES-CBC without padding, from a zero vector; the last block is a CBC-MAC. */
export function aesCbcFromZero(key: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, new Uint8Array(16)).setAutoPadding(false);
  return plain(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** AES-CBC without padding. @param data whole blocks of 16 octets */
export function aesCbcEncrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
  return plain(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** @param data whole blocks of 16 octets */
export function aesCbcDecrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv).setAutoPadding(false);
  return plain(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** AES in counter mode, which is its own inverse. @param counter the first one, 16 octets */
export function aesCtr(key: Uint8Array, counter: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-ctr`, key, counter);
  return plain(Buffer.concat([cipher.update(data), cipher.final()]));
}

const wrapVector = new Uint8Array(8).fill(0xa6);

/** RFC 3394, 2.2.1. @param data a multiple of 8 octets, at least 16 */
export function aesWrap(kek: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`id-aes${kek.length * 8}-wrap`, kek, wrapVector);
  return plain(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** RFC 3394, 2.2.2. @returns undefined where the integrity check fails or the length can't be */
export function aesUnwrap(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return undefined;
  const decipher = createDecipheriv(`id-aes${kek.length * 8}-wrap`, kek, wrapVector);
  try {
    return plain(Buffer.concat([decipher.update(wrapped), decipher.final()]));
  } catch {
    // OpenSSL has no other word for "the integrity check failed".
    return undefined;
  }
}

/** AES-GMAC: GCM's tag over data that are not encrypted. NIST SP 800-38D. @param nonce 12 octets @returns 16 octets */
export function gmac(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(key.length === 32 ? "aes-256-gcm" : "aes-128-gcm", key, nonce);
  cipher.setAAD(data);
  cipher.final();
  return plain(cipher.getAuthTag());
}

export interface CcmSealed {
  readonly data: Uint8Array;
  readonly mic: Uint8Array;
}

const ccmAlgorithm = (key: Uint8Array): CipherCCMTypes => (key.length === 32 ? "aes-256-ccm" : "aes-128-ccm");

/** AES-CCM, RFC 3610. @param nonce 13 octets for IEEE 802.11 */
export function ccmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  clear: Uint8Array,
  micLength: 8 | 16,
): CcmSealed {
  const cipher = createCipheriv(ccmAlgorithm(key), key, nonce, { authTagLength: micLength });
  cipher.setAAD(aad, { plaintextLength: clear.length });
  const data = Buffer.concat([cipher.update(clear), cipher.final()]);
  return { data: plain(data), mic: plain(cipher.getAuthTag()) };
}

/** @returns undefined where the MIC is wrong */
export function ccmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: CcmSealed,
): Uint8Array | undefined {
  const decipher = createDecipheriv(ccmAlgorithm(key), key, nonce, { authTagLength: sealed.mic.length });
  decipher.setAuthTag(sealed.mic);
  decipher.setAAD(aad, { plaintextLength: sealed.data.length });
  try {
    const clear = decipher.update(sealed.data);
    decipher.final();
    return plain(clear);
  } catch {
    // OpenSSL has no other word for "the tag is wrong".
    return undefined;
  }
}

export const timingSafe = (a: Uint8Array, b: Uint8Array): boolean => timingSafeEqual(a, b);

/** The primes of RFC 3526; `modp2` is of RFC 2409. */
export type ModpName = "modp2" | "modp5" | "modp14" | "modp15" | "modp16" | "modp17" | "modp18";

export const modpPrime = (name: ModpName): Uint8Array => Uint8Array.from(getDiffieHellman(name).getPrime());

/**
 * Elliptic-curve Diffie-Hellman with public keys that are x coordinates only (RFC 6090, section 4.2): which of the two points was meant makes
 * no difference to the result.
 */
export interface EcdhKeyPair {
  readonly publicX: Uint8Array;
  /** @returns the x coordinate of the shared point; undefined where no point of the curve has that x */
  agree(peerX: Uint8Array): Uint8Array | undefined;
}

/** @param privateKey @returns undefined where it is 0 or not below the order of the curve */
export function ecdhKeyPair(
  curve: "prime256v1" | "secp384r1" | "secp521r1",
  privateKey: Uint8Array,
): EcdhKeyPair | undefined {
  const ecdh = createECDH(curve);
  try {
    ecdh.setPrivateKey(privateKey);
  } catch {
    // Node has no other word for "not a key of this curve".
    return undefined;
  }
  return {
    publicX: Uint8Array.from(ecdh.getPublicKey(null, "compressed").subarray(1)),
    agree(peerX) {
      try {
        return plain(ecdh.computeSecret(Buffer.concat([Buffer.of(2), peerX])));
      } catch {
        // The same of a peer's key.
        return undefined;
      }
    },
  };
}

export type EcdsaCurve = "prime256v1" | "secp384r1" | "secp521r1";

/** A private key for signatures; what signs stays inside. */
export interface EcdsaKey {
  readonly curve: EcdsaCurve;
  /** The public point: its sign octet (2 or 3) and x. */
  readonly compressedPoint: Uint8Array;
  /** @returns DER, Ecdsa-Sig-Value (RFC 3279, 2.2.3) */
  sign(digest: Digest, data: Uint8Array): Uint8Array;
}

/** @param der ECPrivateKey (RFC 5915) or PKCS #8 @returns undefined where it is no key of one of the curves */
export function ecdsaKeyOf(der: Uint8Array): EcdsaKey | undefined {
  const key = privateKeyOf(der, "sec1") ?? privateKeyOf(der, "pkcs8");
  const curve = key?.asymmetricKeyDetails?.namedCurve;
  if (key === undefined || (curve !== "prime256v1" && curve !== "secp384r1" && curve !== "secp521r1")) return undefined;
  const { x = "", y = "" } = createPublicKey(key).export({ format: "jwk" });
  const sign = ((Buffer.from(y, "base64url").at(-1) ?? 0) & 1) + 2;
  return {
    curve,
    compressedPoint: Uint8Array.of(sign, ...Buffer.from(x, "base64url")),
    sign: (digest, data) => plain(createSign(digest).update(data).sign(key)),
  };
}

/** A new key pair. @returns DER, ECPrivateKey of RFC 5915 */
export function newEcdsaKey(curve: EcdsaCurve): Uint8Array {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  return Uint8Array.from(privateKey.export({ format: "der", type: "sec1" }));
}

/** @param pem text @returns DER, ECPrivateKey; undefined where it holds no private key on a curve that can be named */
export function ecPrivateKeyOfPem(pem: Uint8Array): Uint8Array | undefined {
  try {
    return Uint8Array.from(createPrivateKey(Buffer.from(pem)).export({ format: "der", type: "sec1" }));
  } catch {
    return undefined;
  }
}

function privateKeyOf(der: Uint8Array, type: "sec1" | "pkcs8"): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: "der", type });
  } catch {
    // OpenSSL's words for it help nobody; the caller knows what it was meant to be.
    return undefined;
  }
}

/** @param spki DER, SubjectPublicKeyInfo */
export function verifyEcdsa(spki: Uint8Array, digest: Digest, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return createVerify(digest).update(data).verify(key, signature);
  } catch {
    // The same of a key from elsewhere.
    return false;
  }
}

/** An RSA key that opens what its public half has sealed. */
export interface RsaDecryptionKey {
  /** RSAES-OAEP with SHA-256, RFC 8017, 7.1. @returns undefined where it was not sealed for this key */
  openOaepSha256(sealed: Uint8Array): Uint8Array | undefined;
}

/** @param pem private key without passphrase @returns undefined where it is no RSA key */
export function rsaDecryptionKeyOf(pem: Uint8Array): RsaDecryptionKey | undefined {
  const key = pemKeyOf(pem);
  if (key?.asymmetricKeyType !== "rsa") return undefined;
  return {
    openOaepSha256(sealed) {
      try {
        return Uint8Array.from(
          privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, sealed),
        );
      } catch {
        // OpenSSL has no other word for "not sealed for this key".
        return undefined;
      }
    },
  };
}

function pemKeyOf(pem: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(pem), format: "pem" });
  } catch {
    // OpenSSL's words for it help nobody; the caller knows what it was meant to be.
    return undefined;
  }
}
