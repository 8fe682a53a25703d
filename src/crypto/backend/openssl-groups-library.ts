/** The functions of OpenSSL's that group arithmetic takes, of the OpenSSL inside Node and of the system's. */

import koffi from "koffi";

/** What a pointer to one of OpenSSL's objects is to JavaScript. */
export type Pointer = unknown;
export type BigNumber = Pointer;
export type Point = Pointer;

const symbolsOf = (library: ReturnType<typeof koffi.load>) => {
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

export type OpenSsl = ReturnType<typeof symbolsOf>;

/** @returns undefined where the process has no OpenSSL whose functions can be called by name */
export function ownOpenssl(): OpenSsl | undefined {
  try {
    return symbolsOf(koffi.load(null));
  } catch {
    // koffi's error names the missing symbol, which helps nobody: there is another backend.
    return undefined;
  }
}

/**
 * The one that the distribution keeps, with symbols of its own: what it calls inside is itself, not the other one.
 * @returns undefined where there is none of OpenSSL 3
 */
export function systemOpenssl(): OpenSsl | undefined {
  try {
    return symbolsOf(koffi.load("libcrypto.so.3", { deep: true }));
  } catch {
    // The same.
    return undefined;
  }
}
