/** The operating class of a channel of ours. */

import type { ChannelDefinition } from "../driver/port.ts";
import { type ClassWidth, operatingClassOfChannel } from "../wire/ieee80211/operating-class.ts";

const widths: Readonly<Record<ChannelDefinition["width"], ClassWidth>> = {
  "20-no-ht": { width: 20, split: false },
  "20": { width: 20, split: false },
  "40": { width: 40, split: false },
  "80": { width: 80, split: false },
  "160": { width: 160, split: false },
  "80+80": { width: 160, split: true },
  "320": { width: 320, split: false },
};

/** @returns undefined where there is none */
export function operatingClassOf({ frequency, width, centerFrequency1 }: ChannelDefinition): number | undefined {
  const secondary = width !== "40" ? "none" : centerFrequency1 > frequency ? "above" : "below";
  return operatingClassOfChannel({ frequency, ...widths[width], secondary })?.operatingClass;
}
