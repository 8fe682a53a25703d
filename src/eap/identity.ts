import { hexOf } from "../base/bytes.ts";

const backslash = 0x5c;
const longestShown = 253;

/** An identity for people and logs: anything but printable ASCII as `\xNN`, and no more than a NAI may have (RFC 7542, section 2.2). */
export function shownIdentity(identity: Uint8Array): string {
  let text = "";
  for (const octet of identity.subarray(0, longestShown)) {
    const isPlain = octet >= 0x20 && octet < 0x7f && octet !== backslash;
    text += isPlain ? String.fromCharCode(octet) : octet === backslash ? "\\\\" : `\\x${hexOf(Uint8Array.of(octet))}`;
  }
  return identity.length > longestShown ? `${text}...` : text;
}
