import type { EapolKeyProtection } from "../crypto/eapol-key-protection.ts";
import type { AkmHash } from "../crypto/ptk.ts";
import { type AkmName, type CipherName, cipherKeyLengths, cipherSuite } from "../wire/ieee80211/suites.ts";

/** What a station and its access point have agreed on at association. */
export interface Negotiated {
  /** Which element it came by: WPA's (2002) or the RSNE. */
  readonly protocol: "wpa" | "rsn";
  readonly akm: AkmName;
  readonly pairwise: CipherName;
  readonly group: CipherName;
  /** PMKs that the station believes we share already. 16 octets each. */
  readonly pmkids: readonly Uint8Array[];
  readonly managementFrameProtection: boolean;
  /** Extended Key ID for individually addressed frames: a new PTK may go beside the old. */
  readonly extendedKeyId: boolean;
}

/** Octets of the temporal key. IEEE Std 802.11-2020, table 12-4. */
export const temporalKeyLength = (cipher: CipherName): number => cipherKeyLengths.get(cipherSuite[cipher]) ?? 0;

export const usesPsk = (akm: AkmName): boolean => akm === "WPA-PSK" || akm === "WPA-PSK-SHA256";

export const hashOf = (akm: AkmName): AkmHash => (akm.includes("SHA256") ? "sha256" : "sha1");

/** IEEE Std 802.11-2020, 12.7.2 b) 1): the Key Descriptor Version that goes with what was agreed on. */
export function protectionOf(agreed: Pick<Negotiated, "akm" | "pairwise">): {
  readonly protection: EapolKeyProtection;
  readonly descriptorVersion: number;
} {
  if (hashOf(agreed.akm) === "sha256") return { protection: "aes-cmac-aes", descriptorVersion: 3 };
  if (agreed.pairwise === "TKIP") return { protection: "hmac-md5-rc4", descriptorVersion: 1 };
  return { protection: "hmac-sha1-aes", descriptorVersion: 2 };
}

/** Of the ciphers that a station and we both take, the first is used. */
export const strongestFirst: readonly CipherName[] = ["CCMP-256", "GCMP-256", "CCMP", "GCMP", "TKIP"];
