/** What countries allow, as far as the virtual radio needs it to be plausible. After wireless-regdb's db.txt of 2024. */

import type { RadioChannel } from "../port.ts";

interface Rule {
  /** MHz, edges of the range. */
  readonly from: number;
  readonly to: number;
  readonly maxPowerDbm: number;
  readonly noIr?: true;
  readonly radar?: true;
}

const world: readonly Rule[] = [
  { from: 2402, to: 2472, maxPowerDbm: 20 },
  { from: 2457, to: 2482, maxPowerDbm: 20, noIr: true },
  { from: 2474, to: 2494, maxPowerDbm: 20, noIr: true },
  { from: 5170, to: 5250, maxPowerDbm: 20, noIr: true },
  { from: 5250, to: 5330, maxPowerDbm: 20, noIr: true, radar: true },
  { from: 5490, to: 5730, maxPowerDbm: 20, noIr: true, radar: true },
  { from: 5735, to: 5835, maxPowerDbm: 20, noIr: true },
];
const northAmerica: readonly Rule[] = [
  { from: 2400, to: 2472, maxPowerDbm: 30 },
  { from: 5150, to: 5250, maxPowerDbm: 23 },
  { from: 5250, to: 5350, maxPowerDbm: 24, radar: true },
  { from: 5470, to: 5730, maxPowerDbm: 24, radar: true },
  { from: 5730, to: 5850, maxPowerDbm: 30 },
];
const europe: readonly Rule[] = [
  { from: 2400, to: 2484, maxPowerDbm: 20 },
  { from: 5150, to: 5250, maxPowerDbm: 23 },
  { from: 5250, to: 5350, maxPowerDbm: 20, radar: true },
  { from: 5470, to: 5725, maxPowerDbm: 26, radar: true },
  { from: 5725, to: 5875, maxPowerDbm: 13 },
];
const japan: readonly Rule[] = [
  { from: 2402, to: 2482, maxPowerDbm: 20 },
  { from: 2474, to: 2494, maxPowerDbm: 20 },
  { from: 5150, to: 5250, maxPowerDbm: 20 },
  { from: 5250, to: 5350, maxPowerDbm: 20, radar: true },
  { from: 5490, to: 5730, maxPowerDbm: 23, radar: true },
];
const china: readonly Rule[] = [
  { from: 2400, to: 2484, maxPowerDbm: 20 },
  { from: 5150, to: 5250, maxPowerDbm: 23 },
  { from: 5250, to: 5350, maxPowerDbm: 20, radar: true },
  { from: 5725, to: 5850, maxPowerDbm: 33 },
];

const rules = new Map<string, readonly Rule[]>([
  ["00", world],
  ...["US", "CA", "TW"].map((alpha2) => [alpha2, northAmerica] as const),
  ..."AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
    .split(" ")
    .map((alpha2) => [alpha2, europe] as const),
  ["JP", japan],
  ["CN", china],
]);

/** Where it is false, the radio keeps the rules that it has. */
export const hasRules = (alpha2: string): boolean => rules.has(alpha2);

const channelNumbers2 = Array.from({ length: 13 }, (_, i) => 2412 + 5 * i).concat(2484);
const lowChannels5 = [5180, 5200, 5220, 5240, 5260, 5280, 5300, 5320];
const middleChannels5 = Array.from({ length: 12 }, (_, i) => 5500 + 20 * i);
const highChannels5 = [5745, 5765, 5785, 5805, 5825];

export const channels2GHz = (alpha2: string): RadioChannel[] =>
  channelNumbers2.map((frequency) => {
    const mayJoin = (other: number): boolean => frequency !== 2484 && other !== 2484 && isAllowed(alpha2, other);
    return channel(alpha2, frequency, { above: mayJoin(frequency + 20), below: mayJoin(frequency - 20) });
  });

/** In 5 GHz 40 MHz channels are fixed pairs. IEEE Std 802.11-2020, annex E. */
export const channels5GHz = (alpha2: string): RadioChannel[] =>
  [lowChannels5, middleChannels5, highChannels5].flatMap((block) =>
    block.map((frequency, i) => {
      const isLower = i % 2 === 0;
      const hasPair = isLower ? i + 1 < block.length : true;
      return channel(alpha2, frequency, { above: isLower && hasPair, below: !isLower });
    }),
  );

const halfWidth = 10;

const ruleOf = (alpha2: string, frequency: number): Rule | undefined =>
  rules.get(alpha2)?.find(({ from, to }) => from <= frequency - halfWidth && frequency + halfWidth <= to);

const isAllowed = (alpha2: string, frequency: number): boolean =>
  channelNumbers2.includes(frequency) && ruleOf(alpha2, frequency) !== undefined;

function channel(alpha2: string, frequency: number, pair: { above: boolean; below: boolean }): RadioChannel {
  const rule = ruleOf(alpha2, frequency);
  return {
    frequency,
    disabled: rule === undefined,
    noIr: rule?.noIr ?? false,
    radar: rule?.radar ?? false,
    noHt40Plus: rule === undefined || !pair.above,
    noHt40Minus: rule === undefined || !pair.below,
    no80MHz: true,
    no160MHz: true,
    maxPowerDbm: rule?.maxPowerDbm ?? 0,
  };
}
