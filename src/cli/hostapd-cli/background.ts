import { spawn } from "node:child_process";

/**
 * Runs this program once more in a session of its own, without a terminal: its output goes nowhere, as is hostapd_cli's way.
 * @returns the exit status for the command: 0 once the other says that it is there
 */
export function runInBackground(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1, 2), ...args], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve) => {
    child.once("message", () => {
      child.disconnect();
      child.unref();
      resolve(0);
    });
    child.once("error", () => resolve(255));
    child.once("exit", () => resolve(255));
  });
}

/** To whoever waits in {@link runInBackground}. */
export function tellParent(message: "up"): void {
  if (!process.send) return;
  process.send(message);
  process.disconnect?.();
}
