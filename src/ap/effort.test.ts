import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { sameValue } from "../base/same-value.ts";
import type { BssSettings, Configuration, RadioSettings } from "../config/registry.ts";
import { defaultBss, defaultRadio } from "../config/settings.ts";
import { effortOf } from "./effort.ts";

const configuration = (bss: Partial<BssSettings> = {}, radio: Partial<RadioSettings> = {}): Configuration => ({
  radio: { ...defaultRadio(), ...radio },
  bsses: [{ ...defaultBss("wlan0"), ssid: utf8("net"), ...bss }],
});

test("the most expensive of the changes counts", () => {
  const before = configuration();
  assert.equal(effortOf(before, configuration()), "live");
  assert.equal(effortOf(before, configuration({ ap_max_inactivity: 10 })), "live");
  assert.equal(effortOf(before, configuration({ ignore_broadcast_ssid: "empty" })), "beacon");
  assert.equal(effortOf(before, configuration({ ssid: utf8("other"), ap_max_inactivity: 10 })), "stations");
  assert.equal(effortOf(before, configuration({}, { channel: 11 })), "restart");
  assert.equal(effortOf(before, { ...before, bsses: [...before.bsses, defaultBss("wlan1")] }), "restart");
});

test("values are compared all the way down", () => {
  assert.ok(sameValue({ a: new Set([1]), b: [Uint8Array.of(1)] }, { b: [Uint8Array.of(1)], a: new Set([1]) }));
  assert.ok(!sameValue(new Map([["a", 1]]), new Map([["a", 2]])));
  assert.ok(!sameValue({ a: undefined }, {}));
  assert.ok(!sameValue([1], [1, 2]));
  assert.ok(!sameValue(Uint8Array.of(1), [1]));
});
