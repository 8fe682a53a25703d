/**
 * Who gets how much of the time on the air. The driver shares it out by weights of stations; where whole BSSs have shares,
 * the weights of those stations that have anything to receive follow from them. Linux: AIRTIME_FAIRNESS.
 */

import { NamedTimers } from "../base/clock.ts";
import { type Duration, milliseconds, since } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { Bss } from "./bss.ts";
import type { Radio } from "./radio.ts";
import type { Station } from "./station.ts";

/** A BSS with a share. */
export interface Shareholder {
  readonly share: number;
  /** It may not have more than its share even where others leave it over. */
  readonly limited: boolean;
  /** Stations that have something waiting. */
  readonly active: number;
}

/** The weight that every station has by itself, and what a weight of 1 is multiplied with: heaviest and lightest come near to it. */
const usualWeight = 256;
const units = { target: 1024, least: 8, most: usualWeight } as const;

/**
 * Weights of the stations of each BSS, so that the BSSs have airtime in the proportion of their shares whatever the number
 * of their stations. With mode `limit` that is done only while a limited BSS would else have more than its share.
 */
export function weightsOf(mode: "dynamic" | "limit", holders: readonly Shareholder[]): readonly number[] {
  const active = holders.filter((holder) => holder.active > 0);
  const shares = sumOf(active.map(({ share }) => share));
  const stations = sumOf(active.map((holder) => holder.active));
  const takesTooMuch = ({ limited, active: own, share }: Shareholder): boolean =>
    limited && own * shares > share * stations;
  const applies = active.length > 1 && (mode === "dynamic" || active.some(takesTooMuch));
  const fewest = Math.min(...active.map((holder) => holder.active));
  const product = active.reduce((all, holder) => all * holder.active, 1);
  // As small as can be: all numbers of stations may have a common divisor.
  const common = active.every((holder) => holder.active % fewest === 0) ? product / fewest : product;
  const relative = holders.map((holder) =>
    applies && holder.active > 0 ? Math.max(1, Math.floor((holder.share * common) / holder.active)) : 1,
  );
  const heaviest = Math.max(1, ...relative);
  const unit = Math.min(units.most, Math.max(units.least, Math.floor(units.target / heaviest)));
  return relative.map((weight) => Math.min(65535, weight * unit));
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** For how many updates a station counts as active after it had something waiting. */
const expiry = 2.5;

export class AirtimePolicy {
  readonly #radio: Radio;
  readonly #timers: NamedTimers<"airtime">;
  readonly #weights = new WeakMap<Station, number>();
  readonly #lastActive = new WeakMap<Station, Duration>();
  #canShare = false;
  /** For tests: every station has something waiting. */
  forcesBacklog = false;

  constructor(radio: Radio) {
    this.#radio = radio;
    this.#timers = new NamedTimers(radio.options.clock);
  }

  /** The radio has come up. */
  start(): void {
    const { settings, capabilities, log } = this.#radio;
    this.#canShare = capabilities?.airtimeWeights ?? false;
    if (settings.airtime_mode !== "off" && !this.#canShare) {
      log.warning("airtime_mode has no effect: the driver can't share airtime out");
    }
    this.#arm();
  }

  #arm(): void {
    const { airtime_mode: mode, airtime_update_interval: interval } = this.#radio.settings;
    this.#timers.disarmAll();
    if (!this.#canShare || (mode !== "dynamic" && mode !== "limit") || interval === 0) return;
    this.#timers.arm("airtime", milliseconds(interval), () => {
      this.#update(mode);
      this.#arm();
    });
  }

  stop(): void {
    this.#timers.disarmAll();
  }

  /** A station has associated. */
  welcome(bss: Bss, station: Station): void {
    if (!this.#canShare || this.#radio.settings.airtime_mode !== "static") return;
    const { airtime_sta_weight: ofStations, airtime_bss_weight: ofBss } = bss.settings;
    const weight = ofStations.get(station.address) ?? ofBss;
    if (weight > 0) this.#set(bss, station, weight);
  }

  #update(mode: "dynamic" | "limit"): void {
    const sharing = this.#radio.bsses.filter((bss) => bss.isBeaconing && bss.settings.airtime_bss_weight > 0);
    const weights = weightsOf(
      mode,
      sharing.map((bss) => ({
        share: bss.settings.airtime_bss_weight,
        limited: bss.settings.airtime_bss_limit,
        active: this.#countActive(bss),
      })),
    );
    for (const [index, bss] of sharing.entries()) {
      for (const station of bss.stations.values()) {
        if (station.isAssociated) this.#set(bss, station, weights[index] ?? usualWeight);
      }
    }
  }

  #countActive(bss: Bss): number {
    const { options, settings } = this.#radio;
    const limit = settings.airtime_update_interval * expiry;
    let active = 0;
    for (const station of bss.stations.values()) {
      if (!station.isAssociated) continue;
      const waits = this.forcesBacklog || (this.#backlogOf(bss, station.address) ?? 0) > 0;
      if (waits) this.#lastActive.set(station, options.clock.now());
      const last = this.#lastActive.get(station);
      if (last !== undefined && since(options.clock, last) < limit) active += 1;
    }
    return active;
  }

  #backlogOf(bss: Bss, address: MacAddress): number | undefined {
    return bss.attempt((port) => port.statistics(address)?.backlogBytes);
  }

  #set(bss: Bss, station: Station, weight: number): void {
    if (this.#weights.get(station) === weight) return;
    const isSet = bss.attempt((port) => {
      port.setAirtimeWeight(station.address, weight);
      return true;
    });
    if (isSet) this.#weights.set(station, weight);
  }
}
