/** A pairwise key that changes while the station is there. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench } from "../../testing/authenticator-bench.ts";
import { seconds } from "../base/duration.ts";

const snonce = (octet: number): Uint8Array => new Uint8Array(32).fill(octet);
const flags = (key: { install: boolean; ack: boolean; hasMic: boolean; secure: boolean; encryptedKeyData: boolean }) =>
  (["install", "ack", "hasMic", "secure", "encryptedKeyData"] as const).filter((name) => key[name]).join(" ");

describe("a pairwise key that changes", () => {
  test("wpa_ptk_rekey: another handshake under the old key, then the new key", () => {
    const bench = new AuthenticatorBench({ policy: { ptkRekeySeconds: 600 } });
    const station = bench.join().complete();
    const before = station.supplicant.ptk;
    bench.news();
    bench.clock.advance(seconds(600));
    assert.equal(station.count, 3);
    const first = station.supplicant.open(station.last.pdu);
    assert.deepEqual([flags(first.key), station.last.encrypt], ["ack secure", true]);
    station.answer(station.supplicant.message2(station.last.pdu, snonce(9)));
    assert.ok(station.last.encrypt);
    assert.deepEqual(bench.news(), [], "the old key stays until message 4");
    station.answer(station.supplicant.message4(station.last.pdu));
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
    assert.notDeepEqual(station.supplicant.ptk?.tk, before?.tk);
    bench.clock.advance(seconds(600));
    assert.equal(station.count, 5, "and so on");
  });

  test("a forged answer in the middle of it is no sign of a wrong passphrase", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    bench.news();
    station.authenticator.rekey();
    const { ptk } = station.supplicant;
    station.answer(station.supplicant.message2(station.last.pdu, snonce(8), { wrongMic: true }));
    station.supplicant.ptk = ptk;
    assert.deepEqual(bench.news(), []);
    station.complete();
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
  });

  test("a station may ask for it, with a counter that grows and a MIC", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    const { supplicant } = station;
    bench.news();
    station.answer(supplicant.request(5n, {}, { wrongMic: true }));
    station.answer(supplicant.request(5n, { secure: false }));
    assert.equal(station.count, 2);
    const asked = supplicant.request(5n);
    station.answer(asked);
    assert.equal(station.count, 3);
    station.complete();
    // Under the new key its old MIC is worth nothing.
    station.answer(asked);
    assert.equal(station.count, 4);
    station.answer(supplicant.request(5n));
    assert.equal(station.count, 5, "counters begin anew with the key");
    station.complete();
    const other = supplicant.request(7n);
    station.answer(supplicant.request(8n));
    const count = station.count;
    station.complete();
    station.answer(other);
    assert.equal(station.count, count + 1, "nothing came of it but message 3");
  });

  test("wpa_deny_ptk0_rekey sends it away instead, but for stations with two key IDs", () => {
    const denying = { policy: { denyPtk0Rekey: true } };
    const one = new AuthenticatorBench(denying);
    const station = one.join().complete();
    one.news();
    station.answer(station.supplicant.request(1n));
    assert.deepEqual(one.news(), ["deauthenticate invalid-class3-frame"]);

    const two = new AuthenticatorBench({ ...denying, agreed: { extendedKeyId: true } });
    const able = two.join().complete();
    two.news();
    able.answer(able.supplicant.request(1n));
    able.complete();
    assert.ok(able.authenticator.isEstablished);
  });

  test("two key IDs: the new key beside the old, in use when the station has it", () => {
    for (const firstKeyId of [0, 1] as const) {
      const bench = new AuthenticatorBench({ agreed: { extendedKeyId: true }, policy: { firstKeyId } });
      const station = bench.join();
      const { supplicant } = station;
      bench.news();
      for (const id of [firstKeyId, firstKeyId ^ 1, firstKeyId]) {
        if (station.authenticator.isEstablished) station.authenticator.rekey();
        station.answer(supplicant.message2(station.last.pdu, snonce(40 + station.count)));
        assert.deepEqual(bench.news(), [`install ${id} to receive`]);
        const told = supplicant.open(station.last.pdu).items.find((item) => item.kind === "key-id");
        assert.equal(told?.kind === "key-id" && told.keyId, id);
        // Message 3 is repeated without putting the key in anew.
        bench.pass(150);
        assert.deepEqual(bench.news(), []);
        station.answer(supplicant.message4(station.last.pdu));
        assert.deepEqual(bench.news(), [`send with ${id}`, "authorize home", "handshake-completed"]);
      }
    }
  });

  test("two key IDs and a second SNonce: the key that is sent with is the one that message 4 chose", () => {
    const bench = new AuthenticatorBench({ agreed: { extendedKeyId: true } });
    const station = bench.join();
    const { supplicant } = station;
    const message1 = station.last.pdu;
    bench.pass(150);
    const again = station.last.pdu;
    station.answer(supplicant.message2(message1, snonce(1)));
    const firstPtk = supplicant.ptk;
    const message3 = station.last.pdu;
    station.answer(supplicant.message2(again, snonce(2)));
    bench.acts.length = 0;
    station.answer(supplicant.message4(message3, {}, firstPtk));
    const installed = bench.acts.find((act) => act.type === "install");
    assert.ok(installed?.type === "install", "the radio has the other one");
    assert.deepEqual(installed.key.key, firstPtk?.tk);
    assert.deepEqual(bench.news(), ["install 0 to receive", "send with 0", "authorize home", "handshake-completed"]);
  });
});
