import { type Reader, Writer } from "../../base/bytes.ts";

/** HT Capability Information field. IEEE Std 802.11-2020, figure 9-330. */
export interface HtCapabilityInformation {
  readonly ldpc: boolean;
  /** 40 MHz as well as 20. */
  readonly width40: boolean;
  readonly smPowerSave: "static" | "dynamic" | "reserved" | "disabled";
  readonly greenfield: boolean;
  readonly shortGi20: boolean;
  readonly shortGi40: boolean;
  readonly txStbc: boolean;
  /** Spatial streams that can be received with STBC, 0 to 3. */
  readonly rxStbc: number;
  readonly delayedBlockAck: boolean;
  /** Longest A-MSDU is 7935 octets, else 3839. */
  readonly longAmsdu: boolean;
  readonly dsssCck40: boolean;
  readonly psmp: boolean;
  readonly fortyMhzIntolerant: boolean;
  readonly lSigTxopProtection: boolean;
}

/** HT Capabilities element. IEEE Std 802.11-2020, 9.4.2.55. */
export interface HtCapabilities {
  readonly information: HtCapabilityInformation;
  /** A-MPDU Parameters: longest A-MPDU is 2^(13 + exponent) - 1 octets. */
  readonly maxAmpduLengthExponent: number;
  /** 0 to 7. */
  readonly minMpduStartSpacing: number;
  /** 16 octets. */
  readonly mcsSet: Uint8Array;
  readonly extendedCapabilities: number;
  readonly transmitBeamforming: number;
  readonly antennaSelection: number;
}

export const htCapabilitiesLength = 26;
const smPowerSave = ["static", "dynamic", "reserved", "disabled"] as const;

export const encodeHtCapabilityInformation = (info: HtCapabilityInformation): number =>
  bit(0, info.ldpc) |
  bit(1, info.width40) |
  (smPowerSave.indexOf(info.smPowerSave) << 2) |
  bit(4, info.greenfield) |
  bit(5, info.shortGi20) |
  bit(6, info.shortGi40) |
  bit(7, info.txStbc) |
  (info.rxStbc << 8) |
  bit(10, info.delayedBlockAck) |
  bit(11, info.longAmsdu) |
  bit(12, info.dsssCck40) |
  bit(13, info.psmp) |
  bit(14, info.fortyMhzIntolerant) |
  bit(15, info.lSigTxopProtection);

/** @param value 16 bits, as drivers give the field too */
export function decodeHtCapabilityInformation(value: number): HtCapabilityInformation {
  const has = (at: number): boolean => (value & (1 << at)) !== 0;
  return {
    ldpc: has(0),
    width40: has(1),
    smPowerSave: smPowerSave[(value >>> 2) & 3] ?? "reserved",
    greenfield: has(4),
    shortGi20: has(5),
    shortGi40: has(6),
    txStbc: has(7),
    rxStbc: (value >>> 8) & 3,
    delayedBlockAck: has(10),
    longAmsdu: has(11),
    dsssCck40: has(12),
    psmp: has(13),
    fortyMhzIntolerant: has(14),
    lSigTxopProtection: has(15),
  };
}

export const encodeHtCapabilities = (ht: HtCapabilities): Uint8Array =>
  new Writer()
    .u16le(encodeHtCapabilityInformation(ht.information))
    .u8(ht.maxAmpduLengthExponent | (ht.minMpduStartSpacing << 2))
    .put(ht.mcsSet)
    .u16le(ht.extendedCapabilities)
    .u32le(ht.transmitBeamforming)
    .u8(ht.antennaSelection)
    .finish();

/** @throws MalformedError when it is shorter than 26 octets; more are a later version's */
export function decodeHtCapabilities(r: Reader): HtCapabilities {
  const information = decodeHtCapabilityInformation(r.u16le());
  const ampdu = r.u8();
  return {
    information,
    maxAmpduLengthExponent: ampdu & 3,
    minMpduStartSpacing: (ampdu >>> 2) & 7,
    mcsSet: r.take(16).slice(),
    extendedCapabilities: r.u16le(),
    transmitBeamforming: r.u32le(),
    antennaSelection: r.u8(),
  };
}

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
