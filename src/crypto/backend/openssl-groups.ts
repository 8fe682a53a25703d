/**
 * Group arithmetic by the OpenSSL that runs inside Node: its functions are symbols of the executable, or of the libcrypto
 * that a distribution links Node to. Every object of OpenSSL's that is allocated here lives as long as the thread, a fixed set for each group,
 * and is cleared after each operation: there is nothing to free too early or to forget.
 */

import koffi from "koffi";
import { jacobiSymbols } from "../groups/jacobi-symbol.ts";
import type { Curve, CurveName, GroupArithmetic, PrimeField } from "../groups/port.ts";

/** What a pointer to one of OpenSSL's objects is to JavaScript. */
type Pointer = unknown;
type BigNumber = Pointer;
type Point = Pointer;

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

const load = () => {
  const library = koffi.load(null);
  const of = <F>(prototype: string): F => library.func(prototype) as F;
  type Operation = (result: BigNumber, a: BigNumber, b: BigNumber, montgomery: Pointer, context: Pointer) => number;
  return {
    newNumber: of<() => BigNumber>("void *BN_new()"),
    clear: of<(n: BigNumber) => void>("void BN_clear(void *)"),
    fromOctets: of<(octets: Uint8Array, length: number, n: BigNumber) => Pointer>(
      "void *BN_bin2bn(const void *, int, void *)",
    ),
    toOctets: of<(n: BigNumber, octets: Uint8Array, length: number) => number>("int BN_bn2binpad(void *, void *, int)"),
    bits: of<(n: BigNumber) => number>("int BN_num_bits(void *)"),
    addQuick: of<(result: BigNumber, a: BigNumber, b: BigNumber, modulus: BigNumber) => number>(
      "int BN_mod_add_quick(void *, void *, void *, void *)",
    ),
    subtractQuick: of<(result: BigNumber, a: BigNumber, b: BigNumber, modulus: BigNumber) => number>(
      "int BN_mod_sub_quick(void *, void *, void *, void *)",
    ),
    multiplyMontgomery: of<Operation>("int BN_mod_mul_montgomery(void *, void *, void *, void *, void *)"),
    toMontgomery: of<(result: BigNumber, a: BigNumber, montgomery: Pointer, context: Pointer) => number>(
      "int BN_to_montgomery(void *, void *, void *, void *)",
    ),
    reduce: of<(result: BigNumber, n: BigNumber, modulus: BigNumber, context: Pointer) => number>(
      "int BN_nnmod(void *, void *, void *, void *)",
    ),
    power: of<
      (
        result: BigNumber,
        base: BigNumber,
        exponent: BigNumber,
        modulus: BigNumber,
        context: Pointer,
        montgomery: Pointer,
      ) => number
    >("int BN_mod_exp_mont_consttime(void *, void *, void *, void *, void *, void *)"),
    squareRoot: of<(result: BigNumber, a: BigNumber, modulus: BigNumber, context: Pointer) => Pointer>(
      "void *BN_mod_sqrt(void *, void *, void *, void *)",
    ),
    kronecker: of<(a: BigNumber, b: BigNumber, context: Pointer) => number>("int BN_kronecker(void *, void *, void *)"),
    newContext: of<() => Pointer>("void *BN_CTX_new()"),
    newMontgomery: of<() => Pointer>("void *BN_MONT_CTX_new()"),
    setMontgomery: of<(montgomery: Pointer, modulus: BigNumber, context: Pointer) => number>(
      "int BN_MONT_CTX_set(void *, void *, void *)",
    ),
    newGroup: of<(curve: number) => Pointer>("void *EC_GROUP_new_by_curve_name(int)"),
    groupParameters: of<(group: Pointer, prime: BigNumber, a: BigNumber, b: BigNumber, context: Pointer) => number>(
      "int EC_GROUP_get_curve(void *, void *, void *, void *, void *)",
    ),
    groupOrder: of<(group: Pointer, order: BigNumber, context: Pointer) => number>(
      "int EC_GROUP_get_order(void *, void *, void *)",
    ),
    newPoint: of<(group: Pointer) => Point>("void *EC_POINT_new(void *)"),
    generator: of<(group: Pointer) => Point>("void *EC_GROUP_get0_generator(void *)"),
    copyPoint: of<(target: Point, source: Point) => number>("int EC_POINT_copy(void *, void *)"),
    isInfinity: of<(group: Pointer, point: Point) => number>("int EC_POINT_is_at_infinity(void *, void *)"),
    toPoint: of<(group: Pointer, point: Point, octets: Uint8Array, length: number, context: Pointer) => number>(
      "int EC_POINT_oct2point(void *, void *, const void *, size_t, void *)",
    ),
    fromPoint: of<
      (group: Pointer, point: Point, form: number, octets: Uint8Array, length: number, context: Pointer) => number
    >("size_t EC_POINT_point2oct(void *, void *, int, void *, size_t, void *)"),
    multiplyPoint: of<
      (group: Pointer, result: Point, n: null, point: Point, scalar: BigNumber, context: Pointer) => number
    >("int EC_POINT_mul(void *, void *, void *, void *, void *, void *)"),
    addPoints: of<(group: Pointer, result: Point, a: Point, b: Point, context: Pointer) => number>(
      "int EC_POINT_add(void *, void *, void *, void *, void *)",
    ),
    invertPoint: of<(group: Pointer, point: Point, context: Pointer) => number>(
      "int EC_POINT_invert(void *, void *, void *)",
    ),
    clearErrors: of<() => void>("void ERR_clear_error()"),
  };
};

type OpenSsl = ReturnType<typeof load>;

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function opensslGroups(): GroupArithmetic | undefined {
  let openssl: OpenSsl;
  try {
    openssl = load();
  } catch {
    // koffi's error names the missing symbol, which helps nobody: there is another backend.
    return undefined;
  }
  const context = openssl.newContext();
  return {
    name: "OpenSSL",
    primeField: (prime) => primeField(openssl, context, prime),
    curve: (name) => curve(openssl, context, name),
    remainder: remainder(openssl, context),
  };
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
  // OpenSSL's own takes six times as long.
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
