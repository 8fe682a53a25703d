import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { opensslGroups } from "../backend/openssl-groups.ts";
import { CyclicGroups, eccGroupNumbers } from "./cyclic-group.ts";
import { jacobiSymbols } from "./jacobi-symbol.ts";

const groups = new CyclicGroups(opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called"));

/** By the definition: a product over the divisors of the modulus, each by Euler's criterion. */
function symbolOf(number: number, divisors: readonly number[]): number {
  let product = 1;
  for (const p of divisors) {
    let power = 1;
    for (let i = 0; i < (p - 1) / 2; i++) power = (power * number) % p;
    product *= power === p - 1 ? -1 : power;
  }
  return product;
}

test("small moduli, also those that are no primes", () => {
  for (const divisors of [[3], [5], [7], [11], [13], [17], [251], [3, 5], [3, 3], [7, 13], [5, 7, 7], [13, 17]]) {
    const modulus = divisors.reduce((a, b) => a * b);
    const symbol = jacobiSymbols(Uint8Array.of(modulus));
    let found = 0;
    for (let number = 1; number < modulus; number++) {
      if (divisors.some((divisor) => number % divisor === 0)) continue;
      const ours = symbol(Uint8Array.of(number));
      if (ours === undefined) continue;
      found += 1;
      assert.equal(ours, symbolOf(number, divisors), `${number} modulo ${modulus}`);
    }
    assert.ok(found > 0);
    assert.equal(symbol(Uint8Array.of(0)), 0);
  }
});

for (const number of eccGroupNumbers) {
  const { field } = groups.get(number);

  test(`group ${number}: squares have a symbol of 1, and OpenSSL finds the same`, () => {
    const symbol = jacobiSymbols(field.prime);
    const { length } = field.prime;
    const of = fc.uint8Array({ minLength: length, maxLength: length }).map((octets) => field.reduce(octets));
    fc.assert(
      fc.property(of, (a) => {
        const square = field.multiply(a, a);
        const isZero = a.every((octet) => octet === 0);
        assert.equal(symbol(square), isZero ? 0 : 1);
        assert.equal(symbol(a), isZero ? 0 : field.squareRoot(a) ? 1 : -1);
      }),
      { numRuns: 300 },
    );
  });

  test(`group ${number}: the smallest and the largest numbers`, () => {
    const symbol = jacobiSymbols(field.prime);
    const zero = new Uint8Array(field.prime.length);
    for (let value = 1; value < 30; value++) {
      const small = zero.slice();
      small[small.length - 1] = value;
      const large = field.subtract(zero, small);
      assert.ok([field.squareRoot(small) ? 1 : -1, undefined].includes(symbol(small)), `${value}`);
      assert.ok([field.squareRoot(large) ? 1 : -1, undefined].includes(symbol(large)), `-${value}`);
    }
    assert.equal(symbol(zero), 0);
  });
}
