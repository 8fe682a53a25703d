import type { Log } from "../base/log.ts";

/** Counts what comes wrong from the air, and says so at each power of two: a flood doesn't fill the log. */
export class Tally {
  readonly #counts = new Map<string, number>();

  constructor(readonly log: Log) {}

  /** @param kind few different ones: it is a map's key */
  count(kind: string, detail: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if ((count & (count - 1)) === 0) this.log.debug(`${kind} (${count} so far): ${detail}`);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
