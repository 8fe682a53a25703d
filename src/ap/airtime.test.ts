import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { passTime } from "../../testing/pass-time.ts";
import { saeToolsHere } from "../../testing/sae-tools.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { utf8 } from "../base/bytes.ts";
import { Log } from "../base/log.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { parseConfiguration } from "../config/parser.ts";
import { PskEntries } from "../config/psk-entries.ts";
import { createVirtualDriver } from "../driver/virtual/index.ts";
import { VirtualMedium } from "../driver/virtual/medium.ts";
import { VirtualStation } from "../virtual/station.ts";
import { weightsOf } from "./airtime.ts";
import { Radio } from "./radio.ts";

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

class Workshop {
  readonly clock = new VirtualClock();
  readonly medium = new VirtualMedium(this.clock);
  readonly weights = new Map<MacAddress, number>();
  readonly radio: Radio;
  readonly #entropy = new FixedEntropy(5);

  constructor(text: string, canShare = true) {
    const driver = createVirtualDriver(this.medium, this.clock, this.#entropy, { interfaces: ["wlan0"] });
    const parsed = parseConfiguration(utf8(`interface=wlan0\n${text}\n`), "test.conf", () => assert.fail());
    assert.ok(parsed.configuration, JSON.stringify(parsed.problems));
    this.radio = new Radio({
      configuration: parsed.configuration,
      driver: {
        name: driver.name,
        close: () => driver.close(),
        watch: (name, onHope) => driver.watch(name, onHope),
        openRadio: (name, listener) => {
          const port = driver.openRadio(name, listener);
          const { openBss, capabilities } = { openBss: port.openBss.bind(port), capabilities: port.capabilities() };
          port.capabilities = () => ({ ...capabilities, airtimeWeights: canShare });
          port.openBss = (options, onEvent) => {
            const bss = openBss(options, onEvent);
            bss.setAirtimeWeight = (station, weight) => void this.weights.set(station, weight);
            return bss;
          };
          return port;
        },
      },
      clock: this.clock,
      entropy: this.#entropy,
      log: new Log(() => undefined),
      listener: () => undefined,
      saeTools: saeToolsHere(),
      readPskFile: () => PskEntries.none,
    });
  }

  pass(duration: number): Promise<void> {
    return passTime(this.clock, duration);
  }

  async up(): Promise<this> {
    const enabled = this.radio.enable();
    await this.pass(200);
    await enabled;
    return this;
  }

  async station(ssid: string, address: string): Promise<VirtualStation> {
    const options = { ssid: utf8(ssid), address: address as MacAddress, frequencies: [2412] };
    const station = new VirtualStation(this.medium, this.clock, this.#entropy, options);
    station.join();
    await this.pass(300);
    assert.ok(station.isConnected);
    return station;
  }
}

const [one, two, three] = ["02:00:00:00:01:01", "02:00:00:00:01:02", "02:00:00:00:01:03"] as const;

describe("a radio that shares its airtime out", () => {
  test("by stations", async () => {
    const shop = await new Workshop(
      `ssid=meadow\nchannel=1\nairtime_mode=1\nairtime_bss_weight=100\nairtime_sta_weight=${one} 512`,
    ).up();
    await shop.station("meadow", one);
    await shop.station("meadow", two);
    assert.deepEqual(Object.fromEntries(shop.weights), { [one]: 512, [two]: 100 });
    shop.radio.disable();
  });

  test("by BSSs, and anew as stations come", async () => {
    const shop = await new Workshop(
      "ssid=meadow\nchannel=1\nairtime_mode=2\nairtime_bss_weight=1\nbss=wlan0_1\nssid=second\nairtime_bss_weight=1",
    ).up();
    await shop.station("meadow", one);
    await shop.station("second", two);
    await shop.pass(500);
    assert.deepEqual(Object.fromEntries(shop.weights), { [one]: 256, [two]: 256 }, "nobody has anything waiting");
    shop.radio.airtime.forcesBacklog = true;
    await shop.station("second", three);
    await shop.pass(500);
    assert.deepEqual(Object.fromEntries(shop.weights), { [one]: 512, [two]: 256, [three]: 256 });
    shop.radio.disable();
    await shop.pass(200);
    assert.ok(!shop.clock.armed.includes("airtime"));
  });

  test("a driver that can't is not asked", async () => {
    const shop = await new Workshop("ssid=meadow\nchannel=1\nairtime_mode=1\nairtime_bss_weight=100", false).up();
    await shop.station("meadow", one);
    assert.equal(shop.weights.size, 0);
    shop.radio.disable();
  });
});
