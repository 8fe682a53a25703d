/** Arguments of commands, as forgiving as hostapd reads them. */

import { bytesOfHex } from "../../base/bytes.ts";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { leadingInteger } from "../../config/numbers.ts";
import type { OctetText } from "../../config/octets.ts";

/** The address that a text begins with, six pairs with colons. */
export function leadingAddress(text: OctetText): MacAddress | undefined {
  const [address] = /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}/.exec(text) ?? [];
  return address === undefined ? undefined : parseMacAddress(address);
}

/** The address that a text begins with, pairs with or without something between them, and what follows it. */
export function takeAddress(text: OctetText): { address: MacAddress; rest: OctetText } | undefined {
  const [whole] = /^(?:[:.-]*[0-9a-fA-F]{2}){6}/.exec(text) ?? [];
  const address = whole === undefined ? undefined : parseMacAddress(whole.replace(/[:.-]/g, ""));
  if (whole === undefined || address === undefined) return undefined;
  return { address, rest: text.slice(whole.length) };
}

/** What stands behind ` name=`, to the text's end. */
export function afterOption(text: OctetText, name: string): OctetText | undefined {
  const at = text.indexOf(` ${name}=`);
  return at === -1 ? undefined : text.slice(at + name.length + 2);
}

/** The number behind ` name=`; 0 where what stands there is none. */
export function numberOption(text: OctetText, name: string): number | undefined {
  const value = afterOption(text, name);
  return value === undefined ? undefined : leadingInteger(value).value;
}

/** Octets in hexadecimal. @returns undefined where the text is something else or odd */
export const hexOctets = (text: OctetText): Uint8Array | undefined => bytesOfHex(text);

/** The first `longest` characters that are a number: decimal, `0x` hexadecimal or octal, as C's strtol takes it. */
export function leadingNumber(text: OctetText): { value: number; rest: OctetText } {
  const [whole = "", sign = "", hex, octal, decimal] =
    /^[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9]\d*))/.exec(text) ?? [];
  const magnitude =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : Number(decimal ?? 0);
  return { value: sign === "-" ? -magnitude : magnitude, rest: text.slice(whole.length) };
}
