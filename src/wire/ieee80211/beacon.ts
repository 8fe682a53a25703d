import { concat, type Reader, Writer } from "../../base/bytes.ts";
import {
  type CapabilityInformation,
  decodeCapabilityInformation,
  encodeCapabilityInformation,
} from "./capability-information.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** Beacon's and Probe Response's body. IEEE Std 802.11-2020, 9.3.3.2 and 9.3.3.10. */
export interface Beacon {
  /** Microseconds of the timing synchronization function; the radio fills it in. */
  readonly timestamp: bigint;
  /** In time units of 1024 us. */
  readonly interval: number;
  readonly capabilities: CapabilityInformation;
  readonly elements: readonly Element[];
}

export const encodeBeacon = (frame: Beacon): Uint8Array =>
  concat(
    new Writer()
      .u64le(frame.timestamp)
      .u16le(frame.interval)
      .u16le(encodeCapabilityInformation(frame.capabilities))
      .finish(),
    encodeElements(frame.elements),
  );

/** @throws MalformedError when a field is cut */
export const decodeBeacon = (r: Reader): Beacon => ({
  timestamp: r.u64le(),
  interval: r.u16le(),
  capabilities: decodeCapabilityInformation(r),
  elements: decodeElements(r),
});
