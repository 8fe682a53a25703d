/** Where log lines go: standard output, a file that can be reopened, or both silent. */

import { closeSync, openSync, writeSync } from "node:fs";
import { ConfigurationError, messageOf } from "../base/errors.ts";

export interface LogOutput {
  write(line: string): void;
  /** After the file has been renamed by whoever rotates logs. */
  reopen(): void;
  close(): void;
}

export const standardOutput: LogOutput = {
  write: (line) => put(1, line),
  reopen: () => undefined,
  close: () => undefined,
};

/** @throws ConfigurationError where the file can't be opened */
export function logFile(path: string): LogOutput {
  let fd = open(path);
  return {
    write: (line) => put(fd, line),
    reopen: () => {
      const next = open(path);
      closeSync(fd);
      fd = next;
    },
    close: () => closeSync(fd),
  };
}

/** For its owner only: a log says who is where when. */
function open(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (thrown) {
    throw new ConfigurationError(`can't open the log file: ${messageOf(thrown)}`);
  }
}

/** A log that can't be written (full disk, closed pipe) is no reason to stop. */
function put(fd: number, line: string): void {
  try {
    writeSync(fd, `${line}\n`);
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown)) throw thrown;
  }
}
