import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedError, Reader } from "../../src/base/bytes.ts";
import { mppeKeysOf } from "../../src/radius/hiding.ts";
import { checkMessageAuthenticator, verifyRequestAuthenticator } from "../../src/radius/sealing.ts";
import { type AttributeType, radius } from "../../src/wire/radius/attributes.ts";
import { decodeRadiusPacket, encodeRadiusPacket, type RadiusPacket } from "../../src/wire/radius/packet.ts";
import { allOf, joinEapMessage } from "../../src/wire/radius/values.ts";
import { codecProperties, octets, unsigned } from "./codec-properties.ts";

const attribute = fc.record({ type: unsigned(8), value: fc.uint8Array({ maxLength: 253 }) });

codecProperties<RadiusPacket>({
  name: "RADIUS packet",
  encode: (packet) => encodeRadiusPacket(packet),
  decode: (r) => decodeRadiusPacket(r),
  values: fc.record({
    code: unsigned(8),
    identifier: unsigned(8),
    authenticator: octets(16),
    attributes: fc.array(attribute, { maxLength: 12 }),
  }),
});

const types: readonly AttributeType<unknown>[] = Object.values(radius) as AttributeType<unknown>[];

/** Any octets as an attribute's value, above all those that look like vendors' and extended ones. */
const value = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(fc.constantFrom(9, 311, 14122, 40808), fc.uint8Array({ maxLength: 20 }))
    .map(([vendor, rest]) => Uint8Array.of(0, 0, vendor >>> 8, vendor & 0xff, ...rest)),
  fc
    .tuple(fc.constantFrom(0, 0x80), fc.uint8Array({ maxLength: 20 }))
    .map(([flags, rest]) => Uint8Array.of(26, flags, 0, 0, 0x2c, 0x50, ...rest)),
);

test("values of any attribute: nothing but MalformedError", () => {
  const type = fc.oneof(fc.constantFrom(26, 241, 245), unsigned(8));
  fc.assert(
    fc.property(fc.array(fc.record({ type, value }), { maxLength: 6 }), octets(16), (list, authenticator) => {
      const secret = Uint8Array.of(1);
      const orMalformed = (read: () => unknown): void => {
        try {
          read();
        } catch (thrown) {
          assert.ok(thrown instanceof MalformedError, String(thrown));
        }
      };
      for (const known of types) orMalformed(() => allOf(list, known));
      orMalformed(() => mppeKeysOf(secret, authenticator, list));
      joinEapMessage(list);
      const packet = encodeRadiusPacket({ code: 1, identifier: 0, authenticator, attributes: list });
      assert.equal(decodeRadiusPacket(new Reader(packet, [])).attributes.length, list.length);
      checkMessageAuthenticator(secret, packet);
    }),
  );
});

test("checks of authenticators take any octets", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (packet) => {
      checkMessageAuthenticator(Uint8Array.of(1), packet);
      verifyRequestAuthenticator(Uint8Array.of(1), packet);
    }),
  );
});
