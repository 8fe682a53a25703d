/** When what was taken from a radio, or was not to be had, is tried for again: longer and longer apart, and for ever. */

import { type Clock, NamedTimers } from "../base/clock.ts";
import { type Duration, seconds, since } from "../base/duration.ts";

/** An interface that has come back is not ready at once. */
const delays: readonly Duration[] = [0, 1, 2, 5, 10, 30].map(seconds);
const longestDelay = seconds(60);

export class ComingBack {
  readonly #timers: NamedTimers<"return">;
  #attempts = 0;
  #last: Duration | undefined;

  constructor(readonly clock: Clock) {
    this.#timers = new NamedTimers(clock);
  }

  /** Something has changed: the next attempt is made at once, or a second after one that was made just now. */
  hope(attempt: () => void): void {
    this.#attempts = this.#last === undefined || since(this.clock, this.#last) >= seconds(1) ? 0 : 1;
    this.arm(attempt);
  }

  arm(attempt: () => void): void {
    const delay = delays[this.#attempts] ?? longestDelay;
    this.#attempts += 1;
    this.#timers.arm("return", delay, () => {
      this.#last = this.clock.now();
      attempt();
    });
  }

  get isArmed(): boolean {
    return this.#timers.isArmed("return");
  }

  stop(): void {
    this.#timers.disarmAll();
    this.#attempts = 0;
  }
}
