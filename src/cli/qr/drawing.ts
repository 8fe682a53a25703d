/** A QR code, to be seen: on a terminal, as SVG, as PNG. ISO/IEC 18004. */

import { deflateSync } from "node:zlib";
import { ConfigurationError } from "../../base/errors.ts";

/** Rows of modules, true for the dark ones, without the quiet zone. */
export type Modules = readonly (readonly boolean[])[];

/** What a code of the largest version holds at medium error correction, in octets. ISO/IEC 18004, table 7. */
const mostOctets = 2331;

/** Its package is loaded when somebody wants a code only. @throws ConfigurationError where the text is too long */
export async function modulesOf(text: string): Promise<Modules> {
  if (Buffer.byteLength(text) > mostOctets) throw new ConfigurationError("that is too much for a code");
  const { encodeQR } = await import("qr");
  // Its border is at least one module wide.
  const bordered = encodeQR(text, "raw", { ecc: "medium", encoding: "byte", border: 1 });
  return bordered.slice(1, -1).map((row) => row.slice(1, -1));
}

/** Modules around it that have to be light: four by the standard; a terminal has not much room, and cameras do with two. */
const quietZone = 4;
const quietZoneOfTerminal = 2;

/** On `coloured` terminals its own black and white, whatever the colours of the terminal are; otherwise for dark ones. */
export function terminalText(modules: Modules, coloured: boolean): string {
  const size = modules.length + 2 * quietZoneOfTerminal;
  const isDark = (y: number, x: number): boolean =>
    modules[y - quietZoneOfTerminal]?.[x - quietZoneOfTerminal] === true;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    let line = "";
    for (let x = 0; x < size; x++) line += halfBlocks[Number(isDark(y, x))]?.[Number(y + 1 < size && isDark(y + 1, x))];
    // Of a code with an odd number of rows the lower half of the last line is light, and belongs to the quiet zone.
    lines.push(coloured ? `\u001b[38;5;231;48;5;16m${line}\u001b[0m` : line);
  }
  return `${lines.join("\n")}\n`;
}

/** By the upper and the lower module: what is light is drawn, in the terminal's light foreground. */
const halfBlocks = [
  ["█", "▀"],
  ["▄", " "],
] as const;

export function svgText(modules: Modules): string {
  const size = modules.length + 2 * quietZone;
  const path = modules
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + quietZone} ${y + quietZone}h1v1h-1z`] : [])))
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 8}" height="${size * 8}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>\n`;
}

/** Pixels of a module's side. */
const pixels = 10;

/** One bit a pixel, 1 is white. PNG, section 11. */
export function pngOctets(modules: Modules): Uint8Array {
  const size = (modules.length + 2 * quietZone) * pixels;
  const lineLength = 1 + Math.ceil(size / 8);
  const lines = new Uint8Array(size * lineLength);
  for (let y = 0; y < size; y++) {
    const row = modules[Math.floor(y / pixels) - quietZone];
    for (let x = 0; x < size; x++) {
      if (row?.[Math.floor(x / pixels) - quietZone] === true) continue;
      const at = y * lineLength + 1 + (x >> 3);
      lines[at] = (lines[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // one bit, grey
  header.set([1, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Uint8Array.from(
    Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(lines)),
      chunk("IEND", new Uint8Array()),
    ]),
  );
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** PNG, annex D. */
function crc32(octets: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
