import { concat, type Reader, Writer } from "../../base/bytes.ts";
import {
  type CapabilityInformation,
  decodeCapabilityInformation,
  encodeCapabilityInformation,
} from "./capability-information.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** Association Response's and Reassociation Response's body. IEEE Std 802.11-2020, 9.3.3.6 and 9.3.3.8. */
export interface AssociationResponse {
  readonly capabilities: CapabilityInformation;
  readonly status: number;
  /** 1 to 2007; 0 where there is none. */
  readonly aid: number;
  readonly elements: readonly Element[];
}

/** The two most significant bits of an AID are set on the air. IEEE Std 802.11-2020, 9.4.1.8. */
const aidMark = 0xc000;

export const encodeAssociationResponse = (frame: AssociationResponse): Uint8Array =>
  concat(
    new Writer()
      .u16le(encodeCapabilityInformation(frame.capabilities))
      .u16le(frame.status)
      .u16le(frame.aid === 0 ? 0 : frame.aid | aidMark)
      .finish(),
    encodeElements(frame.elements),
  );

/** @throws MalformedError when a field is cut */
export const decodeAssociationResponse = (r: Reader): AssociationResponse => ({
  capabilities: decodeCapabilityInformation(r),
  status: r.u16le(),
  aid: r.u16le() & ~aidMark,
  elements: decodeElements(r),
});
