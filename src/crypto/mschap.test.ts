import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { describe, test } from "node:test";
import { bytesOfHex, hexOf, textOf, utf8 } from "../base/bytes.ts";
import { desEncrypt, hash } from "./backend/node.ts";
import { md4 } from "./md4.ts";

import {
  authenticatorResponse,
  authenticatorResponseText,
  challengeHash,
  challengeResponse,
  hashNtPasswordHash,
  mppeMasterKey,
  mppeStartKey,
  ntPasswordHash,
  ntResponse,
  withoutDomain,
} from "./mschap.ts";
import { rc4 } from "./rc4.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text.replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
};

test("MD4: RFC 1320, A.5", () => {
  const vectors = [
    ["", "31d6cfe0d16ae931b73c59d7e0c089c0"],
    ["a", "bde52cb31de33e46245e05fbdbd6fb24"],
    ["abc", "a448017aaf21d8525fc10ae87aa6729d"],
    ["message digest", "d9130a8164549fe818874806e1c7014b"],
    ["abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9"],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4"],
    [
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "e33b4ddc9c38f2199c3e7b164fcc0536",
    ],
  ] as const;
  for (const [text, digest] of vectors) assert.equal(hexOf(md4(utf8(text))), digest, text);
});

test("MD4 of every length around a block", () => {
  // sha256 over the digests of octets 0, 1, 2... of 0 to 199 octets, each by `openssl dgst -provider legacy -md4` (OpenSSL 3.0.22)
  const digests = Array.from({ length: 200 }, (_, length) => md4(Uint8Array.from({ length }, (_, i) => i)));
  assert.equal(hexOf(hash("sha256", ...digests)), "ddd59d4451a202e15f8d99c52518b374481f6361e086f84805a329610d6c5c89");
});

test("DES: a vector of NIST SP 500-20, in which the key has no parity", () => {
  // Variable plaintext known answer test, first line: key 0101010101010101.
  assert.equal(hexOf(desEncrypt(new Uint8Array(7), hex("8000000000000000"))), "95f8a5e5dd31d900");
});

/** RFC 2759, section 9.2. */
const rfc2759 = {
  user: utf8("User"),
  password: utf8("clientPass"),
  authenticatorChallenge: hex("5B5D7C7D7B3F2F3E3C2C602132262628"),
  peerChallenge: hex("21402324255E262A28295F2B3A337C7E"),
  challenge: "d02e4386bce91226",
  passwordHash: "44ebba8d5312b8d611474411f56989ae",
  response: "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df",
  hashHash: "41c00c584bd2d91c4017a2a12fa59f3f",
  authenticator: "S=407A5589115FD0D6209F510FE9C04566932CDA56",
};

test("MS-CHAP-V2: RFC 2759, section 9.2", () => {
  const passwordHash = ntPasswordHash(rfc2759.password);
  assert.ok(passwordHash);
  assert.equal(hexOf(passwordHash), rfc2759.passwordHash);
  assert.equal(
    hexOf(challengeHash(rfc2759.peerChallenge, rfc2759.authenticatorChallenge, rfc2759.user)),
    rfc2759.challenge,
  );
  const response = ntResponse(rfc2759, passwordHash);
  assert.equal(hexOf(response), rfc2759.response);
  assert.equal(hexOf(challengeResponse(hex(rfc2759.challenge), passwordHash)), rfc2759.response);
  assert.equal(hexOf(hashNtPasswordHash(passwordHash)), rfc2759.hashHash);
  assert.equal(
    authenticatorResponseText(authenticatorResponse(rfc2759, passwordHash, response)),
    rfc2759.authenticator,
  );
});

test("DES keys with parity: RFC 2759, section 9.3", () => {
  const passwordHash = ntPasswordHash(utf8("MyPw")) ?? assert.fail();
  assert.equal(hexOf(passwordHash), "fc156af7edcd6c0edde3337d427f4eac");
  const block = hex("0123456789abcdef");
  for (const [raw, key] of [
    ["fc156af7edcd6c", "fd0b5b5e7f6e34d9"],
    ["0edde3337d427f", "0e6e796737ea08fe"],
  ] as const) {
    // Triple DES with one key three times is DES.
    const cipher = createCipheriv("des-ede3-ecb", hex(key.repeat(3)), null).setAutoPadding(false);
    assert.equal(hexOf(desEncrypt(hex(raw), block)), hexOf(cipher.update(block)));
  }
});

describe("MPPE keys: RFC 3079, section 3.5", () => {
  const masterKey = mppeMasterKey(hex(rfc2759.hashHash), hex(rfc2759.response));
  const startKey = mppeStartKey(masterKey, "send");
  /** What the ends of a PPP link make of a start key: GetNewKeyFromSHA, and for few bits a beginning that everybody knows. */
  const sessionKeyOf = (start: Uint8Array, salt: string): Uint8Array => {
    const pads = [new Uint8Array(40), new Uint8Array(40).fill(0xf2)] as const;
    const key = hash("sha1", start, pads[0], start, pads[1]).slice(0, start.length);
    key.set(hex(salt));
    return key;
  };

  test("the keys that a RADIUS server hands out", () => {
    assert.equal(hexOf(masterKey), "fdece3717a8c838cb388e527ae3cdd31");
    assert.equal(hexOf(startKey), "8b7cdc149b993a1ba118cb153f56dccb");
  });

  // The start keys of 40 and 56 bits are the first 8 octets of that of 128.
  // RFC 3079 prints 58 for the last octet of 3.5.2's message, where RC4 with the key that it prints makes b8.
  for (const [title, length, salt, key, sealed] of [
    ["3.5.1: 40 bits", 8, "d1269e", "d1269ec49fa62e3e", "929137917e5803d668d75898"],
    ["3.5.2: 56 bits", 8, "d1", "d15c00c49fa62e3e", "3f106833fa448da842bc57b8"],
    ["3.5.3: 128 bits", 16, "", "405cb2247a7956e6e211007ae27b22d4", "81848317df68846272fb5abe"],
  ] as const) {
    test(title, () => {
      const sessionKey = sessionKeyOf(startKey.subarray(0, length), salt);
      assert.equal(hexOf(sessionKey), key);
      assert.equal(hexOf(rc4(sessionKey, utf8("test message"), 0)), sealed);
    });
  }
});

test("a password of any script is hashed as Windows does; what is no UTF-8 has no hash", () => {
  // iconv -t UTF-16LE | openssl dgst -provider legacy -md4 (OpenSSL 3.0.22)
  assert.equal(hexOf(ntPasswordHash(utf8("bébé €")) ?? new Uint8Array()), "bae4166f8f6c372266b3bf92795335a7");
  assert.equal(hexOf(ntPasswordHash(utf8("a😀b")) ?? new Uint8Array()), "ffdc8b254768fd97bf7c08fcffd66fc1");
  assert.equal(ntPasswordHash(Uint8Array.of(0x61, 0xff)), undefined);
});

test("a domain is left out, up to the first backslash", () => {
  assert.equal(textOf(withoutDomain(utf8("DOMAIN\\user"))), "user");
  assert.equal(textOf(withoutDomain(utf8("D\\u\\v"))), "u\\v");
  assert.equal(textOf(withoutDomain(utf8("user@realm"))), "user@realm");
});
