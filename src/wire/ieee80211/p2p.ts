/** Wi-Fi Direct's element: attributes inside a vendor-specific element. Wi-Fi Direct Specification, 4.1. */

import { type Reader, Writer } from "../../base/bytes.ts";
import { type Element, oui, vendorElement } from "./element.ts";

/** Type of the element below the Wi-Fi Alliance's OUI. */
export const p2pType = 9;

/** Attribute identifiers. Wi-Fi Direct Specification, table 6. */
export const p2pAttributeId = { minorReasonCode: 1, manageability: 10 } as const;

export interface P2pAttribute {
  readonly id: number;
  readonly data: Uint8Array;
}

export function p2pElement(attributes: readonly P2pAttribute[]): Element {
  const w = new Writer();
  for (const { id, data } of attributes) w.u8(id).u16le(data.length).put(data);
  return vendorElement(oui.wifiAlliance, p2pType, w.finish());
}

/** The element's body, from the OUI on. @throws MalformedError when an attribute is cut, or it is another element */
export function decodeP2p(r: Reader): P2pAttribute[] {
  if (r.u24be() !== oui.wifiAlliance || r.u8() !== p2pType) r.fail("no P2P element");
  const attributes: P2pAttribute[] = [];
  while (r.remaining > 0) {
    const id = r.u8();
    attributes.push({ id, data: r.take(r.u16le()).slice() });
  }
  return attributes;
}

/** P2P Manageability: what the network's management allows devices. Wi-Fi Direct Specification, table 18. */
export interface P2pManageability {
  readonly crossConnectionPermitted: boolean;
  readonly coexistenceOptional: boolean;
}

const manages = 1;

export const encodeManageability = ({ crossConnectionPermitted, coexistenceOptional }: P2pManageability): Uint8Array =>
  Uint8Array.of(manages | (crossConnectionPermitted ? 2 : 0) | (coexistenceOptional ? 4 : 0));

/** @returns undefined where the network manages no devices @throws MalformedError when it is empty */
export function decodeManageability(r: Reader): P2pManageability | undefined {
  const bits = r.u8();
  if ((bits & manages) === 0) return undefined;
  return { crossConnectionPermitted: (bits & 2) !== 0, coexistenceOptional: (bits & 4) !== 0 };
}
