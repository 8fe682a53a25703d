import assert from "node:assert/strict";
import { test } from "node:test";
import { saePkVector } from "../../../test/vectors/sae.ts";
import { bytesOfHex, hexOf, utf8 } from "../../base/bytes.ts";
import { ecPrivateKeyOfPem, newEcdsaKey } from "../backend/node.ts";
import { saePkPairOf } from "./pk.ts";
import { tryModifiers } from "./pk-search.ts";

const v = saePkVector;
const modifier = bytesOfHex(v.modifier) ?? assert.fail();
const privateKey = Uint8Array.from(Buffer.from(v.privateKey, "base64"));
const pair = saePkPairOf(modifier, privateKey) ?? assert.fail();

/** The modifier so many before another one. */
const before = (octets: Uint8Array, count: number): Uint8Array => {
  const number = BigInt(`0x${hexOf(octets)}`) - BigInt(count);
  return bytesOfHex(number.toString(16).padStart(32, "0")) ?? assert.fail();
};

test("the modifier of the example is found by whoever begins a little before it", () => {
  const own = before(modifier, 700);
  assert.equal(tryModifiers(utf8(v.ssid), pair, own, 3, 300), undefined);
  assert.equal(hexOf(own), hexOf(before(modifier, 400)), "it goes on where it ended");
  const hash = tryModifiers(utf8(v.ssid), pair, own, 3, 1000) ?? assert.fail("not found");
  assert.equal(hexOf(hash), v.hash);
  assert.equal(hexOf(own), v.modifier);
});

test("more zeros are wanted than there are", () => {
  assert.equal(tryModifiers(utf8(v.ssid), pair, before(modifier, 5), 5, 10), undefined);
});

test("new keys are usable, PEM and DER alike", () => {
  for (const curve of ["prime256v1", "secp384r1", "secp521r1"] as const) {
    const der = newEcdsaKey(curve);
    assert.equal(saePkPairOf(modifier, der)?.curve, curve);
    const pem = `-----BEGIN EC PRIVATE KEY-----\n${Buffer.from(der).toString("base64")}\n-----END EC PRIVATE KEY-----\n`;
    assert.deepEqual(ecPrivateKeyOfPem(utf8(pem)), der);
  }
  assert.equal(ecPrivateKeyOfPem(utf8("no key")), undefined);
});
