import type { Reader } from "../../base/bytes.ts";
import { Writer } from "../../base/bytes.ts";

const smPowerSave = ["static", "dynamic", "reserved", "disabled"] as const;

/** HE 6 GHz Band Capabilities element: what HT and VHT say in other bands. IEEE Std 802.11ax-2021, 9.4.2.263. */
export interface He6GHzCapabilities {
  /** 0 to 7. */
  readonly minMpduStartSpacing: number;
  /** Longest A-MPDU is 2^(13 + exponent) - 1 octets. */
  readonly maxAmpduLengthExponent: number;
  /** 0, 1 and 2: 3895, 7991 and 11454 octets. */
  readonly maxMpduLength: number;
  readonly smPowerSave: (typeof smPowerSave)[number];
  readonly rdResponder: boolean;
  readonly rxAntennaPatternConsistent: boolean;
  readonly txAntennaPatternConsistent: boolean;
}

export const he6GHzCapabilitiesLength = 2;

export const encodeHe6GHzCapabilities = (he: He6GHzCapabilities): Uint8Array =>
  new Writer()
    .u16le(
      he.minMpduStartSpacing |
        (he.maxAmpduLengthExponent << 3) |
        (he.maxMpduLength << 6) |
        (smPowerSave.indexOf(he.smPowerSave) << 9) |
        bit(11, he.rdResponder) |
        bit(12, he.rxAntennaPatternConsistent) |
        bit(13, he.txAntennaPatternConsistent),
    )
    .finish();

/** @param r the body after the extension ID @throws MalformedError when it is cut */
export function decodeHe6GHzCapabilities(r: Reader): He6GHzCapabilities {
  const value = r.u16le();
  const has = (at: number): boolean => (value & (1 << at)) !== 0;
  return {
    minMpduStartSpacing: value & 7,
    maxAmpduLengthExponent: (value >>> 3) & 7,
    maxMpduLength: (value >>> 6) & 3,
    smPowerSave: smPowerSave[(value >>> 9) & 3] ?? "reserved",
    rdResponder: has(11),
    rxAntennaPatternConsistent: has(12),
    txAntennaPatternConsistent: has(13),
  };
}

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
