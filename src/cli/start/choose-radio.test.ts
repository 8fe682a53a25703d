import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../../base/bytes.ts";
import type { SurveyedInterface, SurveyedRadio } from "../../driver/nl80211/survey.ts";
import type { InterfaceType } from "../../driver/port.ts";
import { virtualCapabilities } from "../../driver/virtual/capabilities.ts";
import { bestChannel, chooseRadio } from "./choose-radio.ts";

const idle: SurveyedInterface = {
  name: "wlan0",
  type: "station",
  isUp: false,
  hasMaster: false,
  ssid: undefined,
  frequency: undefined,
};

const radio = (
  interfaces: readonly Partial<SurveyedInterface>[],
  rest: Partial<SurveyedRadio> = {},
): SurveyedRadio => ({
  capabilities: virtualCapabilities("phy0", "00"),
  isBlocked: false,
  interfaces: interfaces.map((one) => ({ ...idle, ...one })),
  ...rest,
});

test("the first radio that nobody uses", () => {
  assert.deepEqual(chooseRadio([radio([{}])]), { interfaceName: "wlan0", passedBy: [] });
});

test("radios that are in use are passed by, and it is said why", () => {
  const radios = [
    radio([{ ssid: utf8("Home"), isUp: true }]),
    radio([{ name: "wlan1", isUp: true }]),
    radio([{ name: "wlan2", hasMaster: true }]),
    radio([{ name: "wlan3", type: "ap", ssid: utf8("Shop") }]),
    radio([{ name: "wlan4" }, { name: "mon4", type: "monitor", isUp: true }]),
    radio([{ name: "wlan5" }], { isBlocked: true }),
    radio([]),
    radio([{ name: "wlan7" }], {
      capabilities: { ...virtualCapabilities("phy7", "00"), interfaceTypes: new Set<InterfaceType>(["station"]) },
    }),
    radio([{ name: "mesh8", type: "mesh" }, { name: "wlan8" }]),
  ];
  assert.deepEqual(chooseRadio(radios), {
    interfaceName: "wlan8",
    passedBy: [
      "wlan0 (phy0): is connected with 'Home'",
      "wlan1 (phy0): is up, so something uses it or is about to",
      "wlan2 (phy0): is part of a bridge",
      "wlan3 (phy0): is the access point of 'Shop'",
      "wlan4, mon4 (phy0): mon4 is up, so something uses it or is about to",
      "wlan5 (phy0): switched off (rfkill)",
      "phy0: it has no interface that could be an access point",
      "wlan7 (phy7): its driver has no access point mode",
    ],
  });
});

test("channel 1 where it may be, else what may", () => {
  const capabilities = virtualCapabilities("phy0", "US");
  assert.deepEqual(bestChannel(capabilities), { band: "2.4GHz", frequency: 2412 });
  const without24 = { ...capabilities, bands: capabilities.bands.filter(({ name }) => name === "5GHz") };
  assert.deepEqual(bestChannel(without24), { band: "5GHz", frequency: 5180 });
  assert.equal(bestChannel({ ...capabilities, bands: [] }), undefined);
});
