import type { Duration } from "./duration.ts";

export interface Timer {
  /** Harmless when it has fired or was cancelled before. */
  cancel(): void;
}

/** Time as the rest of Beacond sees it; the daemon brings the real one, tests a virtual one. */
export interface Clock {
  /** Monotonic; its zero has no meaning. */
  now(): Duration;
  /** Seconds of UNIX time, for logs and lease files only. */
  unixTime(): number;
  /** @param name what waits, for debugging: `4-way handshake` */
  after(name: string, delay: Duration, callback: () => void): Timer;
}

/** One timer at a time under each name; arming again replaces. What a state machine's arm and disarm effects act on. */
export class NamedTimers<Name extends string> {
  readonly #armed = new Map<Name, Timer>();

  constructor(readonly clock: Clock) {}

  arm(name: Name, delay: Duration, callback: () => void): void {
    this.disarm(name);
    const timer = this.clock.after(name, delay, () => {
      this.#armed.delete(name);
      callback();
    });
    this.#armed.set(name, timer);
  }

  disarm(name: Name): void {
    this.#armed.get(name)?.cancel();
    this.#armed.delete(name);
  }

  isArmed(name: Name): boolean {
    return this.#armed.has(name);
  }

  disarmAll(): void {
    for (const name of [...this.#armed.keys()]) this.disarm(name);
  }
}
