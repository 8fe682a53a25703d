/** When an access point is on the air: the kernel's own time stamp of its first beacon on the monitor of all the air. */

import { spawn } from "node:child_process";
import { on } from "node:events";
import { createInterface } from "node:readline";

export interface BeaconWatch {
  /** Milliseconds of UNIX time of the next beacon. */
  next(): Promise<number>;
  stop(): void;
}

const monitor = "hwsim0";

/** Comes true when no beacon can be missed any more. The monitor has to be up. @param patience milliseconds */
export async function watchBeacons(patience = 60_000): Promise<BeaconWatch> {
  const child = spawn(
    "tcpdump",
    ["-i", monitor, "--immediate-mode", "--time-stamp-precision=nano", "-l", "-n", "-tt", "type mgt subtype beacon"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const lines = on(createInterface(child.stdout), "line", { signal: AbortSignal.timeout(patience) });
  for await (const [line] of on(createInterface(child.stderr), "line", { signal: AbortSignal.timeout(10_000) })) {
    if (String(line).includes(`listening on ${monitor}`)) break;
  }
  return {
    async next() {
      const { value } = await lines.next();
      const [, time] = /^(\d+\.\d+) /.exec(String(value?.[0])) ?? [];
      if (time === undefined) throw new Error(`tcpdump says no time: ${value?.[0]}`);
      return Number(time) * 1000;
    },
    stop: () => {
      child.kill("SIGTERM");
    },
  };
}
