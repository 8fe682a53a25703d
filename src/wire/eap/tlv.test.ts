import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MalformedError, Reader } from "../../base/bytes.ts";
import { decodeStatus, decodeTlvs, encodeStatus, encodeTlvs } from "./tlv.ts";
import { decodeAvps, encodeAvp } from "./ttls-avp.ts";

const tlv = fc.record(
  { mandatory: fc.boolean(), type: fc.nat(0x3fff), value: fc.uint8Array({ maxLength: 40 }) },
  { noNullPrototype: true },
);
const avp = fc.record(
  {
    code: fc.nat(0xffff_ffff),
    vendor: fc.oneof(fc.constant(0), fc.nat(0xffff_ffff)),
    mandatory: fc.boolean(),
    value: fc.uint8Array({ maxLength: 40 }),
  },
  { noNullPrototype: true },
);
const read = (octets: Uint8Array) => new Reader(octets, ["test"]);
const malformedOrNothing = (decode: () => unknown): void => {
  try {
    decode();
  } catch (thrown) {
    assert.ok(thrown instanceof MalformedError, String(thrown));
  }
};

test("TLVs come back as they went, and never otherwise than whole", () => {
  fc.assert(
    fc.property(fc.array(tlv, { maxLength: 5 }), (tlvs) => {
      const octets = encodeTlvs(tlvs);
      assert.deepEqual(decodeTlvs(read(octets)), tlvs);
      if (octets.length > 0) malformedOrNothing(() => decodeTlvs(read(octets.subarray(0, -1))));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => malformedOrNothing(() => decodeTlvs(read(octets)))),
  );
  // RFC 9930, section 4.2.4: a Result TLV that is mandatory and says Success.
  assert.deepEqual(
    encodeTlvs([{ mandatory: true, type: 3, value: encodeStatus("success") }]),
    Uint8Array.of(0x80, 3, 0, 2, 0, 1),
  );
  assert.equal(decodeStatus(Uint8Array.of(0, 2)), "failure");
  for (const neither of [[], [1], [0, 3], [1, 1]]) assert.equal(decodeStatus(Uint8Array.from(neither)), undefined);
});

test("AVPs come back as they went, padded to four octets; the last one need not be", () => {
  fc.assert(
    fc.property(fc.array(avp, { maxLength: 5 }), (avps) => {
      const octets = Uint8Array.from(avps.flatMap((each) => Array.from(encodeAvp(each))));
      assert.equal(octets.length % 4, 0);
      assert.deepEqual(decodeAvps(read(octets)), avps);
      const last = avps.at(-1);
      const padding = -(last?.value.length ?? 0) & 3;
      if (padding > 0) assert.deepEqual(decodeAvps(read(octets.subarray(0, octets.length - padding))), avps);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => malformedOrNothing(() => decodeAvps(read(octets)))),
  );
  // RFC 5281, section 10.1: code, V and M, length with the header, vendor.
  assert.deepEqual(
    encodeAvp({ code: 25, vendor: 311, mandatory: true, value: Uint8Array.of(7) }),
    Uint8Array.of(0, 0, 0, 25, 0xc0, 0, 0, 13, 0, 0, 1, 0x37, 7, 0, 0, 0),
  );
  assert.throws(() => decodeAvps(read(Uint8Array.of(0, 0, 0, 1, 0x40, 0, 0, 7))), /an AVP of 7 octets/);
  assert.throws(() => decodeAvps(read(Uint8Array.of(0, 0, 0, 1, 0x80, 0, 0, 8))), /an AVP of 8 octets/);
});
