import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Workshop } from "../../testing/radio-workshop.ts";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { VirtualStation } from "../virtual/station.ts";
import { weightsOf } from "./airtime.ts";

const holder = (share: number, active: number, limited = false) => ({ share, active, limited });

describe("weights of stations", () => {
  test("two BSSs of equal shares, one with three times as many stations", () => {
    assert.deepEqual(weightsOf("dynamic", [holder(1, 1), holder(1, 3)]), [768, 256]);
  });

  test("by shares", () => {
    assert.deepEqual(weightsOf("dynamic", [holder(3, 2), holder(1, 2)]), [768, 256]);
  });

  test("one alone has it all, whatever its share", () => {
    assert.deepEqual(weightsOf("dynamic", [holder(3, 2), holder(1, 0)]), [256, 256]);
    assert.deepEqual(weightsOf("dynamic", [holder(1, 0), holder(1, 0)]), [256, 256]);
    assert.deepEqual(weightsOf("dynamic", []), []);
  });

  test("a limit counts where somebody would have more than its share", () => {
    assert.deepEqual(weightsOf("limit", [holder(1, 1), holder(1, 3)]), [256, 256]);
    assert.deepEqual(weightsOf("limit", [holder(1, 1, true), holder(1, 3)]), [256, 256]);
    assert.deepEqual(weightsOf("limit", [holder(1, 1), holder(1, 3, true)]), [768, 256]);
  });

  test("always as many as there are BSSs, each within what the driver takes", () => {
    const holders = fc.array(
      fc.record({ share: fc.integer({ min: 1, max: 65535 }), active: fc.nat(2007), limited: fc.boolean() }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(holders, fc.constantFrom("dynamic" as const, "limit" as const), (all, mode) => {
        const weights = weightsOf(mode, all);
        assert.equal(weights.length, all.length);
        for (const weight of weights) assert.ok(Number.isInteger(weight) && weight >= 1 && weight <= 65535);
      }),
    );
  });
});

class SharingWorkshop extends Workshop {
  readonly weights = new Map<MacAddress, number>();

  constructor(text: string, canShare = true) {
    super(text);
    this.whims.capabilities = (real) => ({ ...real, airtimeWeights: canShare });
    this.whims.setAirtimeWeight = (station, weight) => void this.weights.set(station, weight);
  }

  join(ssid: string, address: string): Promise<VirtualStation> {
    return this.station({ ssid: utf8(ssid), address: address as MacAddress });
  }
}

const [one, two, three] = ["02:00:00:00:01:01", "02:00:00:00:01:02", "02:00:00:00:01:03"] as const;

describe("a radio that shares its airtime out", () => {
  test("by stations", async () => {
    const shop = await new SharingWorkshop(
      `ssid=meadow\nchannel=1\nairtime_mode=1\nairtime_bss_weight=100\nairtime_sta_weight=${one} 512`,
    ).up();
    await shop.join("meadow", one);
    await shop.join("meadow", two);
    assert.deepEqual(Object.fromEntries(shop.weights), { [one]: 512, [two]: 100 });
    shop.radio.disable();
  });

  test("by BSSs, and anew as stations come", async () => {
    const shop = await new SharingWorkshop(
      "ssid=meadow\nchannel=1\nairtime_mode=2\nairtime_bss_weight=1\nbss=wlan0_1\nssid=second\nairtime_bss_weight=1",
    ).up();
    await shop.join("meadow", one);
    await shop.join("second", two);
    await shop.pass(500);
    assert.deepEqual(Object.fromEntries(shop.weights), { [one]: 256, [two]: 256 }, "nobody has anything waiting");
    shop.radio.airtime.forcesBacklog = true;
    await shop.join("second", three);
    await shop.pass(500);
    assert.deepEqual(Object.fromEntries(shop.weights), { [one]: 512, [two]: 256, [three]: 256 });
    shop.radio.disable();
    await shop.pass(200);
    assert.ok(!shop.clock.armed.includes("airtime"));
  });

  test("a driver that can't is not asked", async () => {
    const shop = await new SharingWorkshop(
      "ssid=meadow\nchannel=1\nairtime_mode=1\nairtime_bss_weight=100",
      false,
    ).up();
    await shop.join("meadow", one);
    assert.equal(shop.weights.size, 0);
    shop.radio.disable();
  });
});
