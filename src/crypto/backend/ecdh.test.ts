/**
 * The edges of Diffie-Hellman with x coordinates, as OWE has it: shared secrets and keys at the ends of their ranges, points that are none.
 * Where a secret is to be a certain number, the peer's point comes from another implementation: the inverse of our key times the point with that
 * number. (Classes of cases as in Project Wycheproof's ecdh_*_ecpoint_test; scripts/check-wycheproof.ts runs its own files.)
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf } from "../../base/bytes.ts";
import { numeral } from "../groups/cyclic-group.ts";
import type { Curve } from "../groups/port.ts";
import { nobleGroups } from "./noble-groups.ts";
import { ecdhKeyPair } from "./node.ts";

const names = ["prime256v1", "secp384r1", "secp521r1"] as const;

/** The point with that x and one of the two ys; undefined where there is none. */
function pointWith(curve: Curve, x: Uint8Array): Uint8Array | undefined {
  const { add, multiply, squareRoot } = curve.field;
  const y = squareRoot(add(multiply(add(multiply(x, x), curve.a), x), curve.b));
  return y && Uint8Array.from([...x, ...y]);
}

/** Numbers at the ends of the field, with few bits set, with few cleared. */
function edges(curve: Curve): readonly Uint8Array[] {
  const { prime, subtract } = curve.field;
  const length = prime.length;
  const small = Array.from({ length: 16 }, (_, i) => numeral(i, length));
  const large = small.slice(1).map((number) => subtract(numeral(0, length), number));
  const powers = [8, 31, 32, 63, 64, 65, 127, 128, 129, 192].map((bit) => {
    const octets = new Uint8Array(length);
    octets[length - 1 - (bit >> 3)] = 1 << (bit & 7);
    return octets;
  });
  const ones = powers.map((power) => subtract(power, numeral(1, length)));
  return [...small, ...large, ...powers, ...ones];
}

for (const name of names) {
  const curve = nobleGroups.curve(name);
  const length = curve.field.prime.length;
  const { scalars } = curve;
  const key = new Uint8Array(length).fill(0x5a, 2);

  test(`${name}: shared secrets at the edges of the field`, () => {
    const pair = ecdhKeyPair(name, key) ?? assert.fail();
    const inverse = scalars.power(key, scalars.subtract(numeral(0, length), numeral(2, length)));
    let met = 0;
    for (const x of edges(curve)) {
      const wanted = pointWith(curve, x);
      const peer = wanted && curve.multiply(inverse, wanted);
      if (peer === undefined) continue;
      met += 1;
      assert.equal(hexOf(pair.agree(peer.subarray(0, length)) ?? assert.fail()), hexOf(x));
    }
    assert.ok(met > 15, `${met} of them are on the curve`);
  });

  test(`${name}: keys at the edges, with points at the edges`, () => {
    const last = scalars.subtract(numeral(0, length), numeral(1, length));
    const keys = [1, 2, 3, 4, 255].map((value) => numeral(value, length));
    for (const own of [...keys, last, scalars.subtract(last, numeral(1, length)), key]) {
      const pair = ecdhKeyPair(name, own) ?? assert.fail();
      for (const x of edges(curve)) {
        const point = pointWith(curve, x);
        // What is no point's x is on the curve's twist, where keys leak: it has to be refused.
        const expected = point && curve.multiply(own, point)?.subarray(0, length);
        assert.equal(hexOf(pair.agree(x) ?? new Uint8Array(0)), hexOf(expected ?? new Uint8Array(0)), hexOf(x));
      }
    }
  });

  test(`${name}: what is no key and no coordinate`, () => {
    const pair = ecdhKeyPair(name, key) ?? assert.fail();
    for (const own of [numeral(0, length), scalars.prime, new Uint8Array(length).fill(255)]) {
      assert.equal(ecdhKeyPair(name, own), undefined);
    }
    const beyond = bytesOfHex((BigInt(`0x${hexOf(curve.field.prime)}`) + 3n).toString(16).padStart(2 * length, "0"));
    for (const x of [curve.field.prime, beyond ?? assert.fail(), new Uint8Array(length).fill(255)]) {
      assert.equal(pair.agree(x), undefined);
    }
    for (const size of [0, 1, length - 1, length + 1, 2 * length, 2 * length + 1]) {
      assert.equal(pair.agree(new Uint8Array(size).fill(1)), undefined, `${size} octets`);
    }
  });
}
