import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { hasBit, hePhyBit } from "./he-capabilities.ts";

/** EHT Capabilities element. IEEE Std 802.11be-2024, 9.4.2.323. */
export interface EhtCapabilities {
  /** EHT MAC Capabilities Information field, 16 bits. */
  readonly mac: number;
  /** EHT PHY Capabilities Information field, 9 octets. */
  readonly phy: Uint8Array;
  /** Supported EHT-MCS And NSS Set: 4 octets for 20 MHz only, else 3 each for up to 80, 160 and 320 MHz. */
  readonly mcsSet: Uint8Array;
  /** EHT PPE Thresholds field; empty where `phy` says that there is none. */
  readonly ppeThresholds: Uint8Array;
}

export const ehtPhyLength = 9;
const mcsSetOf20MHzOnly = 4;
const mcsSetPerWidth = 3;

/** Bits of the EHT PHY Capabilities Information field. Figure 9-1074aq. */
export const ehtPhyBit = {
  width320In6GHz: 1,
  suBeamformer: 5,
  suBeamformee: 6,
  ppeThresholdsPresent: 43,
  /** Three bits: for 80, 160 and 320 MHz. */
  muBeamformer: 60,
} as const;

/** What the length of an EHT-MCS set depends on beside the element itself. */
export interface EhtContext {
  /** HE PHY Capabilities Information of the same station. */
  readonly hePhy: Uint8Array;
  readonly band: "2.4GHz" | "5GHz" | "6GHz";
  /** An access point's own set has no form for 20 MHz only. */
  readonly isStation: boolean;
}

/** Octets of the Supported EHT-MCS And NSS Set. */
export function ehtMcsSetLength(phy: Uint8Array, { hePhy, band, isStation }: EhtContext): number {
  if (band === "2.4GHz") {
    return isStation && !hasBit(hePhy, hePhyBit.width40In2GHz) ? mcsSetOf20MHzOnly : mcsSetPerWidth;
  }
  const wide = hasBit(hePhy, hePhyBit.width160) || hasBit(hePhy, hePhyBit.width80Plus80);
  if (isStation && !wide && !hasBit(hePhy, hePhyBit.width40And80)) return mcsSetOf20MHzOnly;
  const is320 = band === "6GHz" && hasBit(phy, ehtPhyBit.width320In6GHz);
  return mcsSetPerWidth * (1 + (wide ? 1 : 0) + (is320 ? 1 : 0));
}

/** Octets of an EHT PPE Thresholds field by its first two: NSS in 4 bits, RU Index Bitmask in 5. */
export function ehtPpeThresholdsLength(header: number): number {
  const units = [4, 5, 6, 7, 8].filter((bit) => header & (1 << bit)).length;
  return Math.ceil((9 + units * ((header & 15) + 1) * 6) / 8);
}

export const encodeEhtCapabilities = (eht: EhtCapabilities): Uint8Array =>
  concat(new Writer().u16le(eht.mac).finish(), eht.phy, eht.mcsSet, eht.ppeThresholds);

/** @param r the body after the extension ID @throws MalformedError when it is cut; more octets are a later version's */
export function decodeEhtCapabilities(r: Reader, context: EhtContext): EhtCapabilities {
  const mac = r.u16le();
  const phy = r.take(ehtPhyLength).slice();
  const mcsSet = r.take(ehtMcsSetLength(phy, context)).slice();
  if (!hasBit(phy, ehtPhyBit.ppeThresholdsPresent)) return { mac, phy, mcsSet, ppeThresholds: new Uint8Array() };
  const thresholds = r.field("EHT PPE Thresholds");
  const header = thresholds.inside("header", thresholds.bytes).u16le();
  return { mac, phy, mcsSet, ppeThresholds: thresholds.take(ehtPpeThresholdsLength(header)).slice() };
}
