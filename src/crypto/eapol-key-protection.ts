/** How a key descriptor version protects an EAPOL-Key frame. IEEE Std 802.11-2020, 12.7.2 and table 12-10. */

import { concat } from "../base/bytes.ts";
import { aesUnwrap, aesWrap, hmac } from "./backend/node.ts";
import { aesCmac } from "./cmac.ts";
import { rc4 } from "./rc4.ts";

/**
 * - `hmac-md5-rc4`: version 1, for TKIP
 * - `hmac-sha1-aes`: version 2
 * - `aes-cmac-aes`: version 3, and where the AKM says so
 * - `hmac-sha256-aes` and so on: with AKMs whose hash depends on the group that was used
 */
export type EapolKeyProtection =
  | "hmac-md5-rc4"
  | "hmac-sha1-aes"
  | "aes-cmac-aes"
  | "hmac-sha256-aes"
  | "hmac-sha384-aes"
  | "hmac-sha512-aes";

/** Octets of the MIC. */
export const micLengths: Readonly<Record<EapolKeyProtection, number>> = {
  "hmac-md5-rc4": 16,
  "hmac-sha1-aes": 16,
  "aes-cmac-aes": 16,
  "hmac-sha256-aes": 16,
  "hmac-sha384-aes": 24,
  "hmac-sha512-aes": 32,
};

/** @param pdu the whole EAPOL PDU with zeros for the MIC @returns as many octets as {@link micLengths} says */
export function computeMic(protection: EapolKeyProtection, kck: Uint8Array, pdu: Uint8Array): Uint8Array {
  switch (protection) {
    case "hmac-md5-rc4":
      return hmac("md5", kck, pdu);
    case "hmac-sha1-aes":
      return hmac("sha1", kck, pdu).subarray(0, 16);
    case "aes-cmac-aes":
      return aesCmac(kck, pdu);
    case "hmac-sha256-aes":
      return hmac("sha256", kck, pdu).subarray(0, micLengths[protection]);
    case "hmac-sha384-aes":
      return hmac("sha384", kck, pdu).subarray(0, micLengths[protection]);
    case "hmac-sha512-aes":
      return hmac("sha512", kck, pdu).subarray(0, micLengths[protection]);
  }
}

const rc4Skip = 256;

/** @param keyData padded to a multiple of 8 octets for AES @param iv 16 octets, used by RC4 only */
export function encryptKeyData(
  protection: EapolKeyProtection,
  kek: Uint8Array,
  iv: Uint8Array,
  keyData: Uint8Array,
): Uint8Array {
  return protection === "hmac-md5-rc4" ? rc4(concat(iv, kek), keyData, rc4Skip) : aesWrap(kek, keyData);
}

/** @returns undefined where AES key wrap's own check fails */
export function decryptKeyData(
  protection: EapolKeyProtection,
  kek: Uint8Array,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Uint8Array | undefined {
  return protection === "hmac-md5-rc4" ? rc4(concat(iv, kek), encrypted, rc4Skip) : aesUnwrap(kek, encrypted);
}
