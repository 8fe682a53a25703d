import type { CommandDescription } from "../base/command-line/description.ts";
import { helpText, usageText } from "../base/command-line/help-text.ts";
import type { Terminal } from "./terminal.ts";

/** One of `beacon`'s commands. */
export interface Command {
  readonly description: CommandDescription;
  /** What follows the name goes to somebody else, `--help` too where it is not the first. */
  readonly passesOn?: true;
  /** @returns the exit status */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Exit statuses of `beacon`. */
export const exitStatus = { done: 0, failed: 1, usage: 2 } as const;

export const helpOf = (description: CommandDescription): string => helpText("beacon", description);

/** Says what is wrong with a command line, and what would be right. @returns the exit status for it */
export function wrongCommandLine(description: CommandDescription, refused: string, { errors }: Terminal): number {
  const name = `beacon ${description.name}`;
  errors.write(`${name}: ${refused}\n\n${usageText("beacon", description)}\n\n'${name} --help' says more.\n`);
  return exitStatus.usage;
}
