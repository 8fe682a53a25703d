/** The way back of a radio that something was taken from: tried more than once, longer and longer apart. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import { type Duration, seconds } from "../base/duration.ts";

/** An interface that has come back is not ready at once. */
const delays: readonly Duration[] = [0, 1, 2, 5, 10, 30].map(seconds);

export class ComingBack {
  readonly #timers: NamedTimers<"return">;
  #attempts = 0;

  constructor(clock: Clock) {
    this.#timers = new NamedTimers(clock);
  }

  /** What the next attempt is the first of again. */
  reset(): void {
    this.#attempts = 0;
  }

  /** @returns false where it has been tried often enough */
  arm(attempt: () => void): boolean {
    const delay = delays[this.#attempts];
    if (delay === undefined) return false;
    this.#attempts += 1;
    this.#timers.arm("return", delay, attempt);
    return true;
  }

  stop(): void {
    this.#timers.disarmAll();
    this.#attempts = 0;
  }
}
