import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesOfHex, concat, hexOf, MalformedError, Reader, sameBytes, Writer } from "./bytes.ts";

test("what is written is read back, in either order of octets", () => {
  const bytes = new Writer()
    .u8(1)
    .u16le(0x0203)
    .u16be(0x0405)
    .u24be(0x060708)
    .u32le(0x090a0b0c)
    .u32be(0xf00d1234)
    .u64le(0x0102030405060708n)
    .u64be(0xff02030405060708n)
    .zeros(2)
    .put(Uint8Array.of(9))
    .finish();
  const r = new Reader(bytes, ["all"]);
  assert.deepEqual(
    [r.u8(), r.u16le(), r.u16be(), r.u24be(), r.u32le(), r.u32be(), r.u64le(), r.u64be(), r.take(2), r.rest()],
    [
      1,
      0x0203,
      0x0405,
      0x060708,
      0x090a0b0c,
      0xf00d1234,
      0x0102030405060708n,
      0xff02030405060708n,
      new Uint8Array(2),
      Uint8Array.of(9),
    ],
  );
  assert.equal(r.remaining, 0);
});

test("a writer grows past its first size without losing what was written", () => {
  const bytes = new Writer().u8(7).put(new Uint8Array(1000)).u8(8).finish();
  assert.deepEqual([bytes.length, bytes[0], bytes[1001]], [1002, 7, 8]);
});

test("a reader gives no octet that isn't there, and says where it missed it", () => {
  const r = new Reader(Uint8Array.of(1, 2, 3), ["frame"]);
  const field = r.field("element", 2);
  field.u8();
  assert.throws(
    () => field.u16le(),
    (thrown) =>
      thrown instanceof MalformedError &&
      thrown.code === "malformed" &&
      thrown.message === "frame > element at 1: 2 octets wanted, 1 left",
  );
  assert.equal(r.u8(), 3);
  assert.throws(() => r.take(1), MalformedError);
  assert.throws(() => new Reader(new Uint8Array(3), []).u32le(), MalformedError);
});

test("hexadecimal digits and octets are each other's inverse", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual(bytesOfHex(hexOf(bytes)), bytes);
      assert.equal(
        hexOf(bytes, ":"),
        Buffer.from(bytes)
          .toString("hex")
          .replace(/..(?=.)/g, "$&:"),
      );
    }),
  );
  assert.equal(bytesOfHex("0"), undefined);
  assert.equal(bytesOfHex("0g"), undefined);
});

test("parts are joined, and compared octet for octet", () => {
  assert.deepEqual(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3)), Uint8Array.of(1, 2, 3));
  assert.ok(sameBytes(Uint8Array.of(1), Uint8Array.of(1)));
  assert.ok(!sameBytes(Uint8Array.of(1), Uint8Array.of(1, 2)));
  assert.ok(!sameBytes(Uint8Array.of(1), Uint8Array.of(2)));
});
