/** Which channel the configuration asks for, and whether this radio may be an access point there. */

import { ConfigurationError } from "../base/errors.ts";
import type { RadioSettings } from "../config/registry.ts";
import { is6GHz } from "../config/settings.ts";
import type {
  Band,
  BandName,
  ChannelDefinition,
  Frequency,
  RadioCapabilities,
  RadioChannel,
  VhtSupport,
} from "../driver/port.ts";
import { hasBit, hePhyBit } from "../wire/ieee80211/he-capabilities.ts";
import { type ChannelSettings, channelSettingsOf } from "./channel-keys.ts";
import {
  members,
  narrowChannel,
  place6GHz,
  placeChannel,
  type Secondary,
  secondaryOf,
  widthInMHz,
  widthWishOf,
} from "./channel-width.ts";
import { htLacks, lacksOf6GHz, type Modes, vhtLacks, widthLack } from "./hardware-check.ts";
import { puncturingProblem } from "./puncturing.ts";
import { vhtSupportOf } from "./vht.ts";

export interface ChannelPlan {
  readonly band: Band;
  readonly channel: number;
  readonly definition: ChannelDefinition;
  /** What led here. */
  readonly settings: ChannelSettings;
  /** Where the other half of the primary 40 MHz lies. */
  readonly secondary: Secondary;
  /** What the radio speaks there; each BSS may leave some of it out. */
  readonly modes: Modes;
  /** 40 MHz were asked for: stations are told that we can, even where neighbours keep us from it. */
  readonly may40: boolean;
  /** What was asked for and isn't done, in words. */
  readonly concessions: readonly string[];
}

export type ChannelRefusal = {
  /**
   * - `no-band`: the radio has no such band
   * - `no-channel`: the band has no such channel
   * - `not-allowed`: the regulatory domain forbids an access point there
   * - `contradiction`: the keys about the width don't go with the channel or with each other
   * - `not-supported`: the radio can't do it
   */
  readonly problem: "no-band" | "no-channel" | "not-allowed" | "contradiction" | "not-supported";
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

const bandOf = (settings: RadioSettings, capabilities: RadioCapabilities): BandName => {
  if (is6GHz(settings.op_class)) return "6GHz";
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

const refuse = (
  problem: ChannelRefusal["problem"],
  message: string,
  allowed: readonly number[] = [],
): ChannelRefusal => ({
  problem,
  message,
  allowed,
});

export function planChannel(settings: RadioSettings, capabilities: RadioCapabilities): ChannelPlan | ChannelRefusal {
  const bandName = bandOf(settings, capabilities);
  const band = capabilities.bands.find((candidate) => candidate.name === bandName);
  if (!band) {
    const has = capabilities.bands.map((candidate) => candidate.name).join(" and ") || "nothing";
    const asks = bandName === "6GHz" ? `op_class=${settings.op_class}` : `hw_mode=${settings.hw_mode}`;
    return refuse("no-band", `${asks} needs ${bandName}, and this radio has ${has}`);
  }
  const concessions: string[] = [];
  const number = settings.channel === "automatic" ? leastDisturbing(band) : settings.channel;
  if (settings.channel === "automatic" && number !== undefined) {
    concessions.push(`channel=0: no survey is made, so channel ${number} is taken`);
  }
  const channel = band.channels.find((candidate) => channelOf(candidate.frequency).channel === number);
  if (number === undefined || !channel) {
    return refuse("no-channel", `${bandName} has no channel ${number ?? 0}`, allowedChannels(band));
  }
  if (!mayBeAccessPoint(channel)) {
    const message = `channel ${number} (${channel.frequency} MHz) is not allowed for an access point here: ${whyNot(channel)}`;
    return refuse("not-allowed", message, allowedChannels(band));
  }
  const modes = modesOf(settings, band, vhtSupportOf(band, capabilities));
  if ("problem" in modes) return modes;
  const placed = place(settings, band, channel, modes, concessions);
  if ("problem" in placed) return placed;
  const { definition, may40 } = placed;
  return {
    band,
    channel: number,
    settings: channelSettingsOf(settings),
    secondary: secondaryOf(definition),
    modes,
    may40,
    concessions,
    definition,
  };
}

/** The modes that are on and that the radio has there, or what of them it hasn't. */
function modesOf(settings: RadioSettings, band: Band, vht: VhtSupport | undefined): Modes | ChannelRefusal {
  const is6 = band.name === "6GHz";
  const lacks = (message: string): ChannelRefusal => refuse("not-supported", message);
  const isHt = settings.ieee80211n && band.ht !== undefined && !is6;
  const missing = isHt ? htLacks(settings, band) : undefined;
  if (missing !== undefined) return lacks(missing);
  if (settings.ieee80211ax && !band.he) return lacks(`this radio can't do HE (ieee80211ax) on ${band.name}`);
  if (settings.ieee80211be && !band.eht) return lacks(`this radio can't do EHT (ieee80211be) on ${band.name}`);
  const vhtSupport = settings.ieee80211ac && !is6 ? vht : undefined;
  const vhtMissing = vhtSupport && vhtLacks(settings, vhtSupport, band);
  if (vhtMissing !== undefined) return lacks(vhtMissing);
  if (settings.ieee80211ac && band.name === "5GHz" && !vht) return lacks("this radio can't do VHT (ieee80211ac)");
  const he = settings.ieee80211ax ? band.he : undefined;
  if (is6 && !he) return refuse("contradiction", "6 GHz needs ieee80211ax=1");
  const of6 = is6 && he ? lacksOf6GHz(settings, he, band) : undefined;
  if (of6 !== undefined) return lacks(of6);
  return { ht: isHt, vht: vhtSupport, he, eht: settings.ieee80211be && he !== undefined };
}

interface Place {
  readonly definition: ChannelDefinition;
  readonly may40: boolean;
}

function place(
  settings: RadioSettings,
  band: Band,
  channel: RadioChannel,
  modes: Modes,
  concessions: string[],
): Place | ChannelRefusal {
  const wish = widthWishOf(settings);
  const { frequency } = channel;
  const may40 = modes.ht && wanted40(settings).length > 0;
  const secondary = may40 ? allowedSecondary(settings, band, channel, modes, concessions) : "none";
  // Without the first 40 MHz there is nothing wider either.
  const isFallback = may40 && secondary === "none";
  const placed =
    band.name === "6GHz"
      ? place6GHz(settings, wish, frequency)
      : placeChannel(
          isFallback ? { ...wish, width: 0, segment0: 0, segment1: 0 } : wish,
          band.name,
          frequency,
          secondary,
          modes.ht || modes.he !== undefined,
        );
  if ("refused" in placed) return refuse("contradiction", placed.refused);
  const punctured = modes.eht && !isFallback ? settings.punct_bitmap : 0;
  const definition = punctured === 0 ? placed.definition : { ...placed.definition, punctured };
  const problem = puncturingProblem(definition);
  if (problem !== undefined) return refuse("contradiction", `punct_bitmap: ${problem}`);
  const lack = widthLack(settings, modes, band, definition);
  if (lack !== undefined) return refuse("not-supported", lack);
  const forbidden = forbiddenMember(band, channel, definition);
  return forbidden === undefined ? { definition, may40 } : refuse("not-allowed", forbidden, []);
}

/** Why a part of a wide channel is no place for an access point, in words. */
function forbiddenMember(band: Band, primary: RadioChannel, definition: ChannelDefinition): string | undefined {
  if (widthInMHz(definition) <= 40 && band.name !== "6GHz") return undefined;
  const { channel } = channelOf(primary.frequency);
  const cannot = `${definition.width} MHz on channel ${channel} are not allowed here`;
  for (const frequency of members(definition)) {
    const member = band.channels.find((candidate) => candidate.frequency === frequency);
    if (!member) return `${cannot}: there is no channel at ${frequency} MHz`;
    const name = `channel ${channelOf(frequency).channel} (${frequency} MHz)`;
    if (!mayBeAccessPoint(member)) return `${cannot}: on ${name} ${whyNot(member)}`;
    if (widthInMHz(definition) >= 80 && member.no80MHz) return `${cannot}: ${name} is in no channel of 80 MHz`;
    if (widthInMHz(definition) >= 160 && member.no160MHz) return `${cannot}: ${name} is in no channel of 160 MHz`;
  }
  return undefined;
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

/** Sides of the second 20 MHz that ht_capab allows, the one to try first in front. */
const wanted40 = ({ ht_capab }: RadioSettings): readonly ("above" | "below")[] => [
  ...(ht_capab.has("HT40+") ? (["above"] as const) : []),
  ...(ht_capab.has("HT40-") ? (["below"] as const) : []),
];

/** Lower channels of the pairs on 5 GHz. IEEE Std 802.11-2020, table E-4. */
const pairs5GHz = new Set([36, 44, 52, 60, 100, 108, 116, 124, 132, 140, 149, 157, 165, 173, 184, 192]);

function allowedSecondary(
  settings: RadioSettings,
  band: Band,
  channel: RadioChannel,
  { he }: Modes,
  concessions: string[],
): Secondary {
  const sides = wanted40(settings);
  if (band.name === "2.4GHz" && he && !hasBit(he.phy, hePhyBit.width40In2GHz)) {
    concessions.push("this radio can't do 40 MHz on 2.4 GHz with HE, so it is 20 MHz");
    return "none";
  }
  for (const side of sides) if (isPair(band, channel, side)) return side;
  concessions.push(`40 MHz with the second half ${sides.join(" or ")} is not allowed on this channel, so it is 20 MHz`);
  return "none";
}

function isPair(band: Band, primary: RadioChannel, side: "above" | "below"): boolean {
  const other = primary.frequency + (side === "above" ? 20 : -20);
  const secondary = band.channels.find((candidate) => candidate.frequency === other);
  if (!secondary || !mayBeAccessPoint(secondary)) return false;
  if (side === "above" ? primary.noHt40Plus : primary.noHt40Minus) return false;
  return band.name !== "5GHz" || pairs5GHz.has(channelOf(Math.min(primary.frequency, other)).channel);
}

/** The same channel with only 20 MHz in use. */
export const narrowed = (plan: ChannelPlan): ChannelPlan => ({
  ...plan,
  secondary: "none",
  definition: narrowChannel(plan.definition.frequency, "none", true),
});
