import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { hexOf } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { computeMic, type EapolKeyProtection } from "./eapol-key-protection.ts";
import { hmacSha1Words, prepareMessage } from "./hmac-sha1-words.ts";
import { loadPmk, micTest, samePmkTest, storePmk } from "./pmk-test.ts";
import { type AkmHash, derivePtk } from "./ptk.ts";

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const wordsOf = (key: Uint8Array): Int32Array => {
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  return Int32Array.from({ length: key.length / 4 }, (_, i) => view.getInt32(4 * i));
};

test("HMAC-SHA-1 is OpenSSL's, with messages of any length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 16 }), octets(64), (message, n, bytes) => {
      const key = bytes.subarray(0, 4 * n);
      const digest = new Int32Array(5);
      hmacSha1Words(wordsOf(key), 0, n, prepareMessage(message), digest);
      const result = new Uint8Array(20);
      digest.forEach((word, i) => void new DataView(result.buffer).setInt32(4 * i, word));
      assert.equal(hexOf(result), createHmac("sha1", key).update(message).digest("hex"));
    }),
  );
});

test("of many keys a message picks the one that it was protected with, and no other", () => {
  const kinds: readonly [AkmHash, EapolKeyProtection, number][] = [
    ["sha1", "hmac-sha1-aes", 16],
    ["sha1", "hmac-md5-rc4", 32],
    ["sha256", "aes-cmac-aes", 16],
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      octets(32),
      octets(32),
      fc.uint8Array({ minLength: 99, maxLength: 250 }),
      fc.uniqueArray(octets(32), { minLength: 1, maxLength: 5, selector: (key) => hexOf(key) }),
      fc.nat(),
      ([hash, protection, tkLength], anonce, snonce, pdu, keys, pick) => {
        const aa = "02:00:00:00:00:01" as MacAddress;
        const spa = "02:00:00:00:00:00" as MacAddress;
        const right = pick % keys.length;
        const input = { hash, aa, spa, anonce, snonce, tkLength };
        const { kck } = derivePtk({ ...input, pmk: keys[right] ?? assert.fail() });
        const fits = micTest({ ...input, protection, pdu, mic: computeMic(protection, kck, pdu) });
        const words = new Int32Array(8 * keys.length);
        for (const [i, key] of keys.entries()) storePmk(key, words, 8 * i);
        assert.deepEqual(
          keys.map((_, i) => fits(words, 8 * i)),
          keys.map((_, i) => i === right),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("keys are stored and found again as they were", () => {
  fc.assert(
    fc.property(octets(32), octets(32), (one, other) => {
      const words = new Int32Array(24);
      storePmk(one, words, 8);
      storePmk(other, words, 16);
      assert.deepEqual(loadPmk(words, 8), one);
      assert.ok(samePmkTest(one)(words, 8));
      assert.equal(samePmkTest(one)(words, 16), hexOf(one) === hexOf(other));
    }),
  );
});
