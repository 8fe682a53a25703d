/** Names for processes that a later process can recognise as alive or gone, however often numbers come again. */

import { readFileSync, readlinkSync } from "node:fs";

/** `1234-567890-4026531836`: process ID, when it began in the kernel's own count, and whose process IDs these are. */
export const ownIdentity = (procfs = "/proc"): string =>
  `${process.pid}-${startOf("self", procfs)}-${namespaceOf(procfs)}`;

/**
 * Whether the process of that name is still there; so it is taken to be where its ID is of another PID namespace, as in
 * another container.
 * @param procfs where proc(5) is mounted
 */
export function isRunning(identity: string, procfs = "/proc"): boolean {
  const [, pid, start, namespace] = /^(\d+)-(\d+)-(\d+)$/.exec(identity) ?? [];
  if (pid === undefined) return false;
  return namespace !== namespaceOf(procfs) || startOf(pid, procfs) === start;
}

/** Field 22 of proc_pid_stat(5). What stands before the last parenthesis is the program's name, and may be anything. */
function startOf(pid: string, procfs: string): string | undefined {
  try {
    const text = readFileSync(`${procfs}/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** pid_namespaces(7): the target of the link is `pid:[4026531836]`. */
function namespaceOf(procfs: string): string {
  try {
    return /\d+/.exec(readlinkSync(`${procfs}/self/ns/pid`))?.[0] ?? "0";
  } catch {
    return "0";
  }
}
