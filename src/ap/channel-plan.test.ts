import assert from "node:assert/strict";
import { test } from "node:test";
import type { RadioSettings } from "../config/registry.ts";
import { defaultRadio } from "../config/settings.ts";
import type { Band, RadioCapabilities, RadioChannel } from "../driver/port.ts";
import { type ChannelPlan, channelOf, frequencyOf, isRefusal, planChannel } from "./channel-plan.ts";

const channel = (frequency: number, more: Partial<RadioChannel> = {}): RadioChannel => ({
  frequency,
  disabled: false,
  noIr: false,
  radar: false,
  noHt40Minus: false,
  noHt40Plus: false,
  no80MHz: false,
  no160MHz: false,
  maxPowerDbm: 20,
  ...more,
});
const ht = { capabilities: 0x107e, ampduParameters: 0x1b, mcsSet: new Uint8Array(16) };
const bands: Band[] = [
  {
    name: "2.4GHz",
    channels: [
      ...Array.from({ length: 11 }, (_, i) => channel(2412 + 5 * i)),
      channel(2467, { noIr: true }),
      channel(2472, { disabled: true }),
    ],
    rates: [10, 20, 55, 110, 60, 120],
    ht,
    vht: undefined,
    he: undefined,
    eht: undefined,
  },
  {
    name: "5GHz",
    channels: [channel(5180), channel(5200, { noHt40Plus: true }), channel(5220), channel(5260, { radar: true })],
    rates: [60, 120, 240],
    ht,
    vht: undefined,
    he: undefined,
    eht: undefined,
  },
];
const capabilities = { bands, phy: "phy0" } as unknown as RadioCapabilities;
const plan = (settings: Partial<RadioSettings>) =>
  planChannel({ ...defaultRadio(), hw_mode: "g", channel: 6, ...settings }, capabilities);
const planned = (settings: Partial<RadioSettings>): ChannelPlan => {
  const result = plan(settings);
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result;
};

test("channel numbers and frequencies: IEEE Std 802.11-2020, annex E", () => {
  for (const [band, number, frequency] of [
    ["2.4GHz", 1, 2412],
    ["2.4GHz", 14, 2484],
    ["5GHz", 36, 5180],
    ["5GHz", 184, 4920],
    ["6GHz", 1, 5955],
    ["6GHz", 233, 7115],
  ] as const) {
    assert.equal(frequencyOf(band, number), frequency);
    assert.deepEqual(channelOf(frequency), { band, channel: number });
  }
});

test("a permitted channel is taken as it is, HT or not", () => {
  assert.deepEqual(planned({}).definition, { frequency: 2437, width: "20-no-ht", centerFrequency1: 2437 });
  assert.deepEqual(planned({ ieee80211n: true }).definition, { frequency: 2437, width: "20", centerFrequency1: 2437 });
});

test("what is not allowed is refused, and what would be is named", () => {
  const noIr = plan({ channel: 12 });
  assert.ok(isRefusal(noIr));
  assert.equal(noIr.problem, "not-allowed");
  assert.deepEqual(noIr.allowed, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.match(noIr.message, /channel 12 .*\(no IR\)/);
  assert.match((plan({ channel: 13 }) as { message: string }).message, /disables/);
  assert.match((plan({ hw_mode: "a", channel: 52 }) as { message: string }).message, /radar/);
  assert.equal((plan({ channel: 36 }) as { problem: string }).problem, "no-channel");
  assert.equal((plan({ hw_mode: "ad", channel: 1 }) as { problem: string }).problem, "no-band");
});

test("40 MHz lies where it was asked for, or is given up with a word", () => {
  const above = planned({ hw_mode: "a", channel: 36, ieee80211n: true, ht_capab: new Set(["HT40+"]) });
  assert.deepEqual(above.definition, { frequency: 5180, width: "40", centerFrequency1: 5190 });
  const forbidden = planned({ hw_mode: "a", channel: 40, ieee80211n: true, ht_capab: new Set(["HT40+"]) });
  assert.equal(forbidden.definition.width, "20");
  assert.equal(forbidden.concessions.length, 1);
  assert.equal(planned({ ieee80211n: true, ht_capab: new Set(["HT40+"]) }).secondary, "none");
  assert.equal(planned({ ieee80211n: true, noscan: true, ht_capab: new Set(["HT40-"]) }).secondary, "below");
});

test("automatic choice takes one that overlaps nobody, and says so", () => {
  const automatic = planned({ channel: "automatic" });
  assert.equal(automatic.channel, 1);
  assert.equal(automatic.concessions.length, 1);
});
