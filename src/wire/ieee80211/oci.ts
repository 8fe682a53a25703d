import { type Reader, Writer } from "../../base/bytes.ts";

/** Operating Channel Information: OCI element's body, and OCI KDE's data. IEEE Std 802.11-2020, 9.4.2.237, 12.7.2. */
export interface Oci {
  readonly operatingClass: number;
  readonly primaryChannel: number;
  /** Channel number of the second segment of 80+80 MHz, 0 elsewhere. */
  readonly frequencySegment1: number;
}

export const ociLength = 3;

export const encodeOci = ({ operatingClass, primaryChannel, frequencySegment1 }: Oci): Uint8Array =>
  new Writer().u8(operatingClass).u8(primaryChannel).u8(frequencySegment1).finish();

/** @throws MalformedError when it is cut */
export const decodeOci = (r: Reader): Oci => ({
  operatingClass: r.u8(),
  primaryChannel: r.u8(),
  frequencySegment1: r.u8(),
});
