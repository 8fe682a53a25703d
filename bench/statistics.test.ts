import assert from "node:assert/strict";
import { test } from "node:test";
import { quantile, summarize } from "./statistics.ts";

test("a quantile lies between the values beside it", () => {
  assert.equal(quantile([1, 2, 3], 0.5), 2);
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5);
  assert.equal(quantile([0, 100], 0.99), 99);
  assert.equal(quantile([7], 0.99), 7);
});

test("a summary does not depend on the order, nor change it", () => {
  const values = [10, 9, 100];
  assert.deepEqual(summarize(values), { median: 10, least: 9, greatest: 100 });
  assert.deepEqual(values, [10, 9, 100]);
});

test("of nothing there is nothing to say", () => {
  assert.throws(() => summarize([]), RangeError);
});
