import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import {
  type CapabilityInformation,
  decodeCapabilityInformation,
  encodeCapabilityInformation,
} from "./capability-information.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** Association Request's and Reassociation Request's body. IEEE Std 802.11-2020, 9.3.3.5 and 9.3.3.7. */
export interface AssociationRequest {
  readonly capabilities: CapabilityInformation;
  /** In beacon intervals. */
  readonly listenInterval: number;
  /** In a reassociation only: where the station is associated now. */
  readonly currentAp?: MacAddress;
  readonly elements: readonly Element[];
}

export function encodeAssociationRequest(frame: AssociationRequest): Uint8Array {
  const w = new Writer().u16le(encodeCapabilityInformation(frame.capabilities)).u16le(frame.listenInterval);
  if (frame.currentAp !== undefined) w.put(encodeMacAddress(frame.currentAp));
  return concat(w.finish(), encodeElements(frame.elements));
}

/** @throws MalformedError when a field is cut */
export const decodeAssociationRequest = (r: Reader): AssociationRequest => ({
  capabilities: decodeCapabilityInformation(r),
  listenInterval: r.u16le(),
  elements: decodeElements(r),
});

/** @throws MalformedError when a field is cut */
export const decodeReassociationRequest = (r: Reader): AssociationRequest & { readonly currentAp: MacAddress } => ({
  capabilities: decodeCapabilityInformation(r),
  listenInterval: r.u16le(),
  currentAp: decodeMacAddress(r),
  elements: decodeElements(r),
});
