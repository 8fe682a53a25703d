import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedError, Reader } from "../../src/base/bytes.ts";

/** One codec and the values that it is made for. */
export interface CodecUnderTest<T> {
  readonly name: string;
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (r: Reader) => T;
  readonly values: fc.Arbitrary<T>;
}

/**
 * What every codec owes: a value survives the wire; bytes that are taken mean the same after going out again; bytes that
 * are refused, are so with a MalformedError; and no prefix of what it wrote makes it fail in another way.
 */
export function codecProperties<T>({ name, encode, decode, values }: CodecUnderTest<T>): void {
  const decodeOrRefuse = (bytes: Uint8Array): T | undefined => {
    try {
      return decode(new Reader(bytes, [name]));
    } catch (thrown) {
      if (thrown instanceof MalformedError) return undefined;
      throw thrown;
    }
  };

  test(`${name}: decode(encode(value)) is the value`, () => {
    fc.assert(
      fc.property(values, (value) => {
        same(decode(new Reader(encode(value), [name])), value);
      }),
    );
  });

  test(`${name}: bytes that it takes mean the same when sent again`, () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated(values.map(encode))), (bytes) => {
        const value = decodeOrRefuse(bytes);
        if (value !== undefined) same(decodeOrRefuse(encode(value)), value);
      }),
    );
  });

  test(`${name}: whatever is cut off, nothing but MalformedError`, () => {
    fc.assert(
      fc.property(values.map(encode), fc.nat(), (bytes, cut) => {
        decodeOrRefuse(bytes.subarray(0, bytes.length === 0 ? 0 : cut % bytes.length));
      }),
    );
  });
}

/** fast-check's records have no prototype, and a clone has one. */
const same = (actual: unknown, expected: unknown): void =>
  assert.deepEqual(structuredClone(actual), structuredClone(expected));

/** Good bytes with some of them changed: gets further into a decoder than noise does. */
const mutated = (bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc.tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 })).map(([original, changes]) => {
    const out = original.slice();
    for (const [at, octet] of changes) if (out.length) out[at % out.length] = octet;
    return out;
  });

export const octets = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
export const unsigned = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
export const subset = <T>(names: readonly T[]): fc.Arbitrary<ReadonlySet<T>> =>
  fc.subarray([...names]).map((chosen) => new Set(chosen));
export const namesOf = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];
