/** What looping does with each candidate may not depend on the password: the same rounds, and nothing tested that is not blinded. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { hexOf, utf8 } from "../../base/bytes.ts";
import { nobleGroups } from "../backend/noble-groups.ts";
import { opensslGroups } from "../backend/openssl-groups.ts";
import { CyclicGroups } from "../groups/cyclic-group.ts";
import type { GroupArithmetic, PrimeField } from "../groups/port.ts";
import { squareOfY } from "./curve-equation.ts";
import { derivePweByLooping, pointByLooping } from "./looping.ts";

const openssl = opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called");
const addresses = Uint8Array.of(2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1);

/** Writes down what is asked of the field. */
function watched(arithmetic: GroupArithmetic) {
  const tested: string[] = [];
  const calls = new Map<string, number>();
  const watch = (field: PrimeField): PrimeField =>
    Object.fromEntries(
      Object.entries(field).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        const call = value as (...numbers: readonly Uint8Array[]) => unknown;
        return [
          name,
          (...numbers: readonly Uint8Array[]) => {
            calls.set(name, (calls.get(name) ?? 0) + 1);
            if (name === "isSquare") tested.push(hexOf(numbers[0] ?? new Uint8Array(0)));
            return call.apply(field, [...numbers]);
          },
        ];
      }),
    ) as unknown as PrimeField;
  const groups = new CyclicGroups({
    ...arithmetic,
    curve: (name) => {
      const curve = arithmetic.curve(name);
      return { ...curve, field: watch(curve.field), contains: curve.contains.bind(curve) };
    },
  });
  const group = groups.get(19);
  assert.ok(group.kind === "ecc");
  return { group, tested, calls };
}

for (const arithmetic of [openssl, nobleGroups]) {
  test(`the same work for each password, by ${arithmetic.name}`, () => {
    const work = Array.from({ length: 12 }, (_, i) => {
      const { group, calls } = watched(arithmetic);
      derivePweByLooping(group, utf8(`password ${i}`), addresses, new FixedEntropy(i));
      return Object.fromEntries(calls);
    });
    // Forty candidates, and a few small numbers to find one that is no square.
    assert.ok((work[0]?.["isSquare"] ?? 0) >= 40);
    for (const calls of work) assert.deepEqual(calls, work[0]);
  });
}

test("what is tested for a square root is blinded, anew each time; the result is the same", () => {
  const runs = [1, 2].map((seed) => {
    const { group, tested } = watched(openssl);
    const candidates: string[] = [];
    const hunt = {
      seedOf: (counter: number) => new Uint8Array(32).fill(counter),
      candidateOf: (seed: Uint8Array) => {
        candidates.push(hexOf(squareOfY(group, seed)));
        return seed.slice();
      },
    };
    const pwe = hexOf(pointByLooping(group, hunt, new FixedEntropy(seed)));
    return { pwe, tested: tested.filter((number) => !/^0*..$/.test(number)), candidates };
  });
  const [first, second] = runs;
  assert.ok(first && second);
  assert.equal(first.pwe, second.pwe);
  assert.deepEqual([first.tested.length, first.candidates.length], [40, 40]);
  for (const number of first.tested) {
    assert.ok(!first.candidates.includes(number), "a candidate's own number is tested");
    assert.ok(!second.tested.includes(number), "the blinding is the same again");
  }
});
