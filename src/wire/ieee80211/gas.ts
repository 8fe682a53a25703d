/** Generic Advertisement Service: its first exchange. IEEE Std 802.11-2020, 9.6.7.12, 9.6.7.13. */

import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { type Element, elementId, encodeElements } from "./element.ts";

export const gasAction = { initialRequest: 10, initialResponse: 11 } as const;

export interface GasInitialRequest {
  readonly dialogToken: number;
  /** Advertisement Protocol element. */
  readonly protocol: Element;
  readonly query: Uint8Array;
}

/** What follows the action. @throws MalformedError when it is cut, or names no protocol */
export function decodeGasInitialRequest(r: Reader): GasInitialRequest {
  const dialogToken = r.u8();
  const protocol = decodeProtocol(r);
  return { dialogToken, protocol, query: r.take(r.u16le()).slice() };
}

export interface GasInitialResponse {
  readonly dialogToken: number;
  readonly status: number;
  /** In time units. */
  readonly comebackDelay: number;
  readonly protocol: Element;
  readonly response: Uint8Array;
}

/** What follows the category. */
export const encodeGasInitialResponse = (response: GasInitialResponse): Uint8Array =>
  concat(
    new Writer()
      .u8(gasAction.initialResponse)
      .u8(response.dialogToken)
      .u16le(response.status)
      .u16le(response.comebackDelay)
      .finish(),
    encodeElements([response.protocol]),
    new Writer().u16le(response.response.length).put(response.response).finish(),
  );

/** What follows the category. @throws MalformedError when it is cut */
export function decodeGasInitialResponse(r: Reader): GasInitialResponse {
  if (r.u8() !== gasAction.initialResponse) r.fail("another action");
  const head = { dialogToken: r.u8(), status: r.u16le(), comebackDelay: r.u16le() };
  return { ...head, protocol: decodeProtocol(r), response: r.take(r.u16le()).slice() };
}

/** In the middle of a frame, so that its length tells where it ends. */
function decodeProtocol(r: Reader): Element {
  if (r.u8() !== elementId.advertisementProtocol) r.fail("no Advertisement Protocol element");
  return { id: elementId.advertisementProtocol, data: r.take(r.u8()).slice() };
}
