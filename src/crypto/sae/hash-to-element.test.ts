import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { simplifiedSwuVectors } from "../../../test/vectors/simplified-swu.ts";
import { bytesOfHex, hexOf } from "../../base/bytes.ts";
import { nobleGroups } from "../backend/noble-groups.ts";
import { opensslGroups } from "../backend/openssl-groups.ts";
import { CyclicGroups, type EccGroup, type EccGroupNumber, eccGroupNumbers, numeral } from "../groups/cyclic-group.ts";
import type { GroupArithmetic } from "../groups/port.ts";
import { simplifiedSwu } from "./hash-to-element.ts";

const openssl = opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called");
const octets = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail();

function curveOf(arithmetic: GroupArithmetic, number: EccGroupNumber): EccGroup {
  const group = new CyclicGroups(arithmetic).get(number);
  assert.ok(group.kind === "ecc");
  return group;
}

for (const arithmetic of [openssl, nobleGroups]) {
  test(`RFC 9380, J.1.2, J.2.2 and J.3.2, by ${arithmetic.name}`, () => {
    for (const number of [19, 20, 21] as const) {
      const group = curveOf(arithmetic, number);
      for (const { u, x, y } of simplifiedSwuVectors[number]) {
        assert.equal(hexOf(simplifiedSwu(group, octets(u))), x + y, `group ${number}`);
      }
    }
  });
}

for (const number of eccGroupNumbers) {
  test(`group ${number}: each number has a point of its own parity, the same by both backends, the odd ones out too`, () => {
    const [fast, slow] = [curveOf(openssl, number), curveOf(nobleGroups, number)];
    const { field } = fast;
    const length = field.prime.length;
    const [zero, one] = [numeral(0, length), numeral(1, length)];
    // 0 has no inverse to go by; p-1 is the other end.
    for (const u of [zero, one, field.subtract(zero, one)]) {
      assert.equal(hexOf(simplifiedSwu(fast, u)), hexOf(simplifiedSwu(slow, u)), hexOf(u));
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (random) => {
        const u = field.reduce(random);
        const point = simplifiedSwu(fast, u);
        assert.ok(fast.contains(point));
        assert.equal((point.at(-1) ?? 0) & 1, (u.at(-1) ?? 0) & 1);
      }),
      { numRuns: 20 },
    );
  });
}
