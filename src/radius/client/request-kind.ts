/** In what authentication and accounting differ for a client: how a request is sealed, and what answers it. RFC 2865, section 4; RFC 2866, section 4. */

import type { Entropy } from "../../base/entropy.ts";
import { radiusCodes } from "../../wire/radius/packet.ts";
import { sealAccessRequest, sealChecksummedRequest } from "../sealing.ts";
import type { RadiusAnswer, RadiusRequest } from "./request.ts";

/** As hostapd's log lines name it. */
export type RequestKind = "Authentication" | "Accounting";

export interface SealedRequest {
  readonly packet: Uint8Array;
  /** Request Authenticator, 16 octets: what the answer is checked with. */
  readonly authenticator: Uint8Array;
  /** Shared with the server that it was sealed for. */
  readonly secret: Uint8Array;
}

export interface RequestParameters {
  readonly secret: Uint8Array;
  readonly identifier: number;
  /** Seconds since it was sent for the first time. */
  readonly delay: number;
}

/** @throws RangeError where an attribute, or all of them together, don't fit */
export function sealRequest(
  kind: RequestKind,
  entropy: Entropy,
  request: Pick<RadiusRequest, "attributes">,
  { secret, identifier, delay }: RequestParameters,
): SealedRequest {
  switch (kind) {
    case "Authentication": {
      const authenticator = Uint8Array.from(entropy.bytes(16));
      const attributes = request.attributes({ secret, authenticator, delay });
      const contents = { code: radiusCodes["Access-Request"], identifier, attributes };
      return { packet: sealAccessRequest(secret, authenticator, contents), authenticator, secret };
    }
    case "Accounting": {
      const attributes = request.attributes({ secret, authenticator: zeros, delay });
      const contents = { code: radiusCodes["Accounting-Request"], identifier, attributes };
      const packet = sealChecksummedRequest(secret, contents, false);
      return { packet, authenticator: packet.slice(4, 20), secret };
    }
  }
}

const zeros = new Uint8Array(16);

const answers: Readonly<Record<RequestKind, readonly RadiusAnswer["code"][]>> = {
  Authentication: ["Access-Accept", "Access-Reject", "Access-Challenge"],
  Accounting: ["Accounting-Response"],
};

/** @returns undefined for a code that answers no request of the kind */
export const answerCode = (kind: RequestKind, code: number): RadiusAnswer["code"] | undefined =>
  answers[kind].find((name) => radiusCodes[name] === code);
