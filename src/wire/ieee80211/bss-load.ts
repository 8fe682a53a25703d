import { type Reader, Writer } from "../../base/bytes.ts";

/** BSS Load element. IEEE Std 802.11-2020, 9.4.2.27. */
export interface BssLoad {
  readonly stationCount: number;
  /** 0 to 255 for never busy to always busy. */
  readonly channelUtilization: number;
  /** In units of 32 us per second. */
  readonly availableAdmissionCapacity: number;
}

export const encodeBssLoad = (load: BssLoad): Uint8Array =>
  new Writer().u16le(load.stationCount).u8(load.channelUtilization).u16le(load.availableAdmissionCapacity).finish();

/** @throws MalformedError when it is cut */
export const decodeBssLoad = (r: Reader): BssLoad => ({
  stationCount: r.u16le(),
  channelUtilization: r.u8(),
  availableAdmissionCapacity: r.u16le(),
});
