/** What looping does with each candidate may not depend on the password: the same rounds, and nothing tested that is not blinded. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { hexOf, utf8 } from "../../base/bytes.ts";
import { nobleGroups } from "../backend/noble-groups.ts";
import { opensslGroups } from "../backend/openssl-groups.ts";
import { CyclicGroups, eccGroupNumbers } from "../groups/cyclic-group.ts";
import type { GroupArithmetic, PrimeField } from "../groups/port.ts";
import { squareOfY } from "./curve-equation.ts";
import { derivePweByLooping, pointByLooping } from "./looping.ts";

const openssl = opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called");
const addresses = Uint8Array.of(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1);

/** What one square test was asked, in hexadecimal. */
interface Asked {
  readonly x: string;
  readonly root: string;
  readonly multiplier: string;
}

/** Writes down what is asked of the field and of the curve. */
function watched(arithmetic: GroupArithmetic) {
  const asked: Asked[] = [];
  const calls = new Map<string, number>();
  const count = (name: string): void => void calls.set(name, (calls.get(name) ?? 0) + 1);
  const watch = (field: PrimeField): PrimeField =>
    Object.fromEntries(
      Object.entries(field).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        const call = value as (...numbers: readonly Uint8Array[]) => unknown;
        return [
          name,
          (...numbers: readonly Uint8Array[]) => {
            count(name);
            return call.apply(field, [...numbers]);
          },
        ];
      }),
    ) as unknown as PrimeField;
  const groups = new CyclicGroups({
    ...arithmetic,
    curve: (name) => {
      const curve = arithmetic.curve(name);
      return {
        ...curve,
        field: watch(curve.field),
        contains: (point) => curve.contains(point),
        isSquareAt: (x, root, multiplier) => {
          count("isSquareAt");
          asked.push({ x: hexOf(x), root: hexOf(root), multiplier: hexOf(multiplier) });
          return curve.isSquareAt(x, root, multiplier);
        },
      };
    },
  });
  const group = groups.get(19);
  assert.ok(group.kind === "ecc");
  return { group, asked, calls };
}

for (const arithmetic of [openssl, nobleGroups]) {
  test(`the same work for each password, by ${arithmetic.name}`, () => {
    const work = Array.from({ length: 12 }, (_, i) => {
      const { group, calls } = watched(arithmetic);
      derivePweByLooping(group, utf8(`password ${i}`), addresses, new FixedEntropy(i));
      return Object.fromEntries(calls);
    });
    assert.equal(work[0]?.["isSquareAt"], 40);
    for (const calls of work) assert.deepEqual(calls, work[0]);
  });
}

test("each test for a square root is blinded, anew each time, and turned round at random; the result is the same", () => {
  const runs = [1, 2].map((seed) => {
    const { group, asked } = watched(openssl);
    const hunt = {
      seedOf: (counter: number) => new Uint8Array(32).fill(counter),
      candidateOf: (octets: Uint8Array) => octets.slice(),
    };
    return { pwe: hexOf(pointByLooping(group, hunt, new FixedEntropy(seed))), asked };
  });
  const [first, second] = runs;
  assert.ok(first && second);
  assert.equal(first.pwe, second.pwe);
  assert.deepEqual(
    first.asked.map(({ x }) => x),
    Array.from({ length: 40 }, (_, i) => (i + 1).toString(16).padStart(2, "0").repeat(32)),
  );
  const roots = new Set([...first.asked, ...second.asked].map(({ root }) => root));
  assert.equal(roots.size, 80, "a blinding number comes again");
  assert.ok(!roots.has("00".repeat(32)));
  for (const { asked } of runs) assert.equal(new Set(asked.map(({ multiplier }) => multiplier)).size, 2);
});

for (const number of eccGroupNumbers) {
  test(`group ${number}: what both backends test is x^3 + ax + b with both blinding numbers`, () => {
    const [fast, slow] = [openssl, nobleGroups].map((arithmetic) => new CyclicGroups(arithmetic).get(number));
    assert.ok(fast?.kind === "ecc" && slow?.kind === "ecc");
    const { field } = fast;
    const length = field.prime.length;
    const octets = fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(octets, octets, octets, (x, root, random) => {
        const multiplier = field.reduce(random);
        const factor = field.reduce(root);
        const square = squareOfY(slow, field.reduce(x));
        const product = slow.field.multiply(
          slow.field.multiply(square, slow.field.multiply(factor, factor)),
          multiplier,
        );
        const expected = slow.field.isSquare(product);
        assert.equal(fast.curve.isSquareAt(x, root, multiplier), expected);
        assert.equal(slow.curve.isSquareAt(x, root, multiplier), expected);
      }),
      { numRuns: 25 },
    );
  });
}
