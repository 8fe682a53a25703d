/** Requests of a dynamic authorization client: Disconnect and CoA, read, judged and answered. RFC 5176. */

import { bytesOfHex, MalformedError, Reader, sameBytes } from "../base/bytes.ts";
import { parseIpAddress } from "../base/ip-address.ts";
import { type MacAddress, macAddressOf } from "../base/mac-address.ts";
import { type AttributeType, radius } from "../wire/radius/attributes.ts";
import { decodeRadiusPacket, type RadiusAttribute, type RadiusPacket, radiusCodes } from "../wire/radius/packet.ts";
import { AttributeList, firstOf, typeOf } from "../wire/radius/values.ts";
import { type Grants, grantsOf } from "./grants.ts";
import { checkMessageAuthenticator, sealAnswer, verifyRequestAuthenticator } from "./sealing.ts";

export interface AuthorizationSettings {
  /** 0.0.0.0 and :: stand for everybody. */
  readonly client: string;
  readonly secret: Uint8Array;
  /** Seconds that a timestamp may be off. */
  readonly timeWindow: number;
  readonly requiresTimestamp: boolean;
  readonly requiresMessageAuthenticator: boolean;
}

/** Error-Cause. RFC 5176, section 3.5. */
export const errorCauses = {
  "unsupported-attribute": 401,
  "missing-attribute": 402,
  "nas-identification-mismatch": 403,
  "invalid-request": 404,
  "unsupported-service": 405,
  "unsupported-extension": 406,
  "invalid-attribute-value": 407,
  "session-context-not-found": 503,
  "session-context-not-removable": 504,
  "resources-unavailable": 506,
  "multiple-session-selection-unsupported": 508,
} as const;

export type ErrorCause = keyof typeof errorCauses;

/** Which session; what is there has to fit, and something has to be there. */
export interface SessionIdentification {
  readonly station: MacAddress | undefined;
  readonly userName: Uint8Array | undefined;
  readonly sessionId: Uint8Array | undefined;
  readonly multiSessionId: Uint8Array | undefined;
  readonly chargeableUserIdentity: Uint8Array | undefined;
}

/** Which access point. */
export interface NasIdentification {
  readonly address: string | undefined;
  readonly ipv6Address: string | undefined;
  readonly identifier: Uint8Array | undefined;
}

interface Envelope {
  readonly packet: RadiusPacket;
}

export type AuthorizationRequest =
  /** Nobody is answered. @property reason for people */
  | { readonly kind: "dropped"; readonly reason: string }
  | (Envelope & { readonly kind: "refused"; readonly cause: ErrorCause; readonly reason: string })
  | (Envelope & {
      readonly kind: "disconnect";
      readonly session: SessionIdentification;
      readonly nas: NasIdentification;
    })
  | (Envelope & {
      readonly kind: "change";
      readonly session: SessionIdentification;
      readonly nas: NasIdentification;
      /** Something is in it. */
      readonly grants: Grants;
    });

const everybody: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** @param from address it came from @param now UNIX time in seconds */
export function readAuthorizationRequest(
  settings: AuthorizationSettings,
  octets: Uint8Array,
  from: string,
  now: number,
): AuthorizationRequest {
  const drop = (reason: string): AuthorizationRequest => ({ kind: "dropped", reason });
  if (!everybody.has(settings.client) && !sameAddress(settings.client, from)) return drop("unknown client");
  let packet: RadiusPacket;
  try {
    packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return drop(thrown.message);
  }
  const { code, attributes } = packet;
  const isDisconnect = code === radiusCodes["Disconnect-Request"];
  if (!isDisconnect && code !== radiusCodes["CoA-Request"]) return drop(`unexpected code ${code}`);
  if (!verifyRequestAuthenticator(settings.secret, octets)) return drop("the authenticator is wrong");
  const verdict = checkMessageAuthenticator(settings.secret, octets);
  if (verdict === "wrong") return drop("Message-Authenticator is wrong");
  if (verdict === "absent" && settings.requiresMessageAuthenticator) return drop("Message-Authenticator is missing");
  const timestamp = attributes.find(({ type }) => type === typeOf(radius.eventTimestamp));
  if (timestamp?.value.length === 4) {
    const at = new DataView(timestamp.value.buffer, timestamp.value.byteOffset).getUint32(0);
    if (Math.abs(now - at) > settings.timeWindow) return drop(`its time is ${at}, and it is ${Math.floor(now)}`);
  } else if (timestamp || settings.requiresTimestamp) {
    return drop("Event-Timestamp is missing");
  }
  return read(packet, isDisconnect);
}

const typesOf = (...types: readonly AttributeType<unknown>[]): number[] => types.map(typeOf);

const identifying = typesOf(
  radius.userName,
  radius.nasIpAddress,
  radius.callingStationId,
  radius.nasIdentifier,
  radius.acctSessionId,
  radius.acctMultiSessionId,
  radius.eventTimestamp,
  radius.messageAuthenticator,
  radius.chargeableUserIdentity,
  radius.nasIpv6Address,
  radius.proxyState,
);
const ofDisconnect: ReadonlySet<number> = new Set([
  ...identifying,
  ...typesOf(radius.replyMessage, radius.acctTerminateCause),
]);
const changing = typesOf(
  radius.sessionTimeout,
  radius.terminationAction,
  radius.idleTimeout,
  radius.acctInterimInterval,
  radius.class,
  radius.tunnelType,
  radius.tunnelMediumType,
  radius.tunnelPrivateGroupId,
  radius.egressVlanId,
);
const ofChange: ReadonlySet<number> = new Set([...identifying, ...changing, ...typesOf(radius.replyMessage)]);

function read(packet: RadiusPacket, isDisconnect: boolean): AuthorizationRequest {
  const { attributes } = packet;
  const refuse = (cause: ErrorCause, reason: string): AuthorizationRequest => ({
    kind: "refused",
    packet,
    cause,
    reason,
  });
  const known = isDisconnect ? ofDisconnect : ofChange;
  const foreign = attributes.find(({ type }) => !known.has(type));
  if (foreign) return refuse("unsupported-attribute", `attribute ${foreign.type} is not supported`);
  try {
    const station = firstOf(attributes, radius.callingStationId);
    const address = station === undefined ? undefined : addressIn(station);
    if (station !== undefined && address === undefined) {
      return refuse("invalid-attribute-value", "Calling-Station-Id is no address");
    }
    const session: SessionIdentification = {
      station: address,
      userName: firstOf(attributes, radius.userName),
      sessionId: firstOf(attributes, radius.acctSessionId),
      multiSessionId: firstOf(attributes, radius.acctMultiSessionId),
      chargeableUserIdentity: firstOf(attributes, radius.chargeableUserIdentity),
    };
    const nas: NasIdentification = {
      address: firstOf(attributes, radius.nasIpAddress),
      ipv6Address: firstOf(attributes, radius.nasIpv6Address),
      identifier: firstOf(attributes, radius.nasIdentifier),
    };
    if (isDisconnect) return { kind: "disconnect", packet, session, nas };
    if (!attributes.some(({ type }) => changing.includes(type))) {
      return refuse("missing-attribute", "it changes nothing");
    }
    return { kind: "change", packet, session, nas, grants: grantsOf(attributes) };
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return refuse("invalid-attribute-value", thrown.message);
  }
}

/** In whatever notation: six pairs of digits with or without something between them. */
function addressIn(text: string): MacAddress | undefined {
  const digits = /^([0-9a-fA-F]{2})[:.-]?(?:[0-9a-fA-F]{2}[:.-]?){4}[0-9a-fA-F]{2}$/.test(text)
    ? text.replace(/[^0-9a-fA-F]/g, "")
    : undefined;
  const octets = digits === undefined ? undefined : bytesOfHex(digits);
  return octets && macAddressOf(octets);
}

/** @param cause undefined where it was done @param now UNIX time in seconds */
export function answerAuthorizationRequest(
  { secret }: Pick<AuthorizationSettings, "secret">,
  { code, identifier, authenticator, attributes }: RadiusPacket,
  cause: ErrorCause | undefined,
  now: number,
): Uint8Array {
  const isDisconnect = code === radiusCodes["Disconnect-Request"];
  const name = `${isDisconnect ? "Disconnect" : "CoA"}-${cause === undefined ? "ACK" : "NAK"}` as const;
  const proxies = attributes.filter(({ type }) => type === typeOf(radius.proxyState));
  const list: readonly RadiusAttribute[] = new AttributeList()
    .put(...proxies)
    .add(radius.errorCause, cause && errorCauses[cause])
    .add(radius.eventTimestamp, Math.floor(now)).list;
  return sealAnswer(secret, authenticator, { code: radiusCodes[name], identifier, attributes: list }, true);
}

function sameAddress(a: string, b: string): boolean {
  const [left, right] = [parseIpAddress(a)?.octets, parseIpAddress(b)?.octets];
  return left !== undefined && right !== undefined && sameBytes(left, right);
}
