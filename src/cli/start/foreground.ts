/** A command that stays in the foreground until it is told to end. */

import { systemClock } from "../../linux/clock.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import type { Terminal } from "../terminal.ts";
import type { StartParts } from "./run.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** @returns what `act` does, which ends in order when a signal aborts it */
export async function inForeground(terminal: Terminal, act: (parts: StartParts) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const name of signals) process.on(name, onSignal);
  try {
    return await act({
      terminal,
      clock: systemClock,
      entropy: systemEntropy,
      signal: stop.signal,
      env: process.env,
      isRoot: process.getuid?.() === 0,
    });
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
