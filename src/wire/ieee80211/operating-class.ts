/** Global operating classes. IEEE Std 802.11-2020, table E-4. */

/** MHz; with `split`, two segments of 80 MHz that are no neighbours. */
export interface ClassWidth {
  readonly width: 20 | 40 | 80 | 160 | 320;
  readonly split: boolean;
}

/** A channel as an operating class and a channel number tell it. */
export interface OperatingClassChannel extends ClassWidth {
  /** MHz, of the primary 20 MHz channel. */
  readonly frequency: number;
  /** Of 40 MHz, where the other half lies. */
  readonly secondary: Secondary;
}

export type Secondary = "above" | "below" | "none";

interface ClassRow extends ClassWidth {
  readonly operatingClass: number;
  /** Channel starting frequency, MHz. */
  readonly start: number;
  readonly first: number;
  readonly last: number;
  /** `by-number` where the channel number tells: 40 MHz in 6 GHz. */
  readonly secondary: Secondary | "by-number";
}

const row = (
  operatingClass: number,
  start: number,
  [first, last]: readonly [number, number],
  width: ClassWidth["width"],
  secondary: ClassRow["secondary"] = "none",
  split = false,
): ClassRow => ({ operatingClass, start, first, last, width, secondary, split });

const low: readonly [number, number] = [1, 13];
const all5GHz: readonly [number, number] = [36, 177];
const all6GHz: readonly [number, number] = [1, 233];

/** Where one channel has two classes, the first is the one to tell. */
const rows: readonly ClassRow[] = [
  row(81, 2407, low, 20),
  row(82, 2414, [14, 14], 20),
  row(83, 2407, low, 40, "above"),
  row(84, 2407, low, 40, "below"),
  row(115, 5000, [36, 48], 20),
  row(116, 5000, [36, 48], 40, "above"),
  row(117, 5000, [36, 48], 40, "below"),
  row(118, 5000, [52, 64], 20),
  row(119, 5000, [52, 64], 40, "above"),
  row(120, 5000, [52, 64], 40, "below"),
  row(121, 5000, [100, 144], 20),
  row(122, 5000, [100, 144], 40, "above"),
  row(123, 5000, [100, 144], 40, "below"),
  row(125, 5000, [149, 177], 20),
  row(124, 5000, [149, 161], 20),
  row(126, 5000, [149, 177], 40, "above"),
  row(127, 5000, [149, 177], 40, "below"),
  row(128, 5000, all5GHz, 80),
  row(129, 5000, all5GHz, 160),
  row(130, 5000, all5GHz, 160, "none", true),
  row(136, 5925, [2, 2], 20),
  row(131, 5950, all6GHz, 20),
  row(132, 5950, all6GHz, 40, "by-number"),
  row(133, 5950, all6GHz, 80),
  row(134, 5950, all6GHz, 160),
  row(135, 5950, all6GHz, 160, "none", true),
  row(137, 5950, all6GHz, 320),
];

/** @returns undefined where the table has no such class, or the class no such channel */
export function channelOfOperatingClass(operatingClass: number, channel: number): OperatingClassChannel | undefined {
  const found = rows.find((each) => each.operatingClass === operatingClass);
  if (!found || channel < found.first || channel > found.last) return undefined;
  const { start, width, split } = found;
  const bySide = ((channel - 1) >>> 2) % 2 === 1 ? "below" : "above";
  const secondary = found.secondary === "by-number" ? bySide : found.secondary;
  return { frequency: start + 5 * channel, width, split, secondary };
}

/** @returns undefined where the table has none for it */
export function operatingClassOfChannel(
  channel: OperatingClassChannel,
): { readonly operatingClass: number; readonly channel: number } | undefined {
  for (const each of rows) {
    const number = (channel.frequency - each.start) / 5;
    if (!Number.isInteger(number) || number < each.first || number > each.last) continue;
    if (each.width !== channel.width || each.split !== channel.split) continue;
    if (each.width === 40 && each.secondary !== "by-number" && each.secondary !== channel.secondary) continue;
    return { operatingClass: each.operatingClass, channel: number };
  }
  return undefined;
}
