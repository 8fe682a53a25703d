import assert from "node:assert/strict";
import { test } from "node:test";
import { systemEntropy } from "./entropy.ts";

test("nothing is handed out twice, whatever the lengths", () => {
  const seen = new Set<string>();
  for (let round = 0; round < 2000; round++) {
    for (const length of [16, 32, 80, 256, 257, 1320]) {
      const bytes = systemEntropy.bytes(length);
      assert.equal(bytes.length, length);
      for (const at of [0, length - 16]) seen.add(Buffer.from(bytes.slice(at, at + 16)).toString("hex"));
    }
  }
  // The ends of 16 octets are one.
  assert.equal(seen.size, 2000 * (6 * 2 - 1));
});

test("what was handed out is its owner's alone", () => {
  const first = systemEntropy.bytes(32);
  const copy = first.slice();
  systemEntropy.bytes(32).fill(0);
  assert.deepEqual(first, copy);
  assert.equal(systemEntropy.bytes(0).length, 0);
});
