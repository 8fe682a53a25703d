/**
 * The password element by looping ("hunting and pecking"). IEEE Std 802.11-2020, 12.4.4.2.2, 12.4.4.3.2.
 * How many candidates fail before the first good one depends on the password, and whoever can tell it finds the password
 * (Dragonblood, 2019). So all rounds are always gone through, each doing the same work, and what is found is taken without a branch.
 */

import { concat } from "../../base/bytes.ts";
import type { Entropy } from "../../base/entropy.ts";
import { hmac } from "../backend/node.ts";
import { type CyclicGroup, type EccGroup, type FfcGroup, numeral, pointOf } from "../groups/cyclic-group.ts";
import type { PrimeField } from "../groups/port.ts";
import { kdfBits } from "../prf.ts";
import { wipe } from "../secret.ts";
import { squareOfY, withParityOf } from "./curve-equation.ts";
import { copyIf, isBelow, maskOf } from "./without-branches.ts";

/** k of the standard, which wants 40 at least. */
const rounds = 40;

/** So many candidates fail only where something is broken. */
const mostRounds = 255;

/**
 * @param addresses MAX(A, B) || MIN(A, B) of both stations' addresses
 * @param entropy for blinding; it changes nothing about the result
 * @returns PWE
 */
export function derivePweByLooping(
  group: CyclicGroup,
  password: Uint8Array,
  addresses: Uint8Array,
  entropy: Entropy,
): Uint8Array {
  const hunt: Hunt = {
    seedOf: (counter) => hmac("sha256", addresses, password, Uint8Array.of(counter)),
    candidateOf: (seed) => candidateOf(seed, group.field),
  };
  return group.kind === "ecc" ? pointByLooping(group, hunt, entropy) : residueByLooping(group, hunt);
}

/** In what protocols differ that look for an element this way. */
export interface Hunt {
  /** pwd-seed. */
  seedOf(counter: number): Uint8Array;
  /** pwd-value of a seed: as many bits as the prime has. */
  candidateOf(seed: Uint8Array): Uint8Array;
}

/** @param entropy for blinding; it changes nothing about the result */
export function pointByLooping(group: EccGroup, { seedOf, candidateOf }: Hunt, entropy: Entropy): Uint8Array {
  const { field } = group;
  const isSquareAt = blindedSquareTest(group, entropy);
  let found = 0;
  const x = new Uint8Array(field.prime.length);
  const seed = new Uint8Array(32);
  for (let counter = 1; counter <= rounds || (found === 0 && counter <= mostRounds); counter++) {
    const candidateSeed = seedOf(counter);
    const candidate = candidateOf(candidateSeed);
    const isGood = isBelow(candidate, field.prime) & isSquareAt(candidate);
    const isFirst = isGood & ~found;
    copyIf(isFirst, candidate, x);
    copyIf(isFirst, candidateSeed, seed);
    found |= isGood;
    wipe(candidate, candidateSeed);
  }
  const square = squareOfY(group, x);
  const root = field.squareRoot(square);
  if (found === 0 || root === undefined) throw new Error("no password element was found by looping");
  const y = withParityOf(field, root, seed);
  const pwe = pointOf(x, y);
  wipe(x, y, seed, root, square);
  return pwe;
}

/**
 * Whether there is a point with that x coordinate, as a mask, by a test whose time may tell what it will: what is to be a square is multiplied
 * with a random square, and at random with a number that turns the answer round.
 */
function blindedSquareTest({ field, curve }: EccGroup, entropy: Entropy): (x: Uint8Array) => number {
  const length = field.prime.length;
  const one = numeral(1, length);
  const nonSquare = smallestNonSquare(field);
  const multiplier = new Uint8Array(length);
  // Drawn for all rounds together: that takes a fraction of the time.
  let left: Uint8Array = new Uint8Array(0);
  return (x) => {
    if (left.length === 0) left = entropy.bytes(rounds * (1 + length));
    const chance = left.subarray(0, 1 + length);
    left = left.subarray(chance.length);
    const turned = maskOf((chance[0] ?? 0) & 1);
    multiplier.set(one);
    copyIf(turned, nonSquare, multiplier);
    const answer = maskOf(curve.isSquareAt(x, chance.subarray(1), multiplier) ? 1 : 0) ^ turned;
    wipe(chance, multiplier);
    return answer;
  };
}

function smallestNonSquare(field: PrimeField): Uint8Array {
  for (let value = 2; value < 256; value++) {
    const number = numeral(value, field.prime.length);
    if (!field.isSquare(number)) return number;
  }
  throw new Error("the modulus is no prime");
}

function residueByLooping(group: FfcGroup, { seedOf, candidateOf }: Hunt): Uint8Array {
  const { field } = group;
  for (let counter = 1; counter <= mostRounds; counter++) {
    const seed = seedOf(counter);
    const value = candidateOf(seed);
    // The primes begin with 64 ones: that a value is not below them will not be seen by anybody, and needs no hiding.
    const pwe = isBelow(value, field.prime) === 0 ? undefined : field.multiply(value, value);
    wipe(seed, value);
    if (pwe !== undefined && group.contains(pwe)) return pwe;
  }
  throw new Error("no password element was found by looping");
}

const candidateOf = (seed: Uint8Array, field: PrimeField): Uint8Array =>
  withoutUnusedBits(kdfBits("sha256", seed, "SAE Hunting and Pecking", field.prime, field.bits), field.bits);

/** A number of so many bits that stands in the highest ones, moved to the lowest. @param value gives its place to the result: it is wiped where that is another */
export function withoutUnusedBits(value: Uint8Array, bits: number): Uint8Array {
  const shift = value.length * 8 - bits;
  if (shift === 0) return value;
  const moved = value.map((octet, i) => (octet >> shift) | ((value[i - 1] ?? 0) << (8 - shift)));
  wipe(value);
  return moved;
}

/** The salt of H in looping and in hash-to-element: the greater address first. IEEE Std 802.11-2020, 12.4.4.2.2. */
export const bothAddresses = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  isBelow(a, b) === 0 ? concat(a, b) : concat(b, a);
