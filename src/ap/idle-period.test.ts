import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultBss } from "../config/settings.ts";
import { agreedIdlePeriod, maxIdlePeriodElement } from "./idle-period.ts";

const settings = { ...defaultBss("wlan0"), ap_max_inactivity: 300 };
const told = (more: Partial<typeof settings>, own?: number) =>
  maxIdlePeriodElement({ ...settings, ...more }, own).map(({ data }) => [...data]);

test("stations are told ap_max_inactivity in units of 1.024 s, rounded down", () => {
  // 300 s as hostapd 2.10 tells it.
  assert.deepEqual(told({}), [[0x24, 0x01, 0]]);
  assert.deepEqual(told({ bss_max_idle: "protected-frames" }), [[0x24, 0x01, 1]]);
  assert.deepEqual(told({ ap_max_inactivity: 1 }), [[1, 0, 0]]);
  assert.deepEqual(told({ ap_max_inactivity: 1_000_000 }), [[0xff, 0xff, 0]]);
  assert.deepEqual(told({}, 5), [[5, 0, 0]]);
  assert.deepEqual(told({ bss_max_idle: "no" }), []);
  assert.deepEqual(told({ ap_max_inactivity: 0 }), []);
});

test("a station may ask for less, and for more up to max_acceptable_idle_period", () => {
  const agreed = (asked: readonly number[] | undefined, max_acceptable_idle_period: number) =>
    agreedIdlePeriod({ ...settings, max_acceptable_idle_period }, asked && Uint8Array.from(asked));
  assert.equal(agreed([10, 0, 0], 0), undefined, "nobody may");
  assert.equal(agreed([10, 0, 0], 500), 10);
  assert.equal(agreed([0xff, 0xff, 0], 500), 500);
  assert.equal(agreed([0xff, 0xff, 0], 100), undefined, "less than all have");
  for (const odd of [undefined, [], [10], [0, 0, 0]]) assert.equal(agreed(odd, 500), undefined);
});
