import assert from "node:assert/strict";
import { test } from "node:test";
import { failuresOf, latencyOf, type Round, ratioOf, roundsAhead, type Slice, summaryOf } from "./figures.ts";

const slice = (rate: number, cpu: number, latencies: readonly number[] = []): Slice => ({
  done: 10,
  failed: latencies.length,
  seconds: 1,
  rate,
  cpu,
  peers: 1,
  latencies,
});
/** The second half ran on a machine that was half as fast. */
const rounds: readonly Round<"a" | "b">[] = [
  { a: slice(400, 2), b: slice(200, 4) },
  { a: slice(440, 2), b: slice(200, 4) },
  { a: slice(200, 4), b: slice(100, 8) },
  { a: slice(90, 4), b: slice(100, 8) },
];

test("figures of one are those of all rounds", () => {
  assert.deepEqual(summaryOf(rounds, "a", "rate"), { median: 300, least: 90, greatest: 440 });
  assert.deepEqual(summaryOf(rounds, "b", "cpu"), { median: 6, least: 4, greatest: 8 });
});

test("ratios are taken round by round", () => {
  assert.deepEqual(ratioOf(rounds, ["a", "b"], "rate"), { median: 2, least: 0.9, greatest: 2.2 });
  assert.deepEqual(ratioOf(rounds, ["a", "b"], "cpu"), { median: 0.5, least: 0.5, greatest: 0.5 });
  assert.equal(roundsAhead(rounds, ["a", "b"], "rate"), 3);
  assert.equal(roundsAhead(rounds, ["b", "a"], "rate"), 1);
});

test("latency is that of all rounds together", () => {
  const fast = Array.from({ length: 50 }, (_, i) => i + 1);
  const slow = Array.from({ length: 51 }, (_, i) => i + 51);
  const both = [
    { a: slice(1, 1, slow), b: slice(1, 1) },
    { a: slice(1, 1, fast), b: slice(1, 1) },
  ];
  assert.deepEqual(latencyOf(both, "a"), { median: 51, p99: 100 });
  assert.equal(latencyOf(both, "b"), undefined);
  assert.equal(failuresOf(both, "a"), 101);
});
