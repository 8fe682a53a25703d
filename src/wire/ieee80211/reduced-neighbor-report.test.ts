import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import {
  encodeReducedNeighborReport,
  type NeighborAps,
  packReducedNeighborReports,
  shortSsidOf,
} from "./reduced-neighbor-report.ts";

// CRC-32 of "123456789", the check value of IEEE 802.3's polynomial.
test("the short SSID", () => assert.equal(shortSsidOf(utf8("123456789")), 0xcbf43926));

const place = (channel: number, count: number): NeighborAps => ({
  operatingClass: 131,
  channel,
  filtered: false,
  aps: Array.from({ length: count }, (_, i) => ({
    tbttOffset: 255,
    bssid: "02:00:00:00:00:00" as MacAddress,
    shortSsid: i,
    parameters: new Set(["colocatedAp"] as const),
    psd20MHz: 127,
  })),
});

test("any number of access points: each report fits in an element, none is lost, and the order stays", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }), (counts) => {
      const all = counts.map((count, i) => place(1 + 4 * i, count));
      const reports = packReducedNeighborReports(all);
      for (const report of reports) {
        assert.ok(report.length > 0 && encodeReducedNeighborReport(report).length <= 255);
        for (const { aps } of report) assert.ok(aps.length >= 1 && aps.length <= 16);
      }
      const packed = reports.flat().flatMap(({ channel, aps }) => aps.map(({ shortSsid }) => [channel, shortSsid]));
      assert.deepEqual(
        packed,
        all.flatMap(({ channel, aps }) => aps.map(({ shortSsid }) => [channel, shortSsid])),
      );
    }),
  );
});

test("as few as hold them: 16 access points and one more on the same channel, then two channels", () => {
  const lengths = (...places: NeighborAps[]) =>
    packReducedNeighborReports(places).map((report) => report.map(({ aps }) => aps.length));
  assert.deepEqual(lengths(place(5, 17)), [[16, 1]]);
  assert.deepEqual(lengths(place(5, 20)), [[16], [4]]);
  assert.deepEqual(lengths(place(5, 3), place(21, 4)), [[3, 4]]);
  assert.deepEqual(lengths(), []);
});
