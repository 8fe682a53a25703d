/** Files of which nobody knows how large they are: devices have no end. */

import { closeSync, openSync, readSync } from "node:fs";

/**
 * @param most octets that may come; of a larger file one octet more is read, so that the caller sees that it is
 * @returns octets of their own @throws Error as Node's file system does
 */
export function readBounded(path: string | 0, most: number): Uint8Array {
  const file = path === 0 ? 0 : openSync(path, "r");
  try {
    let contents = new Uint8Array(64 * 1024);
    let length = 0;
    for (;;) {
      if (length === contents.length) contents = grown(contents);
      const count = readSync(file, contents, length, Math.min(contents.length, most + 1) - length, null);
      length += count;
      if (count === 0 || length > most) break;
    }
    const result = contents.slice(0, length);
    // There may be secrets in it.
    contents.fill(0, 0, length);
    return result;
  } finally {
    if (path !== 0) closeSync(file);
  }
}

function grown(contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(contents.length * 4);
  larger.set(contents);
  contents.fill(0);
  return larger;
}
