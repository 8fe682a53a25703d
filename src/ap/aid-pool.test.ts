import assert from "node:assert/strict";
import { test } from "node:test";
import { AidPool } from "./aid-pool.ts";

test("the lowest free identifier is given, up to 2007", () => {
  const pool = new AidPool();
  const given = Array.from({ length: 2007 }, () => pool.take());
  assert.deepEqual(
    given,
    Array.from({ length: 2007 }, (_, i) => i + 1),
  );
  assert.equal(pool.take(), undefined);
  for (const aid of [2007, 32, 33, 1]) pool.release(aid);
  assert.deepEqual([pool.take(), pool.take(), pool.take(), pool.take(), pool.take()], [1, 32, 33, 2007, undefined]);
});
