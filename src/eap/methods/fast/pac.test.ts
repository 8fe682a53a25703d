import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { concat, Reader, utf8 } from "../../../base/bytes.ts";
import { aesWrap } from "../../../crypto/backend/node.ts";
import { decodeTlvs, tlvTypes } from "../../../wire/eap/tlv.ts";
import { buildPac, isAcknowledgement, isTunnelPacRequest, openPac, pacTypes } from "./pac.ts";

const encryptionKey = Uint8Array.from({ length: 16 }, (_, i) => i);
const key = (): Uint8Array => new Uint8Array(32).fill(7);

function ticketFor(identity: Uint8Array): Uint8Array {
  const made = { encryptionKey, authorityId: utf8("a"), authorityInfo: utf8("b"), key: key(), expires: 1000, identity };
  const tlvs = decodeTlvs(new Reader(buildPac(made), ["PAC"]));
  const value = tlvs.find(({ type }) => type === tlvTypes.pac)?.value ?? new Uint8Array();
  const attributes = decodeTlvs(new Reader(value, ["PAC", "attributes"]));
  assert.deepEqual(attributes.find(({ type }) => type === pacTypes.key)?.value, key());
  // A client's ticket is the attribute with its head.
  const opaque = attributes.find(({ type }) => type === pacTypes.opaque)?.value ?? new Uint8Array();
  return concat(Uint8Array.of(0, pacTypes.opaque, opaque.length >> 8, opaque.length & 0xff), opaque);
}

describe("PAC", () => {
  test("what was sealed opens again, for whatever identity", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), (identity) => {
        assert.deepEqual(openPac(encryptionKey, ticketFor(identity)), { key: key(), expires: 1000, identity });
      }),
    );
    assert.equal(openPac(encryptionKey, ticketFor(new Uint8Array(300)))?.identity, undefined);
  });

  test("what was changed, cut, or sealed with another key does not", () => {
    const ticket = ticketFor(utf8("user"));
    assert.equal(openPac(new Uint8Array(16), ticket), undefined);
    for (let at = 0; at < ticket.length; at++) {
      const changed = ticket.map((octet, i) => (i === at ? octet ^ 1 : octet));
      assert.equal(openPac(encryptionKey, changed), undefined, `octet ${at}`);
      assert.equal(openPac(encryptionKey, ticket.subarray(0, at)), undefined, `cut at ${at}`);
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (any) => openPac(encryptionKey, any) === undefined));
  });

  test("what is sealed well and is no PAC does not either", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 8, maxLength: 8 }), { minLength: 2, maxLength: 6 }), (blocks) => {
        const opaque = aesWrap(encryptionKey, concat(...blocks));
        const ticket = concat(Uint8Array.of(0, pacTypes.opaque, 0, opaque.length), opaque);
        const opened = openPac(encryptionKey, ticket);
        assert.ok(opened === undefined || opened.key.length === 32);
      }),
    );
  });

  test("acknowledgements and requests", () => {
    assert.equal(isAcknowledgement(Uint8Array.of(0, 8, 0, 2, 0, 1)), true);
    assert.equal(isAcknowledgement(Uint8Array.of(0, 8, 0, 2, 0, 2)), false);
    assert.equal(isAcknowledgement(Uint8Array.of(0, 8, 0, 2, 0)), false);
    assert.equal(isTunnelPacRequest(Uint8Array.of(0, 10, 0, 2, 0, 1)), true);
    assert.equal(isTunnelPacRequest(Uint8Array.of(0, 10, 0, 2, 0, 3)), false);
  });
});
