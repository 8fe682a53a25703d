/** Password identifiers in Commits, against a whole access point. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { changingIdentifiersVector, saeLoopingVector } from "../../test/vectors/sae.ts";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { beginSae, statusesOf } from "../../testing/sae-frames.ts";
import { bytesOfHex, concat, hexOf, Reader, utf8 } from "../base/bytes.ts";
import { sealPasswordIdentifier } from "../crypto/sae/password-identifier.ts";
import { decodeKeyData } from "../wire/eapol/kde.ts";
import { encodeElements } from "../wire/ieee80211/element.ts";
import { passwordIdentifierElement } from "../wire/ieee80211/sae.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";

const commit = bytesOfHex(saeLoopingVector.commit) ?? assert.fail();
const { key, identifier, kde } = changingIdentifiersVector;
const naming = (name: Uint8Array): Uint8Array => concat(commit, encodeElements([passwordIdentifierElement(name)]));
const h2e = statusCode["sae-hash-to-element"];
const unknown = [[1, statusCode["unknown-password-identifier"]]];
const lines = [`sae_password=secret|id=${identifier}`, `sae_pw_id_key=${key}`, "sae_pw_id_num=3"];

test("an identifier that was given away, here or by another access point, is as good as the one in the configuration", async () => {
  const { send, network } = await beginSae(...lines);
  const [item] = decodeKeyData(new Reader(bytesOfHex(kde) ?? assert.fail(), ["Key Data"]));
  assert.ok(item?.kind === "sae-password-identifiers");
  for (const name of [utf8(identifier), ...item.identifiers]) {
    const answers = await send(1, h2e, naming(name));
    assert.deepEqual(statusesOf(answers), [[1, h2e]]);
    // What was named is named again, as it was.
    assert.ok(
      hexOf(answers[0]?.fields ?? assert.fail()).endsWith(hexOf(encodeElements([passwordIdentifierElement(name)]))),
    );
  }
  network.stop();
});

test("one under another key, of a password that is none here, or without a key configured, is unknown", async () => {
  const seal = (name: string, by = bytesOfHex(key) ?? assert.fail()): Uint8Array =>
    sealPasswordIdentifier(by, utf8(name), 0, new FixedEntropy());
  const { send, network } = await beginSae(...lines);
  assert.deepEqual(statusesOf(await send(1, h2e, naming(seal("of nobody")))), unknown);
  assert.deepEqual(statusesOf(await send(1, h2e, naming(seal(identifier, new Uint8Array(32))))), unknown);
  assert.deepEqual(statusesOf(await send(1, h2e, naming(utf8("plain, of nobody")))), unknown);
  network.stop();
  const without = await beginSae(...lines.slice(0, 1));
  assert.deepEqual(statusesOf(await without.send(1, h2e, naming(seal(identifier)))), unknown);
  without.network.stop();
});

test("identifiers go with hash-to-element only", async () => {
  const { send, network } = await beginSae(...lines);
  assert.deepEqual(statusesOf(await send(1, 0, naming(utf8(identifier)))), unknown);
  network.stop();
});
