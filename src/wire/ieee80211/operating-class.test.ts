/** IEEE Std 802.11-2020, table E-4. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { channelOfOperatingClass, operatingClassOfChannel } from "./operating-class.ts";

const twenty = { width: 20, split: false, secondary: "none" } as const;

test("channels of the bands have their classes, and the other way", () => {
  const rows = [
    [81, 1, { frequency: 2412, ...twenty }],
    [81, 13, { frequency: 2472, ...twenty }],
    [82, 14, { frequency: 2484, ...twenty }],
    [83, 1, { frequency: 2412, ...twenty, width: 40, secondary: "above" }],
    [84, 11, { frequency: 2462, ...twenty, width: 40, secondary: "below" }],
    [115, 36, { frequency: 5180, ...twenty }],
    [116, 36, { frequency: 5180, ...twenty, width: 40, secondary: "above" }],
    [117, 40, { frequency: 5200, ...twenty, width: 40, secondary: "below" }],
    [118, 52, { frequency: 5260, ...twenty }],
    [121, 100, { frequency: 5500, ...twenty }],
    [125, 149, { frequency: 5745, ...twenty }],
    [127, 153, { frequency: 5765, ...twenty, width: 40, secondary: "below" }],
    [128, 36, { frequency: 5180, ...twenty, width: 80 }],
    [129, 36, { frequency: 5180, ...twenty, width: 160 }],
    [130, 36, { frequency: 5180, ...twenty, width: 160, split: true }],
    [131, 1, { frequency: 5955, ...twenty }],
    [132, 1, { frequency: 5955, ...twenty, width: 40, secondary: "above" }],
    [132, 5, { frequency: 5975, ...twenty, width: 40, secondary: "below" }],
    [133, 37, { frequency: 6135, ...twenty, width: 80 }],
    [136, 2, { frequency: 5935, ...twenty }],
    [137, 33, { frequency: 6115, ...twenty, width: 320 }],
  ] as const;
  for (const [operatingClass, channel, described] of rows) {
    assert.deepEqual(channelOfOperatingClass(operatingClass, channel), described, `class ${operatingClass}`);
    assert.deepEqual(operatingClassOfChannel(described), { operatingClass, channel });
  }
  // A class that says the same as another.
  assert.deepEqual(channelOfOperatingClass(124, 149), { frequency: 5745, ...twenty });
});

test("what the table doesn't have", () => {
  for (const [operatingClass, channel] of [
    [0, 1],
    [80, 1],
    [255, 1],
    [81, 0],
    [81, 14],
    [115, 100],
    [131, 234],
  ] as const) {
    assert.equal(channelOfOperatingClass(operatingClass, channel), undefined);
  }
  assert.equal(operatingClassOfChannel({ frequency: 2412, ...twenty, width: 80 }), undefined);
  assert.equal(operatingClassOfChannel({ frequency: 2413, ...twenty }), undefined);
  assert.equal(operatingClassOfChannel({ frequency: 58_320, ...twenty }), undefined);
});
