/** A walk over tokens that collects what is wrong, and goes on behind it. */

import { mostProblems } from "../lines.ts";
import type { OctetText } from "../octets.ts";
import type { Problem, Severity } from "../problem.ts";
import { type Place, type Token, tokensOf } from "./tokens.ts";

/** Blocks in blocks, parentheses in parentheses. */
const deepest = 50;

/** The statement can't be understood; what is wrong is noted already. */
export class Abandoned extends Error {}

export interface Noted {
  readonly severity?: Severity;
  readonly key?: string;
  /** What to write in place of what is pointed at. */
  readonly fix?: string;
}

export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #lines: readonly OctetText[];
  #next = 0;
  #depth = 0;

  constructor(
    text: OctetText,
    readonly file: string,
    readonly problems: Problem[],
  ) {
    const { tokens, broken } = tokensOf(text);
    this.#tokens = tokens;
    this.#lines = text.split("\n");
    for (const { at, message } of broken) this.note(at, message);
  }

  get token(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: { line: 1, column: 1, length: 1 } };
  }

  /** The end is never left behind. */
  take(): Token {
    const { token } = this;
    if (token.kind !== "end") this.#next += 1;
    return token;
  }

  isMark(text: string): boolean {
    return this.token.kind === "mark" && this.token.text === text;
  }

  isWord(text: string): boolean {
    return this.token.kind === "word" && this.token.text.toLowerCase() === text;
  }

  /** @returns whether it was there, and is behind us now */
  skips(text: string): boolean {
    const found = this.isMark(text) || this.isWord(text);
    if (found) this.take();
    return found;
  }

  /** @param what is wanted, in words @throws Abandoned */
  word(what: string): Token {
    if (this.token.kind !== "word") this.refuse(`${what} is wanted here`);
    return this.take();
  }

  /** @throws Abandoned */
  expect(mark: string): void {
    if (this.isMark(mark)) this.take();
    else if (mark === ";") this.#refuseMissingSemicolon();
    else this.refuse(`'${mark}' is wanted here`);
  }

  /** The place that people look at is the end of the statement, not what comes after it. */
  #refuseMissingSemicolon(): never {
    const before = this.#tokens[this.#next - 1];
    if (before === undefined || before.at.line === this.token.at.line) this.refuse("';' is wanted here");
    const { line, column, length } = before.at;
    this.note({ line, column: column + length, length: 1 }, "the ';' at the end is missing", { fix: ";" });
    throw new Abandoned();
  }

  /** What may lie within itself, which ends somewhere. @throws Abandoned */
  within<T>(read: () => T): T {
    if (this.#depth === deepest) this.refuse(`this is the ${deepest}th thing within another`);
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Notes what is wrong with the next token. @throws Abandoned */
  refuse(message: string, noted?: Noted): never {
    const { token } = this;
    this.note(token.at, token.kind === "end" ? `${message}, and the file ends` : message, noted);
    throw new Abandoned();
  }

  note(at: Place, message: string, { severity = "error", ...more }: Noted = {}): void {
    if (this.problems.length >= mostProblems) return;
    const source = this.#lines[at.line - 1];
    this.problems.push({
      severity,
      file: this.file,
      ...at,
      message,
      ...(source === undefined ? {} : { source }),
      ...more,
    });
  }

  /** Behind the statement that can't be understood: its semicolon, or its block. */
  recover(startedAtLine: number): void {
    for (let depth = 0; this.token.kind !== "end"; ) {
      if (depth === 0 && this.isMark("}")) return;
      // A statement that has lost its semicolon ends where the next line begins.
      if (depth === 0 && this.token.at.line > startedAtLine && this.token.kind === "word") return;
      const { text, kind } = this.take();
      if (kind !== "mark") continue;
      if (text === "{") depth += 1;
      if (text === "}") depth -= 1;
      if (depth === 0 && (text === ";" || text === "}")) return;
    }
  }
}
