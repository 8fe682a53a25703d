import assert from "node:assert/strict";
import { createCipheriv, createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { bytesOfHex, hexOf, utf8 } from "../../base/bytes.ts";
import { opensslDes, opensslHash, opensslHmacMd5 } from "./openssl-digests.ts";

const [md5, sha1] = [opensslHash("md5") ?? assert.fail(), opensslHash("sha1") ?? assert.fail()];
const hmacMd5 = opensslHmacMd5() ?? assert.fail();
const des = opensslDes() ?? assert.fail();

test("MD5 as in RFC 1321, appendix A.5; SHA-1 as in RFC 3174, section 7.3; HMAC-MD5 as in RFC 2202, section 2", () => {
  assert.equal(hexOf(md5([])), "d41d8cd98f00b204e9800998ecf8427e");
  assert.equal(hexOf(md5([utf8("message "), utf8("digest")])), "f96b697d7cb7938d525a2f31aaf161d0");
  assert.equal(hexOf(sha1([utf8("abc")])), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(
    hexOf(hmacMd5(utf8("Jefe"), [utf8("what do ya want for nothing?")])),
    "750c783e6ab0b503eaa86e310a5db738",
  );
});

test("DES as in NBS Special Publication 500-20, variable plaintext known answer test", () => {
  const octets = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail();
  assert.equal(hexOf(des(octets("0101010101010101"), octets("8000000000000000"))), "95f8a5e5dd31d900");
});

test("as Node has it, however the message is cut and however long the key is", () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
  const eight = fc.uint8Array({ minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.uint8Array({ maxLength: 150 }), eight, eight, (data, key, desKey, block) => {
      const whole = Buffer.concat(data);
      assert.equal(hexOf(md5(data)), createHash("md5").update(whole).digest("hex"));
      assert.equal(hexOf(sha1(data)), createHash("sha1").update(whole).digest("hex"));
      assert.equal(hexOf(hmacMd5(key, data)), createHmac("md5", key).update(whole).digest("hex"));
      const triple = createCipheriv("des-ede3-ecb", Buffer.concat([desKey, desKey, desKey]), null);
      assert.equal(hexOf(des(desKey, block)), triple.update(block).toString("hex"));
    }),
  );
});
