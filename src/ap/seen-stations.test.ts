import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { SeenStations } from "./seen-stations.ts";

const station = (n: number) => `02:00:00:00:00:0${n}` as MacAddress;

test("the last ones, each once, for as long as they count", () => {
  const clock = new VirtualClock();
  const limits = { track_sta_max_num: 3, track_sta_max_age: 60 };
  const seen = new SeenStations(clock, () => limits);
  for (const n of [1, 2, 3, 1, 4]) {
    seen.note(station(n), -40 - n);
    clock.advance(seconds(10));
  }
  assert.deepEqual(
    seen.list().map(({ address, signalDbm }) => [address, signalDbm]),
    [
      [station(4), -44],
      [station(1), -41],
      [station(3), -43],
    ],
  );
  assert.ok(!seen.has(station(2)));
  clock.advance(seconds(31));
  assert.ok(!seen.has(station(3)), "too long ago");
  assert.deepEqual(
    seen.list().map(({ address }) => address),
    [station(4), station(1)],
  );
});

test("nobody where nobody is to be remembered, and fewer when fewer are", () => {
  let most = 5;
  const seen = new SeenStations(new VirtualClock(), () => ({ track_sta_max_num: most, track_sta_max_age: 60 }));
  for (const n of [1, 2, 3, 4]) seen.note(station(n), undefined);
  most = 2;
  seen.note(station(5), undefined);
  assert.equal(seen.list().length, 2);
  most = 0;
  seen.note(station(6), undefined);
  assert.deepEqual(seen.list(), []);
});
