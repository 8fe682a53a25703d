/** How wide a channel is and where it lies: what the keys ask for, and whether that can be. IEEE Std 802.11-2020, annex E. */

import type { RadioSettings } from "../config/registry.ts";
import type { BandName, ChannelDefinition, ChannelWidth, Frequency } from "../driver/port.ts";

/** As hostapd's keys and STATUS number the widths. */
export type OperatingWidth = 0 | 1 | 2 | 3 | 9;

/** A width beyond 20 and 40 MHz, and the channel numbers of its centres; 0 where nothing was said. */
export interface WidthWish {
  readonly width: OperatingWidth;
  readonly segment0: number;
  readonly segment1: number;
  /** What the keys are called: `vht`, `he` or `eht`. */
  readonly keys: "vht" | "he" | "eht";
}

export type Secondary = "above" | "below" | "none";

const megahertz: Readonly<Record<ChannelWidth, number>> = {
  "20-no-ht": 20,
  "20": 20,
  "40": 40,
  "80": 80,
  "80+80": 80,
  "160": 160,
  "320": 320,
};

/** Of one segment. */
export const widthInMHz = ({ width }: Pick<ChannelDefinition, "width">): number => megahertz[width];

/** Operating classes say the width too. IEEE Std 802.11-2020, table E-4. */
const classWidths: ReadonlyMap<number, OperatingWidth> = new Map([
  [128, 1],
  [129, 2],
  [130, 3],
  [133, 1],
  [134, 2],
  [135, 3],
  [137, 9],
]);
/** Those of 40 MHz and more, 6 GHz. */
const wideClasses6GHz: ReadonlySet<number> = new Set([132, 133, 134, 135, 137]);

const knownWidths: readonly OperatingWidth[] = [0, 1, 2, 3, 9];

/** The keys of the latest generation that is on count, and an operating class before their width. */
export function widthWishOf(settings: RadioSettings): WidthWish {
  const wish = settings.ieee80211be ? ehtWish(settings) : settings.ieee80211ax ? heWish(settings) : vhtWish(settings);
  const asked = knownWidths.find((width) => width === wish.width) ?? 0;
  return { ...wish, width: settings.op_class === 0 ? asked : (classWidths.get(settings.op_class) ?? 0) };
}

type Keyed = Omit<WidthWish, "width"> & { readonly width: number };

const vhtWish = (settings: RadioSettings): Keyed => ({
  keys: "vht",
  width: settings.ieee80211ac ? settings.vht_oper_chwidth : 0,
  segment0: settings.ieee80211ac ? settings.vht_oper_centr_freq_seg0_idx : 0,
  segment1: settings.ieee80211ac ? settings.vht_oper_centr_freq_seg1_idx : 0,
});
const heWish = (settings: RadioSettings): Keyed => ({
  keys: "he",
  width: settings.he_oper_chwidth,
  segment0: settings.he_oper_centr_freq_seg0_idx,
  segment1: settings.he_oper_centr_freq_seg1_idx,
});
/** EHT has no second segment of its own; 80+80 MHz is HE's. */
const ehtWish = (settings: RadioSettings): Keyed => ({
  keys: "eht",
  width: settings.eht_oper_chwidth,
  segment0: settings.eht_oper_centr_freq_seg0_idx,
  segment1: settings.eht_oper_chwidth === 3 ? settings.he_oper_centr_freq_seg1_idx : 0,
});

/** A definition, or why there can't be one, in words. */
export type Placed = { readonly definition: ChannelDefinition } | { readonly refused: string };

/**
 * The channel of the width that is wished for around a primary channel of 2.4 or 5 GHz.
 * @param isHt 20 MHz are HT's
 */
export function placeChannel(
  wish: WidthWish,
  band: BandName,
  frequency: Frequency,
  secondary: Secondary,
  isHt: boolean,
): Placed {
  const narrow = narrowChannel(frequency, secondary, isHt);
  const { width, segment0, segment1, keys } = wish;
  const centre = (channel: number): Frequency => (band === "2.4GHz" ? 2407 : 5000) + 5 * channel;
  if (width === 0) {
    // The keys of the width say nothing that ht_capab hasn't said, but may contradict it.
    if (segment1 !== 0) return { refused: `${keys}_oper_centr_freq_seg1_idx is for 80+80 MHz only` };
    if (segment0 !== 0 && centre(segment0) !== narrow.centerFrequency1) {
      const means = `${narrow.width} MHz are around channel ${(narrow.centerFrequency1 - centre(0)) / 5}`;
      return { refused: `${keys}_oper_centr_freq_seg0_idx=${segment0} contradicts channel and ht_capab: ${means}` };
    }
    return { definition: narrow };
  }
  if (band !== "5GHz") return { refused: `there are no channels of ${widthText(width)} on ${band}` };
  if (width === 9) return { refused: "there are no channels of 320 MHz but on 6 GHz" };
  if (secondary === "none") {
    return { refused: `${widthText(width)} need the first 40 MHz: ht_capab=[HT40+] or [HT40-] says which` };
  }
  if (width === 3 ? segment1 === 0 : segment1 !== 0) {
    const why = width === 3 ? "80+80 MHz have a second centre" : `${widthText(width)} have one centre`;
    return { refused: `${why}: ${keys}_oper_centr_freq_seg1_idx=${segment1}` };
  }
  const primary = (frequency - 5000) / 5;
  const center0 = segment0 === 0 ? blockCentre(primary, width) : segment0;
  const reach = width === 2 ? 14 : 6;
  const offset = center0 === undefined ? 0 : Math.abs(center0 - primary);
  if (center0 === undefined || offset > reach || offset % 4 !== 2) {
    const told = center0 === undefined ? "" : ` around channel ${center0}`;
    return { refused: `channel ${primary} is in no channel of ${widthText(width)}${told}` };
  }
  const name = width === 1 ? "80" : width === 2 ? "160" : "80+80";
  const definition = { frequency, width: name, centerFrequency1: centre(center0) } as const;
  if (width !== 3) return { definition };
  if (Math.abs(segment1 - center0) < 16 || Math.abs(segment1 - center0) === 16) {
    return { refused: `the halves of 80+80 MHz around ${center0} and ${segment1} don't lie apart` };
  }
  return { definition: { ...definition, centerFrequency2: centre(segment1) } };
}

/** 20 or 40 MHz. */
export function narrowChannel(frequency: Frequency, secondary: Secondary, isHt: boolean): ChannelDefinition {
  if (secondary === "none") return { frequency, width: isHt ? "20" : "20-no-ht", centerFrequency1: frequency };
  return { frequency, width: "40", centerFrequency1: frequency + (secondary === "above" ? 10 : -10) };
}

/** Blocks of 80 and of 160 MHz on 5 GHz: lowest and highest 20 MHz channel, and centre. */
const blocks80 = [36, 52, 100, 116, 132, 149, 165].map((first) => [first, first + 12, first + 6] as const);
const blocks160 = [36, 100, 149].map((first) => [first, first + 28, first + 14] as const);

function blockCentre(primary: number, width: OperatingWidth): number | undefined {
  const blocks = width === 2 ? blocks160 : blocks80;
  return blocks.find(([first, last]) => primary >= first && primary <= last)?.[2];
}

/** The same on 6 GHz, where the centre alone says the width, and HT has nothing to say. */
export function place6GHz(settings: RadioSettings, wish: WidthWish, frequency: Frequency): Placed {
  const primary = (frequency - 5950) / 5;
  if (settings.op_class === 136 || frequency === 5935) {
    return { definition: { frequency: 5935, width: "20", centerFrequency1: 5935 } };
  }
  if (primary % 4 !== 1) return { refused: `channel ${primary} is no 20 MHz channel of 6 GHz` };
  const { segment0, segment1, keys } = wish;
  const count = segment0 === 0 ? channelsOf(settings, wish) : channelsAround(segment0);
  if (count === undefined) return { refused: `${keys}_oper_centr_freq_seg0_idx=${segment0} is no centre on 6 GHz` };
  const center = segment0 === 0 ? centre6GHz(primary, count, settings.eht_bw320_offset) : segment0;
  if (Math.abs(center - primary) > 2 * (count - 1)) {
    return { refused: `channel ${primary} is not in the ${count * 20} MHz around channel ${center}` };
  }
  const at = (channel: number): Frequency => 5950 + 5 * channel;
  if (segment1 === 0) {
    const width = `${count * 20}` as "20" | "40" | "80" | "160" | "320";
    return { definition: { frequency, width, centerFrequency1: at(center) } };
  }
  if (count !== 4 || channelsAround(segment1) !== 4) return { refused: "80+80 MHz are made of two channels of 80 MHz" };
  return { definition: { frequency, width: "80+80", centerFrequency1: at(center), centerFrequency2: at(segment1) } };
}

/** 20 MHz channels in what an operating class or the width's key asks for. */
function channelsOf({ op_class }: RadioSettings, { width }: WidthWish): number {
  switch (width) {
    case 0:
      return wideClasses6GHz.has(op_class) ? 2 : 1;
    case 1:
    case 3:
      return 4;
    case 2:
      return 8;
    case 9:
      return 16;
  }
}

/** 20 MHz channels around a centre of 6 GHz. IEEE Std 802.11ax-2021, table E-4; 802.11be-2024 for 320 MHz. */
function channelsAround(center: number): number | undefined {
  if (center % 4 === 1) return 1;
  if (center % 8 === 3) return 2;
  if (center % 16 === 7) return 4;
  if (center % 32 === 15) return 8;
  return center % 32 === 31 && center < 192 ? 16 : undefined;
}

/** Channels of 320 MHz overlap: those around 31, 95 and 159, and those around 63, 127 and 191. */
function centre6GHz(primary: number, count: number, plan320: number): number {
  const index = (primary - 1) / 4;
  const shift = count === 16 && (plan320 === 2 || index >= 48) ? 8 : 0;
  const first = Math.max(0, Math.floor((index - shift) / count) * count + shift);
  return 1 + 4 * first + 2 * (count - 1);
}

const widthText = (width: OperatingWidth): string =>
  ({ 0: "40 MHz", 1: "80 MHz", 2: "160 MHz", 3: "80+80 MHz", 9: "320 MHz" })[width];

/** Where the other 20 MHz of the primary 40 lie. */
export function secondaryOf({ frequency, width, centerFrequency1 }: ChannelDefinition): Secondary {
  if (widthInMHz({ width }) === 20) return "none";
  const first = Math.floor((frequency - (centerFrequency1 - widthInMHz({ width }) / 2)) / 20);
  return first % 2 === 0 ? "above" : "below";
}

/** Frequencies of all 20 MHz channels that it is made of, those that are punctured left out. */
export function members(definition: ChannelDefinition): Frequency[] {
  const width = widthInMHz(definition);
  const around = (center: Frequency): Frequency[] =>
    Array.from({ length: width / 20 }, (_, i) => center - width / 2 + 10 + 20 * i);
  const { centerFrequency1, centerFrequency2, punctured = 0 } = definition;
  return [
    ...around(centerFrequency1).filter((_, i) => (punctured & (1 << i)) === 0),
    ...(centerFrequency2 === undefined ? [] : around(centerFrequency2)),
  ];
}

/** As hostapd's keys say it: the width's number, and channel numbers of the centres from 80 MHz on. */
export function operatingWidth(definition: ChannelDefinition): Omit<WidthWish, "keys"> {
  const number = (frequency: Frequency): number => (frequency >= 5955 ? frequency - 5950 : frequency - 5000) / 5;
  const { width, centerFrequency1, centerFrequency2 } = definition;
  const segment0 = number(centerFrequency1);
  switch (width) {
    case "20-no-ht":
    case "20":
    case "40":
      return { width: 0, segment0: centerFrequency1 >= 5955 ? segment0 : 0, segment1: 0 };
    case "80":
      return { width: 1, segment0, segment1: 0 };
    case "160":
      return { width: 2, segment0, segment1: 0 };
    case "80+80":
      return { width: 3, segment0, segment1: centerFrequency2 === undefined ? 0 : number(centerFrequency2) };
    case "320":
      return { width: 9, segment0, segment1: 0 };
  }
}
