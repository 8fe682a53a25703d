import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { PmksaCache, pmkLifetime } from "./pmksa-cache.ts";

const station = (n: number) =>
  `02:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}` as MacAddress;
const entry = (n: number) => ({
  station: station(n),
  akm: "WPA-PSK" as const,
  pmkid: new Uint8Array(16).fill(n & 255).fill(n >> 8, 8),
  pmk: new Uint8Array(32).fill(n & 255),
});

test("an association is found by station and by PMKID, of its own station only, until it expires", () => {
  const clock = new VirtualClock();
  const cache = new PmksaCache(clock);
  cache.add(entry(1));
  assert.equal(cache.find(station(1), "WPA-PSK")?.pmk[0], 1);
  assert.equal(cache.find(station(1), "SAE"), undefined);
  assert.ok(cache.findByPmkid(station(1), entry(1).pmkid));
  assert.equal(cache.findByPmkid(station(2), entry(1).pmkid), undefined);
  clock.advance(pmkLifetime);
  assert.equal(cache.find(station(1), "WPA-PSK"), undefined);
  assert.equal(cache.entries().length, 0);
});

test("what has expired goes when something comes, not only when somebody asks", () => {
  const clock = new VirtualClock();
  const cache = new PmksaCache(clock);
  cache.add(entry(1));
  const first = cache.find(station(1), "WPA-PSK");
  clock.advance(pmkLifetime);
  cache.add(entry(2));
  assert.deepEqual(first?.pmk, new Uint8Array(32), "wiped");
  assert.equal(cache.entries().length, 1);
});

test("a newer association replaces the older, and the replaced key is wiped", () => {
  const cache = new PmksaCache(new VirtualClock());
  cache.add(entry(1));
  const before = cache.find(station(1), "WPA-PSK");
  cache.add({ ...entry(1), pmkid: new Uint8Array(16).fill(9) }, seconds(10));
  assert.deepEqual(before?.pmk, new Uint8Array(32));
  assert.equal(cache.findByPmkid(station(1), entry(1).pmkid), undefined);
  assert.equal(cache.entries().length, 1);
});

test("the oldest go when there is no room", () => {
  const cache = new PmksaCache(new VirtualClock());
  for (let n = 0; n < 1030; n++) cache.add(entry(n));
  assert.equal(cache.entries().length, 1024);
  assert.equal(cache.find(station(5), "WPA-PSK"), undefined);
  assert.ok(cache.find(station(6), "WPA-PSK"));
  cache.clear();
  assert.equal(cache.entries().length, 0);
});
