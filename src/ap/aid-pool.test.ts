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

test("an identifier that a station had is kept for it where it is free", () => {
  const pool = new AidPool();
  assert.deepEqual([pool.take(), pool.take(), pool.take()], [1, 2, 3]);
  pool.release(1);
  pool.release(3);
  assert.equal(pool.size, 1);
  assert.equal(pool.take(3), 3);
  assert.equal(pool.take(2), 1, "taken by somebody else");
  assert.equal(pool.size, 3);
  assert.equal(pool.take(64), 64);
});
