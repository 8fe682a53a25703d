/** Looks for other networks before the access point starts. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import { KernelRefusal } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { BssPort, Frequency, ScanResult } from "../driver/port.ts";

/** Another scan may be on its way. */
const again = seconds(1);
const attempts = 15;
/** How long a scan may take. */
const patience = seconds(15);

export class NeighbourScan {
  readonly #timers: NamedTimers<"scan">;
  #waiter: ((outcome: Outcome) => void) | undefined;

  constructor(clock: Clock) {
    this.#timers = new NamedTimers(clock);
  }

  /** @returns undefined where the radio could not look */
  async look(port: BssPort, frequencies: readonly Frequency[], log: Log): Promise<readonly ScanResult[] | undefined> {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const { promise, resolve } = settleable();
      this.#waiter = resolve;
      try {
        port.scan(frequencies);
        this.#timers.arm("scan", patience, () => this.finish(true));
      } catch (thrown) {
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        if (thrown.errno !== "EBUSY" || attempt === attempts) {
          log.warning(`could not look for neighbours: ${thrown.message}`);
          return undefined;
        }
        log.info(`Failed to request a scan of neighboring BSSes (${thrown.message}) - try to scan again`);
        this.#timers.arm("scan", again, () => resolve("again"));
      }
      const outcome = await promise;
      if (outcome === "done") return port.scanResults();
      if (outcome === "failed") return undefined;
    }
    return undefined;
  }

  /** The radio says so, or nobody waits any more. */
  finish(aborted: boolean): void {
    this.#timers.disarm("scan");
    this.#waiter?.(aborted ? "failed" : "done");
    this.#waiter = undefined;
  }
}

type Outcome = "done" | "failed" | "again";

function settleable(): { readonly promise: Promise<Outcome>; readonly resolve: (outcome: Outcome) => void } {
  let resolve: (outcome: Outcome) => void = () => undefined;
  const promise = new Promise<Outcome>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
