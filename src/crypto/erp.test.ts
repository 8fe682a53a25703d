import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, hexOf, utf8, Writer } from "../base/bytes.ts";
import { hmac } from "./backend/node.ts";
import { deriveEmskName, deriveIntegrityKey, deriveReauthenticatedMsk, deriveRootKey } from "./erp.ts";

/** prf+ as RFC 5295, section 3.1.2, writes it down, by itself. */
function expand(key: Uint8Array, label: string, data: Uint8Array, length: number): Uint8Array {
  const s = concat(utf8(label), Uint8Array.of(0), data, new Writer().u16be(length).finish());
  let t: Uint8Array = new Uint8Array();
  let all: Uint8Array = new Uint8Array();
  for (let i = 1; all.length < length; i++) {
    t = hmac("sha256", key, t, s, Uint8Array.of(i));
    all = concat(all, t);
  }
  return all.slice(0, length);
}

const emsk = Uint8Array.from({ length: 64 }, (_, i) => i);
const none = new Uint8Array();

test("keys of RFC 6696 by the formula of RFC 5295, worked out step by step", () => {
  const sessionId = concat(Uint8Array.of(13), emsk);
  assert.equal(hexOf(deriveEmskName(sessionId)), hexOf(expand(sessionId, "EMSK", none, 8)));
  const root = expand(emsk, "EAP Re-authentication Root Key@ietf.org", none, 64);
  assert.equal(hexOf(deriveRootKey(emsk)), hexOf(root));
  const integrity = expand(root, "Re-authentication Integrity Key@ietf.org", Uint8Array.of(2), 64);
  assert.equal(hexOf(deriveIntegrityKey(root, 2)), hexOf(integrity));
  const msk = expand(root, "Re-authentication Master Session Key@ietf.org", Uint8Array.of(0x01, 0x02), 64);
  assert.equal(hexOf(deriveReauthenticatedMsk(root, 0x102)), hexOf(msk));
});

test("a key is as long as the one that it comes from, and another for each suite and sequence number", () => {
  const root = deriveRootKey(emsk.slice(0, 32));
  assert.equal(root.length, 32);
  assert.notEqual(hexOf(deriveIntegrityKey(root, 2)), hexOf(deriveIntegrityKey(root, 3)));
  assert.notEqual(hexOf(deriveReauthenticatedMsk(root, 0)), hexOf(deriveReauthenticatedMsk(root, 1)));
});
