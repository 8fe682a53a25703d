/** 20/40 MHz coexistence while the network is up: who may ask for 20 MHz, and when it is 40 again. IEEE Std 802.11-2020, 11.15. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Workshop } from "../../testing/radio-workshop.ts";
import { concat, MalformedError, Reader } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import {
  type Coexistence2040,
  encodeCoexistence2040,
  encodeIntolerantChannelReport,
} from "../wire/ieee80211/20-40-coexistence.ts";
import { elementId, encodeElements } from "../wire/ieee80211/element.ts";
import { decodeCoexistenceReport } from "./coexistence.ts";

const wide = "ssid=somename\nhw_mode=g\nchannel=1\nieee80211n=1\nht_capab=[HT40+]\nobss_interval=10";
const stranger = "02:00:00:00:77:00" as MacAddress;

async function network(...lines: readonly string[]) {
  const shop = new Workshop([wide, ...lines].join("\n"));
  const enabled = shop.radio.enable();
  // It looks around first.
  await shop.pass(seconds(5), 100);
  await enabled;
  const [bss] = shop.radio.bsses;
  assert.ok(bss);
  assert.equal(shop.radio.state, "ENABLED");
  const width = (): string | undefined => shop.radio.plan?.definition.width;
  const report = (
    information: readonly (Coexistence2040 extends ReadonlySet<infer B> ? B : never)[],
    { channels = [], isAssociated = true }: { channels?: readonly number[]; isAssociated?: boolean } = {},
  ): void =>
    shop.radio.coexistence.onReport(bss, stranger, { information: new Set(information), channels }, isAssociated);
  return { shop, width, report };
}

describe("whoever asks", () => {
  test("a station that tolerates no 40 MHz, also a stranger: 20 MHz at once, and 40 again after a while", async () => {
    const { shop, width, report } = await network();
    assert.equal(width(), "40");
    report(["fortyMhzIntolerant"], { isAssociated: false });
    assert.equal(width(), "20");
    // The factor of 5, and 10 seconds between scans.
    await shop.pass(seconds(49), seconds(1));
    assert.equal(width(), "20");
    await shop.pass(seconds(2), seconds(1));
    assert.equal(width(), "40");
  });

  test("each further report begins the time anew", async () => {
    const { shop, width, report } = await network();
    report(["fortyMhzIntolerant"]);
    await shop.pass(seconds(40), seconds(1));
    report(["fortyMhzIntolerant"]);
    await shop.pass(seconds(40), seconds(1));
    assert.equal(width(), "20");
    await shop.pass(seconds(12), seconds(1));
    assert.equal(width(), "40");
  });

  test("for itself only who is associated", async () => {
    const { width, report } = await network();
    report(["width20Request"], { isAssociated: false });
    assert.equal(width(), "40");
    report(["width20Request"]);
    assert.equal(width(), "20");
  });

  test("of other networks only those that 40 MHz would disturb", async () => {
    for (const [channel, disturbs] of [
      [1, false],
      [2, true],
      [5, true],
      [8, true],
      [9, false],
      [13, false],
      [0, false],
      [36, false],
      [255, false],
    ] as const) {
      const { width, report } = await network();
      report([], { channels: [channel] });
      assert.equal(width(), disturbs ? "20" : "40", `channel ${channel}`);
    }
  });

  test("nothing at all is no reason", async () => {
    const { width, report } = await network();
    report(["informationRequest", "obssScanningExemptionRequest"]);
    assert.equal(width(), "40");
  });
});

test("noscan=1 listens to nobody, unless ht_coex=1 says otherwise", async () => {
  const deaf = await network("noscan=1");
  deaf.report(["fortyMhzIntolerant"]);
  assert.equal(deaf.width(), "40");
  const hearing = await network("noscan=1", "ht_coex=1");
  hearing.report(["fortyMhzIntolerant"]);
  assert.equal(hearing.width(), "20");
});

test("obss_interval=0: what was made narrow stays so", async () => {
  const { shop, width, report } = await network("obss_interval=0");
  report(["fortyMhzIntolerant"]);
  await shop.pass(seconds(600), seconds(10));
  assert.equal(width(), "20");
});

test("the beacons of a network that was taken down widen nothing later", async () => {
  const { shop, report } = await network();
  report(["fortyMhzIntolerant"]);
  shop.radio.disable();
  assert.ok(!shop.clock.armed.includes("20/40"));
});

describe("a report's octets", () => {
  const element = (id: number, data: Uint8Array) => ({ id, data });
  const request = encodeCoexistence2040(new Set(["fortyMhzIntolerant"]));
  const channels = (...all: number[]) => encodeIntolerantChannelReport({ operatingClass: 81, channels: all });

  test("what it says, and the channels of all lists that follow at once", () => {
    const octets = encodeElements([
      element(elementId.bss2040Coexistence, request),
      element(elementId.bss2040IntolerantChannelReport, channels(3, 4)),
      element(elementId.bss2040IntolerantChannelReport, channels(11)),
      element(elementId.ssid, Uint8Array.of(1)),
      element(elementId.bss2040IntolerantChannelReport, channels(13)),
    ]);
    const { information, channels: told } = decodeCoexistenceReport(new Reader(octets, ["report"]));
    assert.deepEqual([...information], ["fortyMhzIntolerant"]);
    assert.deepEqual(told, [3, 4, 11]);
  });

  test("without the element in front it is none", () => {
    const octets = encodeElements([element(elementId.bss2040IntolerantChannelReport, channels(3))]);
    assert.throws(() => decodeCoexistenceReport(new Reader(octets, ["report"])), MalformedError);
    assert.throws(() => decodeCoexistenceReport(new Reader(new Uint8Array(), ["report"])), MalformedError);
  });

  test("whatever comes: a report or a MalformedError, and channels that were in it", () => {
    const reports = fc.array(
      fc.record({
        id: fc.constantFrom(elementId.bss2040Coexistence, elementId.bss2040IntolerantChannelReport, elementId.ssid),
        data: fc.uint8Array({ maxLength: 20 }),
      }),
      { maxLength: 6 },
    );
    const bent = fc.tuple(reports.map(encodeElements), fc.uint8Array({ maxLength: 4 })).map(([a, b]) => concat(a, b));
    fc.assert(
      fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 60 })), (octets) => {
        try {
          const { channels: told } = decodeCoexistenceReport(new Reader(octets, ["report"]));
          for (const channel of told) assert.ok(octets.includes(channel));
        } catch (thrown) {
          if (!(thrown instanceof MalformedError)) throw thrown;
        }
      }),
      { numRuns: 500 },
    );
  });
});
