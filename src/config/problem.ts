/** What is wrong with a file, where, and how it is said. */

import { type OctetText, readable } from "./octets.ts";

/** `error`: the file can't be used. `warning`: it can, but not all of it does what it says. `note`: a choice was made. */
export type Severity = "error" | "warning" | "note";

export interface Problem {
  readonly severity: Severity;
  readonly file: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  /** Octets from the start of the line, from 1; 0 where the whole line or file is meant. */
  readonly column: number;
  /** In octets. */
  readonly length: number;
  readonly key?: string;
  readonly message: string;
  /** What to write instead of the octets that are pointed at. */
  readonly fix?: string;
  /** Number of a line of the same file that has no effect, and may go. */
  readonly idle?: number;
  /** The line itself, where it may be shown: never with a secret in it. */
  readonly source?: OctetText;
  /** The whole line that hostapd logs for it. */
  readonly hostapd?: string;
}

const longestShown = 120;

/** For people: `file:line:column: error: message`, and the line with a mark below it. */
export function describe(problem: Problem): string {
  const place = [
    problem.file,
    ...(problem.line > 0 ? [problem.line] : []),
    ...(problem.column > 0 ? [problem.column] : []),
  ];
  const first = `${place.join(":")}: ${problem.severity}: ${problem.message}`;
  const hint = problem.fix === undefined ? [] : [`  did you mean '${problem.fix}'?`];
  return [first, ...markedLine(problem), ...hint].join("\n");
}

function markedLine({ source, column, length }: Problem): string[] {
  if (source === undefined || column === 0) return [];
  // a long line is shown around what is meant
  const start = Math.max(0, Math.min(column - 1 - 20, source.length - longestShown));
  const shown = readable(source.slice(start, start + longestShown));
  const before = readable(source.slice(start, column - 1));
  const marked = readable(source.slice(column - 1, Math.min(column - 1 + length, start + longestShown)));
  return [`  ${shown}`, `  ${" ".repeat([...before].length)}^${"~".repeat(Math.max(0, [...marked].length - 1))}`];
}

/**
 * What hostapd logs for the same file, so that whoever looks for its words finds them; without secrets.
 * @param problems of one file, as the parser gives them
 */
export function hostapdLines(problems: readonly Problem[]): string[] {
  const lines = problems.flatMap((problem) => (problem.hostapd === undefined ? [] : [problem.hostapd]));
  const file = problems.find(isError)?.file;
  if (file === undefined) return lines;
  const errors = problems.filter((problem) => problem.file === file && isError(problem));
  return [...lines, `${errors.length} errors found in configuration file '${file}'`];
}

export const isError = (problem: Problem): boolean => problem.severity === "error";
