/**
 * Group arithmetic in JavaScript, where Node's OpenSSL can't be called: some fifty times slower, and JavaScript's big numbers can
 * neither be wiped nor promise constant time (docs/security.md).
 */

import { Field, FpLegendre, FpSqrt, mod, pow } from "@noble/curves/abstract/modular.js";
import { type WeierstrassPoint, type WeierstrassPointCons, weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from "@noble/curves/misc.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { jacobiSymbols } from "../groups/jacobi-symbol.ts";
import type { Curve, CurveName, GroupArithmetic, PrimeField } from "../groups/port.ts";

type Points = WeierstrassPointCons<bigint>;

/** SEC 2 version 1.0, 2.2.2: a curve that noble doesn't bring. */
const secp192r1 = () =>
  weierstrass({
    p: 0xfffffffffffffffffffffffffffffffeffffffffffffffffn,
    a: 0xfffffffffffffffffffffffffffffffefffffffffffffffcn,
    b: 0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1n,
    Gx: 0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012n,
    Gy: 0x07192b95ffc8da78631011ed6b24cdd573f977a11e794811n,
    n: 0xffffffffffffffffffffffff99def836146bc9b1b4d22831n,
    h: 1n,
  });

/** SEC 2 version 2.0, 2.3.2 (secp224r1). */
const secp224r1 = () =>
  weierstrass({
    p: 0xffffffffffffffffffffffffffffffff000000000000000000000001n,
    a: 0xfffffffffffffffffffffffffffffffefffffffffffffffffffffffen,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    Gx: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
    Gy: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
    n: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
    h: 1n,
  });

const points: Readonly<Record<CurveName, () => Points>> = {
  prime192v1: secp192r1,
  secp224r1,
  prime256v1: () => p256.Point,
  secp384r1: () => p384.Point,
  secp521r1: () => p521.Point,
  brainpoolP256r1: () => brainpoolP256r1.Point,
  brainpoolP384r1: () => brainpoolP384r1.Point,
  brainpoolP512r1: () => brainpoolP512r1.Point,
};

export const nobleGroups: GroupArithmetic = {
  name: "JavaScript",
  primeField: (prime) => primeField(numberOf(prime), prime.length),
  curve,
  remainder: (number, modulus) => octetsOf(numberOf(number) % numberOf(modulus), modulus.length),
};

function numberOf(octets: Uint8Array): bigint {
  let text = "0x0";
  for (const octet of octets) text += octet.toString(16).padStart(2, "0");
  return BigInt(text);
}

function octetsOf(number: bigint, length: number): Uint8Array {
  const text = number.toString(16).padStart(2 * length, "0");
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function primeField(p: bigint, length: number): PrimeField {
  const field = Field(p);
  const operation =
    (compute: (a: bigint, b: bigint) => bigint) =>
    (a: Uint8Array, b: Uint8Array): Uint8Array =>
      octetsOf(mod(compute(numberOf(a), numberOf(b)), p), length);
  return {
    prime: octetsOf(p, length),
    bits: p.toString(2).length,
    add: operation((a, b) => a + b),
    subtract: operation((a, b) => a - b),
    multiply: operation((a, b) => a * b),
    power: operation((base, exponent) => pow(base, exponent, p)),
    reduce: (number) => octetsOf(mod(numberOf(number), p), length),
    squareRoot(a) {
      const square = numberOf(a);
      if (FpLegendre(field, square) < 0) return undefined;
      return octetsOf(FpSqrt(p)(field, square), length);
    },
    isSquare: (a) => FpLegendre(field, numberOf(a)) >= 0,
  };
}

function curve(name: CurveName): Curve {
  const Point = points[name]();
  const { p, n, a, b } = Point.CURVE();
  const length = Math.ceil(p.toString(16).length / 2);
  const scalars = primeField(n, Math.ceil(n.toString(16).length / 2));

  /** @throws Error where it isn't on the curve */
  const decode = (octets: Uint8Array): WeierstrassPoint<bigint> => {
    if (octets.length !== 2 * length) throw new Error("not a point of the curve");
    const point = Point.fromAffine({ x: numberOf(octets.subarray(0, length)), y: numberOf(octets.subarray(length)) });
    point.assertValidity();
    return point;
  };
  const encode = (point: WeierstrassPoint<bigint>): Uint8Array | undefined => {
    if (point.is0()) return undefined;
    const { x, y } = point.toAffine();
    const octets = new Uint8Array(2 * length);
    octets.set(octetsOf(x, length));
    octets.set(octetsOf(y, length), length);
    return octets;
  };

  const field = Field(p);
  const symbolOf = jacobiSymbols(octetsOf(p, length));
  return {
    field: primeField(p, length),
    scalars,
    a: octetsOf(a, length),
    b: octetsOf(b, length),
    isSquareAt(xOctets, rootOctets, multiplier) {
      const [x, root] = [numberOf(xOctets), numberOf(rootOctets)];
      const square = (x * x + a) * x + b;
      const blinded = mod(square * root * root * numberOf(multiplier), p);
      return (symbolOf(octetsOf(blinded, length)) ?? FpLegendre(field, blinded)) >= 0;
    },
    contains(point) {
      try {
        decode(point);
        return true;
      } catch {
        // noble says so by throwing.
        return false;
      }
    },
    multiply(scalar, point) {
      const factor = mod(numberOf(scalar), n);
      return factor === 0n ? undefined : encode(decode(point).multiply(factor));
    },
    add: (first, second) => encode(decode(first).add(decode(second))),
    negate: (point) => encode(decode(point).negate()) ?? point,
  };
}
