/** Which channel the configuration asks for, and whether this radio may be an access point there. */

import { ConfigurationError } from "../base/errors.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { Band, BandName, ChannelDefinition, Frequency, RadioCapabilities, RadioChannel } from "../driver/port.ts";
import { type ChannelSettings, channelSettingsOf } from "./channel-keys.ts";

export interface ChannelPlan {
  readonly band: Band;
  readonly channel: number;
  readonly definition: ChannelDefinition;
  /** What led here. */
  readonly settings: ChannelSettings;
  /** Where the other half of 40 MHz lies. */
  readonly secondary: "above" | "below" | "none";
  /** What was asked for and isn't done, in words. */
  readonly concessions: readonly string[];
}

export type ChannelRefusal = {
  /**
   * - `no-band`: the radio has no such band
   * - `no-channel`: the band has no such channel
   * - `not-allowed`: the regulatory domain forbids an access point there
   */
  readonly problem: "no-band" | "no-channel" | "not-allowed";
  readonly message: string;
  /** Channels of the same band where it would do. */
  readonly allowed: readonly number[];
};

/** IEEE Std 802.11-2020, annex E: channel starting frequencies 2407, 5000 and 5950 MHz. */
export function channelOf(frequency: Frequency): { readonly band: BandName; readonly channel: number } {
  if (frequency === 2484) return { band: "2.4GHz", channel: 14 };
  if (frequency < 3000) return { band: "2.4GHz", channel: (frequency - 2407) / 5 };
  if (frequency >= 5955 && frequency <= 7115) return { band: "6GHz", channel: (frequency - 5950) / 5 };
  if (frequency >= 4910 && frequency <= 4980) return { band: "5GHz", channel: (frequency - 4000) / 5 };
  return { band: frequency > 50_000 ? "60GHz" : "5GHz", channel: (frequency - 5000) / 5 };
}

export function frequencyOf(band: BandName, channel: number): Frequency {
  switch (band) {
    case "2.4GHz":
      return channel === 14 ? 2484 : 2407 + 5 * channel;
    case "5GHz":
      return channel >= 182 && channel <= 196 ? 4000 + 5 * channel : 5000 + 5 * channel;
    case "6GHz":
      return 5950 + 5 * channel;
    case "60GHz":
      return 56_160 + 2160 * channel;
  }
}

export const mayBeAccessPoint = (channel: RadioChannel): boolean =>
  !channel.disabled && !channel.noIr && !channel.radar;

/** Channel numbers of a band where an access point may be, lowest first. */
export const allowedChannels = (band: Band): readonly number[] =>
  band.channels.filter(mayBeAccessPoint).map((channel) => channelOf(channel.frequency).channel);

const bandOfMode = (settings: RadioSettings, capabilities: RadioCapabilities): BandName => {
  switch (settings.hw_mode) {
    case "b":
    case "g":
      return "2.4GHz";
    case "a":
      return "5GHz";
    case "ad":
      return "60GHz";
    case "any":
      return capabilities.bands.find((band) => band.channels.some(mayBeAccessPoint))?.name ?? "2.4GHz";
  }
};

export function planChannel(settings: RadioSettings, capabilities: RadioCapabilities): ChannelPlan | ChannelRefusal {
  const bandName = bandOfMode(settings, capabilities);
  const band = capabilities.bands.find((candidate) => candidate.name === bandName);
  if (!band) {
    const has = capabilities.bands.map((candidate) => candidate.name).join(" and ") || "nothing";
    return {
      problem: "no-band",
      message: `hw_mode=${settings.hw_mode} needs ${bandName}, and this radio has ${has}`,
      allowed: [],
    };
  }
  const concessions: string[] = [];
  const number = settings.channel === "automatic" ? leastDisturbing(band) : settings.channel;
  if (settings.channel === "automatic" && number !== undefined) {
    concessions.push(`channel=0: no survey is made, so channel ${number} is taken`);
  }
  const channel = band.channels.find((candidate) => channelOf(candidate.frequency).channel === number);
  if (number === undefined || !channel) {
    return {
      problem: "no-channel",
      message: `${bandName} has no channel ${number ?? 0}`,
      allowed: allowedChannels(band),
    };
  }
  if (!mayBeAccessPoint(channel)) {
    return {
      problem: "not-allowed",
      message: `channel ${number} (${channel.frequency} MHz) is not allowed for an access point here: ${whyNot(channel)}`,
      allowed: allowedChannels(band),
    };
  }
  const secondary = secondaryOf(settings, band, channel, concessions);
  return {
    band,
    channel: number,
    settings: channelSettingsOf(settings),
    secondary,
    concessions,
    definition: definitionOf(settings, channel.frequency, secondary),
  };
}

export const isRefusal = (plan: ChannelPlan | ChannelRefusal): plan is ChannelRefusal => "problem" in plan;

/** @throws ConfigurationError, which names the channels that would do */
export function permittedPlan(settings: RadioSettings, capabilities: RadioCapabilities): ChannelPlan {
  const plan = planChannel(settings, capabilities);
  if (!isRefusal(plan)) return plan;
  const others = plan.allowed.length > 0 ? `; allowed are ${plan.allowed.join(", ")}` : "";
  throw new ConfigurationError(`${plan.message}${others}`);
}

/** Why a channel is no place for an access point, in words. */
export function whyNot(channel: RadioChannel): string {
  if (channel.disabled) return "the regulatory domain disables it";
  if (channel.noIr) return "the regulatory domain lets nobody begin to transmit there (no IR)";
  return "radar has to be watched for there, which is not supported yet";
}

/** 1, 6 and 11 overlap nobody; else the first that may be used. */
function leastDisturbing(band: Band): number | undefined {
  const allowed = allowedChannels(band);
  return (band.name === "2.4GHz" ? [1, 6, 11] : [36, 149]).find((channel) => allowed.includes(channel)) ?? allowed[0];
}

function secondaryOf(
  settings: RadioSettings,
  band: Band,
  channel: RadioChannel,
  concessions: string[],
): ChannelPlan["secondary"] {
  if (!settings.ieee80211n || !band.ht) return "none";
  const wanted = settings.ht_capab.has("HT40+") ? "above" : settings.ht_capab.has("HT40-") ? "below" : "none";
  if (wanted === "none") return "none";
  const offset = wanted === "above" ? 20 : -20;
  const other = band.channels.find((candidate) => candidate.frequency === channel.frequency + offset);
  const forbidden = wanted === "above" ? channel.noHt40Plus : channel.noHt40Minus;
  if (forbidden || !other || !mayBeAccessPoint(other)) {
    concessions.push(`40 MHz with the second half ${wanted} is not allowed on this channel, so it is 20 MHz`);
    return "none";
  }
  if (band.name === "2.4GHz" && !settings.noscan) {
    concessions.push(
      "40 MHz in 2.4 GHz needs a scan for neighbours, which is not made yet, so it is 20 MHz (noscan=1 skips it)",
    );
    return "none";
  }
  return wanted;
}

function definitionOf(
  settings: RadioSettings,
  frequency: Frequency,
  secondary: ChannelPlan["secondary"],
): ChannelDefinition {
  if (secondary === "none") {
    return { frequency, width: settings.ieee80211n ? "20" : "20-no-ht", centerFrequency1: frequency };
  }
  return { frequency, width: "40", centerFrequency1: frequency + (secondary === "above" ? 10 : -10) };
}
