/** WPA as it was before IEEE 802.11i, with TKIP. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench } from "../../testing/authenticator-bench.ts";

const snonce = (octet: number): Uint8Array => new Uint8Array(32).fill(octet);
const flags = (key: { install: boolean; ack: boolean; hasMic: boolean; secure: boolean; encryptedKeyData: boolean }) =>
  (["install", "ack", "hasMic", "secure", "encryptedKeyData"] as const).filter((name) => key[name]).join(" ");

describe("the first WPA, with TKIP", () => {
  const wpa = { agreed: { protocol: "wpa", pairwise: "TKIP", group: "TKIP" } } as const;

  test("the group key comes in a handshake of its own, right after", () => {
    const bench = new AuthenticatorBench(wpa);
    const station = bench.join();
    const { supplicant } = station;
    assert.equal(flags(supplicant.open(station.last.pdu).key), "ack");
    station.answer(supplicant.message2(station.last.pdu, snonce(1)));
    const third = supplicant.open(station.last.pdu);
    assert.deepEqual([flags(third.key), third.key.keyLength], ["install ack hasMic", 32]);
    assert.equal(third.items.length, 1, "its element, and no group key");
    bench.news();
    station.answer(supplicant.message4(station.last.pdu));
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);

    assert.ok(station.last.encrypt);
    const { key, raw } = supplicant.open(station.last.pdu);
    assert.deepEqual([flags(key), key.keyType, key.index, key.keyLength], ["ack hasMic secure", "group", 1, 32]);
    assert.deepEqual(raw, bench.bss.groupKey.key);
    assert.ok(
      key.iv.some((octet) => octet !== 0),
      "RC4 needs a fresh one each time",
    );
    station.answer(supplicant.groupMessage2(station.last.pdu));
    bench.pass(10_000);
    assert.equal(station.count, 3);
  });

  test("Secure in message 2 comes back in message 3", () => {
    const bench = new AuthenticatorBench(wpa);
    const station = bench.join();
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1), { fields: { secure: true } }));
    assert.ok(station.supplicant.open(station.last.pdu).key.secure);
  });

  test("a group handshake that is not answered ends it", () => {
    const bench = new AuthenticatorBench(wpa);
    bench.join().complete();
    bench.news();
    bench.pass(10_000);
    assert.deepEqual(bench.news(), ["deauthenticate group-key-handshake-timeout"]);
  });

  test("who reports Michael MIC failures is heard, in an authentic frame only", () => {
    const bench = new AuthenticatorBench(wpa);
    const station = bench.join().complete();
    station.answer(station.supplicant.groupMessage2(station.last.pdu));
    bench.news();
    station.answer(station.supplicant.request(1n, { error: true }, { wrongMic: true }));
    assert.deepEqual(bench.news(), []);
    station.answer(station.supplicant.request(1n, { error: true }));
    assert.deepEqual(bench.news(), ["michael-mic-failure"]);
    // Other keys come of it, as of any request.
    assert.ok(!station.authenticator.isEstablished);
    station.complete();
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
  });

  test("a report about a cipher that has no Michael MIC is none, and who has been sent away for one gets no other keys", () => {
    const bench = new AuthenticatorBench({ agreed: { group: "TKIP" } });
    const station = bench.join().complete();
    bench.news();
    station.answer(station.supplicant.request(1n, { error: true }));
    assert.deepEqual(bench.news(), []);
    station.complete();
    bench.news();
    const before = station.count;
    bench.onReport = () => bench.bss.leave(station.address);
    station.answer(station.supplicant.request(2n, { error: true, keyType: "group" }));
    assert.deepEqual(bench.news(), ["michael-mic-failure"]);
    assert.equal(station.count, before);
  });
});
