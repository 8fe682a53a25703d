import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf } from "../base/bytes.ts";
import { gmac } from "./backend/node.ts";
import { type BipCipher, bipMicLength, computeBipMic } from "./bip.ts";
import { aesCmac } from "./cmac.ts";

const hex = (text: string): Uint8Array => bytesOfHex(text.replaceAll(/\s/g, "")) ?? assert.fail();

const header = hex("c000 0000 ffffffffffff 020000000000 020000000000 0900");
const packetNumber = hex("040000000000");

const igtk = "4ea9543e09cf2b1eca66ffc58bdecbcf";
const longIgtk = `${igtk}000102030405060708090a0b0c0d0e0f`;

// As hostap's wlantest, 2.12-devel, has them too (test_vectors).
const vectors = [
  ["AES-128-CMAC", igtk, "48dfbfa7b8278872", "IEEE Std 802.11-2012, M.9.1"],
  ["BIP-GMAC-128", igtk, "3ed862fb0f3338dd3386c897e2ed053d", "IEEE P802.11ac/D7.0, M.9.1"],
  ["BIP-GMAC-256", longIgtk, "23be59dcc7022ee383627ebb1017ddfc", "IEEE P802.11ac/D7.0, M.9.1"],
] as const;
for (const [cipher, key, mic, source] of vectors) {
  test(`${cipher}, a Deauthentication frame to all: ${source}`, () => {
    const zero = "00".repeat(bipMicLength(cipher));
    const mme = `4c ${(8 + zero.length / 2).toString(16)} 0400 040000000000 ${zero}`;
    const body = hex(`0200 ${mme}`);
    assert.equal(hexOf(computeBipMic(cipher, hex(key), { header, body }, packetNumber)), mic);
  });
}

test("what changes on the way counts for nothing: Retry, Power Management, More Data, a beacon's timestamp", () => {
  const key = new Uint8Array(16).fill(7);
  const body = new Uint8Array(40).fill(9);
  for (const cipher of ["AES-128-CMAC", "BIP-GMAC-128"] as const) {
    const mic = (changed: Uint8Array, content = body) =>
      hexOf(computeBipMic(cipher, key, { header: changed, body: content }, packetNumber));
    assert.equal(mic(header.with(1, 0x38)), mic(header));
    assert.equal(mic(header.with(22, 0x50)), mic(header));
    assert.notEqual(mic(header.with(1, 0x40)), mic(header));
    assert.notEqual(mic(header.with(10, 0x04)), mic(header));
    assert.notEqual(mic(header, body.with(0, 1)), mic(header));
    const beacon = header.with(0, 0x80);
    assert.equal(mic(beacon, body.with(0, 1).with(7, 1)), mic(beacon));
    assert.notEqual(mic(beacon, body.with(8, 1)), mic(beacon));
  }
});

test("AES-GMAC: NIST SP 800-38D's reference, The Galois/Counter Mode of Operation, test cases 1 and 13", () => {
  const nonce = new Uint8Array(12);
  assert.equal(hexOf(gmac(new Uint8Array(16), nonce, new Uint8Array())), "58e2fccefa7e3061367f1d57a4e7455a");
  assert.equal(hexOf(gmac(new Uint8Array(32), nonce, new Uint8Array())), "530f8afbc74536b9a963b4f1c4cb738b");
});

test("AES-256-CMAC: NIST SP 800-38B, D.3, examples 9 and 10", () => {
  const key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  assert.equal(hexOf(aesCmac(key, new Uint8Array())), "028962f61b7bf89efc6b551f4667d983");
  assert.equal(hexOf(aesCmac(key, hex("6bc1bee22e409f96e93d7e117393172a"))), "28a7023f452e8f82bd4bf28d8c37c35c");
});

test("each cipher has a MIC of its length, and each packet number another", () => {
  const lengths: readonly (readonly [BipCipher, number, number])[] = [
    ["AES-128-CMAC", 16, 8],
    ["BIP-CMAC-256", 32, 16],
    ["BIP-GMAC-128", 16, 16],
    ["BIP-GMAC-256", 32, 16],
  ];
  const body = new Uint8Array(20);
  for (const [cipher, keyLength, micLength] of lengths) {
    const key = new Uint8Array(keyLength).fill(1);
    assert.equal(computeBipMic(cipher, key, { header, body }, packetNumber).length, micLength);
  }
  const gmacs = [packetNumber, packetNumber.with(0, 5)].map((number) =>
    hexOf(computeBipMic("BIP-GMAC-128", new Uint8Array(16), { header, body }, number)),
  );
  assert.notEqual(gmacs[0], gmacs[1]);
});
