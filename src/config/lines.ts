import { type OctetText, octetTextOf } from "./octets.ts";

export interface FileLine {
  /** From 1. */
  readonly line: number;
  /** Without its end. */
  readonly text: OctetText;
}

const newline = 0x0a;
const nul = 0;

/** Lines of a file; an octet 0 ends its line's text, as it does in C. */
export function* fileLines(bytes: Uint8Array): Generator<FileLine> {
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found === -1 ? bytes.length : found;
    const content = bytes.subarray(start, end);
    const cut = content.indexOf(nul);
    line++;
    yield { line, text: octetTextOf(cut === -1 ? content : content.subarray(0, cut)) };
    start = end + 1;
  }
}
