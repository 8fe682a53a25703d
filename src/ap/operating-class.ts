/** Global operating classes. IEEE Std 802.11-2020, table E-4. */

import type { ChannelDefinition, Frequency } from "../driver/port.ts";

/** By the place of the second half of 40 MHz. */
type BySecondary = readonly [none: number, above: number, below: number];

const ranges: readonly { readonly from: Frequency; readonly to: Frequency; readonly classes: BySecondary }[] = [
  { from: 2412, to: 2472, classes: [81, 83, 84] },
  { from: 2484, to: 2484, classes: [82, 82, 82] },
  { from: 5180, to: 5240, classes: [115, 116, 117] },
  { from: 5260, to: 5320, classes: [118, 119, 120] },
  { from: 5500, to: 5720, classes: [121, 122, 123] },
  { from: 5745, to: 5885, classes: [125, 126, 127] },
];

/** Those of 80 MHz and more, which don't say where the primary channel lies. */
const wide = { "80": 128, "160": 129, "80+80": 130 } as const;
const sixGigahertz = {
  "20-no-ht": 131,
  "20": 131,
  "40": 132,
  "80": 133,
  "160": 134,
  "80+80": 135,
  "320": 137,
} as const;

/** @returns undefined where there is none */
export function operatingClassOf(definition: ChannelDefinition): number | undefined {
  const { frequency, width, centerFrequency1 } = definition;
  if (frequency === 5935) return 136;
  if (frequency > 5950 && frequency <= 7115) return sixGigahertz[width];
  const range = ranges.find(({ from, to }) => frequency >= from && frequency <= to);
  if (!range) return undefined;
  const [none, above, below] = range.classes;
  switch (width) {
    case "20-no-ht":
    case "20":
      return none;
    case "40":
      return centerFrequency1 > frequency ? above : below;
    case "80":
    case "160":
    case "80+80":
      return frequency < 3000 ? undefined : wide[width];
    case "320":
      return undefined;
  }
}
