/** `beacon check`: what is wrong with configuration files, without starting anything. */

import { textOf } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { parseDhcpdConf } from "../config/dhcpd/parser.ts";
import { parseConfiguration } from "../config/parser.ts";
import { describe, isError, type Problem } from "../config/problem.ts";
import { files } from "../daemon/read-configuration.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { checkDescription } from "./descriptions/check.ts";
import type { Terminal } from "./terminal.ts";

/** @returns the exit status */
export async function check(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(checkDescription, args);
  if ("refused" in parsed) return wrongCommandLine(checkDescription, parsed.refused, terminal);
  const good = parsed.rest.map((path) => checkFile(path, parsed.options.json, terminal));
  return good.every(Boolean) ? exitStatus.done : exitStatus.failed;
}

function checkFile(path: string, json: boolean, { output, errors }: Terminal): boolean {
  try {
    const problems = problemsOf(files(path), path);
    const wrong = problems.filter(isError).length;
    if (json) {
      for (const problem of problems) output.write(`${JSON.stringify(shape(problem))}\n`);
      return wrong === 0;
    }
    for (const problem of problems) output.write(`${describe(problem)}\n`);
    if (wrong > 0) output.write(`${path}: ${wrong} error${wrong === 1 ? "" : "s"}\n`);
    else output.write(`${path}: good\n`);
    return wrong === 0;
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    errors.write(`${thrown.message}\n`);
    return false;
  }
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

const problemsOf = (text: Uint8Array, path: string): readonly Problem[] =>
  dhcpdStatement.test(textOf(text))
    ? parseDhcpdConf(text, path, files).problems
    : parseConfiguration(text, path, files).problems;
