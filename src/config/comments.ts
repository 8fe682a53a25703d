/** Comments after a value, which hostapd doesn't know: blanks and `#` end the value. */

import type { OctetText } from "./octets.ts";

const quoted = /^P?".*?"(?=[ \t]+#)/s;
const plain = /[ \t]+#/;

/** The value without its comment; the whole text where there is none. */
export function withoutComment(text: OctetText): OctetText {
  // inside quotation marks "#" is what it is
  if (/^P?"/.test(text)) return quoted.exec(text)?.[0] ?? text;
  const match = plain.exec(text);
  return match ? text.slice(0, match.index) : text;
}
