/** Access points that are heard around: whose stations ours have to be careful of. IEEE Std 802.11-2020, 9.4.2.11, 10.27. */

import { MalformedError, Reader } from "../base/bytes.ts";
import { type Clock, NamedTimers } from "../base/clock.ts";
import { type Duration, seconds, since } from "../base/duration.ts";
import { macAddressOf } from "../base/mac-address.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { Frequency } from "../driver/port.ts";
import { decodeBeacon } from "../wire/ieee80211/beacon.ts";
import { elementId, findElement } from "../wire/ieee80211/element.ts";
import { decodeErp } from "../wire/ieee80211/erp.ts";
import { decodeManagementHeader } from "../wire/ieee80211/frame.ts";
import { joinRates } from "../wire/ieee80211/supported-rates.ts";
import { type ChannelPlan, channelOf } from "./channel-plan.ts";
import { knowsOfdm } from "./rates.ts";

interface Neighbour {
  /** Its channel is ours, or our second 20 MHz. */
  readonly isErp: boolean;
  readonly isHt: boolean;
  readonly heardAt: Duration;
}

export interface Around {
  readonly settings: RadioSettings;
  readonly plan: ChannelPlan | undefined;
}

/** What a neighbour says changes rarely: in between its beacons are only counted as signs of life. */
const lookAgain = seconds(1);
const review = seconds(1);

export class Neighbours {
  readonly #clock: Clock;
  readonly #timers: NamedTimers<"neighbours">;
  /** The one that was heard longest ago first. */
  readonly #known = new Map<string, Neighbour>();

  /** @param changed hears what there is now */
  constructor(
    clock: Clock,
    readonly around: () => Around,
    readonly changed: (olbc: { readonly erp: boolean; readonly ht: boolean }) => void,
  ) {
    this.#clock = clock;
    this.#timers = new NamedTimers(clock);
  }

  /** @param frame whole, from its MAC header on */
  hear(frame: Uint8Array, frequency: Frequency): void {
    const { settings, plan } = this.around();
    if (!plan || settings.ap_table_max_size < 1 || frame.length < 24) return;
    const address = macAddressOf(frame.subarray(16, 22));
    const known = this.#known.get(address);
    const now = this.#clock.now();
    if (known && since(this.#clock, known.heardAt) < lookAgain) return;
    const neighbour = describe(frame, frequency, plan, now);
    if (!neighbour) return;
    this.#known.delete(address);
    this.#known.set(address, neighbour);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= settings.ap_table_max_size) break;
      this.#known.delete(oldest);
    }
    this.#tell();
  }

  forget(): void {
    this.#timers.disarmAll();
    this.#known.clear();
    this.changed({ erp: false, ht: false });
  }

  #tell(): void {
    const all = [...this.#known.values()];
    const olbc = { erp: all.some(({ isErp }) => !isErp), ht: all.some(({ isHt }) => !isHt) };
    this.changed(olbc);
    if (olbc.erp || olbc.ht) this.#timers.arm("neighbours", review, () => this.#review());
  }

  #review(): void {
    const { ap_table_expiration_time: patience } = this.around().settings;
    for (const [address, { heardAt }] of this.#known) {
      if (since(this.#clock, heardAt) <= seconds(patience)) break;
      this.#known.delete(address);
    }
    this.#tell();
  }
}

/** @returns undefined where it can't be read or doesn't reach us */
function describe(frame: Uint8Array, frequency: Frequency, plan: ChannelPlan, now: Duration): Neighbour | undefined {
  try {
    const reader = new Reader(frame, ["neighbour"]);
    if (decodeManagementHeader(reader).subtype !== "beacon") return undefined;
    const { elements } = decodeBeacon(reader);
    const body = (id: number): Uint8Array | undefined => findElement(elements, id)?.data;
    const channel =
      body(elementId.dsParameterSet)?.[0] ?? body(elementId.htOperation)?.[0] ?? channelOf(frequency).channel;
    const second = plan.channel + { above: 4, below: -4, none: 0 }[plan.secondary];
    if (channel !== plan.channel && channel !== second) return undefined;
    const erp = body(elementId.erp);
    const isNonErpNear = erp !== undefined && decodeErp(new Reader(erp, ["ERP"])).nonErpPresent;
    const rates = Uint8Array.from(joinRates(elements).rates, ({ rate }) => rate);
    const isOurs = plan.band.name === "2.4GHz" && channel === plan.channel;
    return {
      isErp: !isOurs || (!isNonErpNear && knowsOfdm(rates)),
      isHt: body(elementId.htCapabilities) !== undefined,
      heardAt: now,
    };
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}
