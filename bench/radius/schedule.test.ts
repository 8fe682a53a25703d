import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivals, Kept } from "./schedule.ts";

test("arrivals: the same for a seed, others for another, as many as the rate says, at intervals of an exponential distribution", () => {
  const times = arrivals(100, 200, 7);
  assert.deepEqual(times, arrivals(100, 200, 7));
  assert.notDeepEqual(times.slice(0, 5), arrivals(100, 200, 8).slice(0, 5));
  // Four standard deviations.
  assert.ok(Math.abs(times.length - 20_000) < 4 * Math.sqrt(20_000), `${times.length}`);
  assert.ok(times.every((time, i) => time >= (times[i - 1] ?? 0) && time < 200));
  const intervals = times.map((time, i) => time - (times[i - 1] ?? 0));
  const longer = intervals.filter((interval) => interval > 0.01).length / intervals.length;
  assert.ok(Math.abs(longer - Math.exp(-1)) < 0.02, `${longer}`);
});

test("arrivals of seeds that are neighbours have nothing to do with each other", () => {
  const firsts = Array.from({ length: 200 }, (_, seed) => arrivals(1, 20, seed)[0] ?? 20);
  const mean = firsts.reduce((sum, first) => sum + first, 0) / firsts.length;
  assert.ok(Math.abs(mean - 1) < 4 / Math.sqrt(firsts.length), `${mean}`);
});

test("what keeps those who are done has room again when their time is over", () => {
  const kept = new Kept({ most: 100, kept: 5 });
  assert.equal(kept.room(0), 100);
  kept.note(1, 60);
  kept.note(2, 30);
  assert.equal(kept.room(3), 10);
  assert.equal(kept.wait(3, 10), 0);
  assert.equal(kept.wait(3, 11), 3);
  assert.equal(kept.wait(3, 70), 3);
  assert.equal(kept.wait(3, 71), 4);
  assert.equal(kept.wait(3, 1000), 4, "as many as there can be");
  assert.equal(kept.room(6), 70);
  assert.equal(kept.room(7), 100);
});
