/**
 * Text of configuration files and of the control socket: octets that are mostly ASCII, and may be anything (an SSID, a
 * passphrase, broken UTF-8). Held as a string with one character U+0000..U+00FF per octet, so that offsets are offsets
 * in the file, and nothing is lost.
 */

import { textOf, utf8 } from "../base/bytes.ts";

export type OctetText = string;

const chunk = 0x2000; // arguments of one call are limited

export function octetTextOf(bytes: Uint8Array): OctetText {
  let text = "";
  for (let start = 0; start < bytes.length; start += chunk) {
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, start + chunk));
  }
  return text;
}

export function octetsOf(text: OctetText): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) octets[at] = text.charCodeAt(at);
  return octets;
}

/** As people read it: UTF-8 where it is, U+FFFD for what isn't, control characters visible. */
export const readable = (text: OctetText): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  textOf(octetsOf(text)).replace(/[\x00-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** Text out of the program's own mouth, as octets of UTF-8. */
export const octetTextOfString = (text: string): OctetText => octetTextOf(utf8(text));

/** The reverse of {@link octetTextOfString}. @returns undefined where it is not UTF-8 */
export function stringOf(text: OctetText): string | undefined {
  const octets = octetsOf(text);
  const string = new TextDecoder("utf-8", { ignoreBOM: true }).decode(octets);
  return octetTextOfString(string) === text ? string : undefined;
}
