import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, MalformedError } from "../../base/bytes.ts";
import { encodeRadiusPacket } from "./packet.ts";
import { PacketStream } from "./stream.ts";

const authenticator = new Uint8Array(16);
const packet = (identifier: number, length: number): Uint8Array =>
  encodeRadiusPacket({
    code: 1,
    identifier,
    authenticator,
    attributes: length === 0 ? [] : [{ type: 1, value: new Uint8Array(length) }],
  });

test("packets come out whole and in their order, wherever the stream is cut", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 253 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(lengths, fc.array(fc.nat(2200), { maxLength: 12 }), (sizes, cuts) => {
      const packets = sizes.map((size, i) => packet(i, size));
      const all = concat(...packets);
      const places = [0, ...cuts.filter((at) => at < all.length).sort((a, b) => a - b), all.length];
      const stream = new PacketStream();
      const found = places.slice(1).flatMap((end, i) => stream.push(all.subarray(places[i], end)));
      assert.deepEqual(found, packets);
    }),
  );
});

test("octet by octet, up to the longest packet that may be", () => {
  const attributes = Array.from({ length: 15 }, () => ({ type: 1, value: new Uint8Array(253) }));
  attributes.push({ type: 1, value: new Uint8Array(4096 - 20 - 15 * 255 - 2) });
  const longest = encodeRadiusPacket({ code: 1, identifier: 0, authenticator, attributes });
  assert.equal(longest.length, 4096);
  const stream = new PacketStream();
  assert.deepEqual(
    [...longest].flatMap((octet) => stream.push(Uint8Array.of(octet))),
    [longest],
  );
});

test("a length that no packet has: RFC 6613, section 2.6.4", () => {
  for (const length of [0, 1, 19, 4097, 0xffff]) {
    assert.throws(() => new PacketStream().push(Uint8Array.of(1, 0, length >>> 8, length & 0xff)), MalformedError);
  }
  const stream = new PacketStream();
  assert.throws(() => stream.push(concat(packet(1, 4), Uint8Array.of(1, 0, 0, 1))), MalformedError);
});
