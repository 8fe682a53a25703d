/** The settings that say where a radio is, and how wide. */

import { sameValue } from "../base/same-value.ts";
import type { RadioSettings } from "../config/registry.ts";

const channelKeys = ["hw_mode", "channel", "op_class", "ieee80211n", "ht_capab"] as const;

export type ChannelSettings = Pick<RadioSettings, (typeof channelKeys)[number]>;

export const channelSettingsOf = (settings: ChannelSettings): ChannelSettings =>
  Object.fromEntries(channelKeys.map((key) => [key, settings[key]])) as ChannelSettings;

export const sameChannelSettings = (a: ChannelSettings, b: ChannelSettings): boolean =>
  channelKeys.every((key) => sameValue(a[key], b[key]));
