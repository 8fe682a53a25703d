/** A virtual radio that looks for other networks: it listens on one channel after the other. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import { type Clock, NamedTimers } from "../../base/clock.ts";
import { milliseconds } from "../../base/duration.ts";
import { decodeBeacon } from "../../wire/ieee80211/beacon.ts";
import { encodeElements } from "../../wire/ieee80211/element.ts";
import { decodeManagementHeader } from "../../wire/ieee80211/frame.ts";
import type { Frequency, ScanResult } from "../port.ts";

/** A little more than a beacon interval. */
const dwell = milliseconds(110);

export class VirtualScan {
  readonly #timers: NamedTimers<"dwell">;
  #left: readonly Frequency[] = [];
  #results = new Map<string, ScanResult>();

  constructor(clock: Clock) {
    this.#timers = new NamedTimers(clock);
  }

  /** The channel that it listens to; undefined while there is no scan. */
  get frequency(): Frequency | undefined {
    return this.#left[0];
  }

  get results(): readonly ScanResult[] {
    return [...this.#results.values()];
  }

  start(frequencies: readonly Frequency[], done: () => void): void {
    this.#results.clear();
    this.#left = frequencies;
    this.#next(done);
  }

  /** `done` is not called then. */
  stop(): void {
    this.#timers.disarmAll();
    this.#left = [];
  }

  /** A frame that was heard. */
  hear(frame: Uint8Array, frequency: Frequency): void {
    try {
      const reader = new Reader(frame, ["frame"]);
      const { subtype, bssid } = decodeManagementHeader(reader);
      if (subtype !== "beacon") return;
      this.#results.set(bssid, { bssid, frequency, elements: encodeElements(decodeBeacon(reader).elements) });
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
    }
  }

  #next(done: () => void): void {
    if (this.frequency === undefined) return done();
    this.#timers.arm("dwell", dwell, () => {
      this.#left = this.#left.slice(1);
      this.#next(done);
    });
  }
}
