import { concat, type Reader } from "../../base/bytes.ts";
import { type BitName, decodeBits, encodeBits } from "./named-bits.ts";

const coexistenceBits = {
  informationRequest: 0,
  fortyMhzIntolerant: 1,
  width20Request: 2,
  obssScanningExemptionRequest: 3,
  obssScanningExemptionGrant: 4,
} as const;

/** 20/40 BSS Coexistence element. IEEE Std 802.11-2020, 9.4.2.59. */
export type Coexistence2040 = ReadonlySet<BitName<typeof coexistenceBits>>;

export const encodeCoexistence2040 = (coexistence: Coexistence2040): Uint8Array =>
  Uint8Array.of(encodeBits(coexistenceBits, coexistence));

/** @throws MalformedError when it is empty */
export const decodeCoexistence2040 = (r: Reader): Coexistence2040 => decodeBits(coexistenceBits, r.u8()).names;

/** 20/40 BSS Intolerant Channel Report element. IEEE Std 802.11-2020, 9.4.2.57. */
export interface IntolerantChannelReport {
  readonly operatingClass: number;
  readonly channels: readonly number[];
}

export const encodeIntolerantChannelReport = (report: IntolerantChannelReport): Uint8Array =>
  concat(Uint8Array.of(report.operatingClass), Uint8Array.from(report.channels));

/** @throws MalformedError when it is empty */
export const decodeIntolerantChannelReport = (r: Reader): IntolerantChannelReport => ({
  operatingClass: r.u8(),
  channels: [...r.rest()],
});
