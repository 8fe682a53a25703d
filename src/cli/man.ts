/** `beacon man` and `beacon completion`: what the system wants to know of a program. */

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { version } from "../base/version.ts";
import { nearest } from "../config/nearest.ts";
import { beacondDescription } from "../daemon/description.ts";
import { beaconDescription } from "./beacon.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { completionScript, type Shell } from "./command-line/completion.ts";
import { calledAs, manPage, pageName } from "./command-line/man-page.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { hostapdCliDescription } from "./descriptions/cli.ts";
import { completionDescription, manDescription } from "./descriptions/man.ts";
import { commands as controlCommands } from "./hostapd-cli/commands.ts";
import { systemText, writeSecretFile } from "./secret-file.ts";
import type { Terminal } from "./terminal.ts";

export interface Page {
  /** `beacon-up` */
  readonly name: string;
  readonly section: 1 | 8;
  readonly summary: string;
  readonly roff: string;
}

/** @param date as `2026-08-01` */
export function manPages(date: string): readonly Page[] {
  const commands = beaconDescription.commands ?? [];
  const described = [
    { program: "beacon", section: 1, description: beaconDescription },
    ...commands.map((description) => ({ program: "beacon", section: 1 as const, description })),
    { program: "hostapd_cli", section: 1, description: hostapdCliDescription },
    { program: "beacond", section: 8, description: beacondDescription },
  ] as const;
  const top = ["beacon(1)", "beacond(8)"];
  return described.map(({ program, section, description }): Page => {
    const called = calledAs(program, description);
    const own = `${pageName(called)}(${section})`;
    const others = called === "beacon" ? commands.map((each) => `${pageName(calledAs("beacon", each))}(1)`) : [];
    const seeAlso = [...top, ...others].filter((page) => page !== own);
    const roff = manPage({ description, calledAs: called, section, version, date, seeAlso });
    return { name: pageName(called), section, summary: description.summary, roff };
  });
}

/** Of the build, which is reproducible where SOURCE_DATE_EPOCH says when it was. */
const today = (): string => {
  const epoch = Number(process.env["SOURCE_DATE_EPOCH"] ?? Number.NaN);
  return new Date(Number.isFinite(epoch) ? epoch * 1000 : Date.now()).toISOString().slice(0, 10);
};

/** @returns the exit status */
export async function man(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(manDescription, args);
  if ("refused" in parsed) return wrongCommandLine(manDescription, parsed.refused, terminal);
  const { write, json } = parsed.options;
  const [wanted] = parsed.rest;
  const { output, errors } = terminal;
  const pages = manPages(today());
  if (wanted !== undefined) {
    if (write !== undefined || json) return wrongCommandLine(manDescription, "a page is written as it is", terminal);
    const page = pages.find(({ name }) => name === wanted || name === `beacon-${wanted}`);
    if (page === undefined) {
      const names = pages.map(({ name }) => name.replace(/^beacon-/, ""));
      const meant = nearest(wanted, names);
      const hint = meant === undefined ? "" : `; did you mean '${meant}'?`;
      return wrongCommandLine(manDescription, `there is no page '${wanted}'${hint}`, terminal);
    }
    output.write(page.roff);
    return exitStatus.done;
  }
  if (write !== undefined) {
    const isNew = !existsSync(write);
    try {
      if (isNew) mkdirSync(write);
      for (const { name, section, roff } of pages) writeSecretFile(join(write, `${name}.${section}`), roff, 0o644);
    } catch (thrown) {
      if (isNew) rmSync(write, { recursive: true, force: true });
      errors.write(`the pages can't be written: ${systemText(thrown)}\n`);
      return exitStatus.failed;
    }
  }
  for (const { name, section, summary } of pages) {
    const file = write === undefined ? undefined : join(write, `${name}.${section}`);
    if (json) output.write(`${JSON.stringify({ page: name, section, summary, file })}\n`);
    else output.write(`${file ?? `${`${name}(${section})`.padEnd(24)}${summary}`}\n`);
  }
  return exitStatus.done;
}

/** @returns the exit status */
export async function completion(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(completionDescription, args);
  if ("refused" in parsed) return wrongCommandLine(completionDescription, parsed.refused, terminal);
  const names = controlCommands.map(({ name }) => name);
  // One of those that the description names, and no other.
  const shell = parsed.rest[0] as Shell;
  terminal.output.write(completionScript(shell, { description: beaconDescription, controlCommands: names }));
  return exitStatus.done;
}
