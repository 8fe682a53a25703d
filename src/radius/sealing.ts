/** What makes RADIUS packets those of somebody who has the shared secret: authenticators, and Message-Authenticator. */

import { concat } from "../base/bytes.ts";
import { hash, hmac } from "../crypto/backend/node.ts";
import { sameSecret } from "../crypto/secret.ts";
import { radius } from "../wire/radius/attributes.ts";
import {
  encodeRadiusPacket,
  longestRadiusPacket,
  type RadiusAttribute,
  radiusCodes,
  radiusHeaderLength,
} from "../wire/radius/packet.ts";
import { typeOf } from "../wire/radius/values.ts";

const authenticatorAt = 4;
const authenticatorLength = 16;
const messageAuthenticatorType = typeOf(radius.messageAuthenticator);
const emptyAuthenticator = new Uint8Array(authenticatorLength);
const placeholder: RadiusAttribute = { type: messageAuthenticatorType, value: emptyAuthenticator };

interface Contents {
  readonly code: number;
  readonly identifier: number;
  readonly attributes: readonly RadiusAttribute[];
}

/**
 * An Access-Request or Status-Server. Message-Authenticator goes first, so that nobody can put a prefix of their choice before it
 * (draft-ietf-radext-deprecating-radius, section 5.2).
 * @param authenticator 16 unpredictable octets
 * @throws RangeError where it gets longer than a packet may be
 */
export function sealAccessRequest(
  secret: Uint8Array,
  authenticator: Uint8Array,
  contents: Contents,
  longest = longestRadiusPacket,
): Uint8Array {
  const { code, identifier } = contents;
  const packet = encodeRadiusPacket(
    { code, identifier, authenticator, attributes: withPlaceholder(contents) },
    longest,
  );
  packet.set(hmac("md5", secret, packet), radiusHeaderLength + 2);
  return packet;
}

/**
 * A request whose authenticator is a checksum: accounting (RFC 2866, section 3), dynamic authorization (RFC 5176, section 2.3).
 * @throws RangeError where it gets longer than a packet may be
 */
export function sealChecksummedRequest(
  secret: Uint8Array,
  contents: Contents,
  hasMessageAuthenticator: boolean,
  longest = longestRadiusPacket,
): Uint8Array {
  return seal(secret, emptyAuthenticator, contents, hasMessageAuthenticator, longest);
}

/**
 * An answer to any request. RFC 2865, section 3; RFC 3579, section 3.2.
 * @param requestAuthenticator of the request, 16 octets
 * @throws RangeError where it gets longer than a packet may be
 */
export const sealAnswer = (
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  contents: Contents,
  hasMessageAuthenticator: boolean,
  longest = longestRadiusPacket,
): Uint8Array => seal(secret, requestAuthenticator, contents, hasMessageAuthenticator, longest);

function seal(
  secret: Uint8Array,
  authenticator: Uint8Array,
  contents: Contents,
  hasMessageAuthenticator: boolean,
  longest: number,
): Uint8Array {
  const { code, identifier } = contents;
  const attributes = hasMessageAuthenticator ? withPlaceholder(contents) : contents.attributes;
  const packet = encodeRadiusPacket({ code, identifier, authenticator, attributes }, longest);
  if (hasMessageAuthenticator) packet.set(hmac("md5", secret, packet), radiusHeaderLength + 2);
  packet.set(hash("md5", packet, secret), authenticatorAt);
  return packet;
}

const withPlaceholder = ({ attributes }: Contents): RadiusAttribute[] => [placeholder, ...attributes];

/** Of an answer. @param packet octets as they came, perhaps with padding behind them */
export function verifyResponseAuthenticator(
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
  packet: Uint8Array,
): boolean {
  const octets = withoutPadding(packet);
  const head = octets.subarray(0, authenticatorAt);
  const body = octets.subarray(radiusHeaderLength);
  return sameSecret(authenticatorOf(octets), hash("md5", head, requestAuthenticator, body, secret));
}

/** Of a request whose authenticator is a checksum. */
export const verifyRequestAuthenticator = (secret: Uint8Array, packet: Uint8Array): boolean =>
  verifyResponseAuthenticator(secret, emptyAuthenticator, packet);

export type MessageAuthenticatorVerdict = "right" | "wrong" | "absent";

/**
 * RFC 3579, section 3.2. More than one of them is wrong.
 * @param packet octets that decodeRadiusPacket takes
 * @param requestAuthenticator of the request, where the packet is an answer
 */
export function checkMessageAuthenticator(
  secret: Uint8Array,
  packet: Uint8Array,
  requestAuthenticator?: Uint8Array,
): MessageAuthenticatorVerdict {
  const octets = withoutPadding(packet);
  const at = placesOf(octets, messageAuthenticatorType);
  const [place, ...more] = at;
  if (place === undefined) return "absent";
  if (more.length > 0 || octets[place + 1] !== 2 + authenticatorLength) return "wrong";
  const value = place + 2;
  const authenticator = requestAuthenticator ?? (isChecksummed(octets[0] ?? 0) ? emptyAuthenticator : undefined);
  const covered = hmac(
    "md5",
    secret,
    octets.subarray(0, authenticatorAt),
    authenticator ?? authenticatorOf(octets),
    octets.subarray(radiusHeaderLength, value),
    emptyAuthenticator,
    octets.subarray(value + authenticatorLength),
  );
  return sameSecret(octets.subarray(value, value + authenticatorLength), covered) ? "right" : "wrong";
}

const checksummed: ReadonlySet<number> = new Set([
  radiusCodes["Accounting-Request"],
  radiusCodes["Disconnect-Request"],
  radiusCodes["CoA-Request"],
]);

const isChecksummed = (code: number): boolean => checksummed.has(code);

const authenticatorOf = (packet: Uint8Array): Uint8Array =>
  packet.subarray(authenticatorAt, authenticatorAt + authenticatorLength);

const withoutPadding = (packet: Uint8Array): Uint8Array =>
  packet.subarray(0, ((packet[2] ?? 0) << 8) | (packet[3] ?? 0));

/** Where attributes of a type begin. */
function placesOf(packet: Uint8Array, type: number): number[] {
  const places: number[] = [];
  for (let at = radiusHeaderLength; at + 1 < packet.length; at += Math.max(2, packet[at + 1] ?? 2)) {
    if (packet[at] === type) places.push(at);
  }
  return places;
}

/** A value of CHAP-Password: identifier and response. RFC 2865, section 5.3; RFC 1994, section 4.1. */
export const chapPassword = (identifier: number, password: Uint8Array, challenge: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(identifier), hash("md5", Uint8Array.of(identifier), password, challenge));

/** @param given value of CHAP-Password, 17 octets @param challenge CHAP-Challenge, or the Request Authenticator where there is none */
export const verifyChapPassword = (given: Uint8Array, password: Uint8Array, challenge: Uint8Array): boolean =>
  sameSecret(given, chapPassword(given[0] ?? 0, password, challenge));
