import { type OctetText, octetTextOf } from "./octets.ts";

export interface FileLine {
  /** From 1. */
  readonly line: number;
  /** Without its end, up to an octet 0, and no longer than {@link longestLine}; of a comment only its `#`. */
  readonly text: OctetText;
  /** There is more in the file than in `text`. */
  readonly cut: "no" | "at-nul" | "too-long";
}

/** Octets of a line; hostapd takes what is more for another line. */
export const longestLine = 4094;

/** After so many, whoever reads them has understood. */
export const mostProblems = 1000;

const newline = 0x0a;
const hash = 0x23;

/** Lines of a file but the empty ones. An octet 0 ends its line's text, as it does in C. */
export function* fileLines(bytes: Uint8Array): Generator<FileLine> {
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found === -1 ? bytes.length : found;
    if (end === start) {
      line++;
      start++;
      continue;
    }
    if (bytes[start] === hash) {
      line++;
      yield { line, text: "#", cut: "no" };
      start = end + 1;
      continue;
    }
    const content = bytes.subarray(start, Math.min(end, start + longestLine));
    const nul = content.indexOf(0);
    const cut = nul !== -1 ? "at-nul" : end - start > longestLine ? "too-long" : "no";
    line++;
    yield { line, text: octetTextOf(nul === -1 ? content : content.subarray(0, nul)), cut };
    start = end + 1;
  }
}
