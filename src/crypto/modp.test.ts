import assert from "node:assert/strict";
import { getDiffieHellman } from "node:crypto";
import { test } from "node:test";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { hexOf } from "../base/bytes.ts";
import { nobleGroups } from "./backend/noble-groups.ts";
import { modpPrime } from "./backend/node.ts";
import { numeral } from "./groups/cyclic-group.ts";
import { loadGroupArithmetic } from "./groups/load.ts";
import { ModpGroups } from "./modp.ts";

test("Node's Diffie-Hellman agrees on the same", async () => {
  const groups = new ModpGroups(await loadGroupArithmetic());
  for (const name of ["modp2", "modp5", "modp14", "modp16"] as const) {
    const ours = groups.draw(name, 2, new FixedEntropy(1));
    const theirs = getDiffieHellman(name);
    const key = Uint8Array.from(theirs.generateKeys());
    const padded = new Uint8Array(ours.publicKey.length);
    padded.set(key, padded.length - key.length);
    const agreed = groups.agree(name, ours.privateKey, padded);
    const secret = theirs.computeSecret(ours.publicKey).toString("hex");
    assert.equal(agreed && hexOf(agreed), secret.padStart(2 * padded.length, "0"));
  }
});

test("both arithmetics make the same of the same", async () => {
  const [first, second] = [await loadGroupArithmetic(), nobleGroups].map((arithmetic) =>
    new ModpGroups(arithmetic).draw("modp14", 11, new FixedEntropy(1)),
  );
  assert.ok(first && second);
  assert.equal(hexOf(first.publicKey), hexOf(second.publicKey));
});

test("a key that can't be is none", async () => {
  const groups = new ModpGroups(await loadGroupArithmetic());
  const pair = groups.draw("modp14", 2, new FixedEntropy(1));
  const prime = modpPrime("modp14");
  const minusOne = prime.slice();
  minusOne[prime.length - 1] = (minusOne[prime.length - 1] ?? 0) - 1;
  const { length } = prime;
  for (const wrong of [numeral(0, length), numeral(1, length), minusOne, prime, new Uint8Array(length).fill(0xff)]) {
    assert.equal(groups.agree("modp14", pair.privateKey, wrong), undefined);
  }
  assert.equal(groups.agree("modp14", pair.privateKey, numeral(2, length - 1)), undefined);
  assert.ok(groups.agree("modp14", pair.privateKey, numeral(2, length)));
});
