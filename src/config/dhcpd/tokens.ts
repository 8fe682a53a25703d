/** dhcpd.conf as tokens, each with its place. */

import type { OctetText } from "../octets.ts";

export type Token =
  /** Letters, digits, and `-`, `_`, `.`, `:` between them: names, numbers, addresses. */
  | { readonly kind: "word"; readonly text: OctetText; readonly at: Place }
  /** In quotes; `text` is what they enclose, with escapes resolved. */
  | { readonly kind: "string"; readonly text: OctetText; readonly at: Place }
  | { readonly kind: "mark"; readonly text: OctetText; readonly at: Place }
  | { readonly kind: "end"; readonly text: ""; readonly at: Place };

export interface Place {
  /** From 1. */
  readonly line: number;
  /** Octets from the start of the line, from 1. */
  readonly column: number;
  readonly length: number;
}

export interface BrokenToken {
  readonly at: Place;
  readonly message: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly broken: readonly BrokenToken[];
}

const wordStart = /[A-Za-z0-9_]/;
const wordPart = /[A-Za-z0-9_.:-]/;
const mark = /[{};,=()!/~<>?-]/;

export function tokensOf(text: OctetText): Tokens {
  const tokens: Token[] = [];
  const broken: BrokenToken[] = [];
  let line = 1;
  let lineStart = 0;
  let at = 0;
  const place = (from: number, to: number): Place => ({
    line,
    column: from - lineStart + 1,
    length: Math.max(1, to - from),
  });
  while (at < text.length) {
    const start = at;
    const character = text[at] ?? "";
    if (character === "\n") {
      line += 1;
      at += 1;
      lineStart = at;
    } else if (/[ \t\r\f]/.test(character)) {
      at += 1;
    } else if (character === "#") {
      while (at < text.length && text[at] !== "\n") at += 1;
    } else if (character === '"') {
      const { end, value, closed } = quoted(text, at + 1);
      const token = { kind: "string", text: value, at: place(start, end) } as const;
      at = end;
      if (closed) tokens.push(token);
      else broken.push({ at: token.at, message: "the quotes are not closed on this line" });
    } else if (wordStart.test(character)) {
      while (at < text.length && wordPart.test(text[at] ?? "")) at += 1;
      tokens.push({ kind: "word", text: text.slice(start, at), at: place(start, at) });
    } else if (mark.test(character)) {
      at += 1;
      tokens.push({ kind: "mark", text: character, at: place(start, at) });
    } else {
      at += 1;
      broken.push({ at: place(start, at), message: "this character means nothing here" });
    }
  }
  tokens.push({ kind: "end", text: "", at: place(at, at) });
  return { tokens, broken };
}

interface Quoted {
  /** After the closing quotes, or at the line's end. */
  readonly end: number;
  readonly value: OctetText;
  readonly closed: boolean;
}

const escapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", b: "\b" };

function quoted(text: OctetText, from: number): Quoted {
  let value = "";
  let at = from;
  while (at < text.length && text[at] !== "\n") {
    const character = text[at] ?? "";
    if (character === '"') return { end: at + 1, value, closed: true };
    if (character !== "\\") {
      value += character;
      at += 1;
      continue;
    }
    const code = /^(?:x[0-9A-Fa-f]{1,2}|[0-3]?[0-7]{1,2})/.exec(text.slice(at + 1, at + 4))?.[0];
    if (code === undefined) {
      const next = text[at + 1] ?? "";
      value += escapes[next] ?? next;
      at += 2;
    } else {
      const number = code.startsWith("x") ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
      value += String.fromCharCode(number);
      at += 1 + code.length;
    }
  }
  return { end: at, value, closed: false };
}
