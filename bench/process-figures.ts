/** What the kernel says about another process. */

import { readFile } from "node:fs/promises";
import koffi from "koffi";
import { systemCall } from "../src/linux/libc.ts";

const clockGettime: (clock: number, time: BigInt64Array) => number = koffi
  .load(null)
  .func("int clock_gettime(int, void *)");

/**
 * Milliseconds of CPU time that a process has taken, in user and in kernel mode, with all its threads: what
 * clock_getcpuclockid(3) is for. /proc has the same sum in lumps of 10 ms.
 */
export function cpuTime(pid: number): number {
  const scheduler = 2;
  const clock = (~pid << 3) | scheduler;
  const time = new BigInt64Array(2);
  systemCall("clock_gettime", () => clockGettime(clock, time));
  const [seconds = 0n, nanoseconds = 0n] = time;
  return Number(seconds) * 1000 + Number(nanoseconds) / 1e6;
}

export interface Memory {
  /** In 10^6 octets. */
  readonly resident: number;
  /** The most that was resident so far. */
  readonly peak: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const megabytes = (field: string): number => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`no ${field} in /proc/${pid}/status`);
    return (Number(kibibytes) * 1024) / 1e6;
  };
  return { resident: megabytes("VmRSS"), peak: megabytes("VmHWM") };
}
