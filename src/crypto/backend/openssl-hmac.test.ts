import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { type HmacDigest, opensslHmac } from "./openssl-hmac.ts";

for (const digest of ["sha1", "sha256", "sha384", "sha512"] satisfies HmacDigest[]) {
  const short = opensslHmac(digest) ?? assert.fail("this Node's OpenSSL can't be called");

  test(`${digest}: the same as Node's own`, () => {
    const key = fc.uint8Array({ maxLength: 140 });
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
    fc.assert(
      fc.property(key, parts, (k, data) => {
        const ours = short(k, data);
        const block = digest === "sha1" || digest === "sha256" ? 64 : 128;
        const length = data.reduce((sum, part) => sum + part.length, 0);
        if (k.length > block || length > 1024) return assert.equal(ours, undefined);
        const theirs = createHmac(digest, k);
        for (const part of data) theirs.update(part);
        assert.deepEqual(ours, Uint8Array.from(theirs.digest()));
      }),
      { numRuns: 500 },
    );
  });

  test(`${digest}: messages of each length around the ends of blocks`, () => {
    const key = Uint8Array.from({ length: 20 }, (_, i) => i);
    for (let length = 0; length <= 300; length++) {
      const message = new Uint8Array(length).fill(length);
      assert.deepEqual(
        short(key, [message]),
        Uint8Array.from(createHmac(digest, key).update(message).digest()),
        `${length} octets`,
      );
    }
  });
}
