import { bytesOfHex } from "../base/bytes.ts";
import { type OctetText, octetsOf } from "./octets.ts";
import { decodePrintf } from "./printf.ts";

/** `"text"`, `P"text with escapes"` or hexadecimal digits. @returns undefined where it is none of these */
export function decodeString(text: OctetText): Uint8Array | undefined {
  const match = /^(P?)"(.*)"$/s.exec(text);
  if (!match) return bytesOfHex(text);
  return match[1] === "P" ? decodePrintf(match[2] ?? "") : octetsOf(match[2] ?? "");
}
