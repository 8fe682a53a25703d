/** Where log lines go: standard output, a file that can be reopened, syslog. */

import { closeSync, openSync, writeSync } from "node:fs";
import { utf8 } from "../base/bytes.ts";
import { ConfigurationError, messageOf } from "../base/errors.ts";
import { openUnixDatagramSender } from "../linux/unix-datagram.ts";
import type { SyslogSeverity } from "../observe/log-lines.ts";

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

/** Severities of RFC 5424, 6.2.1. */
const severities: Readonly<Record<SyslogSeverity, number>> = { debug: 7, info: 6, notice: 5, warning: 4, err: 3 };
/** Facility 3, system daemons. */
const facility = 3 << 3;

export interface Syslog {
  write(line: string, severity: SyslogSeverity): void;
  close(): void;
}

/** The system's log, by the protocol of RFC 3164 that local sockets speak; under hostapd's name, for those who filter by it. */
export function openSyslog(path = "/dev/log"): Syslog {
  const socket = openUnixDatagramSender(path);
  return {
    write: (line, severity) => {
      // No syslog daemon, or one that is busy: no reason to stop.
      socket.offer(utf8(`<${facility | severities[severity]}>hostapd[${process.pid}]: ${line}`));
    },
    close: () => socket.close(),
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
