/** Values of options: from the file's words to octets. */

import { bytesOfHex, Writer } from "../../base/bytes.ts";
import { type Ipv4Address, parseIpv4Address } from "../../base/ipv4-address.ts";
import type { OptionField, OptionFormat } from "../../wire/dhcp/option-names.ts";
import { octetsOf } from "../octets.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./tokens.ts";

/** Reads up to the semicolon, which stays. @throws Abandoned */
export function optionValue(cursor: Cursor, { fields, repeatsFrom }: OptionFormat): Uint8Array {
  const w = new Writer();
  for (const field of fields) write(cursor, field, w);
  if (repeatsFrom === undefined) return w.finish();
  // What repeats may have commas between its rounds.
  while (cursor.skips(",")) for (const field of fields.slice(repeatsFrom)) write(cursor, field, w);
  return w.finish();
}

function write(cursor: Cursor, field: OptionField, w: Writer): void {
  switch (field) {
    case "address":
      w.u32be(address(cursor));
      return;
    case "address6":
      w.put(address6(cursor));
      return;
    case "flag":
      w.u8(flag(cursor) ? 1 : 0);
      return;
    case "u8":
      w.u8(integer(cursor, 0, 0xff));
      return;
    case "u16":
      w.u16be(integer(cursor, 0, 0xffff));
      return;
    case "u32":
      w.u32be(integer(cursor, 0, 0xffff_ffff));
      return;
    case "i8":
      w.u8(integer(cursor, -0x80, 0x7f) & 0xff);
      return;
    case "i16":
      w.u16be(integer(cursor, -0x8000, 0x7fff) & 0xffff);
      return;
    case "i32":
      w.u32be(integer(cursor, -0x8000_0000, 0x7fff_ffff) >>> 0);
      return;
    case "text":
      w.put(text(cursor));
      return;
    case "octets":
      w.put(octets(cursor));
      return;
    case "domain":
      w.put(domain(cursor));
      return;
    case "domains":
      w.put(domains(cursor));
      return;
  }
}

/** @throws Abandoned */
export function address(cursor: Cursor): Ipv4Address {
  const { token } = cursor;
  const parsed = token.kind === "word" ? parseIpv4Address(token.text) : undefined;
  if (parsed !== undefined) {
    cursor.take();
    return parsed;
  }
  if (token.kind === "word" && /^[A-Za-z][A-Za-z0-9.-]*$/.test(token.text)) {
    return cursor.refuse(`'${token.text}' is a name; an address is wanted here, since names are not looked up`);
  }
  return cursor.refuse("an address such as 192.168.2.1 is wanted here");
}

/** RFC 4291, section 2.2, without addresses of IPv4 inside. 16 octets. @throws Abandoned */
function address6(cursor: Cursor): Uint8Array {
  const { text: written } = cursor.word("an IPv6 address");
  const [head = "", tail, ...more] = written.split("::");
  const groups = (part: string | undefined): string[] => (part === undefined || part === "" ? [] : part.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const missing = 8 - before.length - after.length;
  const good = more.length === 0 && (tail === undefined ? missing === 0 : missing > 0);
  const all = [...before, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...after];
  if (!good || !all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)))
    cursor.refuse(`'${written}' is no IPv6 address`);
  const w = new Writer();
  for (const group of all) w.u16be(Number.parseInt(group, 16));
  return w.finish();
}

const yes = new Set(["true", "on"]);
const no = new Set(["false", "off"]);

/** @throws Abandoned */
export function flag(cursor: Cursor): boolean {
  const word = cursor.token.kind === "word" ? cursor.token.text.toLowerCase() : "";
  if (!yes.has(word) && !no.has(word)) cursor.refuse("true or false is wanted here");
  cursor.take();
  return yes.has(word);
}

/** Decimal, octal (0...) or hexadecimal (0x...). @throws Abandoned */
export function integer(cursor: Cursor, least: number, greatest: number): number {
  const negative = cursor.isMark("-");
  const sign = negative ? cursor.take() : undefined;
  const { token } = cursor;
  const digits = token.kind === "word" ? token.text : "";
  if (!/^(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(digits)) cursor.refuse("a number is wanted here");
  const magnitude = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  const value = sign === undefined ? magnitude : -magnitude;
  if (value < least || value > greatest) cursor.refuse(`${value} is not in ${least}..${greatest}`);
  cursor.take();
  return value;
}

/** @throws Abandoned */
function text(cursor: Cursor): Uint8Array {
  const { token } = cursor;
  if (token.kind === "string") {
    cursor.take();
    return octetsOf(token.text);
  }
  const fix = token.kind === "word" ? `"${token.text}"` : undefined;
  return cursor.refuse("text in quotes is wanted here", fix === undefined ? {} : { fix });
}

/** Text in quotes, or numbers of one or two hexadecimal digits with colons between them. @throws Abandoned */
export function octets(cursor: Cursor): Uint8Array {
  const { token } = cursor;
  if (token.kind === "word") {
    const bytes = hexadecimal(token);
    if (bytes === undefined) cursor.refuse("text in quotes, or hexadecimal numbers with colons, are wanted here");
    cursor.take();
    return bytes;
  }
  return text(cursor);
}

function hexadecimal({ text: written }: Token): Uint8Array | undefined {
  const parts = written.split(":");
  if (!parts.every((part) => /^[0-9a-fA-F]{1,2}$/.test(part))) return undefined;
  return bytesOfHex(parts.map((part) => part.padStart(2, "0")).join(""));
}

/** RFC 1035, section 3.1. @throws Abandoned */
function domain(cursor: Cursor): Uint8Array {
  const { token } = cursor;
  if (token.kind !== "string" && token.kind !== "word") cursor.refuse("a domain name is wanted here");
  const labels = token.text.replace(/\.$/, "").split(".");
  if (labels.some((label) => label.length === 0 || label.length > 63) || token.text.length > 254) {
    cursor.refuse(`'${token.text}' is no domain name: its parts have 1 to 63 letters`);
  }
  cursor.take();
  const w = new Writer();
  for (const label of labels) w.u8(label.length).put(octetsOf(label));
  return w.u8(0).finish();
}

/** Without compression, which readers don't need. RFC 3397, section 2. @throws Abandoned */
function domains(cursor: Cursor): Uint8Array {
  const w = new Writer();
  do w.put(domain(cursor));
  while (cursor.skips(","));
  return w.finish();
}
