import type { Clock, Timer } from "../src/base/clock.ts";
import { type Duration, milliseconds } from "../src/base/duration.ts";

interface Pending {
  readonly name: string;
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that moves only when told; timers fire in order, and those armed meanwhile fire too. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();

  now(): Duration {
    return milliseconds(this.#now);
  }

  unixTime(): number {
    return 1_700_000_000 + this.#now / 1000;
  }

  after(name: string, delay: Duration, callback: () => void): Timer {
    const pending: Pending = { name, at: this.#now + Math.max(0, delay), order: this.#order++, callback };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** Names of the armed timers, soonest first. */
  get armed(): string[] {
    return this.#inOrder().map((pending) => pending.name);
  }

  advance(by: Duration): void {
    const end = this.#now + by;
    for (;;) {
      const next = this.#soonest();
      if (next === undefined || next.at > end) break;
      this.#pending.delete(next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }

  #soonest(): Pending | undefined {
    let soonest: Pending | undefined;
    for (const pending of this.#pending) if (!soonest || compare(pending, soonest) < 0) soonest = pending;
    return soonest;
  }

  #inOrder(): Pending[] {
    return [...this.#pending].sort(compare);
  }
}

const compare = (a: Pending, b: Pending): number => a.at - b.at || a.order - b.order;
