/** -B: the command returns when the access point is up, or has failed; the daemon lives on in a session of its own. */

import { closeSync, openSync } from "node:fs";

/** @returns the exit status for the command: 0 where the daemon says that it is up */
export async function runInBackground(args: readonly string[]): Promise<number> {
  // Only here: every start would pay for loading it.
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1, 2), ...args], {
    detached: true,
    cwd: process.cwd(),
    // What the daemon says until it is up is for whoever started it.
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve) => {
    child.once("message", () => {
      child.disconnect();
      child.unref();
      resolve(0);
    });
    child.once("error", () => resolve(1));
    child.once("exit", (status) => resolve(status === 0 ? 0 : 1));
  });
}

/**
 * The daemon is up: whoever started it with -B goes on, and doesn't hear from it any more. Nothing happens where nobody
 * waits.
 */
export function tellParent(message: "up"): void {
  if (!process.send) return;
  process.send(message);
  process.disconnect?.();
  // A script that reads all that the command prints would otherwise wait for the daemon's end.
  for (const fd of [1, 2]) {
    closeSync(fd);
    // The lowest free number is the one just closed.
    openSync("/dev/null", "w");
  }
}
