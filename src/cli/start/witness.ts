/** Everything that was told so far, by whom, and a way to wait for something to be told. */

import type { ApEvent } from "../../ap/events.ts";
import type { Clock } from "../../base/clock.ts";
import type { Duration } from "../../base/duration.ts";
import type { StationEvent } from "../../virtual/station-event.ts";

export type Testimony =
  | { readonly by: "access-point"; readonly event: ApEvent }
  /** `by` is a virtual station, or the machine behind the access point. */
  | { readonly by: string; readonly event: StationEvent };

export class Witness {
  readonly heard: Testimony[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(readonly clock: Clock) {}

  tell(testimony: Testimony): void {
    if (this.heard.length < mostHeard) this.heard.push(testimony);
    for (const check of [...this.#waiting]) check();
  }

  /** Waits until a condition holds that depends on what was told; not for ever, and not longer than `signal` allows. */
  until(holds: () => boolean, within: Duration, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#waiting.delete(check);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const check = (): void => {
        if (holds()) end();
      };
      const timer = this.clock.after("the next act", within, end);
      this.#waiting.add(check);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
      else check();
    });
  }
}

/** An access point that runs for weeks after the show isn't remembered for weeks. */
const mostHeard = 10_000;
