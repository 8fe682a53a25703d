import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedError, Reader } from "./bytes.ts";

const numbers = [
  ["u8", 1, (view: DataView) => view.getUint8(0)],
  ["i8", 1, (view: DataView) => view.getInt8(0)],
  ["u16le", 2, (view: DataView) => view.getUint16(0, true)],
  ["u16be", 2, (view: DataView) => view.getUint16(0, false)],
  ["u24be", 3, (view: DataView) => view.getUint8(0) * 0x10000 + view.getUint16(1, false)],
  ["u32le", 4, (view: DataView) => view.getUint32(0, true)],
  ["i32le", 4, (view: DataView) => view.getInt32(0, true)],
  ["u32be", 4, (view: DataView) => view.getUint32(0, false)],
  ["u64le", 8, (view: DataView) => view.getBigUint64(0, true)],
  ["u64be", 8, (view: DataView) => view.getBigUint64(0, false)],
] as const;

for (const [name, size, expected] of numbers) {
  test(`${name} is what a DataView reads, wherever the octets lie`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size + 3, maxLength: size + 3 }), (octets) => {
        const r = new Reader(octets.subarray(1), ["message"]);
        r.skip(1);
        assert.equal(r[name](), expected(new DataView(octets.buffer, octets.byteOffset + 2, size)));
        assert.equal(r.offset, 1 + size);
      }),
    );
    const short = new Reader(new Uint8Array(size - 1), ["message"]);
    assert.throws(() => short[name](), MalformedError);
    assert.equal(short.offset, 0);
  });
}

test("an error says where: the fields around it, outermost first, and the octet", () => {
  const whole = new Reader(Uint8Array.of(1, 2, 3, 4), ["frame"]);
  whole.skip(1);
  const inner = whole.field("element", 2);
  const innermost = inner.inside("count", inner.take(1));
  assert.deepEqual(innermost.path, ["frame", "element", "count"]);
  innermost.u8();
  assert.throws(() => innermost.u16le(), { path: ["frame", "element", "count"], offset: 1 });
});
