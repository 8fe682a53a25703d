import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Identifiers } from "./identifiers.ts";

test("each is used once at a time, and the one that was free for longest comes next", () => {
  const identifiers = new Identifiers<number>();
  const taken = Array.from({ length: 256 }, (_, i) => identifiers.take(i));
  assert.equal(new Set(taken).size, 256);
  assert.ok(identifiers.isFull);
  assert.equal(identifiers.take(0), undefined);
  identifiers.release(7);
  identifiers.release(3);
  identifiers.release(3);
  assert.equal(identifiers.take(1), 7);
  assert.equal(identifiers.take(2), 3);
  assert.equal(identifiers.take(3), undefined);
});

test("whatever is taken and released, nobody has another's", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 255 }), { maxLength: 2000 }), (steps) => {
      const identifiers = new Identifiers<number>();
      const mine = new Map<number, number>();
      for (const [i, step] of steps.entries()) {
        if (step >= 0) {
          identifiers.release(step);
          mine.delete(step);
          continue;
        }
        const identifier = identifiers.take(i);
        if (identifier === undefined) assert.equal(mine.size, 256);
        else {
          assert.ok(!mine.has(identifier));
          mine.set(identifier, i);
        }
      }
      for (const [identifier, user] of mine) assert.equal(identifiers.userOf(identifier), user);
      assert.equal(identifiers.inUse, mine.size);
    }),
  );
});
