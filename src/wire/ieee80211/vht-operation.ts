import { type Reader, Writer } from "../../base/bytes.ts";

/** VHT Operation element. IEEE Std 802.11-2020, 9.4.2.158. */
export interface VhtOperation {
  /** 0 for 20 or 40 MHz, 1 for 80 and more. */
  readonly channelWidth: number;
  /**
   * Channel numbers of the centres. Of 160 MHz, segment 0 is the primary 80 MHz and segment 1 the whole; of 80+80 MHz they
   * are the two halves.
   */
  readonly centerFrequencySegment0: number;
  readonly centerFrequencySegment1: number;
  /** Basic VHT-MCS and NSS Set field. */
  readonly basicMcsSet: number;
}

export const encodeVhtOperation = (op: VhtOperation): Uint8Array =>
  new Writer()
    .u8(op.channelWidth)
    .u8(op.centerFrequencySegment0)
    .u8(op.centerFrequencySegment1)
    .u16le(op.basicMcsSet)
    .finish();

/** @throws MalformedError when it is cut */
export const decodeVhtOperation = (r: Reader): VhtOperation => ({
  channelWidth: r.u8(),
  centerFrequencySegment0: r.u8(),
  centerFrequencySegment1: r.u8(),
  basicMcsSet: r.u16le(),
});
