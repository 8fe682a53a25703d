import { type OctetText, octetsOf } from "./octets.ts";

const simple: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", e: "\x1b", "\\": "\\", '"': '"' };

/** Octets of text with the escapes \\ \" \n \r \t \e \xHH and octal; an escape that is none of these vanishes. */
export const decodePrintf = (text: OctetText): Uint8Array =>
  octetsOf(
    text.replace(
      /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]?))/g,
      (_, hex?: string, octal?: string, other?: string) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        return simple[other ?? ""] ?? "";
      },
    ),
  );
