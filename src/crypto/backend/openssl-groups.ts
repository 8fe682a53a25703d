/**
 * Group arithmetic by the OpenSSL that runs inside Node: its functions are symbols of the executable, or of the libcrypto
 * that a distribution links Node to. Every object of OpenSSL's that is allocated here lives as long as the thread, a fixed set for each group,
 * and is cleared after each operation: there is nothing to free too early or to forget.
 */

import koffi from "koffi";
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
  type Operation = (result: BigNumber, a: BigNumber, b: BigNumber, modulus: BigNumber, context: Pointer) => number;
  return {
    newNumber: of<() => BigNumber>("void *BN_new()"),
    clear: of<(n: BigNumber) => void>("void BN_clear(void *)"),
    fromOctets: of<(octets: Uint8Array, length: number, n: BigNumber) => Pointer>(
      "void *BN_bin2bn(const void *, int, void *)",
    ),
    toOctets: of<(n: BigNumber, octets: Uint8Array, length: number) => number>("int BN_bn2binpad(void *, void *, int)"),
    bits: of<(n: BigNumber) => number>("int BN_num_bits(void *)"),
    add: of<Operation>("int BN_mod_add(void *, void *, void *, void *, void *)"),
    subtract: of<Operation>("int BN_mod_sub(void *, void *, void *, void *, void *)"),
    multiply: of<Operation>("int BN_mod_mul(void *, void *, void *, void *, void *)"),
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

function remainder(openssl: OpenSsl, context: Pointer): GroupArithmetic["remainder"] {
  const [n, modulus, result] = [openssl.newNumber(), openssl.newNumber(), openssl.newNumber()];
  return (number, divisor) => {
    succeed(openssl, openssl.fromOctets(number, number.length, n));
    succeed(openssl, openssl.fromOctets(divisor, divisor.length, modulus));
    succeed(openssl, openssl.reduce(result, n, modulus, context));
    const octets = new Uint8Array(divisor.length);
    openssl.toOctets(result, octets, octets.length);
    openssl.clear(n);
    openssl.clear(result);
    return octets;
  };
}

function primeField(openssl: OpenSsl, context: Pointer, prime: Uint8Array): PrimeField {
  const length = prime.length;
  const [modulus, a, b, result] = [openssl.newNumber(), openssl.newNumber(), openssl.newNumber(), openssl.newNumber()];
  openssl.fromOctets(prime, length, modulus);
  const montgomery = openssl.newMontgomery();
  succeed(openssl, openssl.setMontgomery(montgomery, modulus, context));

  const read = (octets: Uint8Array, number: BigNumber): void =>
    succeed(openssl, openssl.fromOctets(octets, octets.length, number));
  const clear = (): void => {
    openssl.clear(a);
    openssl.clear(b);
    openssl.clear(result);
  };
  const written = (): Uint8Array => {
    const octets = new Uint8Array(length);
    const count = openssl.toOctets(result, octets, length);
    clear();
    if (count !== length) throw new Error("OpenSSL returned a number that is too large");
    return octets;
  };
  const operation =
    (name: "add" | "subtract" | "multiply") =>
    (first: Uint8Array, second: Uint8Array): Uint8Array => {
      read(first, a);
      read(second, b);
      succeed(openssl, openssl[name](result, a, b, modulus, context));
      return written();
    };

  return {
    prime,
    bits: openssl.bits(modulus),
    add: operation("add"),
    subtract: operation("subtract"),
    multiply: operation("multiply"),
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
    contains(point) {
      const isPoint = read(point, p);
      clear();
      return isPoint;
    },
    multiply(scalar, point) {
      readOurs(point, p);
      succeed(openssl, openssl.fromOctets(scalar, scalar.length, factor));
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
