/**
 * The password element by hashing to the group. IEEE Std 802.11-2020, 12.4.4.2.3, 12.4.4.3.3. The costly part, PT, depends on the password
 * and the network only; it is derived once, when it is needed first.
 */

import { utf8 } from "../../base/bytes.ts";
import { hmac } from "../backend/node.ts";
import {
  type CyclicGroup,
  type EccGroup,
  type EccGroupNumber,
  type FfcGroup,
  numeral,
  pointOf,
} from "../groups/cyclic-group.ts";
import type { PrimeField } from "../groups/port.ts";
import { digestLengths, hkdfExpand } from "../prf.ts";
import { wipe } from "../secret.ts";
import { squareOfY, withParityOf } from "./curve-equation.ts";
import type { PasswordElement } from "./exchange.ts";
import { isOdd, isZero, select } from "./without-branches.ts";

/** z of the simplified Shallue-van de Woestijne-Ulas map. IEEE Std 802.11-2020, Table 12-2; RFC 9380, 8.2 ff. */
const zOf: Readonly<Record<EccGroupNumber, number>> = {
  19: -10,
  20: -12,
  21: -4,
  25: -5,
  26: 31,
  28: -2,
  29: -5,
  30: 7,
};

/**
 * @param identifier of the password, where it has one
 * @returns PT, the secret element
 */
export function derivePt(
  group: CyclicGroup,
  ssid: Uint8Array,
  password: Uint8Array,
  identifier: Uint8Array | undefined,
): Uint8Array {
  const { digest } = group;
  const seed = hmac(digest, ssid, password, identifier ?? new Uint8Array(0));
  const primeLength = group.field.prime.length;
  const length = primeLength + Math.ceil(primeLength / 2);
  const valueFor = (label: string): Uint8Array => hkdfExpand(digest, seed, utf8(label), length);
  try {
    if (group.kind === "ecc") return pointOfPassword(group, valueFor);
    return residueOfPassword(group, valueFor("SAE Hash to Element"));
  } finally {
    wipe(seed);
  }
}

function pointOfPassword(group: EccGroup, valueFor: (label: string) => Uint8Array): Uint8Array {
  const values = [valueFor("SAE Hash to Element u1 P1"), valueFor("SAE Hash to Element u2 P2")] as const;
  const points = values.map((value) => simplifiedSwu(group, group.field.reduce(value)));
  const [p1, p2] = points;
  const sum = p1 && p2 && group.combine(p1, p2);
  wipe(...values, ...points);
  if (sum === undefined) throw new Error("a password hashes to the neutral element");
  return sum;
}

/** pwd-value is brought into 2..p-1, and into the group by squaring: (p-1)/q is 2. */
function residueOfPassword(group: FfcGroup, value: Uint8Array): Uint8Array {
  const { field } = group;
  const two = numeral(2, field.prime.length);
  const remainder = group.arithmetic.remainder(value, field.subtract(numeral(0, two.length), two));
  const base = field.add(remainder, two);
  const element = field.multiply(base, base);
  wipe(value, remainder, base);
  return element;
}

/**
 * The password element of one exchange.
 * @param addresses MAX(A, B) || MIN(A, B) of both stations' addresses
 * @returns a multiple of PT itself, which is not copied
 */
export function derivePweFromPt(group: CyclicGroup, pt: Uint8Array, addresses: Uint8Array): PasswordElement {
  const { digest } = group;
  const order = group.scalars.prime;
  const one = numeral(1, order.length);
  const value = hmac(digest, new Uint8Array(digestLengths[digest]), addresses);
  const factor = group.scalars.add(
    group.arithmetic.remainder(value, group.scalars.subtract(numeral(0, one.length), one)),
    one,
  );
  return { base: pt, factor };
}

/**
 * The simplified Shallue-van de Woestijne-Ulas map: a number to a point, with the same steps for each number.
 * IEEE Std 802.11-2020, 12.4.4.2.3; RFC 9380, 6.6.2.
 */
export function simplifiedSwu(group: EccGroup, u: Uint8Array): Uint8Array {
  const { field, curve } = group;
  const { add, multiply } = field;
  const length = field.prime.length;
  const zero = numeral(0, length);
  const z = signedNumeral(field, zOf[group.number]);
  const negate = (number: Uint8Array): Uint8Array => field.subtract(zero, number);
  // The inverse of 0 is 0, as the standard wants it.
  const inverse = (number: Uint8Array): Uint8Array => field.power(number, field.subtract(zero, numeral(2, length)));

  const zu2 = multiply(z, multiply(u, u));
  const m = add(multiply(zu2, zu2), zu2);
  const isDegenerate = isZero(m);
  const quotient = multiply(negate(curve.b), inverse(curve.a));
  const x1 = select(
    isDegenerate,
    multiply(curve.b, inverse(multiply(z, curve.a))),
    multiply(quotient, add(numeral(1, length), inverse(m))),
  );
  const square1 = squareOfY(group, x1);
  const x2 = multiply(zu2, x1);
  const square2 = squareOfY(group, x2);
  const isSquare1 = eulerSquareTest(field, square1);
  const x = select(isSquare1, x1, x2);
  const square = select(isSquare1, square1, square2);
  const root = field.squareRoot(square);
  if (root === undefined) throw new Error("a number has no image on the curve");
  const y = withParityOf(field, root, u);
  const point = pointOf(x, y);
  wipe(zu2, m, x1, x2, square1, square2, x, square, root, y);
  return point;
}

/** Whether there is a square root, as a mask, by a power that takes the same time for each number. */
function eulerSquareTest(field: PrimeField, number: Uint8Array): number {
  const half = field.prime.map((octet, i) => (octet >> 1) | (((field.prime[i - 1] ?? 0) & 1) << 7));
  const symbol = field.power(number, half);
  // 0, 1 or p-1, of which only the last one is no square; p-1 is even and not 0.
  return isOdd(symbol) | isZero(symbol);
}

const signedNumeral = (field: PrimeField, value: number): Uint8Array => {
  const size = numeral(Math.abs(value), field.prime.length);
  return value < 0 ? field.subtract(numeral(0, size.length), size) : size;
};
