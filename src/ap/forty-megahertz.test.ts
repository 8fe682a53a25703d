import assert from "node:assert/strict";
import { test } from "node:test";
import type { MacAddress } from "../base/mac-address.ts";
import { defaultRadio } from "../config/settings.ts";
import type { ScanResult } from "../driver/port.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { isRefusal, planChannel } from "./channel-plan.ts";
import { affectedChannels, judge40MHz } from "./forty-megahertz.ts";

/** Channel 1 and 5: around 2422 MHz. */
const plan = planChannel(
  { ...defaultRadio(), hw_mode: "g", ieee80211n: true, channel: 1, ht_capab: new Set(["HT40+"] as const) },
  virtualCapabilities("phy0", "US"),
);
assert.ok(!isRefusal(plan));

const neighbour = (frequency: number, ...elements: readonly number[][]): ScanResult => ({
  bssid: "02:00:00:00:00:09" as MacAddress,
  frequency,
  elements: Uint8Array.from(elements.flat()),
});
/** HT Capabilities and HT Operation. */
const capabilities = (information = 0): number[] => [
  45,
  26,
  information & 255,
  information >> 8,
  ...new Array(24).fill(0),
];
const operation = (channel: number, second: number): number[] => [61, 22, channel, second, ...new Array(20).fill(0)];
const intolerant = 1 << 14;

test("2.4 GHz: who is near has to be as wide as we, in the same place", () => {
  const verdict = (one: ScanResult): string => judge40MHz(plan, [one]).kind;
  assert.equal(judge40MHz(plan, []).kind, "allowed");
  assert.equal(verdict(neighbour(2412)), "allowed");
  assert.equal(verdict(neighbour(2462)), "allowed");
  assert.equal(verdict(neighbour(2432)), "forbidden");
  assert.equal(verdict(neighbour(2432, capabilities(), operation(5, 0))), "forbidden");
  assert.equal(verdict(neighbour(2412, capabilities(), operation(1, 5))), "allowed");
  assert.equal(verdict(neighbour(2412, capabilities(intolerant), operation(1, 0))), "forbidden");
});

test("elements that can't be read are a network without HT", () => {
  assert.equal(judge40MHz(plan, [neighbour(2432, [45, 26, 0])]).kind, "forbidden");
  assert.deepEqual(affectedChannels(plan).slice(0, 2), [2412, 2417]);
});
