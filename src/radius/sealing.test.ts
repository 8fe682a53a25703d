import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bytesOfHex, hexOf, Reader, textOf, utf8 } from "../base/bytes.ts";
import { hash } from "../crypto/backend/node.ts";
import { radius } from "../wire/radius/attributes.ts";
import { decodeRadiusPacket, encodeRadiusPacket, type RadiusPacket, radiusCodes } from "../wire/radius/packet.ts";
import { AttributeList, allOf, firstOf } from "../wire/radius/values.ts";
import { hidePassword, hideSalted, mppeKeyAttributes, mppeKeysOf, revealPassword, revealSalted } from "./hiding.ts";
import {
  chapPassword,
  checkMessageAuthenticator,
  sealAccessRequest,
  sealAnswer,
  sealChecksummedRequest,
  verifyChapPassword,
  verifyRequestAuthenticator,
  verifyResponseAuthenticator,
} from "./sealing.ts";

const hex = (text: string): Uint8Array => bytesOfHex(text.replaceAll(/\s/g, "")) ?? assert.fail(text);
const decode = (octets: Uint8Array): RadiusPacket => decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
const secret = utf8("xyzzy5461");

describe("RFC 2865, section 7.1: telnet to a host", () => {
  const request = hex(`
    01 00 00 38 0f 40 3f 94 73 97 80 57 bd 83 d5 cb 98 f4 22 7a
    01 06 6e 65 6d 6f 02 12 0d be 70 8d 93 d4 13 ce 31 96 e4 3f 78 2a 0a ee
    04 06 c0 a8 01 10 05 06 00 00 00 03`);
  const answer = hex(`
    02 00 00 26 86 fe 22 0e 76 24 ba 2a 10 05 f6 bf 9b 55 e0 b2
    06 06 00 00 00 01 0f 06 00 00 00 00 0e 06 c0 a8 01 03`);

  test("the request's attributes, and the password in it", () => {
    const { code, identifier, authenticator, attributes } = decode(request);
    assert.deepEqual([code, identifier], [radiusCodes["Access-Request"], 0]);
    assert.equal(textOf(firstOf(attributes, radius.userName) ?? hex("")), "nemo");
    assert.equal(firstOf(attributes, radius.nasIpAddress), "192.168.1.16");
    assert.equal(firstOf(attributes, radius.nasPort), 3);
    const hidden = firstOf(attributes, radius.userPassword) ?? assert.fail();
    assert.equal(textOf(revealPassword(secret, authenticator, hidden) ?? hex("")), "arctangent");
    assert.deepEqual(hidePassword(secret, authenticator, utf8("arctangent")), hidden);
    assert.deepEqual(encodeRadiusPacket(decode(request)), request);
  });

  test("the answer is of the server", () => {
    const { authenticator } = decode(request);
    assert.ok(verifyResponseAuthenticator(secret, authenticator, answer));
    const { attributes } = decode(answer);
    assert.deepEqual(sealAnswer(secret, authenticator, { code: 2, identifier: 0, attributes }, false), answer);
    assert.ok(!verifyResponseAuthenticator(utf8("another"), authenticator, answer));
    answer[37] = 4;
    assert.ok(!verifyResponseAuthenticator(secret, authenticator, answer));
  });
});

test("RFC 2865, section 7.2: CHAP, its challenge being the Request Authenticator", () => {
  const request = decode(
    hex(`
    01 01 00 47 2a ee 86 f0 8d 0d 55 96 9c a5 97 8e 0d 33 67 a2
    01 08 66 6c 6f 70 73 79 03 13 16 e9 75 57 c3 16 18 58 95 f2 93 ff 63 44 07 72 75
    04 06 c0 a8 01 10 05 06 00 00 00 14 06 06 00 00 00 02 07 06 00 00 00 01`),
  );
  const given = firstOf(request.attributes, radius.chapPassword) ?? assert.fail();
  assert.equal(given.length, 17);
  assert.equal(given[0], 0x16);
  assert.ok(verifyChapPassword(given, utf8("arctangent"), request.authenticator));
  assert.equal(firstOf(request.attributes, radius.framedProtocol), 1);
  const answer = hex(`
    02 01 00 38 15 ef bc 7d ab 26 cf a3 dc 34 d9 c0 3c 86 01 a4
    06 06 00 00 00 02 07 06 00 00 00 01 08 06 ff ff ff fe 0a 06 00 00 00 02 0d 06 00 00 00 01 0c 06 00 00 05 dc`);
  assert.ok(verifyResponseAuthenticator(secret, request.authenticator, answer));
});

test("RFC 2865, section 7.3: a challenge, its state, and what comes of it", () => {
  const request = hex(`
    01 02 00 39 f3 a4 7a 1f 6a 6d 76 71 0b 94 7a b9 30 41 a0 39
    01 07 6d 6f 70 73 79 02 12 33 65 75 73 77 82 89 b5 70 88 5e 15 08 48 25 c5
    04 06 c0 a8 01 10 05 06 00 00 00 07`);
  const { authenticator, attributes } = decode(request);
  const hidden = firstOf(attributes, radius.userPassword) ?? assert.fail();
  assert.equal(textOf(revealPassword(secret, authenticator, hidden) ?? hex("")), "challenge");
  const challenge = hex(`
    0b 02 00 4e 36 f3 c8 76 4a e8 c7 11 57 40 3c 0c 71 ff 9c 45
    12 30 43 68 61 6c 6c 65 6e 67 65 20 33 32 37 36 39 34 33 30 2e 20 20 45 6e 74 65 72 20 72 65 73 70 6f 6e 73
    65 20 61 74 20 70 72 6f 6d 70 74 2e 18 0a 33 32 37 36 39 34 33 30`);
  assert.ok(verifyResponseAuthenticator(secret, authenticator, challenge));
  assert.equal(textOf(firstOf(decode(challenge).attributes, radius.state) ?? hex("")), "32769430");
  const second = hex(`
    01 03 00 43 b1 22 55 6d 42 8a 13 d0 d6 25 38 07 c4 57 ec f0
    01 07 6d 6f 70 73 79 02 12 69 2c 1f 20 5f c0 81 b9 19 b9 51 95 f5 61 a5 81
    04 06 c0 a8 01 10 05 06 00 00 00 07 18 0a 33 32 37 36 39 34 33 30`);
  const response = decode(second);
  const hiddenResponse = firstOf(response.attributes, radius.userPassword) ?? assert.fail();
  assert.equal(textOf(revealPassword(secret, response.authenticator, hiddenResponse) ?? hex("")), "99101462");
  assert.equal(textOf(firstOf(response.attributes, radius.state) ?? hex("")), "32769430");
  const reject = hex("03 03 00 14 a4 2f 4f ca 45 91 6c 4e 09 c8 34 0f 9e 74 6a a0");
  assert.ok(verifyResponseAuthenticator(secret, response.authenticator, reject));
  assert.deepEqual(
    sealAnswer(secret, response.authenticator, { code: 3, identifier: 3, attributes: [] }, false),
    reject,
  );
});

describe("RFC 5997, section 6: Status-Server and its answers", () => {
  const cases = [
    {
      title: "6.1: to the port of authentication",
      request: `0c da 00 26 8a 54 f4 68 6f b3 94 c5 28 66 e3 02 18 5d 06 23
        50 12 5a 66 5e 2e 1e 84 11 f3 e2 43 82 20 97 c8 4f a3`,
      answer: "02 da 00 14 ef 0d 55 2a 4b f2 d6 93 ec 2b 6f e8 b5 41 1d 66",
    },
    {
      title: "6.2: to the port of accounting",
      request: `0c b3 00 26 92 5f 6b 66 dd 5f ed 57 1f cb 1d b7 ad 38 82 60
        50 12 e8 d6 ea bd a9 10 87 5c d9 1f da de 26 36 78 58`,
      answer: "05 b3 00 14 0f 6f 92 14 5f 10 7e 2f 50 4e 86 0a 48 60 66 9c",
    },
  ];
  for (const { title, request, answer } of cases) {
    test(title, () => {
      const { code, identifier, authenticator } = decode(hex(request));
      assert.equal(code, radiusCodes["Status-Server"]);
      assert.equal(checkMessageAuthenticator(secret, hex(request)), "right");
      assert.deepEqual(sealAccessRequest(secret, authenticator, { code, identifier, attributes: [] }), hex(request));
      assert.ok(verifyResponseAuthenticator(secret, authenticator, hex(answer)));
      const made = { code: decode(hex(answer)).code, identifier, attributes: [] };
      assert.deepEqual(sealAnswer(secret, authenticator, made, false), hex(answer));
    });
  }
});

test("CHAP: RFC 1994's hash over identifier, secret and challenge", () => {
  const challenge = hex("00112233445566778899aabbccddeeff");
  const given = chapPassword(7, utf8("pass"), challenge);
  assert.equal(hexOf(given.subarray(1)), hexOf(hash("md5", hex("07"), utf8("pass"), challenge)));
  assert.ok(verifyChapPassword(given, utf8("pass"), challenge));
  assert.ok(!verifyChapPassword(given, utf8("word"), challenge));
  assert.ok(!verifyChapPassword(given.subarray(0, 16), utf8("pass"), challenge));
  assert.ok(!verifyChapPassword(hex(""), utf8("pass"), challenge));
});

describe("Message-Authenticator", () => {
  const authenticator = hex("000102030405060708090a0b0c0d0e0f");
  const attributes = new AttributeList().add(radius.userName, utf8("somebody")).add(radius.nasPort, 1).list;
  const padded = (packet: Uint8Array): Uint8Array => Uint8Array.of(...packet, 0, 0, 0);

  test("of a request: first in it, and it covers everything", () => {
    const packet = sealAccessRequest(secret, authenticator, { code: 1, identifier: 9, attributes });
    assert.equal(packet[20], 80);
    assert.equal(checkMessageAuthenticator(secret, packet), "right");
    assert.equal(checkMessageAuthenticator(secret, padded(packet)), "right");
    for (let i = 0; i < packet.length; i++) {
      const changed = packet.slice();
      changed[i] = (changed[i] ?? 0) ^ 1;
      assert.notEqual(checkMessageAuthenticator(secret, changed), "right", `octet ${i}`);
    }
    assert.equal(checkMessageAuthenticator(utf8("another"), packet), "wrong");
  });

  test("of an answer: it is bound to the request", () => {
    const packet = sealAnswer(secret, authenticator, { code: 2, identifier: 9, attributes }, true);
    assert.equal(checkMessageAuthenticator(secret, packet, authenticator), "right");
    assert.ok(verifyResponseAuthenticator(secret, authenticator, packet));
    assert.equal(checkMessageAuthenticator(secret, packet, new Uint8Array(16)), "wrong");
  });

  test("of accounting and dynamic authorization: over a Request Authenticator of zeros", () => {
    for (const code of [4, 40, 43]) {
      const packet = sealChecksummedRequest(secret, { code, identifier: 9, attributes }, true);
      assert.equal(checkMessageAuthenticator(secret, packet), "right");
      assert.ok(verifyRequestAuthenticator(secret, packet));
      assert.ok(verifyRequestAuthenticator(secret, padded(packet)));
      assert.ok(!verifyRequestAuthenticator(utf8("another"), packet));
    }
  });

  test("absent, twice, and of another length", () => {
    const plain = encodeRadiusPacket({ code: 1, identifier: 0, authenticator, attributes });
    assert.equal(checkMessageAuthenticator(secret, plain), "absent");
    const one = { type: 80, value: new Uint8Array(16) };
    const twice = sealAccessRequest(secret, authenticator, { code: 1, identifier: 9, attributes: [one] });
    assert.equal(checkMessageAuthenticator(secret, twice), "wrong");
    const short = [{ type: 80, value: new Uint8Array(15) }];
    const packet = encodeRadiusPacket({ code: 1, identifier: 0, authenticator, attributes: short });
    assert.equal(checkMessageAuthenticator(secret, packet), "wrong");
  });
});

describe("what is hidden", () => {
  const authenticator = hex("0f0e0d0c0b0a09080706050403020100");

  test("passwords of all lengths come back, and none of another length than a block's", () => {
    for (let length = 0; length <= 128; length++) {
      const password = new Uint8Array(length).fill(0x61);
      const hidden = hidePassword(secret, authenticator, password);
      assert.equal(hidden.length, Math.max(16, Math.ceil(length / 16) * 16));
      assert.deepEqual(revealPassword(secret, authenticator, hidden), password);
    }
    assert.throws(() => hidePassword(secret, authenticator, new Uint8Array(129)), RangeError);
    for (const length of [0, 15, 17, 144]) {
      assert.equal(revealPassword(secret, authenticator, new Uint8Array(length)), undefined);
    }
  });

  test("salted values come back; others are refused without a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 0xffff }), (value, salt) => {
        const hidden = hideSalted(secret, authenticator, salt, value);
        assert.equal((hidden[0] ?? 0) & 0x80, 0x80);
        assert.deepEqual(revealSalted(secret, authenticator, hidden), value);
        revealSalted(utf8("another"), authenticator, hidden);
        revealSalted(secret, authenticator, value);
      }),
    );
  });

  test("an MSK in Microsoft's attributes, with two salts", () => {
    const msk = Uint8Array.from({ length: 64 }, (_, i) => i);
    const entropy = { bytes: (length: number) => new Uint8Array(length) };
    const attributes = mppeKeyAttributes(secret, authenticator, msk, entropy);
    const keys = mppeKeysOf(secret, authenticator, attributes);
    assert.deepEqual(keys?.receive, msk.slice(0, 32));
    assert.deepEqual(keys?.send, msk.slice(32));
    const salts = [radius.msMppeSendKey, radius.msMppeRecvKey].map((type) =>
      hexOf(firstOf(attributes, type)?.subarray(0, 2) ?? hex("")),
    );
    assert.deepEqual(salts, ["8000", "8001"]);
    assert.equal(mppeKeysOf(secret, authenticator, attributes.slice(1)), undefined);
  });

  test("Tunnel-Password has a tag before its salt", () => {
    const value = hideSalted(secret, authenticator, 5, utf8("passphrase"));
    const { list } = new AttributeList().add(radius.tunnelPassword, { tag: 3, value });
    const [found] = allOf(list, radius.tunnelPassword);
    assert.equal(found?.tag, 3);
    assert.equal(textOf(revealSalted(secret, authenticator, found?.value ?? hex("")) ?? hex("")), "passphrase");
  });
});
