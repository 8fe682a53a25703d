import assert from "node:assert/strict";
import { test } from "node:test";
import type { RadioSettings } from "../config/registry.ts";
import { defaultRadio } from "../config/settings.ts";
import type { Band, RadioCapabilities, RadioChannel } from "../driver/port.ts";
import {
  type ChannelPlan,
  type ChannelRefusal,
  channelOf,
  frequencyOf,
  isRefusal,
  planChannel,
} from "./channel-plan.ts";

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
  assert.equal(planned({ ieee80211n: true, ht_capab: new Set(["HT40+"]) }).secondary, "above");
  assert.equal(planned({ ieee80211n: true, noscan: true, ht_capab: new Set(["HT40-"]) }).secondary, "below");
});

test("automatic choice takes one that overlaps nobody, and says so", () => {
  const automatic = planned({ channel: "automatic" });
  assert.equal(automatic.channel, 1);
  assert.equal(automatic.concessions.length, 1);
});

const wide = (first: number, last: number, more: (number: number) => Partial<RadioChannel> = () => ({})) =>
  Array.from({ length: (last - first) / 4 + 1 }, (_, i) =>
    channel(frequencyOf("5GHz", first + 4 * i), more(first + 4 * i)),
  );
/** MPDUs of 11454 octets, LDPC, short guard interval, one stream with STBC. */
const vht = { capabilities: 0x0132, mcsSet: new Uint8Array(8) };
/** 40 and 80 MHz on 5 GHz, 160, 80+80; 40 MHz on 2.4 GHz. IEEE Std 802.11ax-2021, 9.4.2.248.3. */
const he = {
  mac: new Uint8Array(6),
  phy: Uint8Array.of(0x1e, ...new Uint8Array(10)),
  mcsSet: new Uint8Array(12),
  ppeThresholds: new Uint8Array(),
  /** MPDUs of 11454 octets, the longest A-MPDUs, steady antenna patterns. */
  capabilities6GHz: 0x30b8,
};
const eht = {
  mac: 0,
  phy: Uint8Array.of(0x02, ...new Uint8Array(8)),
  mcsSet: new Uint8Array(9),
  ppeThresholds: new Uint8Array(),
};
const fast: RadioCapabilities = {
  ...capabilities,
  bands: [
    {
      name: "2.4GHz",
      channels: Array.from({ length: 11 }, (_, i) => channel(2412 + 5 * i)),
      rates: [10],
      ht,
      vht: undefined,
      he,
      eht,
    },
    {
      name: "5GHz",
      channels: [
        ...wide(36, 48),
        ...wide(52, 64, () => ({ radar: true })),
        ...wide(100, 128),
        ...wide(149, 165, (number) => ({ no80MHz: number === 165 })),
      ],
      rates: [60],
      ht,
      vht,
      he,
      eht,
    },
    {
      name: "6GHz",
      channels: Array.from({ length: 59 }, (_, i) => channel(5955 + 20 * i)),
      rates: [60],
      ht: undefined,
      vht: undefined,
      he,
      eht,
    },
  ],
};
const ofFive: Partial<RadioSettings> = {
  hw_mode: "a",
  channel: 36,
  ieee80211n: true,
  ht_capab: new Set(["HT40+"]),
  ieee80211ac: true,
};
const fastPlan = (settings: Partial<RadioSettings>) => planChannel({ ...defaultRadio(), ...settings }, fast);
const placed = (settings: Partial<RadioSettings>): ChannelPlan => {
  const result = fastPlan(settings);
  assert.ok(!isRefusal(result), JSON.stringify(result));
  return result;
};
const refusal = (settings: Partial<RadioSettings>): ChannelRefusal => {
  const result = fastPlan(settings);
  assert.ok(isRefusal(result), "it was planned");
  return result;
};

test("80 MHz: around the centre that is given, or the one there is", () => {
  for (const segment of [42, 0]) {
    const { definition, secondary } = placed({ ...ofFive, vht_oper_chwidth: 1, vht_oper_centr_freq_seg0_idx: segment });
    assert.deepEqual(definition, { frequency: 5180, width: "80", centerFrequency1: 5210 });
    assert.equal(secondary, "above");
  }
  const wrong = refusal({ ...ofFive, vht_oper_chwidth: 1, vht_oper_centr_freq_seg0_idx: 46 });
  assert.deepEqual(
    [wrong.problem, wrong.message],
    ["contradiction", "channel 36 is in no channel of 80 MHz around channel 46"],
  );
  const second = refusal({
    ...ofFive,
    vht_oper_chwidth: 1,
    vht_oper_centr_freq_seg0_idx: 42,
    vht_oper_centr_freq_seg1_idx: 155,
  });
  assert.match(second.message, /one centre/);
  const no40 = refusal({ ...ofFive, ht_capab: new Set(), vht_oper_chwidth: 1 });
  assert.match(no40.message, /ht_capab=\[HT40\+\] or \[HT40-\]/);
});

test("a pair that the rules don't have makes everything 20 MHz, with a word", () => {
  const plan = placed({ ...ofFive, channel: 161, vht_oper_chwidth: 1, vht_oper_centr_freq_seg0_idx: 155 });
  assert.deepEqual([plan.definition.width, plan.may40, plan.concessions.length], ["20", true, 1]);
});

test("HT40+ and HT40-: the one that goes", () => {
  const both = new Set(["HT40+", "HT40-"] as const);
  assert.equal(placed({ ...ofFive, ieee80211ac: false, channel: 36, ht_capab: both }).secondary, "above");
  assert.equal(placed({ ...ofFive, ieee80211ac: false, channel: 40, ht_capab: both }).secondary, "below");
});

test("a part of the width that is not allowed is named", () => {
  const radar = refusal({ ...ofFive, ieee80211ax: true, he_oper_chwidth: 2, he_oper_centr_freq_seg0_idx: 50 });
  assert.equal(radar.problem, "not-allowed");
  assert.match(radar.message, /160 MHz on channel 36 are not allowed here: on channel 52 \(5260 MHz\) radar/);
  const channel165 = refusal({
    ...ofFive,
    channel: 165,
    ht_capab: new Set(),
    vht_oper_chwidth: 0,
    ieee80211ax: true,
    he_oper_chwidth: 1,
  });
  assert.equal(channel165.problem, "contradiction");
});

test("160 MHz: with VHT they have to be in vht_capab, with HE in the radio", () => {
  const wish = { ...ofFive, channel: 100, vht_oper_chwidth: 2, vht_oper_centr_freq_seg0_idx: 114 };
  assert.match(refusal(wish).message, /vht_capab: \[VHT160\]/);
  assert.match(refusal({ ...wish, vht_capab: new Set(["VHT160"]) }).message, /can't do \[VHT160\]/);
  const withHe = placed({
    ...ofFive,
    channel: 100,
    ieee80211ax: true,
    he_oper_chwidth: 2,
    he_oper_centr_freq_seg0_idx: 114,
  });
  assert.deepEqual(withHe.definition, { frequency: 5500, width: "160", centerFrequency1: 5570 });
});

test("80+80 MHz: two centres, apart from each other", () => {
  const wish = { ...ofFive, ieee80211ax: true, he_oper_chwidth: 3, he_oper_centr_freq_seg0_idx: 42 };
  assert.match(refusal(wish).message, /80\+80 MHz have a second centre/);
  assert.match(refusal({ ...wish, he_oper_centr_freq_seg1_idx: 58 }).message, /don't lie apart/);
  const { definition } = placed({ ...wish, he_oper_centr_freq_seg1_idx: 155 });
  assert.deepEqual(definition, { frequency: 5180, width: "80+80", centerFrequency1: 5210, centerFrequency2: 5775 });
});

test("6 GHz: the centre or the operating class says the width", () => {
  const six: Partial<RadioSettings> = { hw_mode: "a", op_class: 131, channel: 5, ieee80211ax: true, ieee80211be: true };
  assert.deepEqual(placed(six).definition, { frequency: 5975, width: "20", centerFrequency1: 5975 });
  for (const [opClass, width, center] of [
    [132, "40", 5965],
    [133, "80", 5985],
    [134, "160", 6025],
    [137, "320", 6105],
  ] as const) {
    assert.deepEqual(placed({ ...six, op_class: opClass }).definition, {
      frequency: 5975,
      width,
      centerFrequency1: center,
    });
  }
  const second = placed({ ...six, channel: 37, op_class: 137, eht_bw320_offset: 2 });
  assert.equal(second.definition.centerFrequency1, 6265);
  assert.equal(placed({ ...six, eht_oper_centr_freq_seg0_idx: 7 }).secondary, "below");
  assert.match(refusal({ ...six, channel: 6 }).message, /no channel 6/);
  assert.match(refusal({ ...six, eht_oper_centr_freq_seg0_idx: 39 }).message, /not in the 80 MHz around channel 39/);
  assert.match(refusal({ ...six, ieee80211ax: false, ieee80211be: false }).message, /6 GHz needs ieee80211ax=1/);
});

test("flags that the radio hasn't got are refused by name", () => {
  const lacks = refusal({
    hw_mode: "g",
    channel: 1,
    ieee80211n: true,
    ht_capab: new Set(["LDPC", "GF", "SHORT-GI-20"]),
  });
  assert.deepEqual([lacks.problem, lacks.message], ["not-supported", "ht_capab: this radio can't do [LDPC] on 2.4GHz"]);
  const vhtLacks = refusal({ ...ofFive, vht_capab: new Set(["SU-BEAMFORMER", "RX-STBC-1234"]) });
  assert.match(vhtLacks.message, /^vht_capab: this radio can't do \[SU-BEAMFORMER\], \[RX-STBC-1234\] on 5GHz$/);
});

test("puncturing: patterns of the standard, never the primary channel", () => {
  const wish = {
    ...ofFive,
    ieee80211ax: true,
    ieee80211be: true,
    eht_oper_chwidth: 1,
    eht_oper_centr_freq_seg0_idx: 42,
  };
  assert.equal(placed({ ...wish, punct_bitmap: 8 }).definition.punctured, 8);
  assert.match(refusal({ ...wish, punct_bitmap: 1 }).message, /primary/);
  assert.match(refusal({ ...wish, punct_bitmap: 6 }).message, /none of the patterns/);
  assert.match(
    refusal({ ...wish, eht_oper_chwidth: 0, eht_oper_centr_freq_seg0_idx: 38, punct_bitmap: 2 }).message,
    /only 80/,
  );
});
