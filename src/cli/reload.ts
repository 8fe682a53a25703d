/** `beacon reload`: another configuration for a running access point, or what it would cost. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import { type ReloadReport, reportJson, sentencesOf } from "../control/reload-report.ts";
import { systemClock } from "../linux/clock.ts";
import { Reactor } from "../linux/reactor.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { defaultDirectory } from "./descriptions/cli.ts";
import { reloadDescription } from "./descriptions/reload.ts";
import { connect } from "./hostapd-cli/connection.ts";
import type { Terminal } from "./terminal.ts";

/** @returns the exit status */
export async function reload(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(reloadDescription, args);
  if ("refused" in parsed) return wrongCommandLine(reloadDescription, parsed.refused, terminal);
  const { directory = defaultDirectory, interface: interfaceName, plan, json } = parsed.options;
  const { output, errors } = terminal;
  const sockets = interfaceName === undefined ? socketsIn(directory) : [interfaceName];
  if (sockets.length === 0) {
    errors.write(`no access point has a control socket in ${directory}\n`);
    return exitStatus.failed;
  }
  const reports = new Map<string, ReloadReport>();
  const complaints = new Set<string>();
  /** The global socket may be in the same directory. */
  const strangers = new Set<string>();
  for (const socket of sockets) {
    // A reload before this one may have removed its interface.
    if (reports.size > 0 && !socketsIn(directory).includes(socket)) continue;
    const answer = await ask(join(directory, socket), `RELOAD_CONFIG ${plan ? "plan" : "report"} json`);
    // Interfaces of the same radio know the same: what the first one has done is nothing more to do for the next.
    if ("stranger" in answer) strangers.add(`${socket}: whoever answers there is no access point of this version`);
    else if ("failed" in answer) complaints.add(answer.failed);
    else if (!reports.has(answer.report.radio)) reports.set(answer.report.radio, answer.report);
  }
  for (const report of reports.values()) {
    output.write(
      json
        ? reportJson(report)
        : sentencesOf(report)
            .map((line) => `${line}\n`)
            .join(""),
    );
  }
  if (reports.size === 0) for (const stranger of strangers) complaints.add(stranger);
  for (const complaint of complaints) errors.write(`${complaint}\n`);
  return complaints.size === 0 ? exitStatus.done : exitStatus.failed;
}

function socketsIn(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isSocket())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

type Asked = { readonly report: ReloadReport } | { readonly failed: string } | { readonly stranger: true };

async function ask(path: string, command: string): Promise<Asked> {
  const reactor = new Reactor();
  try {
    const connection = connect({
      reactor,
      clock: systemClock,
      path,
      clientDirectory: undefined,
      processId: process.pid,
      onEvent: () => undefined,
    });
    const answer = await connection.request(command);
    connection.close();
    switch (answer.type) {
      case "answer":
        return understood(textOf(answer.data));
      case "timed-out":
        return { failed: `${path}: no answer in time` };
      case "failed":
        return { failed: `${path}: the access point is gone` };
    }
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal)) throw thrown;
    return { failed: `nobody answers at ${path}` };
  } finally {
    reactor.close();
  }
}

function understood(text: string): Asked {
  if (text.startsWith("FAIL: ")) return { failed: text.slice("FAIL: ".length).trimEnd() };
  try {
    const found: unknown = JSON.parse(text);
    return isReport(found) ? { report: found } : { stranger: true };
  } catch {
    return { stranger: true };
  }
}

/** As far as it is looked at here: what answers may be anything. */
const isReport = (found: unknown): found is ReloadReport =>
  typeof found === "object" &&
  found !== null &&
  "radio" in found &&
  typeof found.radio === "string" &&
  "changes" in found &&
  Array.isArray(found.changes) &&
  "steps" in found &&
  Array.isArray(found.steps);
