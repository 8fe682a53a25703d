import type { EapolKeyProtection } from "../crypto/eapol-key-protection.ts";
import type { AkmHash } from "../crypto/ptk.ts";
import { keyDescriptorVersion } from "../wire/eapol/eapol-key.ts";
import type { Element } from "../wire/ieee80211/element.ts";
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
  /** The RSNXE of the (re)association request. */
  readonly rsnxe?: Element;
  readonly managementFrameProtection: boolean;
  /** The station takes no network without it. */
  readonly demandsManagementFrameProtection?: boolean;
  /** Operating channel validation; `lenient` with stations that claim it and tell no channel. Absent where there is none. */
  readonly channelValidation?: "strict" | "lenient";
  /** Extended Key ID for individually addressed frames: a new PTK may go beside the old. */
  readonly extendedKeyId: boolean;
}

/** Octets of the temporal key. IEEE Std 802.11-2020, table 12-4. */
export const temporalKeyLength = (cipher: CipherName): number => cipherKeyLengths.get(cipherSuite[cipher]) ?? 0;

export const usesPsk = (akm: AkmName): boolean => akm === "WPA-PSK" || akm === "WPA-PSK-SHA256";

export const hashOf = (akm: AkmName): AkmHash => (akm.includes("SHA256") ? "sha256" : "sha1");

export interface EapolKeyFormat {
  readonly protection: EapolKeyProtection;
  /** Key Descriptor Version. */
  readonly descriptorVersion: number;
}

const formats = {
  wpa: { protection: "hmac-md5-rc4", descriptorVersion: keyDescriptorVersion.hmacMd5Rc4 },
  aes: { protection: "hmac-sha1-aes", descriptorVersion: keyDescriptorVersion.hmacSha1Aes },
  cmac: { protection: "aes-cmac-aes", descriptorVersion: keyDescriptorVersion.aesCmac },
} as const;

type Suites = Pick<Negotiated, "akm" | "pairwise">;

/** How we protect EAPOL-Key frames. IEEE Std 802.11-2020, 12.7.2 b) 1). */
export function formatOf({ akm, pairwise }: Suites): EapolKeyFormat {
  if (hashOf(akm) === "sha256") return formats.cmac;
  return pairwise === "TKIP" ? formats.wpa : formats.aes;
}

/** How the station has protected one, as far as that is allowed: with TKIP some use version 2. */
export function formatOfReceived(suites: Suites, descriptorVersion: number): EapolKeyFormat | undefined {
  const ours = formatOf(suites);
  if (ours.descriptorVersion === descriptorVersion) return ours;
  return ours === formats.wpa && descriptorVersion === formats.aes.descriptorVersion ? formats.aes : undefined;
}

/** Of the ciphers that a station and we both take, the first is used. */
export const strongestFirst: readonly CipherName[] = ["CCMP-256", "GCMP-256", "CCMP", "GCMP", "TKIP"];
