/** The message 2s of one station whose keys are being looked for. */

import { sameBytes } from "../base/bytes.ts";
import { type PmkMatch, searchPmk } from "./pmk-match.ts";
import type { PmkSearch } from "./port.ts";
import type { ReceivedKey } from "./received-key.ts";
import type { StationScope } from "./station-scope.ts";

/** A station has one; more are somebody's who sends in its name, and must not keep its own out. */
const most = 4;

interface Running {
  readonly snonce: Uint8Array;
  search: PmkSearch | undefined;
}

export class Message2Searches {
  readonly #running = new Set<Running>();

  constructor(readonly scope: StationScope) {}

  get isEmpty(): boolean {
    return this.#running.size === 0;
  }

  /** A message 2 with this SNonce would bring nothing new. */
  has(snonce: Uint8Array): boolean {
    for (const running of this.#running) if (sameBytes(running.snonce, snonce)) return true;
    return false;
  }

  /** With many of them the oldest gives way. @param found is called once, possibly before this returns; never once it was cancelled */
  begin(received: ReceivedKey, anonce: Uint8Array, found: (match: PmkMatch | undefined) => void): void {
    if (this.#running.size >= most) {
      const [oldest] = this.#running;
      if (oldest) this.#end(oldest);
    }
    const running: Running = { snonce: received.key.nonce, search: undefined };
    this.#running.add(running);
    running.search = searchPmk(this.scope, received, anonce, (match) => {
      this.#running.delete(running);
      found(match);
    });
  }

  cancel(): void {
    for (const running of [...this.#running]) this.#end(running);
  }

  #end(running: Running): void {
    this.#running.delete(running);
    running.search?.cancel();
  }
}
