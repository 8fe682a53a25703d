/** The settings that say where a radio is, and how wide. */

import { sameValue } from "../base/same-value.ts";
import type { RadioSettings } from "../config/registry.ts";

const channelKeys = [
  "hw_mode",
  "channel",
  "op_class",
  "ieee80211n",
  "ht_capab",
  "ieee80211ac",
  "vht_capab",
  "vht_oper_chwidth",
  "vht_oper_centr_freq_seg0_idx",
  "vht_oper_centr_freq_seg1_idx",
  "ieee80211ax",
  "he_oper_chwidth",
  "he_oper_centr_freq_seg0_idx",
  "he_oper_centr_freq_seg1_idx",
  "ieee80211be",
  "eht_oper_chwidth",
  "eht_oper_centr_freq_seg0_idx",
  "punct_bitmap",
] as const;

export type ChannelSettings = Pick<RadioSettings, (typeof channelKeys)[number]>;

export const channelSettingsOf = (settings: ChannelSettings): ChannelSettings =>
  Object.fromEntries(channelKeys.map((key) => [key, settings[key]])) as ChannelSettings;

export const sameChannelSettings = (a: ChannelSettings, b: ChannelSettings): boolean =>
  channelKeys.every((key) => sameValue(a[key], b[key]));
