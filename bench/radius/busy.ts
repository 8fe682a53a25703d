/** Processes that have the machine do something else, endlessly. */

import { type ChildProcess, spawn } from "node:child_process";

/** @returns ends them */
export function spin(count: number): () => void {
  const processes: ChildProcess[] = Array.from({ length: count }, () =>
    spawn("/bin/sh", ["-c", "while :; do :; done"], { stdio: "ignore" }),
  );
  const end = (): void => {
    for (const each of processes) each.kill("SIGKILL");
  };
  process.once("exit", end);
  return () => {
    process.off("exit", end);
    end();
  };
}
