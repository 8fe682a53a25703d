/** What stations may not do in an SAE exchange, against a whole access point. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { saeLoopingVector } from "../../test/vectors/sae.ts";
import { passTime } from "../../testing/pass-time.ts";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { bytesOfHex, concat, Reader } from "../base/bytes.ts";
import { type MacAddress, macAddressOf } from "../base/mac-address.ts";
import { type Authentication, decodeAuthentication, encodeAuthentication } from "../wire/ieee80211/authentication.ts";
import { encodeManagementFrame, managementHeaderLength } from "../wire/ieee80211/frame.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";

const commit = bytesOfHex(saeLoopingVector.commit) ?? assert.fail();
const station = "02:00:00:00:05:05" as MacAddress;

async function begin(...lines: readonly string[]) {
  const network = await new VirtualNetwork(
    ["ssid=castle", "hw_mode=g", "channel=1", "wpa=2", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP", "ieee80211w=2"]
      .concat("sae_password=correct horse", "sae_pwe=2", lines)
      .join("\n"),
  ).start();
  const bss = network.radio.bsses[0] ?? assert.fail();
  const answers: Authentication[] = [];
  network.medium.attach({
    frequency: () => 2412,
    answersTo: (receiver) => receiver === station,
    receive: (frame) => {
      if ((frame[0] ?? 0) >> 4 !== 11 || macAddressOf(frame.subarray(4, 10)) !== station) return;
      answers.push(decodeAuthentication(new Reader(frame.subarray(managementHeaderLength), ["Authentication"])));
    },
  });
  /** @returns the answers to it */
  const send = async (transaction: number, status: number, fields: Uint8Array): Promise<readonly Authentication[]> => {
    answers.length = 0;
    const body = encodeAuthentication({ algorithm: 3, transaction, status, fields, elements: [] });
    const addresses = { receiver: bss.address, transmitter: station, bssid: bss.address };
    const frame = encodeManagementFrame({ subtype: "authentication", ...addresses }, body);
    bss.onEvent({ type: "management", frame, frequency: 2412, signalDbm: -40 });
    await passTime(network.clock, 40, 5);
    return [...answers];
  };
  return { network, bss, send };
}

const h2e = statusCode["sae-hash-to-element"];
const statuses = (answers: readonly Authentication[]) =>
  answers.map(({ transaction, status }) => [transaction, status]);

test("a Confirm before any Commit is refused, and nothing is remembered of its sender", async () => {
  const { bss, send, network } = await begin();
  assert.deepEqual(statuses(await send(2, 0, new Uint8Array(34).fill(1))), [[2, statusCode["unspecified-failure"]]]);
  assert.equal(bss.stations.size, 0);
  network.stop();
});

test("values that are none of the group are refused: scalars 0, 1 and r, points off the curve, the neutral element", async () => {
  const { send, network } = await begin();
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
      assert.deepEqual(statuses(await send(1, status, fields)), [[1, statusCode["unspecified-failure"]]]);
    }
  }
  network.stop();
});

test("our own values sent back are no Commit", async () => {
  const { bss, send, network } = await begin();
  const [ours] = await send(1, 0, commit);
  assert.deepEqual(await send(1, 0, ours?.fields ?? assert.fail()), []);
  assert.equal(bss.tally.counts.get("SAE Commit of ours sent back"), 1);
  network.stop();
});

test("looping and hashing don't mix: a Commit of the other way begins anew, and its Confirm has to be of that way", async () => {
  const { send, network } = await begin();
  const [first] = await send(1, 0, commit);
  const [second] = await send(1, h2e, commit);
  assert.deepEqual([first?.status, second?.status], [0, h2e]);
  assert.notDeepEqual(first?.fields, second?.fields);
  const answers = await send(2, 0, new Uint8Array(34).fill(1));
  assert.ok(answers.every(({ status }) => status !== 0));
  network.stop();
});

test("a token is good once", async () => {
  const { bss, send, network } = await begin("anti_clogging_threshold=0");
  const [asked] = await send(1, 0, commit);
  assert.equal(asked?.status, statusCode["anti-clogging-token-required"]);
  const token = asked?.fields?.slice(2) ?? assert.fail();
  const withToken = concat(commit.slice(0, 2), token, commit.slice(2));
  assert.deepEqual(statuses(await send(1, 0, withToken)), [[1, 0]]);
  assert.deepEqual(await send(1, 0, withToken), []);
  assert.equal(bss.tally.counts.get("SAE Commit with a wrong anti-clogging token"), 1);
  network.stop();
});
