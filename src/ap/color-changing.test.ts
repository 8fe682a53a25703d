/** The colour of a radio: whether collisions make it change, and into which. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { freeColor } from "./color-changing.ts";

describe("a colour that nobody around has", () => {
  test("never one of those in use, and one wherever there is one", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.nat(255), (colors, random) => {
        const color = freeColor(colors, random);
        const all = Array.from({ length: 63 }, (_, i) => i + 1);
        const free = all.filter((candidate) => ((colors >> BigInt(candidate)) & 1n) === 0n);
        if (color === undefined) return assert.deepEqual(free, []);
        assert.ok(free.includes(color));
      }),
    );
  });

  test("there may be none", () => {
    assert.equal(freeColor((1n << 64n) - 1n, 7), undefined);
    assert.equal(freeColor((1n << 64n) - 1n - (1n << 63n), 7), 63);
  });
});
