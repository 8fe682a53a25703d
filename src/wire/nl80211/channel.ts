/** Channel definitions: the attributes that many messages share. linux/nl80211.h, enum nl80211_chan_width. */

import { attr, u32, type Values } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { channelTypes, channelWidths } from "./generated/enums.ts";

export const channelShape = {
  frequency: attr(ids.WIPHY_FREQ, u32),
  channelWidth: attr(ids.CHANNEL_WIDTH, u32),
  channelType: attr(ids.WIPHY_CHANNEL_TYPE, u32),
  centerFrequency1: attr(ids.CENTER_FREQ1, u32),
  centerFrequency2: attr(ids.CENTER_FREQ2, u32),
  /** Bits of 20 MHz, the lowest channel first. */
  punctured: attr(ids.PUNCT_BITMAP, u32),
} as const;

export type ChannelValues = Values<typeof channelShape>;

const widths = [
  ["20-no-ht", channelWidths["20_NOHT"]],
  ["20", channelWidths["20"]],
  ["40", channelWidths["40"]],
  ["80", channelWidths["80"]],
  ["80+80", channelWidths["80P80"]],
  ["160", channelWidths["160"]],
  ["320", channelWidths["320"]],
] as const;

export type WireChannelWidth = (typeof widths)[number][0];

/** Frequencies in MHz. */
export interface WireChannel {
  readonly frequency: number;
  readonly width: WireChannelWidth;
  /** Centre of the whole width. */
  readonly centerFrequency1: number;
  /** Of the second segment of 80+80 MHz. */
  readonly centerFrequency2?: number;
  /** Missing for none. */
  readonly punctured?: number;
}

const widthNumbers = new Map<WireChannelWidth, number>(widths);
const widthNames = new Map<number, WireChannelWidth>(widths.map(([name, number]) => [number, name]));

/** enum nl80211_chan_width. @returns undefined for what is none of ours */
export const widthOf = (number: number): WireChannelWidth | undefined => widthNames.get(number);

/** With the older attribute for 20 and 40 MHz too, which is all that kernels before 3.9 read. */
export function encodeChannel(channel: WireChannel): ChannelValues {
  return {
    frequency: channel.frequency,
    channelWidth: widthNumbers.get(channel.width),
    channelType: channelTypeOf(channel),
    centerFrequency1: channel.centerFrequency1,
    centerFrequency2: channel.centerFrequency2,
    punctured: channel.punctured,
  };
}

function channelTypeOf({ width, frequency, centerFrequency1 }: WireChannel): number | undefined {
  switch (width) {
    case "20-no-ht":
      return channelTypes.NO_HT;
    case "20":
      return channelTypes.HT20;
    case "40":
      return centerFrequency1 > frequency ? channelTypes.HT40PLUS : channelTypes.HT40MINUS;
    case "80":
    case "80+80":
    case "160":
    case "320":
      return undefined;
  }
}

/** @returns undefined without a frequency, or where the width is none of an access point's */
export function decodeChannel(values: ChannelValues): WireChannel | undefined {
  const { frequency, channelWidth = channelWidths["20_NOHT"], centerFrequency1, centerFrequency2, punctured } = values;
  const width = widthNames.get(channelWidth);
  if (frequency === undefined || width === undefined) return undefined;
  return {
    frequency,
    width,
    centerFrequency1: centerFrequency1 ?? frequency,
    ...(centerFrequency2 !== undefined && centerFrequency2 !== 0 && { centerFrequency2 }),
    ...(punctured !== undefined && punctured !== 0 && { punctured }),
  };
}
