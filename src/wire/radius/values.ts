/** From a packet's attributes to values and back: single attributes, vendors' inside one, long ones over several. */

import { concat, MalformedError, Reader, Writer } from "../../base/bytes.ts";
import { type AttributePlace, type AttributeType, radius } from "./attributes.ts";
import { decodeWhole } from "./kinds.ts";
import { longestAttributeValue, type RadiusAttribute, type RadiusPacket } from "./packet.ts";

/** Vendor-Specific. RFC 2865, section 5.26. */
export const vendorSpecificType = 26;

/** The first of its type. @throws MalformedError where its octets are no such value */
export function firstOf<T>(list: readonly RadiusAttribute[], type: AttributeType<T>): T | undefined {
  const { place } = type;
  if (place.space !== "standard") return allOf(list, type)[0];
  for (const each of list) if (each.type === place.type) return decodeWhole(type.kind, type.name, each.value);
  return undefined;
}

/** All of its type, in their order. @throws MalformedError where one's octets are no such value */
export const allOf = <T>(list: readonly RadiusAttribute[], type: AttributeType<T>): T[] =>
  octetsOf(list, type.place).map((value) => decodeWhole(type.kind, type.name, value));

/** The first of its type, as {@link firstOf}; octets that are no such value count as absent. */
export const readableFirstOf = <T>(list: readonly RadiusAttribute[], type: AttributeType<T>): T | undefined =>
  readable(() => firstOf(list, type));

/** All of its type, as {@link allOf}; where one's octets are no such value, none. */
export const readableAllOf = <T>(list: readonly RadiusAttribute[], type: AttributeType<T>): readonly T[] =>
  readable(() => allOf(list, type)) ?? [];

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return undefined;
  }
}

/** One attribute, or several where an extended one is long. @throws RangeError where it does not fit */
export function attributesOf<T>(type: AttributeType<T>, value: T): RadiusAttribute[] {
  const data = type.kind.encode(value);
  const { place } = type;
  switch (place.space) {
    case "standard":
      return [{ type: place.type, value: fitting(type.name, data) }];
    case "vendor":
      return [vendorAttribute(place.vendor, place.type, data)];
    case "extended":
      return extendedAttributes(place.type, place.extendedType, data);
    case "extended-vendor": {
      const vendor = new Writer().u32be(place.vendor).u8(place.vendorType).put(data).finish();
      return extendedAttributes(place.type, vendorSpecificType, vendor);
    }
  }
}

/** A packet's attributes in the making. */
export class AttributeList {
  readonly list: RadiusAttribute[] = [];

  /** Nothing where the value is undefined. @throws RangeError where it does not fit */
  add<T>(type: AttributeType<T>, value: T | undefined): this {
    if (value === undefined) return this;
    // Most are one attribute: no list for each.
    if (type.place.space !== "standard") return this.put(...attributesOf(type, value));
    this.list.push({ type: type.place.type, value: fitting(type.name, type.kind.encode(value)) });
    return this;
  }

  put(...attributes: readonly RadiusAttribute[]): this {
    this.list.push(...attributes);
    return this;
  }
}

/** Octets of a vendor's attribute inside a Vendor-Specific one. RFC 2865, section 5.26. */
export function vendorAttribute(vendor: number, type: number, data: Uint8Array): RadiusAttribute {
  const value = new Writer()
    .u32be(vendor)
    .u8(type)
    .u8(data.length + 2)
    .put(data)
    .finish();
  return { type: vendorSpecificType, value: fitting(`attribute ${type} of vendor ${vendor}`, value) };
}

/**
 * A vendor's attributes in all Vendor-Specific ones, as RFC 2865, section 5.26, recommends to write them.
 * @throws MalformedError where one is not written so
 */
export function vendorAttributes(list: readonly RadiusAttribute[], vendor: number): RadiusAttribute[] {
  const found: RadiusAttribute[] = [];
  for (const each of list) {
    if (each.type !== vendorSpecificType) continue;
    const r = new Reader(each.value, () => ["RADIUS", `Vendor-Specific ${vendor}`]);
    if (r.u32be() !== vendor) continue;
    while (r.remaining > 0) {
      const type = r.u8();
      const length = r.u8();
      if (length < 2) r.fail(`attribute ${type} of ${length} octets, where 2 are its header`);
      found.push({ type, value: r.take(length - 2) });
    }
  }
  return found;
}

/** An EAP packet in as many attributes as it takes. RFC 3579, section 3.1. */
export function splitEapMessage(packet: Uint8Array): RadiusAttribute[] {
  const parts: RadiusAttribute[] = [];
  for (let at = 0; at < packet.length; at += longestAttributeValue) {
    parts.push({ type: eapMessage, value: packet.subarray(at, at + longestAttributeValue) });
  }
  return parts;
}

/** @returns undefined where there is none */
export function joinEapMessage(list: readonly RadiusAttribute[]): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  for (const { type, value } of list) if (type === eapMessage) parts.push(value);
  return parts.length === 0 ? undefined : concat(...parts);
}

const eapMessage = typeOf(radius.eapMessage);
const proxyState = typeOf(radius.proxyState);

/** They go back as they came, in their order. RFC 2865, section 5.33. */
export const proxyStatesOf = ({ attributes }: RadiusPacket): RadiusAttribute[] =>
  attributes.filter(({ type }) => type === proxyState);

/** The number of a standard attribute. */
export function typeOf(type: AttributeType<unknown>): number {
  return type.place.type;
}

/** Long ones may be in several attributes: 245 and 246 have a flag for that. RFC 6929, sections 2.1 and 2.2. */
function octetsOf(list: readonly RadiusAttribute[], place: AttributePlace): readonly Uint8Array[] {
  switch (place.space) {
    case "standard":
      return list.filter(({ type }) => type === place.type).map(({ value }) => value);
    case "vendor":
      return vendorAttributes(list, place.vendor)
        .filter(({ type }) => type === place.type)
        .map(({ value }) => value);
    case "extended":
      return extendedOctets(list, place.type, place.extendedType);
    case "extended-vendor":
      return extendedOctets(list, place.type, vendorSpecificType).flatMap((value) => {
        const r = new Reader(value, () => ["RADIUS", `Extended-Vendor-Specific ${place.vendor}`]);
        return r.u32be() === place.vendor && r.u8() === place.vendorType ? [r.rest()] : [];
      });
  }
}

const more = 0x80;
const isLongSpace = (type: number): boolean => type >= 245;

function extendedOctets(list: readonly RadiusAttribute[], space: number, extendedType: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let unfinished: Uint8Array[] = [];
  for (const { type, value } of list) {
    if (type !== space) continue;
    const r = new Reader(value, () => ["RADIUS", `Extended-Attribute ${space}.${extendedType}`]);
    const given = r.u8();
    const flags = isLongSpace(space) ? r.u8() : 0;
    if (given !== extendedType) continue;
    unfinished.push(r.rest());
    if ((flags & more) !== 0) continue;
    found.push(concat(...unfinished));
    unfinished = [];
  }
  return found;
}

function extendedAttributes(space: number, extendedType: number, data: Uint8Array): RadiusAttribute[] {
  if (!isLongSpace(space)) {
    return [{ type: space, value: fitting(`${space}.${extendedType}`, concat(Uint8Array.of(extendedType), data)) }];
  }
  const room = longestAttributeValue - 2;
  const parts = Math.max(1, Math.ceil(data.length / room));
  return Array.from({ length: parts }, (_, i) => ({
    type: space,
    value: concat(Uint8Array.of(extendedType, i + 1 < parts ? more : 0), data.subarray(i * room, (i + 1) * room)),
  }));
}

function fitting(name: string, value: Uint8Array): Uint8Array {
  if (value.length > longestAttributeValue) throw new RangeError(`${name}: ${value.length} octets don't fit`);
  return value;
}
