import assert from "node:assert/strict";
import { test } from "node:test";
import { gsmMilenageVectors, milenageVectors } from "../../test/vectors/milenage.ts";
import { bytesOfHex, concat, hexOf } from "../base/bytes.ts";
import { deriveOpc, milenageGsm, milenageMacs, milenageResults, milenageResynchronization } from "./milenage.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text);
  assert.ok(bytes);
  return bytes;
};

test("Milenage: the test sets of 3GPP TS 35.208", () => {
  assert.equal(milenageVectors.length, 20);
  for (const vector of milenageVectors) {
    const keys = { k: hex(vector.k), opc: hex(vector.opc) };
    assert.equal(hexOf(deriveOpc(keys.k, hex(vector.op))), vector.opc);
    const { macA, macS } = milenageMacs(keys, hex(vector.rand), hex(vector.sqn), hex(vector.amf));
    assert.equal(hexOf(macA), vector.f1);
    assert.equal(hexOf(macS), vector.f1star);
    const { res, ck, ik, ak, akStar } = milenageResults(keys, hex(vector.rand));
    const wanted = [vector.f2, vector.f3, vector.f4, vector.f5, vector.f5star];
    assert.deepEqual(
      [res, ck, ik, ak, akStar].map((octets) => hexOf(octets)),
      wanted,
      `set ${vector.set}`,
    );
  }
});

test("Milenage for GSM: the test sets of 3GPP TS 55.205", () => {
  for (const vector of gsmMilenageVectors) {
    const { sres, kc } = milenageGsm({ k: hex(vector.k), opc: hex(vector.opc) }, hex(vector.rand));
    assert.equal(hexOf(sres), vector.sres1, `set ${vector.set}`);
    assert.equal(hexOf(kc), vector.kc);
  }
});

test("AUTS gives the sequence number away to who has the key, and to nobody else", () => {
  const [vector] = milenageVectors;
  const keys = { k: hex(vector.k), opc: hex(vector.opc) };
  const rand = hex(vector.rand);
  const sqn = hex("000000012345");
  const { akStar } = milenageResults(keys, rand);
  const { macS } = milenageMacs(keys, rand, sqn, new Uint8Array(2));
  const auts = concat(
    sqn.map((octet, i) => octet ^ (akStar[i] ?? 0)),
    macS,
  );
  const found = milenageResynchronization(keys, rand, auts);
  assert.equal(found && hexOf(found), "000000012345");
  const changed = auts.map((octet, i) => (i === 3 ? octet ^ 1 : octet));
  assert.equal(milenageResynchronization(keys, rand, changed), undefined);
  assert.equal(milenageResynchronization({ ...keys, k: new Uint8Array(16) }, rand, auts), undefined);
});
