import { type Reader, Writer } from "../../base/bytes.ts";

/** BSS Max Idle Period element. IEEE Std 802.11-2020, 9.4.2.78. */
export interface BssMaxIdlePeriod {
  /** In units of 1000 time units. */
  readonly period: number;
  /** Only protected frames keep an association alive. */
  readonly protectedKeepAlive: boolean;
}

export const encodeBssMaxIdlePeriod = ({ period, protectedKeepAlive }: BssMaxIdlePeriod): Uint8Array =>
  new Writer()
    .u16le(period)
    .u8(protectedKeepAlive ? 1 : 0)
    .finish();

/** @throws MalformedError when it is cut */
export const decodeBssMaxIdlePeriod = (r: Reader): BssMaxIdlePeriod => ({
  period: r.u16le(),
  protectedKeepAlive: (r.u8() & 1) !== 0,
});
