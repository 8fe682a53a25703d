/**
 * How busy the channel of a BSS is: measured every few beacons, told in the BSS Load element, averaged for STATUS.
 * IEEE Std 802.11-2020, 9.4.2.27, 11.11.9.
 */

import { NamedTimers } from "../base/clock.ts";
import { timeUnits } from "../base/duration.ts";
import type { ChannelSurvey } from "../driver/port.ts";
import { type BssLoad, encodeBssLoad } from "../wire/ieee80211/bss-load.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import type { Bss } from "./bss.ts";
import type { Offer } from "./offer.ts";

/** 0 to 255 for never to always. @returns undefined where the radio has measured nothing in between */
export function utilizationBetween(before: ChannelSurvey | undefined, now: ChannelSurvey): number | undefined {
  const time = now.time - (before?.time ?? 0);
  const busy = now.busy - (before?.busy ?? 0);
  // Its counters begin anew where it has been on another channel.
  if (time <= 0 || busy < 0) return undefined;
  return Math.min(255, Math.floor((busy * 255) / time));
}

/** Samples until there are enough of them for an average. */
export interface Averaging {
  readonly sum: number;
  readonly samples: number;
  /** Of the last whole period. */
  readonly average: number;
}

export const noAverage: Averaging = { sum: 0, samples: 0, average: 0 };

/** @param wanted how many samples make an average */
export function addSample({ sum, samples, average }: Averaging, sample: number, wanted: number): Averaging {
  const next = { sum: sum + sample, samples: samples + 1, average };
  return next.samples >= wanted ? { ...noAverage, average: Math.floor(next.sum / next.samples) } : next;
}

export class ChannelLoad {
  readonly #bss: Bss;
  readonly #timers: NamedTimers<"BSS load">;
  #last: ChannelSurvey | undefined;
  #utilization = 0;
  #averaging = noAverage;

  constructor(bss: Bss) {
    this.#bss = bss;
    this.#timers = new NamedTimers(bss.clock);
  }

  /** 0 to 255. */
  get utilization(): number {
    return this.#utilization;
  }

  /** Of the last whole chan_util_avg_period, 0 to 255. */
  get average(): number {
    return this.#averaging.average;
  }

  /** From now on, or with other settings from now on. */
  start(): void {
    const { settings, radio } = this.#bss;
    this.#timers.disarmAll();
    if (settings.bss_load_update_period === 0) return;
    const period = timeUnits(settings.bss_load_update_period * radio.settings.beacon_int);
    this.#timers.arm("BSS load", period, () => {
      this.#measure();
      this.start();
    });
  }

  stop(): void {
    this.#timers.disarmAll();
    this.#last = undefined;
  }

  #measure(): void {
    const { settings } = this.#bss;
    const survey = this.#bss.attempt((port) => port.survey());
    if (!survey) return;
    const before = this.#utilization;
    this.#utilization = utilizationBetween(this.#last, survey) ?? before;
    this.#last = survey;
    const { chan_util_avg_period: period, bss_load_update_period: update } = settings;
    if (period > 0) this.#averaging = addSample(this.#averaging, this.#utilization, Math.ceil(period / update));
    if (this.#utilization !== before) this.#bss.refreshBeacon();
  }
}

/** For STATUS and beacons. */
export function bssLoadElements({ settings, stationCount, channelUtilization }: Offer): Element[] {
  const load = settings.bss_load_test ? parseTestLoad(settings.bss_load_test) : undefined;
  if (!load && settings.bss_load_update_period === 0) return [];
  const data = encodeBssLoad(load ?? { stationCount, channelUtilization, availableAdmissionCapacity: 0 });
  return [{ id: elementId.bssLoad, data }];
}

/** `stations:utilization:capacity` */
function parseTestLoad(text: string): BssLoad {
  const [stationCount = 0, channelUtilization = 0, availableAdmissionCapacity = 0] = text.split(":").map((part) => {
    return Number.parseInt(part, 10) || 0;
  });
  return { stationCount, channelUtilization, availableAdmissionCapacity };
}
