/**
 * Arithmetic in elliptic-curve and finite-field groups, as Dragonfly-like protocols need it. Numbers and coordinates are octets,
 * big-endian, of a fixed length: secrets stay in memory that can be wiped. Two backends fill this port, and the same vectors run on both.
 */

/** Arithmetic modulo an odd prime. Operands are numbers below the prime, as long as the prime. */
export interface PrimeField {
  readonly prime: Uint8Array;
  /** Of the prime. */
  readonly bits: number;
  add(a: Uint8Array, b: Uint8Array): Uint8Array;
  subtract(a: Uint8Array, b: Uint8Array): Uint8Array;
  multiply(a: Uint8Array, b: Uint8Array): Uint8Array;
  /** @param exponent of any length; its value doesn't show in the time that this takes */
  power(base: Uint8Array, exponent: Uint8Array): Uint8Array;
  /** @param number of any length */
  reduce(number: Uint8Array): Uint8Array;
  /** One of the two square roots. @returns undefined where there is none */
  squareRoot(a: Uint8Array): Uint8Array | undefined;
  /** Whether there is a square root. The time that this takes tells about the number: blind it. */
  isSquare(a: Uint8Array): boolean;
}

/** y^2 = x^3 + ax + b over a prime field, with a prime number of points. A point is its x and y, one after the other. */
export interface Curve {
  readonly field: PrimeField;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  /** Numbers modulo the order of the group. */
  readonly scalars: PrimeField;
  /**
   * Whether x^3 + ax + b, multiplied with the square of `root` and with `multiplier`, has a square root. The time that this takes tells
   * about that product: those two are there to blind it.
   * @param x as long as the prime, of any value
   * @param root as long as the prime
   * @param multiplier below the prime, as long
   */
  isSquareAt(x: Uint8Array, root: Uint8Array, multiplier: Uint8Array): boolean;
  /** Whether the octets are a point of the curve; the point at infinity has no octets. */
  contains(point: Uint8Array): boolean;
  /** The scalar doesn't show in the time that this takes. @returns undefined for the point at infinity */
  multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined;
  /** @returns undefined for the point at infinity */
  add(a: Uint8Array, b: Uint8Array): Uint8Array | undefined;
  negate(point: Uint8Array): Uint8Array;
}

/** By the names that OpenSSL and RFC 5639 use. */
export type CurveName =
  | "prime256v1"
  | "secp384r1"
  | "secp521r1"
  | "prime192v1"
  | "secp224r1"
  | "brainpoolP256r1"
  | "brainpoolP384r1"
  | "brainpoolP512r1";

export interface GroupArithmetic {
  /** For people. */
  readonly name: string;
  curve(name: CurveName): Curve;
  primeField(prime: Uint8Array): PrimeField;
  /** @returns the remainder, as long as the modulus, which may be any number but 0 */
  remainder(number: Uint8Array, modulus: Uint8Array): Uint8Array;
}
