/**
 * The finite cyclic groups that SAE, OWE and EAP-pwd use: one set of operations over elliptic curves and over
 * multiplicative groups modulo a prime. IEEE Std 802.11-2020, 12.4.4; numbers of IANA's "Group Description" registry for IKE.
 */

import { concat } from "../../base/bytes.ts";
import { modpPrime } from "../backend/node.ts";
import type { KdfDigest } from "../prf.ts";
import type { Curve, CurveName, GroupArithmetic, PrimeField } from "./port.ts";

export const eccGroupNumbers = [19, 20, 21, 25, 26, 28, 29, 30] as const;
export const ffcGroupNumbers = [15, 16, 17, 18] as const;

export type EccGroupNumber = (typeof eccGroupNumbers)[number];
export type FfcGroupNumber = (typeof ffcGroupNumbers)[number];
export type GroupNumber = EccGroupNumber | FfcGroupNumber;

export const groupNumbers: readonly GroupNumber[] = [...eccGroupNumbers, ...ffcGroupNumbers];

export const isGroupNumber = (number: number): number is GroupNumber =>
  (groupNumbers as readonly number[]).includes(number);

interface CommonToGroups {
  readonly number: GroupNumber;
  readonly arithmetic: GroupArithmetic;
  /** Numbers modulo the order of the group, a prime. */
  readonly scalars: PrimeField;
  /** What coordinates or elements are numbers of. */
  readonly field: PrimeField;
  /** In octets. */
  readonly scalarLength: number;
  /** In octets: both coordinates of a point, or one number. */
  readonly elementLength: number;
  /** The hash that goes with the length of the prime. IEEE Std 802.11-2020, Table 12-1. */
  readonly digest: KdfDigest;
  /** Whether these octets are an element of the group other than the neutral one. */
  contains(element: Uint8Array): boolean;
  /** scalar-op. @returns undefined for the neutral element */
  multiply(scalar: Uint8Array, element: Uint8Array): Uint8Array | undefined;
  /** elem-op. @returns undefined for the neutral element */
  combine(a: Uint8Array, b: Uint8Array): Uint8Array | undefined;
  /** inverse-op. */
  invert(element: Uint8Array): Uint8Array;
}

export interface EccGroup extends CommonToGroups {
  readonly kind: "ecc";
  readonly number: EccGroupNumber;
  readonly curve: Curve;
}

export interface FfcGroup extends CommonToGroups {
  readonly kind: "ffc";
  readonly number: FfcGroupNumber;
}

export type CyclicGroup = EccGroup | FfcGroup;

const curveNames: Readonly<Record<EccGroupNumber, CurveName>> = {
  19: "prime256v1",
  20: "secp384r1",
  21: "secp521r1",
  25: "prime192v1",
  26: "secp224r1",
  28: "brainpoolP256r1",
  29: "brainpoolP384r1",
  30: "brainpoolP512r1",
};

/** Groups are made once for each arithmetic, and kept. */
export class CyclicGroups {
  readonly #groups = new Map<GroupNumber, CyclicGroup>();

  constructor(readonly arithmetic: GroupArithmetic) {}

  get(number: GroupNumber): CyclicGroup {
    const known = this.#groups.get(number);
    if (known !== undefined) return known;
    const group = isEcc(number) ? eccGroup(this.arithmetic, number) : ffcGroup(this.arithmetic, number);
    this.#groups.set(number, group);
    return group;
  }
}

const isEcc = (number: GroupNumber): number is EccGroupNumber => number in curveNames;

function eccGroup(arithmetic: GroupArithmetic, number: EccGroupNumber): EccGroup {
  const curve = arithmetic.curve(curveNames[number]);
  return {
    kind: "ecc",
    number,
    arithmetic,
    curve,
    scalars: curve.scalars,
    field: curve.field,
    scalarLength: curve.scalars.prime.length,
    elementLength: 2 * curve.field.prime.length,
    digest: digestOf(curve.field.bits, [256, 384]),
    // The order is a prime: whatever is on the curve generates the whole group.
    contains: (element) => curve.contains(element),
    multiply: (scalar, element) => curve.multiply(scalar, element),
    combine: (a, b) => curve.add(a, b),
    invert: (element) => curve.negate(element),
  };
}

function ffcGroup(arithmetic: GroupArithmetic, number: FfcGroupNumber): FfcGroup {
  const prime = modpPrime(`modp${number}`);
  const field = arithmetic.primeField(prime);
  // RFC 3526: p = 2q + 1, where q is a prime too.
  const order = halved(prime);
  const scalars = arithmetic.primeField(order);
  const one = numeral(1, prime.length);
  const isOne = (element: Uint8Array): boolean => compare(element, one) === 0;
  const unlessOne = (element: Uint8Array): Uint8Array | undefined => (isOne(element) ? undefined : element);
  const minusTwo = field.subtract(numeral(0, prime.length), numeral(2, prime.length));
  return {
    kind: "ffc",
    number,
    arithmetic,
    scalars,
    field,
    scalarLength: order.length,
    elementLength: prime.length,
    digest: digestOf(field.bits, [2048, 3072]),
    contains: (element) =>
      element.length === prime.length &&
      compare(element, one) > 0 &&
      compare(element, minusTwo) <= 0 &&
      isOne(field.power(element, order)),
    multiply: (scalar, element) => unlessOne(field.power(element, scalar)),
    combine: (a, b) => unlessOne(field.multiply(a, b)),
    invert: (element) => field.power(element, minusTwo),
  };
}

/** @param limits the longest primes, in bits, that go with SHA-256 and with SHA-384 */
const digestOf = (bits: number, [sha256, sha384]: readonly [number, number]): KdfDigest =>
  bits <= sha256 ? "sha256" : bits <= sha384 ? "sha384" : "sha512";

/** A small number as octets. */
export function numeral(value: number, length: number): Uint8Array {
  const octets = new Uint8Array(length);
  octets[length - 1] = value;
  return octets;
}

/** Compares numbers of the same length that are no secret. @returns less than, equal to or greater than 0 */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, i) => octet !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** (n - 1) / 2 of an odd number. */
function halved(octets: Uint8Array): Uint8Array {
  return octets.map((octet, i) => (octet >> 1) | (((octets[i - 1] ?? 0) & 1) << 7));
}

/** x || y of a point. */
export const coordinates = (point: Uint8Array): readonly [x: Uint8Array, y: Uint8Array] => [
  point.subarray(0, point.length / 2),
  point.subarray(point.length / 2),
];

/** The function F: an element as a number, for key derivation. IEEE Std 802.11-2020, 12.4.4.2.1, 12.4.4.3.1. */
export const elementNumber = (group: CyclicGroup, element: Uint8Array): Uint8Array =>
  group.kind === "ecc" ? coordinates(element)[0] : element;

export const pointOf = (x: Uint8Array, y: Uint8Array): Uint8Array => concat(x, y);
