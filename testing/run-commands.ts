/** A program of its own for tests: runs commands of `beacon` where it is started, and writes what came of each as JSON. */

import { readdirSync } from "node:fs";
import { PassThrough } from "node:stream";
import { beacon } from "../src/cli/beacon.ts";

export interface CommandLine {
  readonly args: readonly string[];
  /** On standard input. */
  readonly typed?: string;
}

export interface RunCommands {
  readonly commands: readonly CommandLine[];
  /** All at once. */
  readonly together: boolean;
  /** A folder that is listed before and after each. */
  readonly watched: string | undefined;
}

export interface Outcome {
  readonly line: string;
  /** A word where it has no exit status: it threw, or did not end. */
  readonly status: number | "threw" | "did not end";
  readonly output: string;
  readonly errors: string;
  /** Files of the watched folder that were not there before. */
  readonly left: readonly string[];
}

const patience = 25_000;

async function outcomeOf({ args, typed = "" }: CommandLine, watched: string | undefined): Promise<Outcome> {
  const input = new PassThrough();
  input.end(typed);
  const said = { output: "", errors: "" };
  const collect = (name: keyof typeof said): PassThrough =>
    new PassThrough().on("data", (chunk) => {
      said[name] += chunk;
    });
  const terminal = { input, output: collect("output"), errors: collect("errors") };
  const before = listed(watched);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"did not end">((resolve) => {
    timer = setTimeout(() => resolve("did not end"), patience);
  });
  const running = beacon(args, terminal).catch((thrown: unknown) => {
    said.errors += thrown instanceof Error ? `${thrown.stack}` : String(thrown);
    return "threw" as const;
  });
  const status = await Promise.race([running, late]);
  clearTimeout(timer);
  // What was written last is still on its way.
  await new Promise((resolve) => void setImmediate(resolve));
  const left = listed(watched).filter((name) => !before.includes(name));
  return { line: args.join(" "), status, ...said, left };
}

const listed = (folder: string | undefined): readonly string[] =>
  folder === undefined ? [] : readdirSync(folder, { recursive: true }).map(String).sort();

async function main(): Promise<void> {
  const { commands, together, watched }: RunCommands = JSON.parse(process.argv[2] ?? "");
  const outcomes: Outcome[] = [];
  if (together) outcomes.push(...(await Promise.all(commands.map((command) => outcomeOf(command, watched)))));
  else for (const command of commands) outcomes.push(await outcomeOf(command, watched));
  // Whoever did not end would keep it from ending.
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
}

if (process.argv[1]?.endsWith("run-commands.js")) await main();
