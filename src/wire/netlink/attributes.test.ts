import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesOfHex, MalformedError, Reader } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import {
  attr,
  attributes,
  bytes,
  flag,
  flagSet,
  indexed,
  list,
  macAddress,
  nested,
  s8,
  s32,
  text,
  u8,
  u16,
  u16Array,
  u32,
  u32Array,
  u64,
} from "./attributes.ts";

const inner = attributes({ count: attr(1, u16), label: attr(2, text) }, ["count"]);

const set = attributes(
  {
    octet: attr(1, u8),
    short: attr(2, u16),
    word: attr(3, u32),
    long: attr(4, u64),
    signed: attr(5, s32),
    small: attr(6, s8),
    name: attr(7, text),
    on: attr(8, flag),
    raw: attr(9, bytes),
    words: attr(10, u32Array),
    shorts: attr(11, u16Array),
    address: attr(12, macAddress),
    inner: attr(13, nested(inner)),
    items: attr(14, list(nested(inner))),
    byId: attr(15, indexed(u32)),
    kinds: attr(16, flagSet),
  },
  ["octet"],
);

const reader = (octets: Uint8Array): Reader => new Reader(octets, ["test"]);
const hex = (text: string): Uint8Array => bytesOfHex(text.replaceAll(" ", "")) ?? assert.fail(text);

const octets = (max: number) => fc.uint8Array({ maxLength: max });
const u32s = fc.integer({ min: 0, max: 0xffff_ffff });
const u16s = fc.integer({ min: 0, max: 0xffff });
const label = fc.string({ maxLength: 20 }).filter((value) => !value.includes("\0"));
const inners = fc.record({ count: u16s, label }, { noNullPrototype: true });
const values = fc.record(
  {
    octet: fc.integer({ min: 0, max: 255 }),
    short: u16s,
    word: u32s,
    long: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
    signed: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
    small: fc.integer({ min: -128, max: 127 }),
    name: label,
    on: fc.constant(true),
    raw: octets(40),
    words: fc.array(u32s, { maxLength: 5 }),
    shorts: fc.array(u16s, { maxLength: 5 }),
    address: fc.constant("02:00:00:00:01:00" as MacAddress),
    inner: inners,
    items: fc.array(inners, { maxLength: 4 }),
    byId: fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), u32s), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    kinds: fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 4 }).map((ids) => new Set(ids)),
  },
  { requiredKeys: ["octet"], noNullPrototype: true },
);

/** As read, but for what the reader adds: the attributes that it didn't know, here none. */
function withoutOthers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOthers);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  if (value instanceof Map || value instanceof Set) return value;
  const entries = Object.entries(value).filter(([name]) => name !== "others");
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutOthers(item)]));
}

test("what is written is read again", () => {
  fc.assert(
    fc.property(values, (given) => {
      const read = set.decode(reader(set.encode(given)));
      assert.deepEqual(withoutOthers(read), given);
      assert.deepEqual(read.others, []);
    }),
  );
});

test("attributes are aligned, their length doesn't count the padding", () => {
  assert.deepEqual(set.encode({ octet: 5, short: 0x1234 }), hex("0500 0100 05000000  0600 0200 34120000"));
});

test("nested attributes carry their flag", () => {
  assert.deepEqual(
    set.encode({ octet: 0, inner: { count: 7 } }),
    hex("0500 0100 00000000  0c00 0d80 0600 0100 07000000"),
  );
});

test("false is left out", () => {
  assert.deepEqual(set.encode({ octet: 0, on: false }), set.encode({ octet: 0 }));
});

test("unknown attributes are kept as they are", () => {
  const { others } = set.decode(reader(hex("0500 0100 09000000  0700 2c01 aabbcc00")));
  assert.deepEqual(others, [{ id: 300, data: hex("aabbcc") }]);
});

test("of an attribute that comes twice the last counts", () => {
  assert.equal(set.decode(reader(hex("0500 0100 01000000 0500 0100 02000000"))).octet, 2);
});

test("the last attribute may come without its padding", () => {
  assert.equal(set.decode(reader(hex("0500 0100 01"))).octet, 1);
});

for (const [what, octets, problem] of [
  ["a value that is too short", "0500 0300 01000000 0500 0100 00000000", /test > word at 0: 4 octets wanted, 1 left/],
  ["a value that is too long", "0600 0100 01020000", /test > octet at 1: 1 octets too many/],
  ["a length below the header's", "0300 0100", /shorter than its header/],
  ["a length beyond the end", "0900 0100 01", /5 octets wanted, 1 left/],
  ["half a header", "0500 0100 01000000 0500", /2 octets after the last attribute/],
  ["a needed attribute that isn't there", "0600 0200 01000000", /test at 0: octet is missing/],
  ["one that isn't there in a nested one", "0500 0100 00000000 0400 0d80", /test > inner at 0: count is missing/],
  ["half a number of an array", "0500 0100 00000000 0600 0a00 01020000", /test > words at 0/],
  ["an address of five octets", "0500 0100 00000000 0900 0c00 0102030405000000", /test > address at 0/],
] as const) {
  test(`refuses ${what}, saying where`, () => {
    assert.throws(
      () => set.decode(reader(hex(octets))),
      (error) => error instanceof MalformedError && problem.test(error.message),
    );
  });
}

test("nothing but MalformedError comes of any bytes", () => {
  const mutated = fc.tuple(values, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }));
  const damage = ([given, changes]: [Parameters<typeof set.encode>[0], [number, number][]]): Uint8Array => {
    const encoded = set.encode(given);
    for (const [at, octet] of changes) encoded[at % encoded.length] = octet;
    return encoded;
  };
  fc.assert(
    fc.property(fc.oneof(octets(200), mutated.map(damage)), (input) => {
      try {
        set.decode(reader(input));
      } catch (error) {
        assert.ok(error instanceof MalformedError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
