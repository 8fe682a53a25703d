import type { Reader } from "../../base/bytes.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** Probe Request's body: elements only. IEEE Std 802.11-2020, 9.3.3.9. */
export interface ProbeRequest {
  readonly elements: readonly Element[];
}

export const encodeProbeRequest = (frame: ProbeRequest): Uint8Array => encodeElements(frame.elements);

/** @throws MalformedError when an element is cut */
export const decodeProbeRequest = (r: Reader): ProbeRequest => ({ elements: decodeElements(r) });
