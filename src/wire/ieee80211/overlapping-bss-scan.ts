import { type Reader, Writer } from "../../base/bytes.ts";

/** Overlapping BSS Scan Parameters element. IEEE Std 802.11-2020, 9.4.2.58. Dwell times in time units of 1024 us. */
export interface OverlappingBssScan {
  readonly passiveDwell: number;
  readonly activeDwell: number;
  /** Seconds between scans. */
  readonly triggerInterval: number;
  readonly passiveTotalPerChannel: number;
  readonly activeTotalPerChannel: number;
  readonly transitionDelayFactor: number;
  /** In hundredths of a per cent of channel activity. */
  readonly activityThreshold: number;
}

export const encodeOverlappingBssScan = (scan: OverlappingBssScan): Uint8Array =>
  new Writer()
    .u16le(scan.passiveDwell)
    .u16le(scan.activeDwell)
    .u16le(scan.triggerInterval)
    .u16le(scan.passiveTotalPerChannel)
    .u16le(scan.activeTotalPerChannel)
    .u16le(scan.transitionDelayFactor)
    .u16le(scan.activityThreshold)
    .finish();

/** @throws MalformedError when it is cut */
export const decodeOverlappingBssScan = (r: Reader): OverlappingBssScan => ({
  passiveDwell: r.u16le(),
  activeDwell: r.u16le(),
  triggerInterval: r.u16le(),
  passiveTotalPerChannel: r.u16le(),
  activeTotalPerChannel: r.u16le(),
  transitionDelayFactor: r.u16le(),
  activityThreshold: r.u16le(),
});
