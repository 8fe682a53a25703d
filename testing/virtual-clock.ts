import type { Clock, Timer } from "../src/base/clock.ts";
import { type Duration, milliseconds } from "../src/base/duration.ts";

interface Pending {
  readonly name: string;
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

/** Time that moves only when told; timers fire in order, and those armed meanwhile fire too. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  /** A binary heap, the soonest on top: a crowd of stations has thousands. Cancelled ones stay in it for a while. */
  #heap: Pending[] = [];
  #cancelled = 0;

  now(): Duration {
    return milliseconds(this.#now);
  }

  unixTime(): number {
    return 1_700_000_000 + this.#now / 1000;
  }

  after(name: string, delay: Duration, callback: () => void): Timer {
    const at = this.#now + Math.max(0, delay);
    const pending: Pending = { name, at, order: this.#order++, callback, isCancelled: false };
    this.#push(pending);
    return { cancel: () => this.#cancel(pending) };
  }

  /** Names of the armed timers, soonest first. */
  get armed(): string[] {
    return this.#heap
      .filter(({ isCancelled }) => !isCancelled)
      .sort(compare)
      .map(({ name }) => name);
  }

  advance(by: Duration): void {
    const end = this.#now + by;
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.at > end) break;
      this.#pop();
      if (next.isCancelled) {
        this.#cancelled -= 1;
        continue;
      }
      // It can't be cancelled any more.
      next.isCancelled = true;
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }

  #cancel(pending: Pending): void {
    if (pending.isCancelled) return;
    pending.isCancelled = true;
    this.#cancelled += 1;
    if (this.#cancelled < 64 || this.#cancelled * 2 < this.#heap.length) return;
    this.#heap = this.#heap.filter(({ isCancelled }) => !isCancelled).sort(compare);
    this.#cancelled = 0;
  }

  #push(pending: Pending): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(pending);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || compare(above, pending) <= 0) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = pending;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      const smaller = right !== undefined && compare(right, left) < 0 ? right : left;
      if (smaller === right) child += 1;
      if (compare(last, smaller) <= 0) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
  }
}

const compare = (a: Pending, b: Pending): number => a.at - b.at || a.order - b.order;
