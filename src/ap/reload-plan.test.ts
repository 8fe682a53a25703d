/** What a reload would do, and whom it would cost their connection. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { sameValue } from "../base/same-value.ts";
import type { Cost } from "../config/entry.ts";
import { PskEntries } from "../config/psk-entries.ts";
import {
  type BssSettings,
  type Configuration,
  propertyOf,
  type RadioSettings,
  settingKeys,
} from "../config/registry.ts";
import { defaultBss, defaultRadio } from "../config/settings.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { permittedPlan } from "./channel-plan.ts";
import { leavingFor, type OnAir, planReload, type Situation, type Step } from "./reload-plan.ts";

const radioSettings = (radio: Partial<RadioSettings> = {}): RadioSettings => ({
  ...defaultRadio(),
  hw_mode: "g",
  channel: 1,
  ...radio,
});
const bss = (name: string, more: Partial<BssSettings> = {}): BssSettings => ({
  ...defaultBss(name),
  ssid: utf8(name),
  ...more,
});
const configuration = (bsses: readonly BssSettings[], radio: Partial<RadioSettings> = {}): Configuration => ({
  radio: radioSettings(radio),
  bsses,
});
const two = configuration([bss("wlan0"), bss("wlan0_1")]);
const capabilities = virtualCapabilities("virtual0", "DE");
const onAirWith = (radio: RadioSettings, more: Partial<OnAir> = {}): OnAir => ({
  capabilities,
  plan: permittedPlan(radio, capabilities),
  announcesSwitches: false,
  maxBsses: 8,
  hasEnteredCountry: false,
  ...more,
});
const up = (from: Configuration, more: Partial<OnAir> = {}): Situation => ({
  configuration: from,
  pskFiles: new Map(),
  onAir: onAirWith(from.radio, more),
});
const planned = (from: Situation, to: Configuration): readonly Step[] =>
  planReload(from, { configuration: to, pskFiles: from.pskFiles }).steps;
const inShort = (steps: readonly Step[]): string[] =>
  steps.map((step) => `${step.type}${"bss" in step ? ` ${step.bss}` : ""}: ${step.keys.join(" ")}`);
const changing = (from: Configuration, interfaceName: string, more: Partial<BssSettings>): Configuration => ({
  ...from,
  bsses: from.bsses.map((each) => (each.interface === interfaceName ? { ...each, ...more } : each)),
});

describe("each key costs what the registry says", () => {
  /** Another value than the one that is there; only told apart, never used. */
  const other = (key: string, present: unknown): unknown => {
    if (key === "country_code") return "US";
    if (key === "channel") return 6;
    if (key === "hw_mode") return "b";
    if (key === "ieee80211n") return true;
    return typeof present === "object" && present !== null ? { unlike: key } : `unlike ${key}`;
  };
  const keys = Object.entries(settingKeys).filter(([, entry]) => entry.aliasOf === undefined);
  const expected: Readonly<Record<"radio" | "bss", Readonly<Record<Cost, readonly string[]>>>> = {
    bss: {
      live: ["show-settings wlan0_1"],
      beacon: ["show-settings wlan0_1"],
      socket: ["reopen-socket wlan0_1"],
      admission: ["check-admission wlan0_1"],
      keys: ["change-keys wlan0_1"],
      stations: ["begin-bss wlan0_1"],
      restart: ["reopen-bss wlan0_1"],
      bridge: ["change-bridge wlan0_1"],
      country: [],
      color: [],
      channel: [],
    },
    radio: {
      live: ["show-settings wlan0", "show-settings wlan0_1"],
      beacon: ["show-settings wlan0", "show-settings wlan0_1"],
      stations: ["begin-all"],
      restart: ["restart-radio"],
      country: ["set-country", "show-settings wlan0", "show-settings wlan0_1"],
      bridge: [],
      // The radio here is not in HE.
      color: [],
      channel: [],
      socket: [],
      admission: [],
      keys: [],
    },
  };

  for (const [key, entry] of keys) {
    if (key === "interface") continue;
    test(key, () => {
      const property = propertyOf(key);
      const from = configuration([bss("wlan0"), bss("wlan0_1")]);
      const changed = (settings: object): object => ({
        ...settings,
        [property]: other(key, new Map<string, unknown>(Object.entries(settings)).get(property)),
      });
      const [first, second] = from.bsses;
      assert.ok(first && second);
      const to: Configuration =
        entry.scope === "radio"
          ? { ...from, radio: changed(from.radio) as RadioSettings }
          : { ...from, bsses: [first, changed(second) as BssSettings] };
      if (key === "ieee80211ax" || key === "ieee80211be") {
        // The radio here has neither, which is found out beforehand.
        assert.throws(() => planReload(up(from), { configuration: to, pskFiles: new Map() }), /can't do/);
        return;
      }
      const { changes, steps } = planReload(up(from), { configuration: to, pskFiles: new Map() });
      assert.deepEqual(changes, [{ bss: entry.scope === "bss" ? "wlan0_1" : undefined, key, cost: entry.cost }]);
      for (const step of steps) assert.deepEqual(step.keys, [key]);
      const asSaid = expected[entry.scope === "radio" ? "radio" : "bss"][entry.cost];
      const special: Readonly<Record<string, readonly string[]>> = {
        rts_threshold: ["set-thresholds"],
        fragm_threshold: ["set-thresholds"],
        // Another channel than now, which can't be announced here.
        channel: ["begin-all"],
      };
      assert.deepEqual(
        steps.map((step) => `${step.type}${"bss" in step ? ` ${step.bss}` : ""}`),
        special[key] ?? asSaid,
      );
    });
  }

  test("whatever changes in one BSS, nobody in the others has to go", () => {
    const bssKeys = keys.filter(([key, entry]) => entry.scope === "bss" && key !== "interface").map(([key]) => key);
    fc.assert(
      fc.property(fc.subarray(bssKeys), fc.constantFrom("wlan0", "wlan0_1", "wlan0_2"), (chosen, where) => {
        const from = configuration([bss("wlan0"), bss("wlan0_1"), bss("wlan0_2")]);
        const more = Object.fromEntries(chosen.map((key) => [propertyOf(key), `unlike ${key}`]));
        const to = changing(from, where, more as Partial<BssSettings>);
        for (const step of planned(up(from), to)) assert.equal("bss" in step && step.bss, where);
      }),
    );
  });

  test("BSSs that come and go concern nobody else, in any number", () => {
    const names = ["wlan0_1", "wlan0_2", "wlan0_3", "wlan0_4", "wlan0_5", "wlan0_6"];
    fc.assert(
      fc.property(fc.subarray(names), fc.subarray(names), (before, after) => {
        const of = (list: readonly string[]) => configuration(["wlan0", ...list].map((name) => bss(name)));
        const steps = planned(up(of(before)), of(after));
        assert.deepEqual(
          new Set(inShort(steps)),
          new Set([
            ...before.filter((name) => !after.includes(name)).map((name) => `remove-bss ${name}: bss`),
            ...after.filter((name) => !before.includes(name)).map((name) => `add-bss ${name}: bss`),
          ]),
        );
      }),
    );
  });

  test("a plan is empty exactly where nothing differs", () => {
    const live = keys.filter(([key, entry]) => entry.scope === "bss" && key !== "interface").map(([key]) => key);
    fc.assert(
      fc.property(fc.subarray(live), (chosen) => {
        const more = Object.fromEntries(chosen.map((key) => [propertyOf(key), `unlike ${key}`]));
        const to = changing(two, "wlan0", more as Partial<BssSettings>);
        assert.equal(planned(up(two), to).length === 0, sameValue(two, to));
      }),
    );
  });
});

test("firmware that associates by itself is told the hidden name at the start only", () => {
  const to = changing(two, "wlan0", { ignore_broadcast_ssid: "empty" });
  assert.deepEqual(inShort(planned(up(two), to)), ["show-settings wlan0: ignore_broadcast_ssid"]);
  const offloaded = up(two, { capabilities: { ...capabilities, associationOffload: true } });
  assert.deepEqual(inShort(planned(offloaded, to)), ["begin-bss wlan0: ignore_broadcast_ssid"]);
});

test("several costs at once: the BSS begins anew once, and that covers the rest", () => {
  const to = changing(two, "wlan0_1", { ssid: utf8("x"), ap_max_inactivity: 7, wpa_passphrase: utf8("12345678") });
  assert.deepEqual(inShort(planned(up(two), to)), ["begin-bss wlan0_1: ssid"]);
  const elsewhere = changing(to, "wlan0_1", { bssid: "02:00:00:00:00:07" as MacAddress });
  assert.deepEqual(inShort(planned(up(two), elsewhere)), ["reopen-bss wlan0_1: bssid ssid"]);
});

test("what all BSSs begin anew for is done once, between those that go and those that come", () => {
  const from = configuration([bss("wlan0"), bss("wlan0_1"), bss("wlan0_2")]);
  const to = configuration([bss("wlan0"), bss("wlan0_2", { ssid: utf8("x") }), bss("wlan0_3")], { beacon_int: 50 });
  assert.deepEqual(inShort(planned(up(from), to)), [
    "remove-bss wlan0_1: bss",
    "begin-all: beacon_int",
    "add-bss wlan0_3: bss",
  ]);
});

test("who comes comes first, so that a refusal costs nobody anything; unless there is no room, or the address is taken", () => {
  const address = "02:00:00:00:00:07" as MacAddress;
  const from = configuration([bss("wlan0"), bss("a", { bssid: address })]);
  const free = configuration([bss("wlan0"), bss("b")]);
  const taken = configuration([bss("wlan0"), bss("b", { bssid: address })]);
  assert.deepEqual(inShort(planned(up(from), free)), ["add-bss b: bss", "remove-bss a: bss"]);
  assert.deepEqual(inShort(planned(up(from, { maxBsses: 2 }), free)), ["remove-bss a: bss", "add-bss b: bss"]);
  assert.deepEqual(inShort(planned(up(from), taken)), ["remove-bss a: bss", "add-bss b: bss"]);
});

test("the first interface may go where another one stays; one that is new there is another radio", () => {
  assert.deepEqual(inShort(planned(up(two), configuration([bss("wlan0_1")]))), ["remove-bss wlan0: bss"]);
  assert.deepEqual(inShort(planned(up(two), configuration([bss("wlan7"), bss("wlan0")]))), [
    "restart-radio: interface",
  ]);
});

describe("the channel", () => {
  const onto6 = configuration(two.bsses, { channel: 6 });

  test("the stations are taken along where that can be announced", () => {
    const [step] = planned(up(two, { announcesSwitches: true }), onto6);
    assert.ok(step?.type === "switch-channel");
    assert.equal(step.to.channel, 6);
    assert.equal(leavingFor(step), "nobody");
  });

  test("one that is asked for in other words is the same", () => {
    const automatic = configuration(two.bsses, { channel: "automatic" });
    assert.deepEqual(planned(up(two), automatic), []);
  });

  test("one that may not be is refused before anything happens", () => {
    assert.throws(() => planned(up(two), configuration(two.bsses, { channel: 14 })), /channel 14/);
  });

  test("with another country it is decided when that one's rules are in force", () => {
    const onto14 = configuration(two.bsses, { channel: 14, country_code: "JP" });
    assert.deepEqual(inShort(planned(up(two), onto14)).slice(0, 1), ["set-country: country_code"]);
    assert.throws(() => planned(up(two, { hasEnteredCountry: true }), onto14), /channel 14/);
    const entered = planned(up(two, { hasEnteredCountry: true }), configuration(two.bsses, { country_code: "DE" }));
    assert.deepEqual(inShort(entered), ["show-settings wlan0: country_code", "show-settings wlan0_1: country_code"]);
  });
});

test("other entries in a wpa_psk_file whose name is the same", () => {
  const from = up(changing(two, "wlan0", { wpa_psk_file: "/keys" }));
  const entry = {
    station: undefined,
    secret: { type: "passphrase", octets: utf8("12345678") },
    keyId: undefined,
    vlanId: 0,
    wps: false,
    line: 1,
  } as const;
  const pskFiles = new Map([["wlan0", PskEntries.of([entry])]]);
  const plan = planReload(from, { configuration: from.configuration, pskFiles });
  assert.deepEqual(inShort(plan.steps), ["change-keys wlan0: wpa_psk_file"]);
  assert.deepEqual(plan.changes, []);
});

test("a radio that is down has it all at its next start", () => {
  const down: Situation = { ...up(two), onAir: undefined };
  const plan = planReload(down, { configuration: configuration([bss("wlan9")]), pskFiles: new Map() });
  assert.deepEqual(plan.steps, []);
});
