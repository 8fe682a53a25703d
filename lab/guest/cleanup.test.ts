import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanup } from "./cleanup.ts";

const order: string[] = [];

test("cleans up", (t) => {
  for (const name of ["first", "second", "third"]) {
    cleanup(t, async () => {
      order.push(name);
    });
  }
});

test("... the last thing first", () => {
  assert.deepEqual(order, ["third", "second", "first"]);
});
