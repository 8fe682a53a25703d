/** 20/40 MHz coexistence while the network is up: narrower at once when somebody asks, wider again after a while. IEEE Std 802.11-2020, 11.15. */

import { MalformedError, Reader } from "../base/bytes.ts";
import { NamedTimers } from "../base/clock.ts";
import { seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import {
  type Coexistence2040,
  decodeCoexistence2040,
  decodeIntolerantChannelReport,
} from "../wire/ieee80211/20-40-coexistence.ts";
import { decodeElements, elementId } from "../wire/ieee80211/element.ts";
import type { Bss } from "./bss.ts";
import { type ChannelPlan, frequencyOf, narrowed } from "./channel-plan.ts";
import { pairOf } from "./forty-megahertz.ts";
import type { Radio } from "./radio.ts";

/** dot11BSSWidthChannelTransitionDelayFactor. IEEE Std 802.11-2020, C.3. */
const transitionDelayFactor = 5;

export interface CoexistenceReport {
  readonly information: Coexistence2040;
  /** Where others are that 40 MHz would disturb. */
  readonly channels: readonly number[];
}

/** Elements of a 20/40 BSS Coexistence frame: what it says comes first. @throws MalformedError */
export function decodeCoexistenceReport(r: Reader): CoexistenceReport {
  const [first, ...others] = decodeElements(r);
  if (first?.id !== elementId.bss2040Coexistence)
    throw new MalformedError(r.path, 0, "no coexistence element in front");
  const information = decodeCoexistence2040(new Reader(first.data, [...r.path, "20/40 BSS Coexistence"]));
  const channels: number[] = [];
  for (const { id, data } of others) {
    if (id !== elementId.bss2040IntolerantChannelReport) break;
    channels.push(...decodeIntolerantChannelReport(new Reader(data, [...r.path, "channel report"])).channels);
  }
  return { information, channels };
}

export class Coexistence {
  readonly #radio: Radio;
  readonly #timers: NamedTimers<"20/40">;
  /** The plan to come back to. */
  #wide: ChannelPlan | undefined;
  #hadIntolerant = false;

  constructor(radio: Radio) {
    this.#radio = radio;
    this.#timers = new NamedTimers(radio.options.clock);
  }

  /** The radio is on this channel from now on. @param plan before anybody made it narrower */
  begin(plan: ChannelPlan): void {
    this.end();
    this.#wide = plan;
  }

  end(): void {
    this.#timers.disarmAll();
    this.#wide = undefined;
    this.#hadIntolerant = false;
  }

  /** Somebody has come or gone. */
  update(): void {
    const isIntolerant = this.#radio.protection.counts.fortyIntolerant > 0;
    const hadIntolerant = this.#hadIntolerant;
    this.#hadIntolerant = isIntolerant;
    if (isIntolerant) {
      this.#timers.disarm("20/40");
      this.#narrow("a station tolerates no 40 MHz");
    } else if (hadIntolerant) {
      this.#widenLater();
    }
  }

  /** @param isAssociated only such may ask for 20 MHz for themselves */
  onReport(
    bss: Bss,
    transmitter: MacAddress,
    { information, channels }: CoexistenceReport,
    isAssociated: boolean,
  ): void {
    const debug = (text: string): void => bss.log.station(transmitter, "IEEE 802.11", "debug", text);
    debug("hostapd_public_action - action=0");
    if (!this.#isHeeded) return;
    if (information.has("width20Request") && !isAssociated) return;
    const reasons = [
      ...(information.has("width20Request")
        ? ["20 MHz BSS width request bit is set in BSS coexistence information field"]
        : []),
      ...(information.has("fortyMhzIntolerant")
        ? ["40 MHz intolerant bit is set in BSS coexistence information field"]
        : []),
      ...channels
        .filter((channel) => this.#isAffected(channel))
        .map((channel) => `20_40_INTOLERANT channel ${channel} reported`),
    ];
    if (reasons.length === 0) return;
    for (const reason of reasons) debug(reason);
    if (this.#narrow(`${transmitter}: ${reasons.join("; ")}`)) {
      bss.log.station(transmitter, "IEEE 802.11", "info", "Switching to 20 MHz operation");
    }
    if (this.#radio.protection.counts.fortyIntolerant === 0) this.#widenLater();
  }

  /** With noscan=1 nobody asks the neighbours, unless ht_coex=1 says otherwise. */
  get #isHeeded(): boolean {
    const { settings } = this.#radio;
    const wide = this.#wide;
    return wide?.may40 === true && wide.band.name === "2.4GHz" && (!settings.noscan || settings.ht_coex);
  }

  #isAffected(channel: number): boolean {
    const wide = this.#wide;
    if (!wide || channel === wide.channel || channel < 1 || channel > 14) return false;
    const { primary, secondary } = pairOf(wide);
    return Math.abs(frequencyOf("2.4GHz", channel) - (primary + secondary) / 2) <= 25;
  }

  /** @returns whether that changed anything */
  #narrow(because: string): boolean {
    const { running, log } = this.#radio;
    if (!running || !this.#isHeeded || running.plan.secondary === "none") return false;
    log.info(`20 MHz from now on: ${because}`);
    this.#radio.changeWidth(narrowed(running.plan));
    return true;
  }

  #widenLater(): void {
    const { obss_interval } = this.#radio.settings;
    if (obss_interval === 0 || !this.#isHeeded) return;
    this.#timers.arm("20/40", seconds(transitionDelayFactor * obss_interval), () => this.#widen());
  }

  #widen(): void {
    const wide = this.#wide;
    const { running, log } = this.#radio;
    if (!wide || !running || running.plan.secondary === wide.secondary) return;
    log.info("Switching to 40 MHz operation");
    this.#radio.changeWidth(wide);
  }
}
