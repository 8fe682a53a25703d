import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultBss, defaultRadio } from "../config/settings.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { knowsOfdm, rateElements, rateSet } from "./rates.ts";

const [band24, band5] = virtualCapabilities("phy0", "US").bands;
const ofdm = [60, 90, 120, 180, 240, 360, 480, 540];

const rates = (hw_mode: "a" | "b" | "g", given: { supported_rates?: number[]; basic_rates?: number[] } = {}) => {
  const band = hw_mode === "a" ? band5 : band24;
  assert.ok(band);
  return rateSet({ ...defaultBss("wlan0"), ...given }, { ...defaultRadio(), hw_mode }, band);
};

test("each mode has the rates and the mandatory rates of its time", () => {
  assert.deepEqual(rates("b"), { supported: [10, 20, 55, 110], basic: [10, 20] });
  assert.deepEqual(rates("g"), { supported: [10, 20, 55, 110, ...ofdm], basic: [10, 20, 55, 110] });
  assert.deepEqual(rates("a"), { supported: ofdm, basic: [60, 120, 240] });
});

test("what the settings leave out, the radio lacks or the network doesn't support is not basic", () => {
  assert.deepEqual(rates("g", { supported_rates: [60, 120, 999], basic_rates: [60, 110] }), {
    supported: [60, 120],
    basic: [60],
  });
  assert.deepEqual(rates("b", { supported_rates: [110, 540] }), { supported: [110], basic: [] });
});

test("9.4.2.3, 9.4.2.13: eight rates in the first element, the rest in the other, HT at the end", () => {
  const [first, second, ...none] = rateElements(rates("g"), ["ht"]);
  assert.deepEqual(first, {
    id: elementId.supportedRates,
    data: Uint8Array.of(0x82, 0x84, 0x8b, 0x96, 12, 18, 24, 36),
  });
  assert.deepEqual(second, { id: elementId.extendedSupportedRates, data: Uint8Array.of(48, 72, 96, 108, 0xff) });
  assert.deepEqual(none, []);
  assert.equal(rateElements(rates("b"), []).length, 1);
});

test("who has nothing above 11 Mb/s knows no OFDM", () => {
  assert.ok(!knowsOfdm(Uint8Array.of(2, 4, 11, 22)));
  assert.ok(knowsOfdm(Uint8Array.of(2, 4, 11, 22, 24)));
  assert.ok(!knowsOfdm(new Uint8Array()));
});
