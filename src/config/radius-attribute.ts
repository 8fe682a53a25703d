/** A RADIUS attribute as hostapd's files write it: `126:s:Operator`, `27:d:3600`, `25:x:0102`, or a type alone for an octet 0. */

import { bytesOfHex, Writer } from "../base/bytes.ts";
import type { UserAttribute } from "./eap-user.ts";
import { leadingInteger } from "./numbers.ts";
import { type OctetText, octetsOf, readable } from "./octets.ts";

const longestValue = 253;

/** @returns what is wrong, in words without a secret, where something is */
export function parseRadiusAttribute(text: OctetText): UserAttribute | string {
  const [, typeText = "", , syntax, given = ""] = /^([^:]*)(:(?:(.):)?(.*))?$/s.exec(text) ?? [];
  const type = leadingInteger(typeText).value;
  if (type < 1 || type > 255) return `'${readable(typeText)}' is not the type of an attribute (1..255)`;
  if (!text.includes(":")) return { type, value: Uint8Array.of(0) };
  const value = attributeValue(syntax, given);
  if (typeof value === "string") return value;
  return value.length > longestValue ? `${value.length} octets, where at most ${longestValue} may be` : { type, value };
}

function attributeValue(syntax: string | undefined, text: OctetText): Uint8Array | string {
  switch (syntax) {
    case "s":
      return octetsOf(text);
    case "d":
      return new Writer().u32be(leadingInteger(text).value >>> 0).finish();
    case "x":
      return bytesOfHex(text) ?? "an odd number of hexadecimal digits, or something else";
    default:
      return "behind the type stands s, d or x between colons";
  }
}
