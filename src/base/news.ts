import type { Clock } from "./clock.ts";
import { type Duration, seconds, since } from "./duration.ts";

const interval = seconds(60);
/** Beyond so many different things in one interval, the oldest may be said again. */
const mostRemembered = 256;

/** What is worth a line in the log: the same again within a minute is not. */
export class News {
  /** When it was said, the oldest first. */
  readonly #said = new Map<string, Duration>();

  constructor(readonly clock: Pick<Clock, "now">) {}

  /** @returns whether it was not said within the last minute; it counts as said then */
  isNews(what: string): boolean {
    const before = this.#said.get(what);
    if (before !== undefined && since(this.clock, before) < interval) return false;
    this.#said.delete(what);
    this.#said.set(what, this.clock.now());
    for (const oldest of this.#said.keys()) {
      if (this.#said.size <= mostRemembered) break;
      this.#said.delete(oldest);
    }
    return true;
  }
}
