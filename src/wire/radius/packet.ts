import type { Reader } from "../../base/bytes.ts";

/** RFC 2865, section 3; RFC 2866, 4; RFC 5176, 2.3; RFC 5997. */
export const radiusCodes = {
  "Access-Request": 1,
  "Access-Accept": 2,
  "Access-Reject": 3,
  "Accounting-Request": 4,
  "Accounting-Response": 5,
  "Access-Challenge": 11,
  "Status-Server": 12,
  "Status-Client": 13,
  "Disconnect-Request": 40,
  "Disconnect-ACK": 41,
  "Disconnect-NAK": 42,
  "CoA-Request": 43,
  "CoA-ACK": 44,
  "CoA-NAK": 45,
} as const;

export type RadiusCodeName = keyof typeof radiusCodes;

const codeNames = new Map<number, RadiusCodeName>(
  (Object.entries(radiusCodes) as [RadiusCodeName, number][]).map(([name, code]) => [code, name]),
);

/** @returns undefined for codes that have no name here */
export const radiusCodeName = (code: number): RadiusCodeName | undefined => codeNames.get(code);

/** An attribute as it stands in the packet. RFC 2865, section 5. */
export interface RadiusAttribute {
  readonly type: number;
  /** 0..253 octets; from the wire, a view of the packet. */
  readonly value: Uint8Array;
}

/** RFC 2865, section 3. */
export interface RadiusPacket {
  readonly code: number;
  readonly identifier: number;
  /** 16 octets. */
  readonly authenticator: Uint8Array;
  readonly attributes: readonly RadiusAttribute[];
}

export const radiusHeaderLength = 20;
export const longestAttributeValue = 253;

/** RFC 2865, section 3. */
export const longestRadiusPacket = 4096;

/** @throws RangeError where an attribute or the packet is longer than the format allows */
export function encodeRadiusPacket(packet: RadiusPacket, longest = longestRadiusPacket): Uint8Array {
  let length = radiusHeaderLength;
  for (const { type, value } of packet.attributes) {
    if (value.length > longestAttributeValue) {
      throw new RangeError(`attribute ${type} has ${value.length} octets, ${longestAttributeValue} may be`);
    }
    length += 2 + value.length;
  }
  if (length > longest) throw new RangeError(`a RADIUS packet of ${length} octets, ${longest} may be`);
  if (packet.authenticator.length !== 16) throw new RangeError("an authenticator has 16 octets");
  // Its length is known: no Writer that grows.
  const octets = new Uint8Array(length);
  octets[0] = packet.code;
  octets[1] = packet.identifier;
  octets[2] = length >>> 8;
  octets[3] = length;
  octets.set(packet.authenticator, 4);
  let at = radiusHeaderLength;
  for (const { type, value } of packet.attributes) {
    octets[at] = type;
    octets[at + 1] = value.length + 2;
    octets.set(value, at + 2);
    at += 2 + value.length;
  }
  return octets;
}

/**
 * What lies behind the packet's own length is padding, and ignored (RFC 2865, section 3).
 * @throws MalformedError where the packet is cut, longer than may be, or an attribute is shorter than its header
 */
export function decodeRadiusPacket(r: Reader, longest = longestRadiusPacket): RadiusPacket {
  const code = r.u8();
  const identifier = r.u8();
  const length = r.u16be();
  if (length < radiusHeaderLength) r.fail(`a packet of ${length} octets, where ${radiusHeaderLength} are its header`);
  if (length > longest) r.fail(`a packet of ${length} octets, ${longest} may be`);
  const authenticator = r.take(16);
  const body = r.field("attributes", length - radiusHeaderLength);
  const attributes: RadiusAttribute[] = [];
  while (body.remaining > 0) {
    const type = body.u8();
    const attributeLength = body.u8();
    if (attributeLength < 2) body.fail(`attribute ${type} of ${attributeLength} octets, where 2 are its header`);
    attributes.push({ type, value: body.take(attributeLength - 2) });
  }
  return { code, identifier, authenticator, attributes };
}
