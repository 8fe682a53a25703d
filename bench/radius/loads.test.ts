import assert from "node:assert/strict";
import { test } from "node:test";
import type { LoadOptions } from "./load.ts";
import { sharesOf, together } from "./loads.ts";

const options: LoadOptions = {
  port: 1812,
  secret: "s",
  method: "tls",
  users: 1,
  password: "p",
  seconds: 1,
  most: 10,
  work: { kind: "full", concurrency: 3 },
};

test("the shares of a load are the load", () => {
  assert.deepEqual(sharesOf(options, 1), [options]);
  const shares = sharesOf(options, 4);
  assert.deepEqual(
    shares.map(({ work }) => work),
    Array.from({ length: 3 }, () => ({ kind: "full", concurrency: 1 })),
    "none for the one that has nothing to do",
  );
  assert.equal(
    shares.reduce((sum, { most }) => sum + most, 0),
    10,
  );
});

test("each share of a rate comes at times of its own", () => {
  const shares = sharesOf({ ...options, work: { kind: "rate", rate: 100, seed: 3 } }, 2);
  assert.deepEqual(
    shares.map(({ work }) => work),
    [
      { kind: "rate", rate: 50, seed: 6 },
      { kind: "rate", rate: 50, seed: 7 },
    ],
  );
});

test("what came of shares is put together", () => {
  const one = { done: 1, failed: 2, retransmitted: 3, seconds: 4, cpu: 5, latencies: [6] };
  const other = { ...one, seconds: 3, latencies: [7, 8] };
  assert.deepEqual(together([one, other]), {
    done: 2,
    failed: 4,
    retransmitted: 6,
    seconds: 4,
    cpu: 10,
    latencies: [6, 7, 8],
  });
});
