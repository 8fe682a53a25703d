/** Whole EAP packets, for methods that have the header in what they compute. RFC 3748, section 4.1. */

import { Writer } from "../../base/bytes.ts";
import type { MethodCall } from "../method.ts";

const headerLength = 5;

/** Octets of the request that this step makes. */
export const requestOctets = (call: MethodCall, type: number, data: Uint8Array): Uint8Array =>
  packetOctets(1, call.nextIdentifier, type, data);

/** Octets of the response that was handed in. */
export const responseOctets = (call: MethodCall, type: number, data: Uint8Array): Uint8Array =>
  packetOctets(2, call.identifier, type, data);

const packetOctets = (code: number, identifier: number, type: number, data: Uint8Array): Uint8Array =>
  new Writer()
    .u8(code)
    .u8(identifier)
    .u16be(headerLength + data.length)
    .u8(type)
    .put(data)
    .finish();
