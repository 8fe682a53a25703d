/**
 * Takes a radio with all its BSSs and stations to another channel, announced beforehand. IEEE Std 802.11-2020, 11.8.8, 11.9.
 * The driver counts down and says when it is done; until then the old channel is what is in force.
 */

import { NamedTimers } from "../base/clock.ts";
import { milliseconds, timeUnits } from "../base/duration.ts";
import { ConfigurationError, KernelRefusal } from "../base/errors.ts";
import { sameValue } from "../base/same-value.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { ChannelDefinition, RadioCapabilities } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import { channelSettingsOf } from "./channel-keys.ts";
import { type ChannelPlan, channelOf, isRefusal, planChannel } from "./channel-plan.ts";
import { expectSaQueries } from "./channel-revalidation.ts";
import { settingsFor } from "./channel-settings.ts";
import type { SwitchAnnouncement } from "./channel-switch-elements.ts";
import { secondaryOf } from "./channel-width.ts";
import type { Radio } from "./radio.ts";
import { switchChannel } from "./showing.ts";

export interface ChannelSwitchRequest {
  /** Those of the radio that are to be in force on the new channel. */
  readonly settings: RadioSettings;
  /** The channel itself, where it has to be exactly this one; what the settings lead to otherwise. */
  readonly definition?: ChannelDefinition;
  /** In beacons: with 0 and 1 nobody is told. */
  readonly count: number;
  /** Stations are to be silent until then. */
  readonly blockTransmission?: boolean;
}

interface Pending {
  readonly announcement: SwitchAnnouncement;
  readonly waiting: Set<Bss>;
}

/** How much longer than its beacons the driver may take. */
const patience = milliseconds(5000);

export class ChannelSwitching {
  readonly #radio: Radio;
  readonly #timers: NamedTimers<"channel switch">;
  #pending: Pending | undefined;
  #waiters: (() => void)[] = [];

  constructor(radio: Radio) {
    this.#radio = radio;
    this.#timers = new NamedTimers(radio.options.clock);
  }

  /** What beacons tell of just now. */
  get announcement(): SwitchAnnouncement | undefined {
    return this.#pending?.announcement;
  }

  /** @throws ConfigurationError, KernelRefusal where no BSS goes; everything is as before then */
  begin({ settings, definition, count, blockTransmission = false }: ChannelSwitchRequest): void {
    const { bsses, log, running } = this.#radio;
    const capabilities = running?.port.capabilities();
    const beaconing = bsses.filter((bss) => bss.isBeaconing);
    if (!capabilities || beaconing.length === 0) throw new ConfigurationError("no access point is up");
    if (this.#pending) throw new ConfigurationError("a channel switch is on its way already");
    if (count < 0 || count > 255) throw new ConfigurationError(`${count} is no number of beacons from 0 to 255`);
    if (!capabilities.channelSwitch) throw new ConfigurationError("the driver can't switch channels");
    const target = targetPlan(settings, definition, capabilities);
    const announcement: SwitchAnnouncement = { target, settings, count, blockTransmission };
    const going: Bss[] = [];
    let refusal: KernelRefusal | undefined;
    for (const bss of beaconing) {
      try {
        switchChannel(bss, announcement);
        going.push(bss);
      } catch (thrown) {
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        refusal = thrown;
        log.warning(`${bss.name} can't switch to ${target.definition.frequency} MHz: ${thrown.message}`);
      }
    }
    if (going.length === 0) throw refusal ?? new ConfigurationError("no access point is up");
    this.#pending = { announcement, waiting: new Set(going) };
    const expected = milliseconds(timeUnits(settings.beacon_int) * count + patience);
    this.#timers.arm("channel switch", expected, () => this.verify());
  }

  /** The driver has begun to count, as it was told or by itself. */
  onStarted(bss: Bss, channel: ChannelDefinition): void {
    this.#radio.log.info(`starting channel switch to ${describe(channel)}`);
    bss.report({ type: "channel-switch-started", channel, ...this.#radarOf(channel) });
  }

  /** The interface is there. */
  onSwitched(bss: Bss, channel: ChannelDefinition): void {
    const { log } = this.#radio;
    const radar = this.#radarOf(channel);
    const pending = this.#pending;
    log.info(`had channel switch to ${describe(channel)}`);
    const isOurs = pending?.announcement.target.definition.frequency === channel.frequency;
    if (pending && isOurs) this.#radio.moveTo(pending.announcement.target);
    else if (!this.#follow(channel)) return;
    bss.report({ type: "channel-switched", channel, ...radar });
    expectSaQueries(bss);
    if (!isOurs) return bss.refreshBeacon();
    const wasAwaited = pending.waiting.delete(bss);
    if (pending.waiting.size === 0) this.#end();
    if (wasAwaited) {
      bss.report({ type: "channel-switch-finished", frequency: channel.frequency, ...radar });
    }
  }

  /** It may be over without our having heard of it. */
  verify(): void {
    const pending = this.#pending;
    if (!pending) return;
    for (const bss of [...pending.waiting]) {
      const channel = bss.attempt((port) => port.channel());
      if (channel?.frequency === pending.announcement.target.definition.frequency) this.onSwitched(bss, channel);
    }
    if (this.#pending !== pending) return;
    // Still to come, if events were lost on the way; or it never will.
    if (this.#timers.isArmed("channel switch")) return;
    this.#radio.log.warning("the driver has not switched the channel");
    this.#end();
  }

  /** What was kept back meanwhile goes into the beacons. */
  #end(): void {
    this.abandon();
    for (const bss of this.#radio.bsses) bss.refreshBeacon();
  }

  /** Nothing is on its way any more. */
  abandon(): void {
    this.#timers.disarmAll();
    this.#pending = undefined;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  /** Settles when nothing is on its way any more. */
  over(): Promise<void> {
    return this.#pending ? new Promise((resolve) => void this.#waiters.push(resolve)) : Promise.resolve();
  }

  /** A BSS that goes takes nobody anywhere any more. */
  forget(bss: Bss): void {
    this.#pending?.waiting.delete(bss);
    if (this.#pending?.waiting.size === 0) this.abandon();
  }

  /** Where the driver has gone by itself. @returns false where that is no channel of this radio */
  #follow(channel: ChannelDefinition): boolean {
    const { running, settings, plan, log } = this.#radio;
    const capabilities = running?.port.capabilities();
    if (!capabilities || !plan || sameValue(plan.definition, channel)) return plan !== undefined;
    const band = capabilities.bands.find(({ channels }) => channels.some((one) => one.frequency === channel.frequency));
    if (!band) {
      log.warning("driver switched to bad channel!");
      return false;
    }
    const { modes } = plan;
    const isHt = channel.width !== "20-no-ht";
    const generations = { ht: isHt, vht: modes.vht !== undefined, he: modes.he !== undefined, eht: modes.eht };
    this.#radio.moveTo({
      band,
      channel: channelOf(channel.frequency).channel,
      settings: channelSettingsOf(settingsFor(settings, channel, generations)),
      definition: channel,
      secondary: secondaryOf(channel),
      modes: { ...modes, ht: isHt },
      may40: secondaryOf(channel) !== "none",
      concessions: [],
    });
    return true;
  }

  #radarOf({ frequency }: ChannelDefinition): { readonly radar: boolean } {
    const channels = this.#radio.running?.port.capabilities().bands.flatMap((band) => band.channels) ?? [];
    return { radar: channels.find((channel) => channel.frequency === frequency)?.radar ?? false };
  }
}

/** @throws ConfigurationError where an access point may not be there, or not so wide */
function targetPlan(
  settings: RadioSettings,
  definition: ChannelDefinition | undefined,
  capabilities: RadioCapabilities,
): ChannelPlan {
  // Who names 40 MHz has decided; neighbours are looked for at the start only.
  const plan = planChannel(definition ? { ...settings, noscan: true } : settings, capabilities);
  if (isRefusal(plan)) throw new ConfigurationError(plan.message);
  if (!definition || sameValue(plan.definition, definition)) return plan;
  throw new ConfigurationError(
    plan.concessions.at(-1) ?? `${describe(definition)} can't be: it would be ${describe(plan.definition)}`,
  );
}

const describe = ({ frequency, width, centerFrequency1 }: ChannelDefinition): string =>
  `${frequency} MHz, ${width} MHz wide around ${centerFrequency1} MHz`;
