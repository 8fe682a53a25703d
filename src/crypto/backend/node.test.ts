import assert from "node:assert/strict";
import { test } from "node:test";
import * as backend from "./node.ts";

test("what comes back can be copied with slice(): wiping the copy leaves it alone", async () => {
  const key = new Uint8Array(16).fill(1);
  const wrapped = backend.aesWrap(key, new Uint8Array(16).fill(2));
  const sealed = backend.ccmSeal(key, new Uint8Array(13), new Uint8Array(8), new Uint8Array(5).fill(3), 8);
  const results: Record<string, Uint8Array | undefined> = {
    hash: backend.hash("sha1", key),
    hmac: backend.hmac("sha1", key, key),
    pbkdf2Sha1: await backend.pbkdf2Sha1(key, key, 2, 32),
    pbkdf2Sha1Now: backend.pbkdf2Sha1Now(key, key, 2, 32),
    aesEncryptBlocks: backend.aesEncryptBlocks(key, key),
    aesCbcFromZero: backend.aesCbcFromZero(key, key),
    aesWrap: wrapped,
    aesUnwrap: backend.aesUnwrap(key, wrapped),
    "ccmSeal data": sealed.data,
    "ccmSeal mic": sealed.mic,
    ccmOpen: backend.ccmOpen(key, new Uint8Array(13), new Uint8Array(8), sealed),
  };
  for (const [name, result] of Object.entries(results)) {
    assert.ok(result && result.length > 0, name);
    const before = [...result];
    result.slice().fill(0);
    assert.deepEqual([...result], before, name);
  }
});
