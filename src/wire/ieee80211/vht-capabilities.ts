import { type Reader, Writer } from "../../base/bytes.ts";

/** VHT Capabilities Information field. IEEE Std 802.11-2020, figure 9-559. */
export interface VhtCapabilityInformation {
  /** Octets of the longest MPDU. */
  readonly maxMpduLength: 3895 | 7991 | 11454 | "reserved";
  /** Beyond 80 MHz. */
  readonly widths: "80" | "160" | "160 and 80+80" | "reserved";
  readonly rxLdpc: boolean;
  readonly shortGi80: boolean;
  readonly shortGi160: boolean;
  readonly txStbc: boolean;
  /** Spatial streams that can be received with STBC, 0 to 4. */
  readonly rxStbc: number;
  readonly suBeamformer: boolean;
  readonly suBeamformee: boolean;
  /** Beamformee STS Capability: space-time streams, less one. */
  readonly beamformeeSts: number;
  /** Less one. */
  readonly soundingDimensions: number;
  readonly muBeamformer: boolean;
  readonly muBeamformee: boolean;
  readonly txopPowerSave: boolean;
  readonly htcVht: boolean;
  /** Longest A-MPDU is 2^(13 + exponent) - 1 octets. */
  readonly maxAmpduLengthExponent: number;
  /** 0 none, 2 unsolicited, 3 unsolicited and on request. */
  readonly linkAdaptation: number;
  readonly rxAntennaPatternConsistent: boolean;
  readonly txAntennaPatternConsistent: boolean;
  /** Extended NSS BW Support. */
  readonly extendedNssBw: number;
}

const mpduLengths = [3895, 7991, 11454, "reserved"] as const;
const widths = ["80", "160", "160 and 80+80", "reserved"] as const;

export const encodeVhtCapabilityInformation = (info: VhtCapabilityInformation): number =>
  (mpduLengths.indexOf(info.maxMpduLength) |
    (widths.indexOf(info.widths) << 2) |
    bit(4, info.rxLdpc) |
    bit(5, info.shortGi80) |
    bit(6, info.shortGi160) |
    bit(7, info.txStbc) |
    (info.rxStbc << 8) |
    bit(11, info.suBeamformer) |
    bit(12, info.suBeamformee) |
    (info.beamformeeSts << 13) |
    (info.soundingDimensions << 16) |
    bit(19, info.muBeamformer) |
    bit(20, info.muBeamformee) |
    bit(21, info.txopPowerSave) |
    bit(22, info.htcVht) |
    (info.maxAmpduLengthExponent << 23) |
    (info.linkAdaptation << 26) |
    bit(28, info.rxAntennaPatternConsistent) |
    bit(29, info.txAntennaPatternConsistent) |
    (info.extendedNssBw << 30)) >>>
  0;

/** @param value 32 bits, as drivers give the field too */
export function decodeVhtCapabilityInformation(value: number): VhtCapabilityInformation {
  const has = (at: number): boolean => (value & (1 << at)) !== 0;
  return {
    maxMpduLength: mpduLengths[value & 3] ?? "reserved",
    widths: widths[(value >>> 2) & 3] ?? "reserved",
    rxLdpc: has(4),
    shortGi80: has(5),
    shortGi160: has(6),
    txStbc: has(7),
    rxStbc: (value >>> 8) & 7,
    suBeamformer: has(11),
    suBeamformee: has(12),
    beamformeeSts: (value >>> 13) & 7,
    soundingDimensions: (value >>> 16) & 7,
    muBeamformer: has(19),
    muBeamformee: has(20),
    txopPowerSave: has(21),
    htcVht: has(22),
    maxAmpduLengthExponent: (value >>> 23) & 7,
    linkAdaptation: (value >>> 26) & 3,
    rxAntennaPatternConsistent: has(28),
    txAntennaPatternConsistent: has(29),
    extendedNssBw: (value >>> 30) & 3,
  };
}

/** VHT Capabilities element. IEEE Std 802.11-2020, 9.4.2.157. */
export interface VhtCapabilities {
  readonly information: VhtCapabilityInformation;
  /** Supported VHT-MCS and NSS Set field, 8 octets: receive map, rate, transmit map, rate. */
  readonly mcsSet: Uint8Array;
}

export const vhtCapabilitiesLength = 12;

export const encodeVhtCapabilities = (vht: VhtCapabilities): Uint8Array =>
  new Writer().u32le(encodeVhtCapabilityInformation(vht.information)).put(vht.mcsSet).finish();

/** @throws MalformedError when it is shorter than 12 octets; more are a later version's */
export const decodeVhtCapabilities = (r: Reader): VhtCapabilities => ({
  information: decodeVhtCapabilityInformation(r.u32le()),
  mcsSet: r.take(8).slice(),
});

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
