import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { values } from "../../testing/configuration-values.ts";
import {
  bits,
  boolean,
  count,
  flag,
  hex,
  integer,
  integers,
  interfaceName,
  type Kind,
  macAddress,
  numbered,
  type Parsed,
  words,
} from "./kinds.ts";
import { findKey, keyGroups, keyNames } from "./registry.ts";

const context = { files: () => new Uint8Array(), previous: undefined };
const parse = <T>(kind: Kind<T>, text: string): Parsed<T> => kind.parse(text, context);
const value = <T>(kind: Kind<T>, text: string): T | undefined => {
  const parsed = parse(kind, text);
  return "error" in parsed ? undefined : parsed.value;
};

test("numbers are read as C's atoi reads them, with a warning where something follows", () => {
  assert.deepEqual(parse(boolean, "1"), { value: true });
  assert.deepEqual(parse(boolean, " 0 "), { value: false });
  assert.deepEqual(parse(integer(), "-17"), { value: -17 });
  assert.deepEqual(parse(integer(), "+5"), { value: 5 });
  for (const [text, expected] of [
    ["1abc", true],
    ["yes", false],
    ["", false],
    ["2", true],
  ] as const) {
    const parsed = parse(boolean, text);
    assert.ok("value" in parsed && parsed.warning !== undefined, text);
    assert.equal(parsed.value, expected, text);
  }
  assert.equal(value(integer(), "99999999999999999999"), 0x7fffffff);
  assert.ok(Object.is(value(integer(), "-0"), 0));
});

test("limits are included", () => {
  assert.equal(value(integer(10, 20), "10"), 10);
  assert.equal(value(integer(10, 20), "20"), 20);
  assert.equal(value(integer(10, 20), "9"), undefined);
  assert.equal(value(integer(10, 20), "21"), undefined);
  assert.equal(value(flag, "2"), undefined);
  assert.equal(value(count(1, 0xffffffff), "4294967295"), 4294967295);
  assert.equal(value(count(1, 0xffffffff), "0x10"), 16);
  assert.equal(value(count(1, 0xffffffff), "010"), 8);
  assert.equal(value(count(1, 0xffffffff), "4 "), undefined);
  assert.equal(value(count(1, 0xffffffff), "0"), undefined);
});

test("named numbers, bits and words", () => {
  const strict = numbered({ 0: "no", 1: "yes" });
  assert.equal(value(strict, "1"), "yes");
  assert.equal(value(strict, "2"), undefined);
  assert.equal(value(numbered({ 0: "no", 1: "yes" }, "yes"), "2"), "yes");
  assert.deepEqual(value(bits({ a: 1, b: 4 }), "5"), new Set(["a", "b"]));
  assert.deepEqual(value(bits({ a: 1, b: 4 }), "-1"), new Set(["a", "b"]));
  const list = words({ noun: "fruit", unknown: (word) => `invalid ${word}` }, ["APPLE", "PEAR"], ["STONE"]);
  assert.deepEqual(value(list, " PEAR\tAPPLE "), new Set(["APPLE", "PEAR"]));
  assert.deepEqual(parse(list, "PEAR APLE"), {
    at: 5,
    length: 4,
    error: "no fruit is called 'APLE'",
    fix: "APPLE",
    hostapd: "invalid APLE",
  });
  assert.equal(value(list, "STONE"), undefined);
  assert.equal(value(list, "  "), undefined);
});

test("addresses, names and hexadecimal say where they are wrong", () => {
  assert.equal(value(macAddress, "02:AB:00:00:00:01"), "02:ab:00:00:00:01");
  assert.equal(value(macAddress, "02ab00000001"), undefined);
  assert.equal(value(interfaceName, "wlan0"), "wlan0");
  assert.equal(value(interfaceName, "abcdefghijklmnop"), undefined);
  assert.deepEqual(parse(interfaceName, "wlan 0"), {
    error: "' ' can't stand in the name of an interface",
    at: 4,
    length: 1,
  });
  assert.deepEqual(value(hex(), ""), new Uint8Array());
  assert.deepEqual(parse(hex(), "12x4"), { error: "'x' is no hexadecimal digit", at: 2, length: 1 });
  assert.equal(value(hex(), "123"), undefined);
  assert.deepEqual(value(integers(0, 9), "1 2  3"), [1, 2, 3]);
  assert.deepEqual(parse(integers(0, 9), "1 20"), { at: 2, length: 2, error: "20 is not in 0..9" });
});

/** Texts that some kind or other may take. */
const candidates = (shape: string) =>
  fc.oneof(
    fc.integer({ min: -2, max: 300 }).map(String),
    fc.integer().map(String),
    fc.uint8Array({ maxLength: 64 }).map((octets) => Buffer.from(octets).toString("hex")),
    fc.uint8Array({ minLength: 1, maxLength: 63 }).map((octets) => Buffer.from(octets).toString("latin1")),
    fc.uint8Array({ minLength: 6, maxLength: 6 }).map((octets) =>
      Buffer.from(octets)
        .toString("hex")
        .replace(/..(?!$)/g, "$&:"),
    ),
    fc.subarray(wordsOf(shape), { minLength: 1 }).map((parts) => parts.join(" ")),
    fc.subarray(shape.match(/\[[^\]]*\]/g) ?? []).map((parts) => parts.join("")),
  );

// what chance would hardly come upon
const certain = [
  "1",
  "US",
  "0x4f",
  "1.5",
  "unix:/tmp/hlr_auc_gw.sock db=/var/lib/x.db",
  "0.25",
  "1000",
  "7",
  "127.0.0.1",
  "a".repeat(64),
  "02:00:00:00:00:01",
  "abcdefgh",
  ...[1, 2, 4, 6, 16, 32].map((octets) => "00".repeat(octets)),
];

const wordsOf = (shape: string): string[] => shape.match(/[\w.+-]+|\[[^\]]*\]/g) ?? [];

test("what a key's parser accepts, its format gives back", () => {
  for (const name of keyNames()) {
    const key = findKey(name);
    assert.ok(key);
    const kind = key.type === "member" ? key.member.kind : key.entry.kind;
    const shape = kind.shape;
    let accepted = 0;
    fc.assert(
      fc.property(candidates(shape), (text) => {
        const parsed = kind.parse(text, context);
        if ("error" in parsed) return;
        accepted++;
        const again = kind.parse(kind.format(parsed.value), context);
        assert.ok("value" in again, `${name}: ${kind.format(parsed.value)}`);
        assert.deepEqual(again.value, parsed.value, name);
      }),
      { numRuns: 60, examples: [...certain, ...wordsOf(shape), ...(values[name]?.[0] ?? [])].map((text) => [text]) },
    );
    assert.ok(accepted > 0, `${name}: nothing was accepted`);
  }
});

test("defaults are values that their own parsers make", () => {
  for (const [name, entry] of keyGroups.flatMap((group) => Object.entries(group.keys))) {
    if (!("kind" in entry) || entry.initial === undefined) continue;
    const text = entry.kind.format(entry.initial);
    if (text === "") continue;
    const parsed = entry.kind.parse(text, context);
    assert.ok("value" in parsed, `${name}=${text}`);
    assert.deepEqual(parsed.value, entry.initial, name);
  }
});
