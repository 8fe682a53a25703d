import type { Reader } from "../../base/bytes.ts";

/** Power Constraint element: decibels below the regulatory maximum. IEEE Std 802.11-2020, 9.4.2.13. */
export const encodePowerConstraint = (decibels: number): Uint8Array => Uint8Array.of(decibels);

/** @throws MalformedError when it is empty */
export const decodePowerConstraint = (r: Reader): number => r.u8();
