/** `beacon check`: what is wrong with configuration files, without starting anything. */

import { textOf } from "../base/bytes.ts";
import { BeaconError } from "../base/errors.ts";
import { parseDhcpdConf } from "../config/dhcpd/parser.ts";
import type { FileSource } from "../config/kinds.ts";
import { changedLines, diffText, mend } from "../config/mend.ts";
import { type OctetText, readable } from "../config/octets.ts";
import { parseConfiguration } from "../config/parser.ts";
import { describe, isError, type Problem } from "../config/problem.ts";
import { findKey } from "../config/registry.ts";
import { files } from "../daemon/read-configuration.ts";
import { certificateFindings } from "./check/certificates.ts";
import { type Machine, machineFindings, surveyMachine } from "./check/machine.ts";
import { writeMended } from "./check/write.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { checkDescription } from "./descriptions/check.ts";
import type { Terminal } from "./terminal.ts";

interface Checking {
  readonly terminal: Terminal;
  readonly json: boolean;
  /** undefined where nobody is to look at it. */
  readonly machine: Machine | undefined;
}

/** @returns the exit status */
export async function check(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(checkDescription, args);
  if ("refused" in parsed) return wrongCommandLine(checkDescription, parsed.refused, terminal);
  const { json, fix, "dry-run": dryRun, "no-radio": noRadio } = parsed.options;
  if (dryRun && !fix) return wrongCommandLine(checkDescription, "--dry-run goes with --fix", terminal);
  const checking = { terminal, json, machine: noRadio ? undefined : surveyMachine() };
  const good = parsed.rest.map((path) => {
    try {
      return fix ? fixFile(path, dryRun, checking) : checkFile(path, files, checking);
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      terminal.errors.write(`${thrown.message}\n`);
      return false;
    }
  });
  return good.every(Boolean) ? exitStatus.done : exitStatus.failed;
}

function checkFile(path: string, source: FileSource, { terminal: { output }, json, machine }: Checking): boolean {
  const problems = problemsOf(source(path), path, source, machine);
  const wrong = problems.filter(isError).length;
  if (json) {
    for (const problem of problems) output.write(`${JSON.stringify(shape(problem))}\n`);
    return wrong === 0;
  }
  for (const problem of problems) output.write(`${describe(problem)}\n`);
  if (wrong > 0) output.write(`${path}: ${wrong} error${wrong === 1 ? "" : "s"}\n`);
  else output.write(`${path}: good\n`);
  return wrong === 0;
}

/** A mend may bring to light what it hid; that ends, since each makes a line shorter or plainer. */
const mostPasses = 8;

/** Of the file and of those that it names. @returns whether what is left has no errors */
function fixFile(path: string, dryRun: boolean, checking: Checking): boolean {
  const { terminal, json } = checking;
  const changed = new Map<string, Uint8Array>();
  const source: FileSource = (name) => changed.get(name) ?? files(name);
  for (let pass = 0; pass < mostPasses; pass++) {
    const problems = problemsOf(source(path), path, source, undefined);
    const names = [...new Set(problems.map(({ file }) => file))];
    const mends = names.map((name) => ({
      name,
      ...mend(
        source(name),
        problems.filter(({ file }) => file === name),
      ),
    }));
    if (mends.every(({ lines }) => lines.length === 0)) break;
    for (const { name, text, lines, problems: mended } of mends) {
      if (lines.length === 0) continue;
      changed.set(name, text);
      if (json)
        for (const problem of mended) terminal.output.write(`${JSON.stringify({ ...shape(problem), mended: true })}\n`);
    }
  }
  if (!json)
    for (const [name, text] of changed)
      terminal.output.write(diffText(name, changedLines(files(name), text), shownLine(name === path)));
  if (!dryRun) {
    for (const [name, text] of changed) {
      const kept = writeMended(name, text);
      if (!json) terminal.output.write(`${name}: mended; as it was: ${kept}\n`);
    }
  }
  return checkFile(path, source, checking);
}

/** Lines of hostapd.conf whose key is a secret, or nobody knows, are not shown; of other files none that has more than an address. */
function shownLine(isConfiguration: boolean): (line: OctetText) => string {
  return (line) => {
    const equals = line.indexOf("=");
    const key = findKey(
      line
        .slice(0, equals)
        .replace(/^(#|\xef\xbb\xbf)/, "")
        .trim()
        .toLowerCase(),
    );
    const isOpen = key !== undefined && key.entry.secret !== true;
    if (isConfiguration)
      return equals === -1 || isOpen ? readable(line) : `${readable(line.slice(0, equals))}=[REMOVED]`;
    return readable(line).replace(/^(#?-?[^\s]*\s*).*$/, (whole, first: string) =>
      whole.length > first.length ? `${first}[REMOVED]` : whole,
    );
  };
}

/** What programs are told: the line itself and hostapd's words are for people. */
const shape = ({ file, line, column, length, severity, key, message, fix }: Problem) => ({
  file,
  line,
  column,
  length,
  severity,
  key,
  message,
  fix,
});

/** A statement of dhcpd.conf(5): hostapd's lines are keys and values, without semicolons and braces. */
const dhcpdStatement =
  /^[ \t]*(?:subnet|shared-network|host|group|option|default-lease-time|authoritative)\b[^=\n]*[;{]/m;

function problemsOf(
  text: Uint8Array,
  path: string,
  source: FileSource,
  machine: Machine | undefined,
): readonly Problem[] {
  if (dhcpdStatement.test(textOf(text))) return parseDhcpdConf(text, path, source).problems;
  const { configuration, problems, locate } = parseConfiguration(text, path, source);
  if (configuration === undefined) return problems;
  const more = [
    ...(machine === undefined ? [] : machineFindings(configuration, machine)),
    ...certificateFindings(configuration, source),
  ];
  return [...problems, ...more.map(locate)];
}
