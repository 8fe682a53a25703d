import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryIdentities } from "./temporary-identities.ts";

const entry = (permanent: string, counter = 1) =>
  ({ permanent, counter, secret: { kind: "master-key", masterKey: new Uint8Array(20).fill(counter) } }) as const;

test("the last pseudonym of each counts", async () => {
  const identities = temporaryIdentities(10);
  await identities.addPseudonym("1001", "3a");
  await identities.addPseudonym("1002", "3b");
  assert.equal(await identities.permanentOf("3a"), "1001");
  await identities.addPseudonym("1001", "3c");
  assert.equal(await identities.permanentOf("3a"), undefined);
  assert.equal(await identities.permanentOf("3c"), "1001");
  assert.equal(await identities.permanentOf("3b"), "1002");
});

test("fast reauthentication: the last entry of each; keys that are let go are wiped", async () => {
  const identities = temporaryIdentities(10);
  const first = entry("1001", 1);
  await identities.addReauthentication("5a", first);
  await identities.addReauthentication("5b", entry("1001", 2));
  assert.equal(await identities.reauthenticationOf("5a"), undefined);
  assert.deepEqual(first.secret.masterKey, new Uint8Array(20));
  assert.equal((await identities.reauthenticationOf("5b"))?.counter, 2);
  await identities.removeReauthentication("1001");
  await identities.removeReauthentication("1001");
  assert.equal(await identities.reauthenticationOf("5b"), undefined);
});

test("there are never more than its capacity: whoever has not been seen for longest goes", async () => {
  const identities = temporaryIdentities(2);
  await identities.addPseudonym("1", "3a");
  await identities.addPseudonym("2", "3b");
  await identities.addPseudonym("1", "3c");
  await identities.addPseudonym("3", "3d");
  assert.equal(await identities.permanentOf("3b"), undefined);
  assert.equal(await identities.permanentOf("3c"), "1");
  assert.equal(await identities.permanentOf("3d"), "3");
});
