/** JSON on a line with what shows that it is whole: the first octets of its SHA-256. */

import { hexOf, utf8 } from "../base/bytes.ts";
import { hash } from "./backend/node.ts";

const checksumLength = 8;

export function encodeCheckedLine(value: unknown): string {
  const text = JSON.stringify(value);
  return `${checksumOf(text)} ${text}`;
}

/** @returns what was encoded; undefined where somebody or something has changed the line */
export function decodeCheckedLine(line: string): unknown {
  const text = line.slice(checksumLength + 1);
  return line === `${checksumOf(text)} ${text}` ? JSON.parse(text) : undefined;
}

const checksumOf = (text: string): string => hexOf(hash("sha256", utf8(text))).slice(0, checksumLength);
