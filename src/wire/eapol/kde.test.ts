import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, MalformedError, Reader } from "../../base/bytes.ts";
import { decodeKeyData, type KeyDataItem, padKeyData } from "./kde.ts";

const decode = (hex: string): KeyDataItem[] =>
  decodeKeyData(new Reader(bytesOfHex(hex) ?? assert.fail(), ["Key Data"]));

test("padding ends Key Data", () => {
  const pmkid = `dd14000fac04${"11".repeat(16)}`;
  for (const padding of ["", "dd", "dd00", "dd000000000000"]) {
    assert.deepEqual(
      decode(pmkid + padding).map(({ kind }) => kind),
      ["pmkid"],
    );
  }
  assert.throws(() => decode(`${pmkid}dd0000ff`), MalformedError);
});

test("Key Data to be wrapped have at least 16 octets and a multiple of 8", () => {
  for (const [length, padded] of [
    [0, 16],
    [15, 16],
    [16, 16],
    [17, 24],
    [22, 24],
    [23, 24],
    [24, 24],
  ] as const) {
    const out = padKeyData(new Uint8Array(length).fill(1));
    assert.equal(out.length, padded);
    if (padded > length) assert.equal(out[length], 0xdd);
    assert.ok(out.subarray(length + 1).every((octet) => octet === 0));
  }
});

test("a KDE of a wrong length is malformed", () => {
  assert.throws(() => decode("dd05000fac0401"), MalformedError);
  assert.throws(() => decode(`dd15000fac04${"11".repeat(17)}`), MalformedError);
  assert.throws(() => decode("dd04000fac01"), MalformedError);
  assert.throws(() => decode("dd08000fac09040000"), MalformedError);
});

test("what is not known survives", () => {
  assert.deepEqual(decode("dd06000fac630102"), [{ kind: "unknown-kde", type: 0x63, data: Uint8Array.of(1, 2) }]);
  assert.deepEqual(decode("dd05506f9a2001"), [
    { kind: "element", element: { id: 221, data: Uint8Array.of(0x50, 0x6f, 0x9a, 0x20, 1) } },
  ]);
});
