/** Stations that a radio has heard lately, associated or not (track_sta_max_num): so many, and for so long. */

import type { Clock } from "../base/clock.ts";
import { type Duration, seconds, since } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";

export interface SeenStation {
  readonly address: MacAddress;
  readonly at: Duration;
  readonly signalDbm: number | undefined;
}

export interface SeenLimits {
  /** 0 remembers nobody. */
  readonly track_sta_max_num: number;
  /** Seconds. */
  readonly track_sta_max_age: number;
}

export class SeenStations {
  /** Who was heard longest ago comes first. */
  readonly #seen = new Map<MacAddress, SeenStation>();

  constructor(
    readonly clock: Clock,
    readonly limits: () => SeenLimits,
  ) {}

  note(address: MacAddress, signalDbm: number | undefined): void {
    const { track_sta_max_num } = this.limits();
    this.#seen.delete(address);
    if (track_sta_max_num > 0) this.#seen.set(address, { address, at: this.clock.now(), signalDbm });
    for (const [oldest] of this.#seen) {
      if (this.#seen.size <= track_sta_max_num) return;
      this.#seen.delete(oldest);
    }
  }

  has(address: MacAddress): boolean {
    const seen = this.#seen.get(address);
    return seen !== undefined && !this.#isOld(seen);
  }

  /** Who was heard last comes first. */
  list(): readonly SeenStation[] {
    for (const [address, seen] of this.#seen) {
      if (!this.#isOld(seen)) break;
      this.#seen.delete(address);
    }
    return [...this.#seen.values()].reverse();
  }

  #isOld({ at }: SeenStation): boolean {
    return since(this.clock, at) > seconds(this.limits().track_sta_max_age);
  }
}
