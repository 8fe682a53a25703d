/** Whether an answer can only be the server's. RFC 2865, section 3; RFC 3579, section 3.2; CVE-2024-3596. */

import { checkMessageAuthenticator, verifyResponseAuthenticator } from "../sealing.ts";

export interface Expected {
  readonly secret: Uint8Array;
  /** Of the request. */
  readonly authenticator: Uint8Array;
  /** undefined where the answer may lack it, as in accounting. */
  readonly messageAuthenticator: "for-eap" | "by-settings" | undefined;
}

const wrong = "Incoming RADIUS packet did not have correct authenticator - dropped";

/** @returns in words why anybody could have sent it; undefined where only the server can have */
export function faultOfAnswer(
  octets: Uint8Array,
  { secret, authenticator, messageAuthenticator }: Expected,
): string | undefined {
  if (!verifyResponseAuthenticator(secret, authenticator, octets)) {
    return `${wrong} (is the shared secret the server's?)`;
  }
  switch (checkMessageAuthenticator(secret, octets, authenticator)) {
    case "right":
      return undefined;
    case "wrong":
      return wrong;
    case "absent":
      break;
  }
  switch (messageAuthenticator) {
    case undefined:
      return undefined;
    case "for-eap":
      return `${wrong}: it has no Message-Authenticator`;
    case "by-settings":
      return `${wrong}: it has no Message-Authenticator, and radius_require_message_authenticator demands one`;
  }
}
