import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Reader } from "./bytes.ts";
import {
  broadcast,
  decodeMacAddress,
  encodeMacAddress,
  isGroupAddress,
  isLocallyAdministered,
  macAddressOf,
  parseMacAddress,
} from "./mac-address.ts";

test("octets and text are each other's inverse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (octets) => {
      const address = macAddressOf(octets);
      assert.deepEqual(encodeMacAddress(address), octets);
      assert.equal(decodeMacAddress(new Reader(octets, [])), address);
      assert.equal(parseMacAddress(address.toUpperCase()), address);
    }),
  );
});

test("people write addresses with colons, hyphens or nothing; anything else is none", () => {
  assert.equal(parseMacAddress("02-00-00-AB-cd-eF"), "02:00:00:ab:cd:ef");
  assert.equal(parseMacAddress("020000abcdef"), "02:00:00:ab:cd:ef");
  for (const text of [
    "",
    "02:00:00:ab:cd",
    "02:00:00:ab:cd:ef:01",
    "02:00-00:ab:cd:ef",
    "02:00:00:ab:cd:eg",
    " 020000abcdef",
  ]) {
    assert.equal(parseMacAddress(text), undefined, text);
  }
});

test("the first octet tells groups and local assignments: IEEE Std 802-2014, 8.2", () => {
  const address = (text: string) => parseMacAddress(text) ?? assert.fail();
  assert.ok(isGroupAddress(broadcast));
  assert.ok(isGroupAddress(address("01:00:5e:00:00:01")));
  assert.ok(!isGroupAddress(address("02:00:00:00:00:00")));
  assert.ok(isLocallyAdministered(address("02:00:00:00:00:00")));
  assert.ok(!isLocallyAdministered(address("00:11:22:33:44:55")));
});
