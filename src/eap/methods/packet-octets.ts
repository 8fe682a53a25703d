/** Whole EAP packets, for methods that have the header in what they compute. RFC 3748, section 4.1. */

import { encodeEap } from "../../wire/eap/packet.ts";
import type { MethodCall } from "../method.ts";

/** Octets of the request that this step makes. @param type one of the IETF's */
export const requestOctets = ({ nextIdentifier }: MethodCall, type: number, data: Uint8Array): Uint8Array =>
  encodeEap({ code: "request", identifier: nextIdentifier, type: { vendor: 0, type }, expanded: false, data });

/** Octets of the response that was handed in. */
export const responseOctets = ({ identifier }: MethodCall, type: number, data: Uint8Array): Uint8Array =>
  encodeEap({ code: "response", identifier, type: { vendor: 0, type }, expanded: false, data });
