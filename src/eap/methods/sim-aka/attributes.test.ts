import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, MalformedError, Reader, utf8 } from "../../../base/bytes.ts";
import {
  attribute,
  decodeEncrypted,
  decodeMessage,
  encodeHeader,
  flagAttribute,
  numberAttribute,
  octetsAttribute,
  padded,
  sizedAttribute,
} from "./attributes.ts";

const decode = (...parts: readonly Uint8Array[]) =>
  decodeMessage(new Reader(concat(encodeHeader(11), ...parts), ["message"]));

test("each kind of attribute survives the wire", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(0xffff), (identity, version) => {
      const mac = new Uint8Array(16).fill(7);
      const { subtype, attributes, macOffset } = decode(
        sizedAttribute(attribute.identity, identity),
        numberAttribute(attribute.selectedVersion, version),
        flagAttribute(attribute.resultInd),
        octetsAttribute(attribute.mac, mac),
      );
      assert.equal(subtype, 11);
      assert.deepEqual(attributes.sized(attribute.identity), identity);
      assert.equal(attributes.number(attribute.selectedVersion), version);
      assert.ok(attributes.has(attribute.resultInd));
      assert.deepEqual(attributes.octets(attribute.mac, 16), mac);
      assert.equal(macOffset, 3 + 4 * Math.ceil(identity.length / 4) + 4 + 4 + 4 + 4);
      assert.equal(attributes.octets(attribute.nonceMt, 16), undefined);
    }),
  );
});

test("what breaks the format", () => {
  const wrong = (problem: RegExp, ...parts: readonly Uint8Array[]): void => {
    assert.throws(
      () => decode(...parts),
      (error) => error instanceof MalformedError && problem.test(error.message),
    );
  };
  wrong(/must not be passed over/, Uint8Array.of(127, 1, 0, 0));
  wrong(/shorter than its header/, Uint8Array.of(200, 0));
  wrong(/wanted/, Uint8Array.of(200, 2, 0, 0));
  wrong(/twice/, flagAttribute(attribute.anyIdReq), flagAttribute(attribute.anyIdReq));
  wrong(/encrypted/, numberAttribute(attribute.counter, 1));
  assert.equal(
    decode(Uint8Array.of(200, 1, 0, 0)).attributes.has(attribute.mac),
    false,
    "unknown, and may be passed over",
  );
  assert.throws(() =>
    decode(sizedAttribute(attribute.nonceMt, utf8("short"))).attributes.octets(attribute.nonceMt, 16),
  );
  assert.throws(() => decode(Uint8Array.of(attribute.identity, 1, 0, 1)).attributes.sized(attribute.identity));
  assert.throws(() => decode(Uint8Array.of(attribute.res, 2, 0, 33, 1, 2, 3, 4)).attributes.res(), /33 bits/);
  assert.deepEqual(
    decode(Uint8Array.of(attribute.res, 2, 0, 32, 1, 2, 3, 4)).attributes.res(),
    Uint8Array.of(1, 2, 3, 4),
  );
});

test("padding is zeros and fills blocks", () => {
  for (let words = 1; words <= 8; words++) {
    const clear = padded(octetsAttribute(attribute.nonceS, new Uint8Array(4 * words)));
    assert.equal(clear.length % 16, 0);
    assert.deepEqual(
      decodeEncrypted(new Reader(clear, ["encrypted"])).octets(attribute.nonceS),
      new Uint8Array(4 * words),
    );
  }
  const wrong = Uint8Array.of(attribute.padding, 1, 0, 1);
  assert.throws(() => decodeEncrypted(new Reader(wrong, ["encrypted"])), /other than zeros/);
});

test("any octets: attributes or a MalformedError", () => {
  const types = Object.values(attribute);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (octets, isEncrypted) => {
      try {
        const reader = new Reader(octets, ["noise"]);
        const attributes = isEncrypted ? decodeEncrypted(reader) : decodeMessage(reader).attributes;
        for (const type of types) {
          for (const read of [attributes.number, attributes.octets, attributes.sized]) {
            try {
              read(type);
            } catch (error) {
              assert.ok(error instanceof MalformedError);
            }
          }
        }
        attributes.res();
      } catch (error) {
        assert.ok(error instanceof MalformedError);
      }
    }),
  );
});
