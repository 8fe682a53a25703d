import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { aesUnwrap, aesWrap } from "./backend/node.ts";
import { ccmpDecrypt, ccmpEncrypt, ccmpKeyId } from "./ccmp.ts";
import { aesCmac } from "./cmac.ts";
import { prfSha1 } from "./prf.ts";
import { derivePsk, derivePskNow } from "./psk.ts";
import { derivePmkid, derivePtk } from "./ptk.ts";
import { rc4 } from "./rc4.ts";
import { sameSecret, wipe } from "./secret.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text.replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
};

test("PSK of a passphrase: IEEE Std 802.11-2020, J.4.2", async () => {
  const vectors = [
    ["password", "IEEE", "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"],
    ["ThisIsAPassword", "ThisIsASSID", "0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af"],
  ] as const;
  for (const [passphrase, ssid, psk] of vectors) {
    assert.equal(hexOf(await derivePsk(utf8(passphrase), utf8(ssid))), psk);
    assert.equal(hexOf(derivePskNow(utf8(passphrase), utf8(ssid))), psk);
  }
});

test("PRF: IEEE Std 802.11-2020, J.3.2", () => {
  const vectors = [
    [new Uint8Array(20).fill(0x0b), "prefix", "Hi There", "bcd4c650b30b9684951829e0d75f9d54b862175ed9f00606"],
    [
      utf8("Jefe"),
      "prefix-2",
      "what do ya want for nothing?",
      "47c4908e30c947521ad20be9053450ecbea23d3aa604b77326d8b3825ff7475c",
    ],
    [
      new Uint8Array(80).fill(0xaa),
      "prefix-3",
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "0ab6c33ccf70d0d736f4b04c8a7373255511abc5073713163bd0b8c9eeb7e1956fa066820a73ddee3f6d3bd407e0682a",
    ],
    [
      new Uint8Array(20).fill(0x0b),
      "prefix-4",
      "Hi There Again",
      "248cfbc532ab38ffa483c8a2e40bf170eb542a2e0916d7bf6d97da2c4c5ca877736c53a65b03fa4b3745ce7613f6ad68e0e4a798b7cf691c96176fd634a59a49",
    ],
  ] as const;
  for (const [key, prefix, data, out] of vectors) {
    assert.equal(hexOf(prfSha1(key, prefix, utf8(data), out.length / 2)), out, prefix);
  }
});

const j71 = {
  hash: "sha1",
  pmk: hex("0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af"),
  aa: "a0:a1:a1:a3:a4:a5" as MacAddress,
  spa: "b0:b1:b2:b3:b4:b5" as MacAddress,
  snonce: hex("c0c1c2c3c4c5c6c7c8c9d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5"),
  anonce: hex("e0e1e2e3e4e5e6e7e8e9f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405"),
} as const;

test("PTK for CCMP: IEEE Std 802.11-2020, J.7.2", () => {
  const ptk = derivePtk({ ...j71, tkLength: 16 });
  assert.equal(hexOf(ptk.kck), "379f9852d0199236b94e407ce4c00ec8");
  assert.equal(hexOf(ptk.kek), "47c9edc01c2c6e5b4910caddfb3e51a7");
  assert.equal(hexOf(ptk.tk), "b2360c79e9710fdd58bea93deaf06599");
});

test("PTK for TKIP: IEEE Std 802.11-2020, J.7.3; the key, the authenticator's and the supplicant's Michael keys", () => {
  const { tk } = derivePtk({ ...j71, tkLength: 32 });
  assert.equal(hexOf(tk.subarray(0, 16)), "b2360c79e9710fdd58bea93deaf06599");
  assert.equal(hexOf(tk.subarray(16, 24)), "db980afbc29c1528");
  assert.equal(hexOf(tk.subarray(24)), "55740a6ce5ae3827");
});

test("PMKID: the example of hashcat 6.2's mode 16800, an access point of unknown make", () => {
  const pmk = derivePskNow(utf8("hashcat!"), hex("ed487162465a774bfba60eb603a39f3a"));
  const [aa, spa] = ["46:04:ba:73:4d:4e", "89:ac:f0:e7:61:f4"] as MacAddress[];
  assert.ok(aa && spa);
  assert.equal(hexOf(derivePmkid("sha1", pmk, aa, spa)), "2582a8281bf9d4308d6f5731d0e61c61");
});

test("AES-CMAC: RFC 4493, section 4", () => {
  const key = hex("2b7e151628aed2a6abf7158809cf4f3c");
  const message = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411");
  assert.equal(hexOf(aesCmac(key, new Uint8Array())), "bb1d6929e95937287fa37d129b756746");
  assert.equal(hexOf(aesCmac(key, message.subarray(0, 16))), "070a16b46b4d4144f79bdd9dd04a287c");
  assert.equal(hexOf(aesCmac(key, message)), "dfa66747de9ae63030ca32611497c827");
});

test("AES key wrap: RFC 3394, 4.1, and a broken one", () => {
  const kek = hex("000102030405060708090a0b0c0d0e0f");
  const wrapped = aesWrap(kek, hex("00112233445566778899aabbccddeeff"));
  assert.equal(hexOf(wrapped), "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
  assert.equal(hexOf(aesUnwrap(kek, wrapped) ?? new Uint8Array()), "00112233445566778899aabbccddeeff");
  wrapped[3] = 0;
  assert.equal(aesUnwrap(kek, wrapped), undefined);
  assert.equal(aesUnwrap(kek, wrapped.subarray(0, 20)), undefined);
});

test("RC4: RFC 6229, section 2, 40-bit key, offsets 0 and 256", () => {
  const key = hex("0102030405");
  assert.equal(hexOf(rc4(key, new Uint8Array(16), 0)), "b2396305f03dc027ccc3524a0a1118a8");
  assert.equal(hexOf(rc4(key, new Uint8Array(16), 240)), "28cb1132c96ce286421dcaadb8b69eae");
});

test("CCMP: IEEE Std 802.11-2020, J.6.4", () => {
  const key = hex("c97c1f67ce371185514a8a19f2bdd52f");
  const header = hex("0848c32c0fd2e128a57c5030f1844408abaea5b8fcba8033");
  const body = hex("f8ba1a55d02f85ae967bb62fb6cda8eb7e78a050");
  const sealed = ccmpEncrypt(key, 0, 0xb5039776e70cn, { header, body });
  assert.equal(
    hexOf(sealed),
    "0ce700207697 03b5 f3d0a2fe9a3dbf2342a643e43246e80c3c04d019 7845ce0b16f97623".replaceAll(" ", ""),
  );
  assert.equal(ccmpKeyId(sealed), 0);
  assert.deepEqual(ccmpDecrypt(key, { header, body: sealed })?.packetNumber, 0xb5039776e70cn);
  sealed[9] = 0;
  assert.equal(ccmpDecrypt(key, { header, body: sealed }), undefined);
});

test("secrets compare and vanish", () => {
  const secret = Uint8Array.of(1, 2, 3);
  assert.ok(sameSecret(secret, Uint8Array.of(1, 2, 3)));
  assert.ok(!sameSecret(secret, Uint8Array.of(1, 2, 4)));
  assert.ok(!sameSecret(secret, Uint8Array.of(1, 2)));
  wipe(secret, undefined);
  assert.deepEqual(secret, new Uint8Array(3));
});
