import type { Terminal } from "./terminal.ts";

/** One of `beacon`'s commands. */
export interface Command {
  readonly name: string;
  /** A few words, for the list of commands. */
  readonly summary: string;
  /** What `--help` shows: usage, options, an example, exit statuses. */
  readonly help: string;
  /** @returns the exit status */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Exit statuses of `beacon`. */
export const exitStatus = { done: 0, failed: 1, usage: 2 } as const;
