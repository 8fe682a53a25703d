/** `beacon check`: what is wrong with configuration files, without starting anything. */

import { ConfigurationError } from "../base/errors.ts";
import { parseConfiguration } from "../config/parser.ts";
import { describe, isError } from "../config/problem.ts";
import { files } from "../daemon/read-configuration.ts";
import { type Command, exitStatus } from "./command.ts";
import type { Terminal } from "./terminal.ts";

const help = `usage: beacon check FILE...

Says what is wrong with hostapd.conf files, where, and what would be right.
Nothing is started, and the files named in them are read but not changed.

Example: beacon check /etc/hostapd/hostapd.conf

Exit status: 0 where no file has an error (warnings don't count), 1 where one
has, 2 for a wrong command line.
`;

export const check: Command = {
  name: "check",
  summary: "find what is wrong with configuration files",
  help,
  run: async (args, terminal) => {
    if (args.length === 0) {
      terminal.errors.write(help);
      return exitStatus.usage;
    }
    const good = args.map((path) => checkFile(path, terminal));
    return good.every(Boolean) ? exitStatus.done : exitStatus.failed;
  },
};

function checkFile(path: string, { output, errors }: Terminal): boolean {
  try {
    const { problems } = parseConfiguration(files(path), path, files);
    for (const problem of problems) output.write(`${describe(problem)}\n`);
    const wrong = problems.filter(isError).length;
    if (wrong > 0) output.write(`${path}: ${wrong} error${wrong === 1 ? "" : "s"}\n`);
    else output.write(`${path}: good\n`);
    return wrong === 0;
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    errors.write(`${thrown.message}\n`);
    return false;
  }
}
