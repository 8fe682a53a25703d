/** The settings that would lead to a channel. */

import type { HtCapability } from "../config/keys/radio.ts";
import type { VhtCapability } from "../config/keys/vht.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { ChannelDefinition, RadioCapabilities } from "../driver/port.ts";
import { type ChannelPlan, channelOf, isRefusal, planChannel } from "./channel-plan.ts";
import { operatingWidth, secondaryOf } from "./channel-width.ts";
import { operatingClassOf } from "./operating-class.ts";

/** What a channel is used with. */
export interface Generations {
  readonly ht: boolean;
  readonly vht: boolean;
  readonly he: boolean;
  readonly eht: boolean;
}

/** The settings that lead to a channel: what somebody would have configured to be there. */
export function settingsFor(
  settings: RadioSettings,
  definition: ChannelDefinition,
  generations: Generations,
): RadioSettings {
  const { band, channel } = channelOf(definition.frequency);
  const { width, segment0, segment1 } = operatingWidth(definition);
  return {
    ...settings,
    hw_mode: band === "2.4GHz" ? (settings.hw_mode === "b" ? "b" : "g") : "a",
    channel,
    op_class: band === "6GHz" ? (operatingClassOf(definition) ?? 131) : 0,
    ieee80211n: generations.ht,
    ht_capab: withSecondary(settings.ht_capab, secondaryOf(definition)),
    ieee80211ac: generations.vht,
    vht_capab: withWidth(settings.vht_capab, definition),
    vht_oper_chwidth: width,
    vht_oper_centr_freq_seg0_idx: segment0,
    vht_oper_centr_freq_seg1_idx: segment1,
    ieee80211ax: generations.he,
    he_oper_chwidth: width,
    he_oper_centr_freq_seg0_idx: segment0,
    he_oper_centr_freq_seg1_idx: segment1,
    ieee80211be: generations.eht,
    eht_oper_chwidth: width,
    eht_oper_centr_freq_seg0_idx: segment0,
    punct_bitmap: definition.punctured ?? 0,
  };
}

function withSecondary(
  capabilities: ReadonlySet<HtCapability>,
  secondary: "above" | "below" | "none",
): ReadonlySet<HtCapability> {
  const others = [...capabilities].filter((name) => name !== "HT40+" && name !== "HT40-");
  if (secondary === "none") return new Set(others);
  return new Set([...others, secondary === "above" ? "HT40+" : "HT40-"]);
}

/** Who asks for a width asks to tell of it too. */
function withWidth(capabilities: ReadonlySet<VhtCapability>, { width }: ChannelDefinition): ReadonlySet<VhtCapability> {
  if (width === "160" && !capabilities.has("VHT160-80PLUS80")) return new Set([...capabilities, "VHT160"]);
  return width === "80+80" ? new Set([...capabilities, "VHT160-80PLUS80"]) : capabilities;
}

/** The same width with the primary channel in the other half of its 40 MHz. @returns undefined where that can't be */
export function changedOver(
  settings: RadioSettings,
  plan: ChannelPlan,
  capabilities: RadioCapabilities,
): ChannelPlan | undefined {
  const { modes, definition, secondary } = plan;
  const frequency = definition.frequency + { above: 20, below: -20, none: 0 }[secondary];
  const generations = { ht: modes.ht, vht: modes.vht !== undefined, he: modes.he !== undefined, eht: modes.eht };
  const changed = planChannel(settingsFor(settings, { ...definition, frequency }, generations), capabilities);
  return isRefusal(changed) ? undefined : changed;
}
