import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** Deauthentication's and Disassociation's body. IEEE Std 802.11-2020, 9.3.3.12 and 9.3.3.4. */
export interface Deauthentication {
  readonly reason: number;
  readonly elements: readonly Element[];
}

export const encodeDeauthentication = (frame: Deauthentication): Uint8Array =>
  concat(new Writer().u16le(frame.reason).finish(), encodeElements(frame.elements));

/** @throws MalformedError when a field is cut */
export const decodeDeauthentication = (r: Reader): Deauthentication => ({
  reason: r.u16le(),
  elements: decodeElements(r),
});
