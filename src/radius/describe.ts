/** Attributes as people and programs read them: by names, the values in words where a dictionary has any. */

import { hexOf, MalformedError, sameBytes, textOf, utf8 } from "../base/bytes.ts";
import { formatIpAddress } from "../base/ip-address.ts";
import { radius, vendors } from "../wire/radius/attributes.ts";
import { decodeWhole, integer, ipv6Prefix, taggedInteger, taggedOctets } from "../wire/radius/kinds.ts";
import type { RadiusAttribute } from "../wire/radius/packet.ts";
import { typeOf, vendorAttributes, vendorSpecificType } from "../wire/radius/values.ts";
import type { Dictionary, ShownAs } from "./dictionary.ts";

export interface DescribedAttribute {
  readonly name: string;
  /** A number where it is one without a name; `0x...` for octets. */
  readonly value: string | number;
}

/** Never with what is secret in them: hidden values (passwords, keys) are left out. */
export function describeAttributes(list: readonly RadiusAttribute[], dictionary: Dictionary): DescribedAttribute[] {
  return list.flatMap((attribute) => {
    const { type, value } = attribute;
    if (type === vendorSpecificType) return describeVendors(attribute, dictionary);
    return secrets.has(type) ? [] : [described(0, type, value, dictionary)];
  });
}

const secrets: ReadonlySet<number> = new Set(
  [radius.userPassword, radius.chapPassword, radius.tunnelPassword].map(typeOf),
);
/**
 * Of RFC 2548: answers to challenges (1, 25), changed passwords and their hashes (3 to 6, 27), keys (12, 16, 17).
 */
const microsoftSecrets: ReadonlySet<number> = new Set([1, 3, 4, 5, 6, 12, 16, 17, 25, 27]);

function describeVendors(attribute: RadiusAttribute, dictionary: Dictionary): DescribedAttribute[] {
  const { value } = attribute;
  const raw = { name: "Vendor-Specific", value: `0x${hexOf(value)}` };
  if (value.length < 4) return [raw];
  const vendor = new DataView(value.buffer, value.byteOffset).getUint32(0);
  try {
    return vendorAttributes([attribute], vendor)
      .filter(({ type }) => vendor !== vendors.microsoft || !microsoftSecrets.has(type))
      .map((each) => described(vendor, each.type, each.value, dictionary));
  } catch (thrown) {
    // Of a vendor that doesn't write them as RFC 2865 recommends.
    if (!(thrown instanceof MalformedError)) throw thrown;
    return [raw];
  }
}

function described(vendor: number, type: number, value: Uint8Array, dictionary: Dictionary): DescribedAttribute {
  const known = dictionary.attribute(vendor, type);
  const name = known?.name ?? (vendor === 0 ? `Attr-${type}` : `Attr-26.${vendor}.${type}`);
  return { name, value: shown(name, value, known?.shownAs ?? "octets", dictionary) };
}

function shown(name: string, value: Uint8Array, as: ShownAs, dictionary: Dictionary): string | number {
  try {
    switch (as) {
      case "text":
        return textOrHex(value);
      case "octets":
        return `0x${hexOf(value)}`;
      case "integer": {
        // Vendors have them in one octet or two as well.
        const number = value.length < 4 ? Number(`0x${hexOf(value) || 0}`) : decodeWhole(integer, name, value);
        return dictionary.valueName(name, number) ?? number;
      }
      case "date":
        return decodeWhole(integer, name, value);
      case "ipv4":
        return value.length === 4 ? formatIpAddress(value) : `0x${hexOf(value)}`;
      case "ipv6":
        return value.length === 16 ? formatIpAddress(value) : `0x${hexOf(value)}`;
      case "ipv6-prefix":
        return decodeWhole(ipv6Prefix, name, value);
      case "tagged-integer": {
        const { tag, value: number } = decodeWhole(taggedInteger, name, value);
        const text = dictionary.valueName(name, number) ?? number;
        return tag === 0 ? text : `${tag}:${text}`;
      }
      case "tagged-text": {
        const { tag, value: octets } = decodeWhole(taggedOctets, name, value);
        return tag === 0 ? textOrHex(octets) : `${tag}:${textOrHex(octets)}`;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return `0x${hexOf(value)}`;
  }
}

/** Octets that are no UTF-8 would not survive as text. */
function textOrHex(value: Uint8Array): string {
  const text = textOf(value);
  return sameBytes(utf8(text), value) ? text : `0x${hexOf(value)}`;
}
