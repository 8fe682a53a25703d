import assert from "node:assert/strict";
import { test } from "node:test";
import { changingIdentifiersVector } from "../../../test/vectors/sae.ts";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { bytesOfHex, hexOf, Reader, textOf, utf8 } from "../../base/bytes.ts";
import { decodeKeyData, encodeKeyData } from "../../wire/eapol/kde.ts";
import { openPasswordIdentifier, sealPasswordIdentifier } from "./password-identifier.ts";

const { kde, key: keyHex, identifier } = changingIdentifiersVector;
const key = bytesOfHex(keyHex) ?? assert.fail();

test("those of another access point with the same key: hostapd's", () => {
  const octets = bytesOfHex(kde) ?? assert.fail();
  const items = decodeKeyData(new Reader(octets, ["Key Data"]));
  assert.deepEqual(encodeKeyData(items), octets);
  const [item] = items;
  assert.ok(item?.kind === "sae-password-identifiers");
  assert.equal(item.identifiers.length, 3);
  for (const sealed of item.identifiers) {
    assert.equal(textOf(openPasswordIdentifier(key, sealed) ?? assert.fail("not opened")), identifier);
  }
});

test("what is sealed opens with the key, and tells neither the identifier nor its length", () => {
  const entropy = new FixedEntropy(3);
  const clear = utf8(identifier);
  const sealed = Array.from({ length: 100 }, () => sealPasswordIdentifier(key, clear, 1_800_000_000.5, entropy));
  for (const each of sealed) assert.deepEqual(openPasswordIdentifier(key, each), clear);
  assert.equal(new Set(sealed.map((each) => hexOf(each))).size, 100, "two are the same");
  assert.ok(new Set(sealed.map(({ length }) => length)).size > 4, "the length tells which identifier it is");
});

test("of another key, or changed, or none at all: nothing is opened", () => {
  const sealed = sealPasswordIdentifier(key, utf8("a"), 0, new FixedEntropy());
  assert.equal(openPasswordIdentifier(key.with(0, 1), sealed), undefined);
  for (let at = 0; at < sealed.length; at++) {
    assert.equal(openPasswordIdentifier(key, sealed.with(at, (sealed[at] ?? 0) ^ 1)), undefined);
  }
  for (const wrong of [new Uint8Array(0), new Uint8Array(15), new Uint8Array(16), sealed.subarray(0, -1)]) {
    assert.equal(openPasswordIdentifier(key, wrong), undefined);
  }
  const empty = sealPasswordIdentifier(key, new Uint8Array(0), 0, new FixedEntropy());
  assert.equal(openPasswordIdentifier(key, empty), undefined, "an identifier of no octets");
});
