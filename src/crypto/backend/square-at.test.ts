import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CurveName, GroupArithmetic } from "../groups/port.ts";
import { nobleGroups } from "./noble-groups.ts";
import { opensslGroups } from "./openssl-groups.ts";

const openssl = opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called");
const names: readonly CurveName[] = [
  "prime192v1",
  "secp224r1",
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "brainpoolP256r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
];

function step(arithmetic: GroupArithmetic, name: CurveName, x: Uint8Array, root: Uint8Array, multiplier: Uint8Array) {
  const { field, a, b } = arithmetic.curve(name);
  const { add, multiply } = field;
  const number = field.reduce(x);
  const y2 = add(multiply(add(multiply(number, number), a), number), b);
  const factor = field.reduce(root);
  return field.isSquare(multiply(multiply(y2, multiply(factor, factor)), multiplier));
}

for (const name of names) {
  test(`${name}: the test at an x coordinate is what its parts are, whatever the octets`, () => {
    const curves = [openssl, nobleGroups].map((arithmetic) => arithmetic.curve(name));
    const { length } = curves[0]?.field.prime ?? assert.fail();
    const octets = fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(octets, octets, octets, (x, root, other) => {
        const multiplier = curves[0]?.field.reduce(other) ?? assert.fail();
        const expected = step(openssl, name, x, root, multiplier);
        for (const curve of curves) assert.equal(curve.isSquareAt(x, root, multiplier), expected);
      }),
      { numRuns: 60 },
    );
  });
}
