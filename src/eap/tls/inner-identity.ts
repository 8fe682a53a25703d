/** The question for the identity inside a tunnel, where the method that makes the tunnel has to look at the answer itself. */

import { Reader } from "../../base/bytes.ts";
import { decodeEap, encodeEapRequest } from "../../wire/eap/packet.ts";
import { eapIdentity, sameEapType } from "../../wire/eap/types.ts";

export const buildIdentityRequest = (identifier: number): Uint8Array =>
  encodeEapRequest(identifier, eapIdentity, new Uint8Array());

/** @param packet of the peer @returns undefined where it is no answer to that @throws MalformedError */
export function identityIn(packet: Uint8Array, identifier: number): Uint8Array | undefined {
  const decoded = decodeEap(new Reader(packet, ["EAP packet inside"]));
  const isAnswer =
    decoded.code === "response" && decoded.identifier === identifier && sameEapType(decoded.type, eapIdentity);
  return isAnswer ? decoded.data.slice() : undefined;
}
