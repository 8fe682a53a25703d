import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds, seconds } from "../base/duration.ts";
import { systemClock } from "./clock.ts";
import { systemEntropy } from "./entropy.ts";

test("a timer fires after its delay, a cancelled one doesn't", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const fired: string[] = [];
  systemClock.after("first", seconds(1), () => fired.push("first"));
  const second = systemClock.after("second", seconds(2), () => fired.push("second"));
  t.mock.timers.tick(999);
  assert.deepEqual(fired, []);
  t.mock.timers.tick(1);
  assert.deepEqual(fired, ["first"]);
  second.cancel();
  second.cancel();
  t.mock.timers.tick(5000);
  assert.deepEqual(fired, ["first"]);
});

test("a timer of months fires then, not at once, and can be cancelled midway", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const day = 86_400_000;
  const fired: string[] = [];
  systemClock.after("long", milliseconds(60 * day), () => fired.push("long"));
  const cancelled = systemClock.after("cancelled", milliseconds(60 * day), () => fired.push("cancelled"));
  for (let days = 1; days < 60; days++) t.mock.timers.tick(day);
  cancelled.cancel();
  assert.deepEqual(fired, []);
  // Node's pretended clock lets a timer armed in a callback begin at the end of the step.
  for (let days = 0; days < 3; days++) t.mock.timers.tick(day);
  assert.deepEqual(fired, ["long"]);
});

test("the clock doesn't go backwards, the time of day is that of the machine", () => {
  const before = systemClock.now();
  assert.ok(systemClock.now() >= before);
  assert.ok(Math.abs(systemClock.unixTime() - Date.now() / 1000) < 5);
});

test("random bytes differ, and stand in memory of their own", () => {
  const bytes = systemEntropy.bytes(32);
  assert.equal(bytes.length, 32);
  assert.notDeepEqual(bytes, systemEntropy.bytes(32));
  assert.equal(bytes.buffer.byteLength, 32);
});
