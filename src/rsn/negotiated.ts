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
  /** Of AKMs that leave the hash to the group that was used: it goes with the PMK's length. */
  readonly groupHash?: AkmHash;
  readonly pairwise: CipherName;
  readonly group: CipherName;
  /** PMKs that the station believes we share already. 16 octets each. */
  readonly pmkids: readonly Uint8Array[];
  /** The RSNXE of the (re)association request. */
  readonly rsnxe?: Element;
  /** Its RSN Selection element, from a station that knows RSN overriding. */
  readonly rsnSelection?: Element;
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

/** Octets of the PMK that an AKM takes of the MSK. IEEE Std 802.11-2020, 12.7.1.3. */
const eapPmkLengths: Readonly<Partial<Record<AkmName, number>>> = {
  "WPA-EAP": 32,
  "WPA-EAP-SHA256": 32,
  "WPA-EAP-SUITE-B": 32,
  "WPA-EAP-SUITE-B-192": 48,
  "WPA-EAP-SHA384": 48,
};

/** Whose PMK comes of IEEE 802.1X, at association or remembered. */
export const usesEap = (akm: AkmName): boolean => akm in eapPmkLengths;

/** @returns undefined where the MSK is too short, or the AKM takes none */
export function pmkOfMsk(akm: AkmName, msk: Uint8Array): Uint8Array | undefined {
  const length = eapPmkLengths[akm];
  return length === undefined || msk.length < length ? undefined : msk.slice(0, length);
}

/** Whose PMKID is made with the key confirmation key. IEEE Std 802.11-2020, 12.7.1.3. */
const namesPmkByKck = (akm: AkmName): boolean => akm === "WPA-EAP-SUITE-B" || akm === "WPA-EAP-SUITE-B-192";

/** The hash of all that is derived. IEEE Std 802.11-2020, table 9-151. */
export function hashOf({ akm, groupHash }: Pick<Negotiated, "akm" | "groupHash">): AkmHash {
  if (groupHash !== undefined) return groupHash;
  if (akm === "WPA-EAP-SUITE-B-192" || akm === "WPA-EAP-SHA384") return "sha384";
  if (akm === "WPA-EAP-SUITE-B") return "sha256";
  return akm.includes("SHA256") || akm === "SAE" || leavesHashToGroup(akm) ? "sha256" : "sha1";
}

/** What the PMKID of an AKM with IEEE 802.1X is made with; undefined before the first handshake where that is its key confirmation key. */
export const pmkidKeyOf = (akm: AkmName, pmk: Uint8Array, kck: Uint8Array | undefined): Uint8Array | undefined =>
  namesPmkByKck(akm) ? kck : pmk;

export const leavesHashToGroup = (akm: AkmName): boolean => akm === "OWE" || akm === "SAE-EXT-KEY";

/** Whose PMK is there before the handshake: by SAE, by IEEE 802.1X, at association, or remembered. */
export const bringsPmk = (akm: AkmName): boolean => akm === "SAE" || leavesHashToGroup(akm) || usesEap(akm);

export interface EapolKeyFormat {
  readonly protection: EapolKeyProtection;
  /** Key Descriptor Version. */
  readonly descriptorVersion: number;
}

const formats = {
  wpa: { protection: "hmac-md5-rc4", descriptorVersion: keyDescriptorVersion.hmacMd5Rc4 },
  aes: { protection: "hmac-sha1-aes", descriptorVersion: keyDescriptorVersion.hmacSha1Aes },
  cmac: { protection: "aes-cmac-aes", descriptorVersion: keyDescriptorVersion.aesCmac },
  akmDefinedCmac: { protection: "aes-cmac-aes", descriptorVersion: keyDescriptorVersion.akmDefined },
} as const;

const groupHashFormats: Readonly<Partial<Record<AkmHash, EapolKeyFormat>>> = {
  sha256: { protection: "hmac-sha256-aes", descriptorVersion: keyDescriptorVersion.akmDefined },
  sha384: { protection: "hmac-sha384-aes", descriptorVersion: keyDescriptorVersion.akmDefined },
  sha512: { protection: "hmac-sha512-aes", descriptorVersion: keyDescriptorVersion.akmDefined },
};

/** AKMs 11, 12 and 23: their MIC is an HMAC. IEEE Std 802.11-2020, table 12-10. */
const hashesMic = (akm: AkmName): boolean => namesPmkByKck(akm) || akm === "WPA-EAP-SHA384";

type Suites = Pick<Negotiated, "akm" | "groupHash" | "pairwise">;

/** How we protect EAPOL-Key frames. IEEE Std 802.11-2020, 12.7.2 b) 1). */
export function formatOf(suites: Suites): EapolKeyFormat {
  const hash = hashOf(suites);
  if (leavesHashToGroup(suites.akm) || hashesMic(suites.akm)) return groupHashFormats[hash] ?? formats.akmDefinedCmac;
  if (suites.akm === "SAE") return formats.akmDefinedCmac;
  if (hash === "sha256") return formats.cmac;
  return suites.pairwise === "TKIP" ? formats.wpa : formats.aes;
}

/** How the station has protected one, as far as that is allowed: with TKIP some use version 2. */
export function formatOfReceived(suites: Suites, descriptorVersion: number): EapolKeyFormat | undefined {
  const ours = formatOf(suites);
  if (ours.descriptorVersion === descriptorVersion) return ours;
  return ours === formats.wpa && descriptorVersion === formats.aes.descriptorVersion ? formats.aes : undefined;
}

/** Of the ciphers that a station and we both take, the first is used. */
export const strongestFirst: readonly CipherName[] = ["CCMP-256", "GCMP-256", "CCMP", "GCMP", "TKIP"];
