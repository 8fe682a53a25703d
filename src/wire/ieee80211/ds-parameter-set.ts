import type { Reader } from "../../base/bytes.ts";

/** DSSS Parameter Set element: the current channel's number. IEEE Std 802.11-2020, 9.4.2.4. */
export const encodeDsParameterSet = (channel: number): Uint8Array => Uint8Array.of(channel);

/** @throws MalformedError when it is empty */
export const decodeDsParameterSet = (r: Reader): number => r.u8();
