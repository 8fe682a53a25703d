/** The settings that would lead to a channel. */

import type { HtCapability } from "../config/keys/radio.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { ChannelDefinition } from "../driver/port.ts";
import { channelOf } from "./channel-plan.ts";

/** What a channel is used with. */
export interface Generations {
  readonly ht: boolean;
}

/** The settings that lead to a channel: what somebody would have configured to be there. */
export function settingsFor(
  settings: RadioSettings,
  definition: ChannelDefinition,
  generations: Generations,
): RadioSettings {
  const { band, channel } = channelOf(definition.frequency);
  return {
    ...settings,
    hw_mode: band === "2.4GHz" ? (settings.hw_mode === "b" ? "b" : "g") : "a",
    channel,
    op_class: 0,
    ieee80211n: generations.ht,
    ht_capab: withSecondary(settings.ht_capab, secondaryOf(definition)),
  };
}

/** Where the other half of the primary 40 MHz lies. */
export function secondaryOf(definition: ChannelDefinition): "above" | "below" | "none" {
  const { frequency, width, centerFrequency1 } = definition;
  const widths = { "20-no-ht": 20, "20": 20, "40": 40, "80": 80, "80+80": 80, "160": 160 } as const;
  const position = (frequency - centerFrequency1 + widths[width] / 2 - 10) / 20;
  if (widths[width] === 20) return "none";
  return position % 2 === 0 ? "above" : "below";
}

function withSecondary(
  capabilities: ReadonlySet<HtCapability>,
  secondary: "above" | "below" | "none",
): ReadonlySet<HtCapability> {
  const others = [...capabilities].filter((name) => name !== "HT40+" && name !== "HT40-");
  if (secondary === "none") return new Set(others);
  return new Set([...others, secondary === "above" ? "HT40+" : "HT40-"]);
}
