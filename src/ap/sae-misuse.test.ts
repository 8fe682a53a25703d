/** What stations may not do in an SAE exchange, against a whole access point. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { saeLoopingVector } from "../../test/vectors/sae.ts";
import { beginSae, statusesOf } from "../../testing/sae-frames.ts";
import { bytesOfHex, concat, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { encodeElements } from "../wire/ieee80211/element.ts";
import { rejectedGroupsElement } from "../wire/ieee80211/sae.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";

const commit = bytesOfHex(saeLoopingVector.commit) ?? assert.fail();
const h2e = statusCode["sae-hash-to-element"];
test("a Confirm before any Commit is refused, and nothing is remembered of its sender", async () => {
  const { bss, send, network } = await beginSae();
  assert.deepEqual(statusesOf(await send(2, 0, new Uint8Array(34).fill(1))), [[2, statusCode["unspecified-failure"]]]);
  assert.equal(bss.stations.size, 0);
  network.stop();
});

test("values that are none of the group are refused: scalars 0, 1 and r, points off the curve, the neutral element", async () => {
  const { send, network } = await beginSae();
  const order = bytesOfHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551") ?? assert.fail();
  const [group, element] = [commit.slice(0, 2), commit.slice(34)];
  const one = new Uint8Array(32).with(31, 1);
  const scalars = [new Uint8Array(32), one, order, new Uint8Array(32).fill(255)];
  const elements = [new Uint8Array(64), element.with(63, (element[63] ?? 0) ^ 1), new Uint8Array(64).fill(255)];
  const commits = [
    ...scalars.map((scalar) => concat(group, scalar, element)),
    ...elements.map((bad) => concat(commit.slice(0, 34), bad)),
  ];
  for (const fields of commits) {
    for (const status of [0, h2e]) {
      assert.deepEqual(statusesOf(await send(1, status, fields)), [[1, statusCode["unspecified-failure"]]]);
    }
  }
  network.stop();
});

test("our own values sent back are no Commit", async () => {
  const { bss, send, network } = await beginSae();
  const [ours] = await send(1, 0, commit);
  assert.deepEqual(await send(1, 0, ours?.fields ?? assert.fail()), []);
  assert.equal(bss.tally.counts.get("SAE Commit of ours sent back"), 1);
  network.stop();
});

test("looping and hashing don't mix: a Commit of the other way begins anew, and its Confirm has to be of that way", async () => {
  const { send, network } = await beginSae();
  const [first] = await send(1, 0, commit);
  const [second] = await send(1, h2e, commit);
  assert.deepEqual([first?.status, second?.status], [0, h2e]);
  assert.notDeepEqual(first?.fields, second?.fields);
  const answers = await send(2, 0, new Uint8Array(34).fill(1));
  assert.ok(answers.every(({ status }) => status !== 0));
  network.stop();
});

test("a group that is not in use is named in the refusal; one that is can't have been rejected", async () => {
  const { send, network } = await beginSae("sae_groups=19 21");
  for (const group of [0, 14, 20, 22, 0xffff]) {
    const number = Uint8Array.of(group & 0xff, group >> 8);
    const [answer] = await send(1, h2e, concat(number, commit.slice(2)));
    assert.equal(answer?.status, statusCode["unsupported-finite-cyclic-group"], `group ${group}`);
    assert.deepEqual(answer?.fields, number);
  }
  const rejecting = (...groups: readonly number[]) => concat(commit, encodeElements([rejectedGroupsElement(groups)]));
  assert.deepEqual(statusesOf(await send(1, h2e, rejecting(20))), [[1, h2e]]);
  assert.deepEqual(statusesOf(await send(1, h2e, rejecting(20, 21))), [[1, statusCode["unspecified-failure"]]]);
  network.stop();
});

test("fields of a wrong length are refused", async () => {
  const { bss, send, network } = await beginSae();
  for (const length of [0, 1, 2, 33, 34, 97]) {
    for (const status of [0, h2e]) {
      const [answer] = await send(1, status, commit.subarray(0, length));
      assert.ok(answer?.transaction === 1 && answer.status !== 0 && answer.status !== h2e, `${length} octets`);
    }
  }
  await send(1, 0, commit);
  for (const length of [0, 1, 2, 33]) {
    assert.deepEqual(statusesOf(await send(2, 0, new Uint8Array(length))), [[2, statusCode["unspecified-failure"]]]);
  }
  assert.equal([...bss.stations.values()][0]?.sae.kind, "committed", "who was cut may send it again");
  network.stop();
});

test("a token is good for whom it was given to", async () => {
  const { bss, send, network } = await beginSae("anti_clogging_threshold=0");
  const [asked] = await send(1, 0, commit);
  const token = asked?.fields?.slice(2) ?? assert.fail();
  const withToken = concat(commit.slice(0, 2), token, commit.slice(2));
  assert.deepEqual(await send(1, 0, withToken, "02:00:00:00:05:06" as MacAddress), []);
  assert.equal(bss.tally.counts.get("SAE Commit with a wrong anti-clogging token"), 1);
  assert.deepEqual(statusesOf(await send(1, 0, withToken)), [[1, 0]]);
  network.stop();
});

test("a token is good once", async () => {
  const { bss, send, network } = await beginSae("anti_clogging_threshold=0");
  const [asked] = await send(1, 0, commit);
  assert.equal(asked?.status, statusCode["anti-clogging-token-required"]);
  const token = asked?.fields?.slice(2) ?? assert.fail();
  const withToken = concat(commit.slice(0, 2), token, commit.slice(2));
  assert.deepEqual(statusesOf(await send(1, 0, withToken)), [[1, 0]]);
  assert.deepEqual(await send(1, 0, withToken), []);
  assert.equal(bss.tally.counts.get("SAE Commit with a wrong anti-clogging token"), 1);
  network.stop();
});

test("a password that is changed meanwhile ends what began with it, and nothing else", async () => {
  const { bss, send, network } = await beginSae();
  const begun = () => [...bss.stations.values()].map(({ sae }) => sae.kind);
  await send(1, h2e, commit);
  assert.deepEqual(begun(), ["committed"]);
  bss.sae.usePasswordsOf({ ...bss.settings });
  assert.deepEqual(begun(), ["committed"], "the password is the same");
  bss.sae.usePasswordsOf({ ...bss.settings, sae_password: [], wpa_passphrase: utf8("another one") });
  assert.deepEqual(begun(), ["nothing"]);
  assert.deepEqual(statusesOf(await send(2, 0, new Uint8Array(34).fill(1))), [[2, statusCode["unspecified-failure"]]]);
  network.stop();
});
