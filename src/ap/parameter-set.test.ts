import assert from "node:assert/strict";
import { test } from "node:test";
import { wmmDefaults } from "../config/keys/queues.ts";
import { ParameterSetCount } from "./parameter-set.ts";

test("the count goes on with each change, and round", () => {
  const count = new ParameterSetCount();
  assert.equal(count.of(wmmDefaults), 1);
  assert.equal(count.of(structuredClone(wmmDefaults)), 1);
  const others = { ...wmmDefaults, be: { ...wmmDefaults.be, cwmin: 3 } };
  assert.equal(count.of(others), 2);
  assert.equal(count.of(wmmDefaults), 3);
  for (let i = 0; i < 6; i++) {
    count.of(others);
    count.of(wmmDefaults);
  }
  assert.equal(count.of(others), 0);
});
