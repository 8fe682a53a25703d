/** From files on the command line to configurations, with everything that is wrong said at once. */

import { ConfigurationError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { FileSource } from "../config/kinds.ts";
import { parseConfiguration } from "../config/parser.ts";
import { describe, hostapdLines, isError, type Problem } from "../config/problem.ts";
import type { PskEntries } from "../config/psk-entries.ts";
import { parsePskFile } from "../config/psk-file.ts";
import type { Configuration } from "../config/registry.ts";
import { readBounded } from "../linux/read-bounded.ts";

/** Larger files are refused: nobody writes them by hand, and no generator needs them. */
const largestFile = 16 * 1024 * 1024;

export const files: FileSource = (path) => {
  let contents: Uint8Array;
  try {
    contents = readBounded(path, largestFile);
  } catch (thrown) {
    const reason = thrown instanceof Error && "code" in thrown ? explain(String(thrown.code)) : String(thrown);
    throw new ConfigurationError(`can't read '${path}': ${reason}`);
  }
  if (contents.length > largestFile) throw new ConfigurationError(`'${path}' is larger than ${largestFile} octets`);
  return contents;
};

const explain = (code: string): string =>
  ({ ENOENT: "there is no such file", EACCES: "permission denied", EISDIR: "it is a directory" })[code] ?? code;

/**
 * @param interfaceName in place of the one that the file names
 * @throws ConfigurationError where the file can't be read or has errors; they have been logged then
 */
export function readConfiguration(path: string, log: Log, interfaceName?: string): Configuration {
  const { configuration, problems } = parseConfiguration(files(path), path, files, interfaceName);
  logProblems(problems, log);
  if (!configuration) throw new ConfigurationError(`'${path}' has errors`);
  return configuration;
}

/** @throws ConfigurationError where the file can't be read or has errors */
export function readPskFile(path: string, log: Log): PskEntries {
  const { entries, problems } = parsePskFile(files(path), path);
  logProblems(problems, log);
  if (problems.some(isError)) throw new ConfigurationError(`'${path}' has errors`);
  return entries;
}

export function logProblems(problems: readonly Problem[], log: Log): void {
  for (const problem of problems) {
    log.write(
      problem.severity === "error" ? "error" : problem.severity === "warning" ? "warning" : "info",
      describe(problem),
    );
  }
  for (const line of hostapdLines(problems)) log.error(line);
}
