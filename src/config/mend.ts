/**
 * Mends that are certain: what is written differs from what is meant in case, blanks or separators only, or says nothing.
 * Pure; whoever asks for them writes the file.
 */

import { type OctetText, octetsOf, octetTextOf } from "./octets.ts";
import type { Problem } from "./problem.ts";

export interface MendedLine {
  /** From 1. */
  readonly line: number;
  readonly before: OctetText;
  readonly after: OctetText;
}

export interface Mended {
  readonly text: Uint8Array;
  readonly lines: readonly MendedLine[];
  /** What they mend. */
  readonly problems: readonly Problem[];
}

/** What makes no difference to what somebody meant. */
const squashed = (text: OctetText): string =>
  text
    .replace(/^\xef\xbb\xbf/, "")
    .replace(/[\s_.:-]/g, "")
    .toLowerCase();

/** @param problems those of this file */
export function mend(text: Uint8Array, problems: readonly Problem[]): Mended {
  const lines = octetTextOf(text).split("\n");
  const changed = new Map<number, OctetText>();
  const mended: Problem[] = [];
  const current = (line: number): OctetText => changed.get(line) ?? lines[line - 1] ?? "";
  // From the right, so that what is further left stays where it was.
  for (const problem of [...problems].sort((a, b) => b.column - a.column)) {
    const after = mendedLine(problem, current(problem.idle ?? problem.line));
    if (after === undefined) continue;
    changed.set(problem.idle ?? problem.line, after);
    mended.push(problem);
  }
  const windows = problems.find(isCarriageReturn);
  if (windows !== undefined) {
    for (const [i, line] of lines.entries())
      if (line.endsWith("\r")) changed.set(i + 1, current(i + 1).replace(/\r$/, ""));
    mended.push(windows);
  }
  const after = lines.map((line, i) => changed.get(i + 1) ?? line);
  return {
    text: octetsOf(after.join("\n")),
    lines: [...changed]
      .sort(([a], [b]) => a - b)
      .map(([line, text]) => ({ line, before: lines[line - 1] ?? "", after: text })),
    problems: mended,
  };
}

/** Its mend is a command for all lines. */
const isCarriageReturn = ({ fix }: Problem): boolean => fix?.startsWith("sed ") === true;

function mendedLine(problem: Problem, line: OctetText): OctetText | undefined {
  const { idle, fix, column, length } = problem;
  if (idle !== undefined) return line === "" || line.startsWith("#") ? undefined : `#${line}`;
  if (fix === undefined || problem.line === 0 || column === 0 || isCarriageReturn(problem)) return undefined;
  const written = line.slice(column - 1, column - 1 + length);
  if (written === "" || written === fix || squashed(written) !== squashed(fix)) return undefined;
  const behind = line.slice(column - 1 + length);
  // `ssid = home` is meant without the blanks on both sides.
  const rest = /[ \t]$/.test(written) && behind.startsWith("=") ? behind.replace(/^=[ \t]+/, "=") : behind;
  return line.slice(0, column - 1) + fix + rest;
}

/** What has become of a text whose lines are as many as before. */
export function changedLines(before: Uint8Array, after: Uint8Array): readonly MendedLine[] {
  const old = octetTextOf(before).split("\n");
  const now = octetTextOf(after).split("\n");
  return old.flatMap((line, i) => {
    const text = now[i] ?? "";
    return text === line ? [] : [{ line: i + 1, before: line, after: text }];
  });
}

/** A diff of lines, as diff -u shows it; `shown` hides what is secret. */
export function diffText(file: string, lines: readonly MendedLine[], shown: (line: OctetText) => string): string {
  const hunks = lines.map(
    ({ line, before, after }) => `@@ -${line} +${line} @@\n-${shown(before)}\n+${shown(after)}\n`,
  );
  return `--- ${file}\n+++ ${file}\n${hunks.join("")}`;
}
