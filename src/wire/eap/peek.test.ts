import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type EapPacket, encodeEap } from "./packet.ts";
import { eapCodeOf, eapIdentifierOf, eapLengthOf, eapTypeOf } from "./peek.ts";

const identifier = fc.nat(255);
const data = fc.uint8Array({ maxLength: 20 });
const packets: fc.Arbitrary<EapPacket> = fc.oneof(
  fc.record({
    code: fc.constantFrom("request" as const, "response" as const),
    identifier,
    type: fc.oneof(
      fc.record({ vendor: fc.constant(0), type: fc.integer({ min: 1, max: 253 }) }, { noNullPrototype: true }),
      fc.record({ vendor: fc.nat(0xffffff), type: fc.nat(0xffffffff) }, { noNullPrototype: true }),
    ),
    expanded: fc.boolean(),
    data,
  }),
  fc.record({ code: fc.constantFrom("success" as const, "failure" as const), identifier }),
  fc.record({ code: fc.constantFrom("initiate" as const, "finish" as const), identifier, type: fc.nat(255), data }),
);

test("what a look at the first octets shows is what is in the packet", () => {
  fc.assert(
    fc.property(packets, data, (packet, padding) => {
      const whole = encodeEap(packet);
      const octets = Uint8Array.of(...whole, ...padding);
      assert.equal(eapCodeOf(octets), packet.code);
      assert.equal(eapIdentifierOf(octets), packet.identifier);
      assert.equal(eapLengthOf(octets), whole.length);
      const isExchange = packet.code === "request" || packet.code === "response";
      assert.deepEqual(eapTypeOf(octets), isExchange ? packet.type : undefined);
    }),
  );
});

test("cut or unknown, it is nothing", () => {
  assert.equal(eapCodeOf(new Uint8Array()), undefined);
  assert.equal(eapCodeOf(Uint8Array.of(7, 1, 0, 4)), undefined);
  assert.equal(eapTypeOf(Uint8Array.of(1, 1, 0, 4)), undefined);
  assert.equal(eapTypeOf(Uint8Array.of(2, 1, 0, 11, 254, 0, 0, 0, 0, 0, 0)), undefined);
});
