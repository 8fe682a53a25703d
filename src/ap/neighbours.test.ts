/** Beacons of others: whose stations ours have to be careful of, for how long, and how many are remembered. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { configurationOf } from "../../testing/observed-radio.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { concat } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import { broadcast, type MacAddress } from "../base/mac-address.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { encodeBeacon } from "../wire/ieee80211/beacon.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import { isRefusal, planChannel } from "./channel-plan.ts";
import { Neighbours } from "./neighbours.ts";

const dsss = Uint8Array.of(0x82, 0x84, 0x8b, 0x96);
const ofdm = Uint8Array.of(0x0c, 0x12, 0x18, 0x24);
const ht = { id: elementId.htCapabilities, data: new Uint8Array(26) };
const rates = (data: Uint8Array): Element => ({ id: elementId.supportedRates, data });
const on = (channel: number): Element => ({ id: elementId.dsParameterSet, data: Uint8Array.of(channel) });
const erp = (octet: number): Element => ({ id: elementId.erp, data: Uint8Array.of(octet) });

const beacon = (n: number, elements: readonly Element[]): Uint8Array => {
  const bssid =
    `02:cc:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}` as MacAddress;
  return encodeManagementFrame(
    { subtype: "beacon", receiver: broadcast, transmitter: bssid, bssid },
    encodeBeacon({ timestamp: 0n, interval: 100, capabilities: new Set(["ess"]), elements }),
  );
};

function listening(...lines: readonly string[]) {
  const clock = new VirtualClock();
  const { radio } = configurationOf(["ssid=x", "hw_mode=g", "channel=6", "ieee80211n=1", ...lines].join("\n"));
  const plan = planChannel(radio, virtualCapabilities("phy0", "US"));
  assert.ok(!isRefusal(plan));
  const told: { erp: boolean; ht: boolean }[] = [];
  const neighbours = new Neighbours(
    clock,
    () => ({ settings: radio, plan }),
    (olbc) => void told.push({ ...olbc }),
  );
  return { clock, neighbours, told, now: () => told.at(-1) };
}

test("a network without OFDM on our channel, one without HT, and one that has both", () => {
  const { clock, neighbours, now } = listening();
  neighbours.hear(beacon(1, [rates(ofdm), on(6), ht]), 2437);
  assert.deepEqual(now(), { erp: false, ht: false });
  neighbours.hear(beacon(2, [rates(ofdm), on(6)]), 2437);
  assert.deepEqual(now(), { erp: false, ht: true });
  neighbours.hear(beacon(3, [rates(dsss), on(6)]), 2437);
  assert.deepEqual(now(), { erp: true, ht: true });
  neighbours.forget();
  assert.deepEqual(now(), { erp: false, ht: false });
  assert.deepEqual(clock.armed, []);
});

test("one that has OFDM and stations without it", () => {
  const { neighbours, now } = listening();
  neighbours.hear(beacon(1, [rates(ofdm), on(6), erp(1), ht]), 2437);
  assert.deepEqual(now(), { erp: true, ht: false });
});

test("another channel is no concern, even where its beacons are heard on ours", () => {
  const { neighbours, told } = listening();
  neighbours.hear(beacon(1, [rates(dsss), on(5)]), 2437);
  neighbours.hear(beacon(2, [rates(dsss)]), 2412);
  assert.deepEqual(told, []);
});

test("who is no longer heard is forgotten after ap_table_expiration_time", () => {
  const { clock, neighbours, now } = listening("ap_table_expiration_time=10");
  neighbours.hear(beacon(1, [rates(dsss), on(6)]), 2437);
  for (let i = 0; i < 8; i++) {
    clock.advance(seconds(2));
    neighbours.hear(beacon(1, [rates(dsss), on(6)]), 2437);
  }
  assert.equal(now()?.erp, true);
  clock.advance(seconds(9));
  assert.equal(now()?.erp, true);
  clock.advance(seconds(3));
  assert.equal(now()?.erp, false);
  assert.deepEqual(clock.armed, []);
});

test("of more than ap_table_max_size the oldest give way; with 0 nobody is heard", () => {
  const { clock, neighbours, now } = listening("ap_table_max_size=3");
  neighbours.hear(beacon(1, [rates(dsss), on(6)]), 2437);
  for (let n = 2; n < 2000; n++) neighbours.hear(beacon(n, [rates(ofdm), on(6), ht]), 2437);
  assert.equal(now()?.erp, false);
  clock.advance(seconds(70));
  const deaf = listening("ap_table_max_size=0");
  deaf.neighbours.hear(beacon(1, [rates(dsss), on(6)]), 2437);
  assert.deepEqual(deaf.told, []);
});

test("frames of any octets harm nobody", () => {
  const { clock, neighbours } = listening();
  const whole = beacon(1, [rates(dsss), on(6), erp(1), ht]);
  const bent = fc
    .tuple(fc.nat(whole.length), fc.uint8Array({ maxLength: 40 }))
    .map(([length, rest]) => concat(whole.subarray(0, length), rest));
  fc.assert(
    fc.property(
      fc.oneof(bent, fc.uint8Array({ maxLength: 120 })),
      fc.constantFrom(2412, 2437, 0),
      (frame, frequency) => {
        neighbours.hear(frame, frequency);
        clock.advance(seconds(2));
      },
    ),
    { numRuns: 500 },
  );
});
