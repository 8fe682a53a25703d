import { concat, type Reader } from "../../base/bytes.ts";

/** HE Capabilities element. IEEE Std 802.11ax-2021, 9.4.2.248. */
export interface HeCapabilities {
  /** HE MAC Capabilities Information field, 6 octets. */
  readonly mac: Uint8Array;
  /** HE PHY Capabilities Information field, 11 octets. */
  readonly phy: Uint8Array;
  /** Supported HE-MCS And NSS Set: 4 octets each for up to 80, 160 and 80+80 MHz, as many as `phy` says. */
  readonly mcsSet: Uint8Array;
  /** PPE Thresholds field; empty where `phy` says that there is none. */
  readonly ppeThresholds: Uint8Array;
}

export const heMacLength = 6;
export const hePhyLength = 11;
/** Element's body without extension ID: 54 octets at most. */
export const heCapabilitiesMaxLength = heMacLength + hePhyLength + 12 + 25;

/** Bits of the HE PHY Capabilities Information field, counted from its first octet on. 9.4.2.248.3. */
export const hePhyBit = {
  width40In2GHz: 1,
  width40And80: 2,
  width160: 3,
  width80Plus80: 4,
  suBeamformer: 31,
  suBeamformee: 32,
  muBeamformer: 33,
  ppeThresholdsPresent: 55,
} as const;

/** Bits of the HE MAC Capabilities Information field. 9.4.2.248.2. */
export const heMacBit = {
  twtRequester: 1,
  twtResponder: 2,
  broadcastTwt: 20,
} as const;

/** @param octets bits numbered from the least significant of the first */
export const hasBit = (octets: Uint8Array, bit: number): boolean =>
  (((octets[bit >>> 3] ?? 0) >>> (bit & 7)) & 1) === 1;

/** The same octets with one bit as it should be. */
export function withBit(octets: Uint8Array, bit: number, on: boolean): Uint8Array {
  const out = octets.slice();
  const mask = 1 << (bit & 7);
  const octet = out[bit >>> 3] ?? 0;
  out[bit >>> 3] = on ? octet | mask : octet & ~mask;
  return out;
}

/** Octets of the Supported HE-MCS And NSS Set that go with a PHY. */
export const heMcsSetLength = (phy: Uint8Array): number =>
  4 + (hasBit(phy, hePhyBit.width160) ? 4 : 0) + (hasBit(phy, hePhyBit.width80Plus80) ? 4 : 0);

/** Octets of a PPE Thresholds field by its first octet: NSTS in 3 bits, RU Index Bitmask in 4. */
export function hePpeThresholdsLength(first: number): number {
  const units = [3, 4, 5, 6].filter((bit) => first & (1 << bit)).length;
  return Math.ceil((7 + units * ((first & 7) + 1) * 6) / 8);
}

export const encodeHeCapabilities = (he: HeCapabilities): Uint8Array =>
  concat(he.mac, he.phy, he.mcsSet, he.ppeThresholds);

/** @param r the body after the extension ID @throws MalformedError when it is cut; more octets are a later version's */
export function decodeHeCapabilities(r: Reader): HeCapabilities {
  const mac = r.take(heMacLength).slice();
  const phy = r.take(hePhyLength).slice();
  const mcsSet = r.take(heMcsSetLength(phy)).slice();
  if (!hasBit(phy, hePhyBit.ppeThresholdsPresent)) return { mac, phy, mcsSet, ppeThresholds: new Uint8Array() };
  const thresholds = r.field("PPE Thresholds");
  const length = hePpeThresholdsLength(thresholds.inside("header", thresholds.bytes).u8());
  return { mac, phy, mcsSet, ppeThresholds: thresholds.take(length).slice() };
}
