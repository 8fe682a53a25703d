/** The group key of a network and the stations that share it. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench, isWiped, type JoinedStation } from "../../testing/authenticator-bench.ts";
import { seconds } from "../base/duration.ts";

const snonce = (octet: number): Uint8Array => new Uint8Array(32).fill(octet);

function groupKeyIn(station: JoinedStation): { readonly id: number; readonly key: Uint8Array; readonly rsc: number } {
  const { items, key } = station.supplicant.open(station.last.pdu);
  const gtk = items.find((item) => item.kind === "gtk");
  assert.ok(gtk?.kind === "gtk", "it brings a group key");
  return { id: gtk.keyId, key: gtk.key, rsc: key.rsc[0] ?? 0 };
}

const answer = (station: JoinedStation): void => station.answer(station.supplicant.groupMessage2(station.last.pdu));

describe("12.7.7, 12.7.9.3: the group key changes", () => {
  test("everybody gets the next key under their own; the radio changes over after the last answer", () => {
    const bench = new AuthenticatorBench({ bss: { groupRekeySeconds: 600 } });
    const one = bench.join(1).complete();
    const two = bench.join(2).complete();
    const old = bench.bss.groupKey.key.slice();
    bench.news();
    bench.clock.advance(seconds(600));
    assert.ok(bench.bss.isRekeying);
    assert.deepEqual([one.count, two.count], [3, 3]);
    assert.ok(one.last.encrypt);
    const next = groupKeyIn(one);
    assert.equal(next.id, 2);
    assert.deepEqual(groupKeyIn(two).key, next.key);
    assert.notDeepEqual(next.key, old);

    answer(one);
    assert.deepEqual(bench.news(), []);
    assert.deepEqual(bench.bss.groupKey.key, old, "until all have the new one");
    // Once more from the same station doesn't count for the other.
    answer(one);
    assert.ok(bench.bss.isRekeying);
    answer(two);
    assert.deepEqual(bench.news(), ["install group 2", "group-key-changed"]);
    assert.deepEqual(bench.bss.groupKey, { index: 2, key: next.key });
    bench.clock.advance(seconds(600));
    assert.equal(groupKeyIn(one).id, 1);
  });

  test("the counter of the next key is zero, whatever was at its index before", () => {
    const bench = new AuthenticatorBench({ bss: { groupRekeySeconds: 600 } });
    const station = bench.join().complete();
    for (let round = 0; round < 4; round++) {
      bench.groupFrames.set(bench.bss.groupKey.index, 200);
      bench.clock.advance(seconds(600));
      assert.equal(groupKeyIn(station).rsc, 0, `round ${round}`);
      // Who comes meanwhile gets the next key too.
      const newcomer = bench.join(10 + round);
      newcomer.answer(newcomer.supplicant.message2(newcomer.last.pdu, snonce(round)));
      assert.deepEqual(groupKeyIn(newcomer), { ...groupKeyIn(station), rsc: 0 });
      bench.bss.leave(newcomer.address);
      answer(station);
      assert.ok(!bench.bss.isRekeying);
    }
    // And of the key in use it is the radio's.
    bench.groupFrames.set(bench.bss.groupKey.index, 77);
    const late = bench.join(20);
    late.answer(late.supplicant.message2(late.last.pdu, snonce(1)));
    assert.equal(groupKeyIn(late).rsc, 77);
  });

  test("a wrong, replayed or early answer is none", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    const { supplicant } = station;
    bench.bss.rekeyGroup();
    const message = station.last.pdu;
    station.answer(supplicant.groupMessage2(message, { wrongMic: true }));
    station.answer(supplicant.groupMessage2(message, { fields: { replayCounter: 1n } }));
    station.answer(supplicant.groupMessage2(message, { fields: { replayCounter: 99n } }));
    assert.ok(bench.bss.isRekeying);
    bench.pass(600);
    assert.notDeepEqual(station.last.pdu, message, "it is asked again");
    station.answer(supplicant.groupMessage2(message));
    assert.ok(!bench.bss.isRekeying, "late, and as good");
    const used = supplicant.groupMessage2(station.last.pdu);
    bench.bss.rekeyGroup();
    station.answer(used);
    assert.ok(bench.bss.isRekeying, "an answer of the last time is worth nothing now");
  });

  test("who doesn't answer is sent away, and nobody waits for who has left", () => {
    const bench = new AuthenticatorBench();
    const mute = bench.join(1).complete();
    const leaving = bench.join(2).complete();
    const good = bench.join(3).complete();
    bench.news();
    bench.bss.rekeyGroup();
    answer(good);
    bench.bss.leave(leaving.address);
    assert.ok(bench.bss.isRekeying);
    bench.pass(10_000);
    assert.equal(mute.count, 2 + 4);
    assert.deepEqual(bench.news().sort(), [
      "deauthenticate group-key-handshake-timeout",
      "group-key-changed",
      "install group 2",
    ]);
    assert.ok(good.authenticator.isEstablished);
  });

  test("in the middle of a 4-way handshake: the station gets the next key at once, or right after", () => {
    const bench = new AuthenticatorBench();
    const early = bench.join(1);
    const late = bench.join(2);
    late.answer(late.supplicant.message2(late.last.pdu, snonce(5)));
    const message3 = late.last.pdu;
    assert.equal(groupKeyIn(late).id, 1);
    bench.news();
    bench.bss.rekeyGroup();
    assert.ok(bench.bss.isRekeying, "it waits for the one whose message 3 is out");

    early.complete();
    const brought = bench.sent.filter(({ station }) => station === early.address).at(-1);
    assert.ok(brought);
    assert.equal(groupKeyIn(early).id, 2);
    assert.ok(bench.bss.isRekeying);

    late.answer(late.supplicant.message4(message3));
    assert.equal(groupKeyIn(late).id, 2, "a group handshake follows");
    assert.ok(bench.bss.isRekeying);
    answer(late);
    assert.ok(!bench.bss.isRekeying);
    assert.deepEqual(bench.bss.groupKey.index, 2);
  });

  test("a handshake that fails in the middle of a change holds nobody up", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join(1);
    station.answer(station.supplicant.message2(station.last.pdu, snonce(5)));
    bench.bss.rekeyGroup();
    assert.ok(bench.bss.isRekeying);
    bench.pass(10_000);
    assert.ok(!bench.bss.isRekeying);
  });

  test("a pairwise rekey takes the group's place, and brings its key", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    bench.bss.rekeyGroup();
    station.authenticator.rekey();
    assert.ok(!bench.bss.isRekeying, "message 3 will bring it");
    station.answer(station.supplicant.message2(station.last.pdu, snonce(6)));
    assert.equal(groupKeyIn(station).id, 2);
    station.answer(station.supplicant.message4(station.last.pdu));
    bench.pass(10_000);
    assert.ok(station.authenticator.isEstablished);
  });

  test("a station may ask for it, but not twice at once", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    station.answer(station.supplicant.request(1n, { keyType: "group" }));
    assert.ok(bench.bss.isRekeying);
    const { count } = station;
    station.answer(station.supplicant.request(1n, { keyType: "group" }));
    station.answer(station.supplicant.request(2n, { keyType: "group" }));
    assert.equal(station.count, count);
  });

  test("whoever only knocks is not asked, and waited for by nobody", () => {
    const bench = new AuthenticatorBench();
    for (let n = 1; n < 50; n++) bench.join(n);
    bench.news();
    bench.bss.rekeyGroup();
    assert.deepEqual(bench.news(), ["install group 2", "group-key-changed"]);
  });
});

describe("wpa_strict_rekey", () => {
  test("who knows the key and leaves takes it along; also several in a row, also without wpa_group_rekey", () => {
    const bench = new AuthenticatorBench({ bss: { strictRekey: true, groupRekeySeconds: 0 } });
    const stays = bench.join(1).complete();
    const leaving = [2, 3, 4].map((n) => bench.join(n).complete());
    for (const { address } of leaving) {
      bench.bss.leave(address);
      bench.pass(300);
    }
    assert.equal(groupKeyIn(stays).id, 2, "the first has not been put off by the others");
    answer(stays);
    bench.pass(1000);
    assert.equal(groupKeyIn(stays).id, 1, "and those who left later took the next one");
  });

  test("who never had it doesn't", () => {
    const bench = new AuthenticatorBench({ bss: { strictRekey: true } });
    const knocking = bench.join(1);
    bench.bss.leave(knocking.address);
    const mistaken = bench.join(2);
    mistaken.answer(mistaken.supplicant.message2(mistaken.last.pdu, snonce(1), { wrongMic: true }));
    bench.bss.leave(mistaken.address);
    bench.news();
    bench.pass(5000);
    assert.deepEqual(bench.news(), []);
  });

  test("in the middle of a pairwise rekey, and with message 3 on its way, it is known", () => {
    const bench = new AuthenticatorBench({ bss: { strictRekey: true } });
    const rekeying = bench.join(1).complete();
    rekeying.authenticator.rekey();
    bench.news();
    bench.bss.leave(rekeying.address);
    bench.pass(1000);
    assert.deepEqual(bench.news(), ["install group 2", "group-key-changed"]);
    const told = bench.join(2);
    told.answer(told.supplicant.message2(told.last.pdu, snonce(1)));
    bench.bss.leave(told.address);
    bench.pass(1000);
    assert.deepEqual(bench.news(), ["install group 1", "group-key-changed"]);
  });
});

describe("keys", () => {
  test("the previous group key is wiped when it is out of use, both when the network ends", () => {
    const bench = new AuthenticatorBench();
    bench.join().complete();
    const first = bench.bss.groupKey.key;
    bench.bss.rekeyGroup();
    assert.ok(!isWiped(first));
    const second = bench.bss.groupKey;
    assert.equal(second.key, first);
    bench.bss.stop();
    assert.ok(isWiped(first, bench.bss.groupKey.key));
    assert.deepEqual(bench.clock.armed, []);
  });

  test("a joining station replaces its earlier association", () => {
    const bench = new AuthenticatorBench();
    const before = bench.join(1).complete();
    const after = bench.join(1);
    assert.equal(bench.bss.get(before.address), after.authenticator);
    assert.equal(before.authenticator.pairwiseKey, undefined);
    after.complete();
    assert.ok(after.authenticator.isEstablished);
  });

  test("the PMK cache remembers which key was whose, and tries that first", () => {
    const bench = new AuthenticatorBench();
    bench.join(1).complete();
    const [entry] = bench.pmksa.entries();
    assert.deepEqual(entry?.pmk, bench.pmk.pmk);
    bench.join(1).complete();
    assert.equal(bench.pmksa.entries().length, 1);
  });
});
