/**
 * SAE Commits that wait for their turn. Each costs far more than other frames do, so they are dealt with one at a time, and
 * whatever else has come goes before: a crowd at the door keeps nobody inside waiting.
 */

import type { Clock, Timer } from "../base/clock.ts";
import { type Duration, milliseconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";

/** Of each kind. More would wait so long that their stations had given up. */
const mostWaiting = 256;

/** Once everything else that waits has had its turn. */
const nextTurn: Duration = milliseconds(0);

export class CommitQueue {
  /** Those that have shown that they hear us, and those that have yet to: a Commit for each address, the one that came first first. */
  readonly #heard = new Map<MacAddress, () => void>();
  readonly #strangers = new Map<MacAddress, () => void>();
  #turn: Timer | undefined;

  constructor(readonly clock: Pick<Clock, "after">) {}

  get length(): number {
    return this.#heard.size + this.#strangers.size;
  }

  /**
   * A Commit of an address that waits already takes the place of the former one.
   * @returns false where there is no room
   */
  put(address: MacAddress, hearsUs: boolean, handle: () => void): boolean {
    const [queue, other] = hearsUs ? [this.#heard, this.#strangers] : [this.#strangers, this.#heard];
    if (!queue.has(address) && queue.size >= mostWaiting) return false;
    other.delete(address);
    queue.set(address, handle);
    this.#turn ??= this.#next();
    return true;
  }

  /** The station has gone. */
  forget(address: MacAddress): void {
    this.#heard.delete(address);
    this.#strangers.delete(address);
  }

  clear(): void {
    this.#turn?.cancel();
    this.#turn = undefined;
    this.#heard.clear();
    this.#strangers.clear();
  }

  #next(): Timer {
    return this.clock.after("SAE Commits", nextTurn, () => {
      const queue = this.#heard.size > 0 ? this.#heard : this.#strangers;
      const [first] = queue;
      if (first) queue.delete(first[0]);
      this.#turn = this.length > 0 ? this.#next() : undefined;
      first?.[1]();
    });
  }
}
