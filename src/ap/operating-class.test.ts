import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelDefinition } from "../driver/port.ts";
import { operatingClassOf } from "./operating-class.ts";

// IEEE Std 802.11-2020, table E-4.
const classes: readonly (readonly [
  frequency: number,
  ChannelDefinition["width"],
  center: number,
  number | undefined,
])[] = [
  [2412, "20-no-ht", 2412, 81],
  [2412, "40", 2422, 83],
  [2437, "40", 2427, 84],
  [2484, "20", 2484, 82],
  [5180, "20", 5180, 115],
  [5180, "40", 5190, 116],
  [5200, "40", 5190, 117],
  [5260, "20", 5260, 118],
  [5500, "40", 5510, 122],
  [5720, "20", 5720, 121],
  [5765, "40", 5755, 127],
  [5180, "80", 5210, 128],
  [5180, "160", 5250, 129],
  [5180, "80+80", 5210, 130],
  [5955, "20", 5955, 131],
  [5955, "40", 5965, 132],
  [5955, "80", 5985, 133],
  [5955, "160", 6025, 134],
  [5935, "20", 5935, 136],
  [2412, "80", 2442, undefined],
  [4920, "20", 4920, undefined],
];

test("operating classes", () => {
  for (const [frequency, width, centerFrequency1, expected] of classes) {
    assert.equal(operatingClassOf({ frequency, width, centerFrequency1 }), expected, `${frequency} ${width}`);
  }
});
