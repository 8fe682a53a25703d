import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ConfigurationError } from "../base/errors.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import { defaultBss, defaultRadio } from "../config/settings.ts";
import { addressBlockProblem, addressFor, nextAddress } from "./bss-addresses.ts";

const mac = (last: string): MacAddress => `02:00:00:00:${last}` as MacAddress;
const bss = (bssid?: MacAddress): BssSettings => ({ ...defaultBss("wlan0_1"), bssid });
const radio = defaultRadio();
const none = new Set<MacAddress>();

test("the first has its own address or the one it is given, the others count on", () => {
  assert.equal(addressFor(bss(), radio, { first: undefined, inUse: none, configured: none }), undefined);
  assert.equal(addressFor(bss(mac("00:07")), radio, { first: undefined, inUse: none, configured: none }), mac("00:07"));
  assert.equal(addressFor(bss(), radio, { first: mac("00:00"), inUse: none, configured: none }), mac("00:01"));
  const inUse = new Set([mac("00:00"), mac("00:01")]);
  const configured = new Set([mac("00:02")]);
  assert.equal(addressFor(bss(), radio, { first: mac("00:00"), inUse, configured }), mac("00:03"));
  assert.equal(addressFor(bss(), radio, { first: mac("00:ff"), inUse, configured }), mac("01:00"));
});

test("use_driver_iface_addr leaves it to the driver, but for bssid", () => {
  const neighbours = { first: mac("00:00"), inUse: none, configured: none };
  const driverChooses = { ...radio, use_driver_iface_addr: true };
  assert.equal(addressFor(bss(), driverChooses, neighbours), undefined);
  assert.equal(addressFor(bss(mac("00:07")), driverChooses, neighbours), mac("00:07"));
});

test("nobody else has the first one's address", () => {
  const neighbours = { first: mac("00:00"), inUse: none, configured: none };
  assert.throws(() => addressFor(bss(mac("00:00")), radio, neighbours), ConfigurationError);
});

test("the next address is nobody's, however many there are", () => {
  const octet = fc.integer({ min: 0, max: 255 }).map((n) => mac(`00:${n.toString(16).padStart(2, "0")}`));
  fc.assert(
    fc.property(octet, fc.uniqueArray(octet, { maxLength: 256 }), (from, taken) => {
      const next = nextAddress(from, new Set(taken));
      assert.ok(!taken.includes(next) && next !== from);
    }),
  );
});

describe("the block of addresses", () => {
  const of = (...bssids: (MacAddress | undefined)[]): BssSettings[] => [bss(), ...bssids.map((bssid) => bss(bssid))];

  test("begins with the first one's", () => {
    assert.equal(addressBlockProblem(mac("00:00"), radio, of(undefined, undefined, undefined)), undefined);
    assert.equal(addressBlockProblem(mac("00:04"), radio, of(undefined, undefined, undefined)), undefined);
    assert.match(
      addressBlockProblem(mac("00:02"), radio, of(undefined, undefined, undefined)) ?? "",
      /Invalid BSSID mask ff:ff:ff:ff:ff:fc for start address 02:00:00:00:00:02\./,
    );
    assert.match(addressBlockProblem(mac("00:01"), radio, of(undefined)) ?? "", /ff:ff:ff:ff:ff:fe/);
  });

  test("has room for the addresses that are given", () => {
    assert.equal(addressBlockProblem(mac("00:10"), radio, of(undefined, mac("00:1f"))), undefined);
    assert.match(addressBlockProblem(mac("00:18"), radio, of(undefined, mac("00:07"))) ?? "", /ff:ff:ff:ff:ff:e0/);
    const far = "fe:ff:ff:ff:ff:ff" as MacAddress;
    assert.match(addressBlockProblem(mac("00:00"), radio, of(undefined, far)) ?? "", /Too many bits/);
  });

  test("does not matter where all are given, or the driver chooses", () => {
    assert.equal(addressBlockProblem(mac("00:01"), radio, of(mac("00:09"))), undefined);
    assert.equal(
      addressBlockProblem(mac("00:01"), { ...radio, use_driver_iface_addr: true }, of(undefined)),
      undefined,
    );
  });
});
