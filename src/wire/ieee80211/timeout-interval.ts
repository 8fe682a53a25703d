import { type Reader, Writer } from "../../base/bytes.ts";

/** Timeout Interval Type field. IEEE Std 802.11-2020, table 9-178. */
export const timeoutIntervalType = { reassociationDeadline: 1, keyLifetime: 2, associationComeback: 3 } as const;

/** Timeout Interval element's body. IEEE Std 802.11-2020, 9.4.2.48. */
export interface TimeoutInterval {
  /** See {@link timeoutIntervalType}; others are reserved. */
  readonly type: number;
  /** Seconds for the key lifetime, time units elsewhere. */
  readonly value: number;
}

export const encodeTimeoutInterval = ({ type, value }: TimeoutInterval): Uint8Array =>
  new Writer().u8(type).u32le(value).finish();

/** @throws MalformedError when it is cut */
export const decodeTimeoutInterval = (r: Reader): TimeoutInterval => ({ type: r.u8(), value: r.u32le() });
