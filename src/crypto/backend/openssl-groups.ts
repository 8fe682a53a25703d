/**
 * Group arithmetic by the OpenSSL that runs inside Node: its functions are symbols of the executable, or of the libcrypto
 * that a distribution links Node to. A few curves are the system's own libcrypto's where that is much faster. Every object of OpenSSL's that is allocated here lives as long as the thread, a fixed set for each group,
 * and is cleared after each operation: there is nothing to free too early or to forget.
 */

import { jacobiSymbols } from "../groups/jacobi-symbol.ts";
import type { Curve, CurveName, GroupArithmetic, PrimeField } from "../groups/port.ts";
import {
  type BigNumber,
  type OpenSsl,
  ownOpenssl,
  type Point,
  type Pointer,
  systemOpenssl,
} from "./openssl-groups-library.ts";

/** Numbers of openssl/obj_mac.h. */
const curveNumbers: Readonly<Record<CurveName, number>> = {
  prime192v1: 409,
  secp224r1: 713,
  prime256v1: 415,
  secp384r1: 715,
  secp521r1: 716,
  brainpoolP256r1: 927,
  brainpoolP384r1: 931,
  brainpoolP512r1: 933,
};

const POINT_CONVERSION_UNCOMPRESSED = 4;

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslGroups(): GroupArithmetic | undefined {
  const openssl = ownOpenssl();
  if (openssl === undefined) return undefined;
  const context = openssl.newContext();
  return {
    name: "OpenSSL",
    primeField: (prime) => primeField(openssl, context, prime),
    curve: (name) => fastestCurve(openssl, context, name),
    remainder: remainder(openssl, context),
  };
}

/** Curves for which OpenSSL has code of its own that not everybody's is built with. Node's is not, Debian's is. */
const hasCodeOfItsOwn: ReadonlySet<CurveName> = new Set(["secp224r1", "secp384r1", "secp521r1"]);

/** Less isn't worth a second library. */
const worthwhile = 1.5;

function fastestCurve(own: OpenSsl, context: Pointer, name: CurveName): Curve {
  const other = hasCodeOfItsOwn.has(name) ? systemOpenssl() : undefined;
  if (other !== undefined && multiplicationTime(own, name) > worthwhile * multiplicationTime(other, name)) {
    return curve(other, other.newContext(), name);
  }
  return curve(own, context, name);
}

/** In nanoseconds, the least of a few. What is made for it stays, as all of OpenSSL's objects here do. */
function multiplicationTime(openssl: OpenSsl, name: CurveName): number {
  const context = openssl.newContext();
  const group = openssl.newGroup(curveNumbers[name]);
  const [order, result, generator] = [openssl.newNumber(), openssl.newPoint(group), openssl.generator(group)];
  succeed(openssl, openssl.groupOrder(group, order, context));
  const scalar = new Uint8Array(Math.floor(openssl.bits(order) / 8)).fill(0x5a);
  putNumber(openssl, scalar, order);
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < 3; count++) {
    const before = process.hrtime.bigint();
    succeed(openssl, openssl.multiplyPoint(group, result, null, generator, order, context));
    least = Math.min(least, Number(process.hrtime.bigint() - before));
  }
  return least;
}

/** @throws Error where OpenSSL reports failure: it is out of memory, or the caller is wrong */
function succeed(openssl: OpenSsl, result: unknown): void {
  if (result !== 0 && result !== null) return;
  openssl.clearErrors();
  throw new Error("OpenSSL refuses an operation of group arithmetic");
}

/**
 * Where octets are on their way to OpenSSL and back: memory outside of V8's heap, which koffi takes as it is. It would have to move
 * a small array out of the heap first, which costs several times what an operation does. One operation at a time.
 */
const passing = new Uint8Array(2048);

function putNumber(openssl: OpenSsl, octets: Uint8Array, number: BigNumber): void {
  const { length } = octets;
  if (length > passing.length) return succeed(openssl, openssl.fromOctets(octets, length, number));
  passing.set(octets);
  succeed(openssl, openssl.fromOctets(passing, length, number));
  passing.fill(0, 0, length);
}

/** @throws Error where the number is longer */
function takeNumber(openssl: OpenSsl, number: BigNumber, length: number): Uint8Array {
  const count = openssl.toOctets(number, passing, length);
  if (count !== length) throw new Error("OpenSSL returned a number that is too large");
  const octets = passing.slice(0, length);
  passing.fill(0, 0, length);
  return octets;
}

function remainder(openssl: OpenSsl, context: Pointer): GroupArithmetic["remainder"] {
  const [n, modulus, result] = [openssl.newNumber(), openssl.newNumber(), openssl.newNumber()];
  return (number, divisor) => {
    putNumber(openssl, number, n);
    putNumber(openssl, divisor, modulus);
    succeed(openssl, openssl.reduce(result, n, modulus, context));
    const octets = takeNumber(openssl, result, divisor.length);
    openssl.clear(n);
    openssl.clear(result);
    return octets;
  };
}

/** What a field is to those who compute with more than one operation at a time. */
interface NumberField extends PrimeField {
  readonly modulus: BigNumber;
  readonly montgomery: Pointer;
}

function primeField(openssl: OpenSsl, context: Pointer, prime: Uint8Array): NumberField {
  const length = prime.length;
  const [modulus, a, b, result] = [openssl.newNumber(), openssl.newNumber(), openssl.newNumber(), openssl.newNumber()];
  openssl.fromOctets(prime, length, modulus);
  const montgomery = openssl.newMontgomery();
  succeed(openssl, openssl.setMontgomery(montgomery, modulus, context));

  const read = (octets: Uint8Array, number: BigNumber): void => putNumber(openssl, octets, number);
  const clear = (): void => {
    openssl.clear(a);
    openssl.clear(b);
    openssl.clear(result);
  };
  const written = (): Uint8Array => {
    const octets = takeNumber(openssl, result, length);
    clear();
    return octets;
  };

  return {
    prime,
    modulus,
    montgomery,
    bits: openssl.bits(modulus),
    add(first, second) {
      read(first, a);
      read(second, b);
      succeed(openssl, openssl.addQuick(result, a, b, modulus));
      return written();
    },
    subtract(first, second) {
      read(first, a);
      read(second, b);
      succeed(openssl, openssl.subtractQuick(result, a, b, modulus));
      return written();
    },
    multiply(first, second) {
      read(first, a);
      read(second, b);
      // Montgomery's product lacks a factor, which the conversion of one operand brings in.
      succeed(openssl, openssl.toMontgomery(a, a, montgomery, context));
      succeed(openssl, openssl.multiplyMontgomery(result, a, b, montgomery, context));
      return written();
    },
    power(base, exponent) {
      read(base, a);
      read(exponent, b);
      succeed(openssl, openssl.power(result, a, b, modulus, context, montgomery));
      return written();
    },
    reduce(number) {
      read(number, a);
      succeed(openssl, openssl.reduce(result, a, modulus, context));
      return written();
    },
    squareRoot(square) {
      read(square, a);
      const root = openssl.squareRoot(result, a, modulus, context);
      if (root !== null) return written();
      openssl.clearErrors();
      clear();
      return undefined;
    },
    isSquare(number) {
      read(number, a);
      const symbol = openssl.kronecker(a, modulus, context);
      clear();
      return symbol >= 0;
    },
  };
}

/**
 * {@link Curve.isSquareAt}. Montgomery's products lack a factor each, which is a power of the square of 2^32: what is a square stays one, and
 * what is none too. So nothing but x is converted, and nothing back.
 */
function squareTest(openssl: OpenSsl, context: Pointer, field: NumberField, a: BigNumber, b: BigNumber) {
  const { modulus, montgomery } = field;
  const [aConverted, bConverted] = [openssl.newNumber(), openssl.newNumber()];
  succeed(openssl, openssl.toMontgomery(aConverted, a, montgomery, context));
  succeed(openssl, openssl.toMontgomery(bConverted, b, montgomery, context));
  // OpenSSL's own takes twice as long.
  const symbolOf = jacobiSymbols(field.prime);
  const [x, value, factor] = [openssl.newNumber(), openssl.newNumber(), openssl.newNumber()];
  const multiply = (result: BigNumber, first: BigNumber, second: BigNumber): void =>
    succeed(openssl, openssl.multiplyMontgomery(result, first, second, montgomery, context));
  const add = (result: BigNumber, first: BigNumber, second: BigNumber): void =>
    succeed(openssl, openssl.addQuick(result, first, second, modulus));

  return (xOctets: Uint8Array, root: Uint8Array, multiplier: Uint8Array): boolean => {
    putNumber(openssl, xOctets, x);
    succeed(openssl, openssl.toMontgomery(x, x, montgomery, context));
    multiply(value, x, x);
    add(value, value, aConverted);
    multiply(value, value, x);
    add(value, value, bConverted);
    putNumber(openssl, root, factor);
    multiply(factor, factor, factor);
    multiply(value, value, factor);
    putNumber(openssl, multiplier, factor);
    multiply(value, value, factor);
    const octets = takeNumber(openssl, value, field.prime.length);
    const symbol = symbolOf(octets) ?? openssl.kronecker(value, modulus, context);
    octets.fill(0);
    openssl.clear(x);
    openssl.clear(value);
    openssl.clear(factor);
    return symbol >= 0;
  };
}

function curve(openssl: OpenSsl, context: Pointer, name: CurveName): Curve {
  const group = openssl.newGroup(curveNumbers[name]);
  succeed(openssl, group);
  const numbers = [openssl.newNumber(), openssl.newNumber(), openssl.newNumber(), openssl.newNumber()] as const;
  const [prime, a, b, order] = numbers;
  succeed(openssl, openssl.groupParameters(group, prime, a, b, context));
  succeed(openssl, openssl.groupOrder(group, order, context));
  const length = Math.ceil(openssl.bits(prime) / 8);
  const octetsOf = (number: BigNumber, size: number): Uint8Array => {
    const octets = new Uint8Array(size);
    openssl.toOctets(number, octets, size);
    return octets;
  };
  const field = primeField(openssl, context, octetsOf(prime, length));
  const scalars = primeField(openssl, context, octetsOf(order, Math.ceil(openssl.bits(order) / 8)));

  const factor = openssl.newNumber();
  const [p, q, result] = [openssl.newPoint(group), openssl.newPoint(group), openssl.newPoint(group)];
  const encoded = new Uint8Array(1 + 2 * length);

  /** OpenSSL itself checks that coordinates are below the prime and on the curve. */
  const read = (octets: Uint8Array, point: Point): boolean => {
    if (octets.length !== 2 * length) return false;
    encoded[0] = POINT_CONVERSION_UNCOMPRESSED;
    encoded.set(octets, 1);
    const isPoint = openssl.toPoint(group, point, encoded, encoded.length, context) === 1;
    encoded.fill(0);
    if (!isPoint) openssl.clearErrors();
    return isPoint;
  };
  const readOurs = (octets: Uint8Array, point: Point): void => {
    if (!read(octets, point)) throw new Error("not a point of the curve");
  };
  const generator = openssl.generator(group);
  /** There is no call that clears a point and keeps it: it becomes one that everybody knows. */
  const clear = (): void => {
    for (const point of [p, q, result]) openssl.copyPoint(point, generator);
    openssl.clear(factor);
  };
  const written = (point: Point): Uint8Array | undefined => {
    if (openssl.isInfinity(group, point) === 1) {
      clear();
      return undefined;
    }
    const size = openssl.fromPoint(group, point, POINT_CONVERSION_UNCOMPRESSED, encoded, encoded.length, context);
    clear();
    succeed(openssl, size);
    const octets = encoded.slice(1);
    encoded.fill(0);
    return octets;
  };

  return {
    field,
    scalars,
    a: octetsOf(a, length),
    b: octetsOf(b, length),
    isSquareAt: squareTest(openssl, context, field, a, b),
    contains(point) {
      const isPoint = read(point, p);
      clear();
      return isPoint;
    },
    multiply(scalar, point) {
      readOurs(point, p);
      putNumber(openssl, scalar, factor);
      // Without a multiple of the generator and with one point, OpenSSL walks a ladder of constant length.
      succeed(openssl, openssl.multiplyPoint(group, result, null, p, factor, context));
      return written(result);
    },
    add(first, second) {
      readOurs(first, p);
      readOurs(second, q);
      succeed(openssl, openssl.addPoints(group, result, p, q, context));
      return written(result);
    },
    negate(point) {
      readOurs(point, p);
      succeed(openssl, openssl.invertPoint(group, p, context));
      return written(p) ?? point;
    },
  };
}
