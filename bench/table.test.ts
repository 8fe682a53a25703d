import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, MetricName } from "./metrics.ts";
import { table } from "./table.ts";

const measured = (metric: MetricName, ours: readonly number[], theirs: readonly number[]): readonly Measurement[] => [
  ...ours.map((value): Measurement => ({ subject: "beacond", metric, value })),
  ...theirs.map((value): Measurement => ({ subject: "hostapd", metric, value })),
];

const rowsOf = (measurements: readonly Measurement[]): readonly (readonly string[])[] =>
  table(measurements)
    .split("\n")
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()));

test("a row has median and spread of both, their ratio, and whether the goal is reached", () => {
  assert.deepEqual(rowsOf(measured("joinCpu", [4, 6, 5], [2, 2, 2.5])), [
    [
      "",
      "CPU time per join, the first 100",
      "5.00 ms (4.00 to 6.00)",
      "2.00 ms (2.00 to 2.50)",
      "2.50 x",
      "at most 4 x: reached",
      "",
    ],
  ]);
});

const verdictOf = (metric: MetricName, ours: number, theirs: number): string =>
  rowsOf(measured(metric, [ours], [theirs]))[0]?.[5] ?? "";

test("each kind of goal has its limit", () => {
  assert.equal(verdictOf("firstBeacon", 500, 100), "at most 400 ms more: reached");
  assert.equal(verdictOf("firstBeacon", 501, 100), "at most 400 ms more: MISSED");
  assert.equal(verdictOf("idleMemory", 90, 1), "at most 90 MB: reached");
  assert.equal(verdictOf("idleMemory", 91, 1000), "at most 90 MB: MISSED");
  assert.equal(verdictOf("ping", 20, 10), "at most 2 x: reached");
  assert.equal(verdictOf("ping", 21, 10), "at most 2 x: MISSED");
  assert.equal(verdictOf("startCpu", 21, 10), "");
});

test("what only one of the two was measured in has no row", () => {
  assert.deepEqual(rowsOf(measured("ping", [1], [])), []);
});
