/** Which 20 MHz channels of a wide one may be left out. IEEE Std 802.11be-2024, 36.3.12.11.3. Bitmaps: lowest channel in the least significant bit. */

import type { ChannelDefinition } from "../driver/port.ts";
import { widthInMHz } from "./channel-width.ts";

/** Aligned groups of `size` channels out of `count`, each as a bitmap. */
const groups = (count: number, size: number): number[] =>
  Array.from({ length: count / size }, (_, i) => ((1 << size) - 1) << (i * size));

const patterns: ReadonlyMap<number, ReadonlySet<number>> = new Map([
  [80, new Set(groups(4, 1))],
  [160, new Set([...groups(8, 1), ...groups(8, 2)])],
  [
    320,
    new Set([
      ...groups(16, 2),
      ...groups(16, 4),
      // 80 MHz at one end, and 40 more anywhere else.
      ...groups(16, 2)
        .slice(2)
        .map((pair) => pair | 0x000f),
      ...groups(16, 2)
        .slice(0, -2)
        .map((pair) => pair | 0xf000),
    ]),
  ],
]);

/** @returns why these channels can't be left out, in words; undefined where they can */
export function puncturingProblem(definition: ChannelDefinition): string | undefined {
  const { frequency, centerFrequency1, punctured = 0 } = definition;
  if (punctured === 0) return undefined;
  if (frequency < 5000) return "nothing can be punctured on 2.4 GHz";
  const width = widthInMHz(definition);
  const valid = patterns.get(width);
  if (!valid || definition.width === "80+80") return "only 80, 160 and 320 MHz can be punctured";
  const primary = (frequency - (centerFrequency1 - width / 2 + 10)) / 20;
  if (punctured & (1 << primary)) return "the primary channel can't be punctured";
  const text = `0x${punctured.toString(16)}`;
  return valid.has(punctured) ? undefined : `${text} is none of the patterns that the standard has for ${width} MHz`;
}

/** What stations that know nothing of puncturing are told: the widest part around the primary channel that is whole. */
export function withoutPuncturing(definition: ChannelDefinition): ChannelDefinition {
  const { punctured = 0, ...whole } = definition;
  if (punctured === 0) return whole;
  const { frequency, centerFrequency1 } = definition;
  const lowest = centerFrequency1 - widthInMHz(definition) / 2 + 10;
  const primary = (frequency - lowest) / 20;
  let count = 1;
  let first = primary;
  for (;;) {
    const wider = count * 2;
    const start = Math.floor(primary / wider) * wider;
    const mask = ((1 << wider) - 1) << start;
    if (wider * 20 > widthInMHz(definition) || punctured & mask) break;
    count = wider;
    first = start;
  }
  const width = `${count * 20}` as "20" | "40" | "80" | "160";
  return { frequency, width, centerFrequency1: lowest + 20 * first + 10 * (count - 1) };
}
