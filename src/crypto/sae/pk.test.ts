import assert from "node:assert/strict";
import { test } from "node:test";
import { saePkVector } from "../../../test/vectors/sae.ts";
import { bytesOfHex, hexOf, utf8 } from "../../base/bytes.ts";
import { hash } from "../backend/node.ts";
import { isSaePkPassword, proveSaePk, saePkFingerprint, saePkPairOf, saePkPassword, verifySaePk } from "./pk.ts";

const v = saePkVector;
const modifier = bytesOfHex(v.modifier) ?? assert.fail();
const privateKey = Uint8Array.from(Buffer.from(v.privateKey, "base64"));
const pair = saePkPairOf(modifier, privateKey) ?? assert.fail("the key is refused");

test("the hash of network, modifier and public key", () => {
  assert.equal(hexOf(hash("sha256", utf8(v.ssid), pair.modifier, pair.publicKey)), v.hash);
});

test("passwords and what they say of the hash", () => {
  const digest = bytesOfHex(v.hash) ?? assert.fail();
  for (const [i, password] of v.passwords.entries()) {
    assert.ok(isSaePkPassword(password), password);
    assert.equal(saePkPassword(digest, 3, i + 3), password);
    const { octets, bits } = saePkFingerprint(password);
    assert.equal(bits, 24 + 19 * (i + 3) - 5);
    assert.equal(hexOf(octets.subarray(0, bits >> 3)), v.hash.slice(0, (bits >> 3) * 2));
  }
});

test("what is no such password: lengths, hyphens, characters, the check character, groups of two strengths", () => {
  for (const good of ["a2bc-de3f-ghim", "aaaa-aaaa-aaaj", "7777-7777-777f"]) assert.ok(isSaePkPassword(good), good);
  for (const bad of [
    "",
    "a2bc-de3f",
    "a2bc-de3f-ghim-",
    "a2bcde3fghim",
    "a2bc-de3f-ghia",
    "a2bc-de3f_ghim",
    "A2BC-DE3F-GHIM",
    "2a2b-de3f-ghim",
  ]) {
    assert.ok(!isSaePkPassword(bad), bad);
  }
  assert.equal(saePkFingerprint("aaaa-aaaa-aaaj").bits, 40 + 57 - 5);
});

test("each single wrong character is found", () => {
  const good = "vkdc-7e4n-7mu4-4zyk";
  for (const [i, character] of [...good].entries()) {
    if (character === "-") continue;
    const others = [..."abcdefghijklmnopqrstuvwxyz234567"].filter((other) => other !== character);
    for (const other of others) assert.ok(!isSaePkPassword(good.slice(0, i) + other + good.slice(i + 1)));
  }
});

test("a proof is good for the password, both ends and what they have sent, and for nothing else", () => {
  const values = (seed: number) => ({ scalar: new Uint8Array(32).fill(seed), element: new Uint8Array(64).fill(seed) });
  const parties = {
    ap: values(1),
    station: values(2),
    bssid: new Uint8Array(6),
    stationAddress: new Uint8Array(6).fill(2),
  };
  const kek = new Uint8Array(32).fill(7);
  const proof = proveSaePk(pair, kek, parties);
  const fingerprint = saePkFingerprint(v.passwords[1]);
  const check = (changed: {
    kek?: Uint8Array;
    parties?: typeof parties;
    ssid?: string;
    proof?: typeof proof;
  }): boolean =>
    verifySaePk(
      changed.proof ?? proof,
      changed.kek ?? kek,
      changed.parties ?? parties,
      "prime256v1",
      utf8(changed.ssid ?? v.ssid),
      fingerprint,
    );
  assert.ok(check({}));
  assert.ok(!check({ kek: new Uint8Array(32) }));
  assert.ok(!check({ ssid: "another" }));
  assert.ok(!check({ parties: { ...parties, station: values(3) } }));
  assert.ok(!check({ parties: { ...parties, bssid: new Uint8Array(6).fill(1) } }));
  assert.ok(!check({ proof: { ...proof, sealedModifier: proof.sealedModifier.subarray(1) } }));
  assert.ok(!check({ proof: { ...proof, signature: proof.signature.subarray(1) } }));
  assert.ok(!check({ proof: { ...proof, publicKey: proof.publicKey.subarray(1) } }));
});

test("what is no private key", () => {
  assert.equal(saePkPairOf(modifier, new Uint8Array(10)), undefined);
  assert.equal(saePkPairOf(modifier, privateKey.subarray(0, 60)), undefined);
});
