/** A thread's part in telling of strangers: it says who they are, and the main thread, which hears it from all of them, what is to be said. */

import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";
import type { StrangerKind, StrangerLog } from "../../radius/server/strangers.ts";

export interface Stranger {
  readonly kind: StrangerKind;
  readonly address: string;
}

/** The same one is told of once in this time, and no more than so many: they may come as fast as the network is. */
const interval = seconds(1);
const mostTold = 256;

export class RelayedStrangers implements StrangerLog {
  readonly #told = new Set<string>();
  #since: Duration | undefined;

  constructor(
    readonly clock: Pick<Clock, "now">,
    readonly tell: (stranger: Stranger) => void,
  ) {}

  hear(kind: StrangerKind, address: string): void {
    if (this.#since === undefined || since(this.clock, this.#since) >= interval) {
      this.#since = this.clock.now();
      this.#told.clear();
    }
    const key = `${kind} ${address}`;
    if (this.#told.size >= mostTold || this.#told.has(key)) return;
    this.#told.add(key);
    this.tell({ kind, address });
  }
}
