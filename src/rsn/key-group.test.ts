/** The group keys of a BSS's VLANs: one for each, and none for the others. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench, isWiped, type JoinedStation } from "../../testing/authenticator-bench.ts";
import { seconds } from "../base/duration.ts";

const snonce = (octet: number): Uint8Array => new Uint8Array(32).fill(octet);

function groupKeyIn(station: JoinedStation): { readonly id: number; readonly key: Uint8Array } {
  const { items } = station.supplicant.open(station.last.pdu);
  const gtk = items.find((item) => item.kind === "gtk");
  assert.ok(gtk?.kind === "gtk", "it brings a group key");
  return { id: gtk.keyId, key: gtk.key };
}

const answer = (station: JoinedStation): void => station.answer(station.supplicant.groupMessage2(station.last.pdu));

function benchWithVlans(options: ConstructorParameters<typeof AuthenticatorBench>[0] = {}) {
  const bench = new AuthenticatorBench(options);
  bench.bss.openVlan(1);
  bench.bss.openVlan(2);
  bench.news();
  return bench;
}

function joinIn(bench: AuthenticatorBench, number: number, vlanId: number): JoinedStation {
  const station = bench.join(number);
  assert.ok(bench.bss.move(station.address, vlanId));
  return station.complete();
}

describe("a group key for each VLAN", () => {
  test("each is another one, installed when the VLAN opens and wiped when it closes", () => {
    const bench = new AuthenticatorBench();
    bench.news();
    bench.bss.openVlan(1);
    bench.bss.openVlan(1);
    bench.bss.openVlan(2);
    assert.deepEqual(bench.news(), ["install group 1 of VLAN 1", "install group 1 of VLAN 2"]);
    const keys = [0, 1, 2].map((vlanId) => bench.bss.groupOf(vlanId)?.current.key ?? assert.fail());
    assert.equal(new Set(keys.map(String)).size, 3);
    bench.bss.closeVlan(1);
    assert.deepEqual(
      keys.map((key) => isWiped(key)),
      [false, true, false],
    );
    assert.equal(bench.bss.groupOf(1), undefined);
    bench.bss.stop();
    assert.ok(isWiped(...keys));
  });

  test("message 3 brings the key of the station's VLAN, and no other", () => {
    const bench = benchWithVlans();
    const stations = [0, 1, 2, 2].map((vlanId, i) => {
      const station = bench.join(i + 1);
      assert.ok(bench.bss.move(station.address, vlanId));
      station.answer(station.supplicant.message2(station.last.pdu, snonce(i + 1)));
      return { station, vlanId };
    });
    for (const { station, vlanId } of stations) {
      assert.deepEqual(groupKeyIn(station).key, bench.bss.groupOf(vlanId)?.current.key);
    }
  });

  test("there is no moving to a VLAN that isn't there", () => {
    const bench = benchWithVlans();
    const station = bench.join(1);
    assert.ok(!bench.bss.move(station.address, 3));
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1)));
    assert.deepEqual(groupKeyIn(station).key, bench.bss.groupKey.key);
  });

  test("each changes by itself: nobody waits for a station of another VLAN", () => {
    const bench = benchWithVlans();
    const one = joinIn(bench, 1, 1);
    const two = joinIn(bench, 2, 2);
    const counts = [one.count, two.count];
    bench.news();
    bench.bss.groupOf(1)?.rekey();
    assert.deepEqual([one.count, two.count], [(counts[0] ?? 0) + 1, counts[1]]);
    assert.ok(!bench.bss.groupOf(2)?.isRekeying);
    answer(one);
    assert.deepEqual(bench.news(), ["install group 2 of VLAN 1", "group-key-changed"]);
    assert.equal(bench.bss.groupOf(2)?.current.index, 1);
  });

  test("wpa_group_rekey and REKEY_GTK concern all of them", () => {
    const bench = benchWithVlans({ bss: { groupRekeySeconds: 600 } });
    const one = joinIn(bench, 1, 1);
    bench.news();
    bench.clock.advance(seconds(600));
    answer(one);
    assert.deepEqual(bench.news().sort(), [
      "group-key-changed",
      "group-key-changed",
      "group-key-changed",
      "install group 2",
      "install group 2 of VLAN 1",
      "install group 2 of VLAN 2",
    ]);
    bench.bss.rekeyGroup();
    answer(one);
    assert.deepEqual(
      [0, 1, 2].map((vlanId) => bench.bss.groupOf(vlanId)?.current.index),
      [1, 1, 1],
    );
  });

  test("a station that moves is brought the key of where it is, and waited for no more where it was", () => {
    const bench = benchWithVlans();
    const moving = joinIn(bench, 1, 1);
    const stays = joinIn(bench, 2, 1);
    bench.bss.groupOf(1)?.rekey();
    answer(stays);
    assert.ok(bench.bss.groupOf(1)?.isRekeying);
    assert.ok(bench.bss.move(moving.address, 2));
    assert.ok(!bench.bss.groupOf(1)?.isRekeying);
    assert.deepEqual(groupKeyIn(moving).key, bench.bss.groupOf(2)?.current.key);
    answer(moving);
    bench.pass(10_000);
    assert.ok(moving.authenticator.isEstablished);
  });

  test("its answer doesn't count for a change that it was not asked for", () => {
    const bench = benchWithVlans();
    const moving = joinIn(bench, 1, 1);
    const slow = joinIn(bench, 2, 2);
    bench.bss.groupOf(2)?.rekey();
    bench.bss.move(moving.address, 2);
    assert.equal(groupKeyIn(moving).id, 2, "the next one at once");
    answer(moving);
    assert.ok(bench.bss.groupOf(2)?.isRekeying);
    answer(slow);
    assert.ok(!bench.bss.groupOf(2)?.isRekeying);
  });

  test("moving with message 3 on its way brings a group handshake afterwards", () => {
    const bench = benchWithVlans();
    const station = bench.join(1);
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1)));
    bench.bss.move(station.address, 1);
    station.answer(station.supplicant.message4(station.last.pdu));
    assert.deepEqual(groupKeyIn(station).key, bench.bss.groupOf(1)?.current.key);
  });

  test("wpa_strict_rekey: who moves takes the key along, as one who leaves", () => {
    const bench = benchWithVlans({ bss: { strictRekey: true } });
    const moving = joinIn(bench, 1, 1);
    const stays = joinIn(bench, 2, 1);
    bench.bss.move(moving.address, 2);
    answer(moving);
    bench.pass(1000);
    assert.equal(groupKeyIn(stays).id, 2);
    assert.ok(!bench.bss.groupOf(2)?.isRekeying);
  });

  test("a station that ends in the middle of a change holds up its own group only until then", () => {
    const bench = benchWithVlans();
    const station = joinIn(bench, 1, 1);
    bench.bss.rekeyGroup();
    assert.deepEqual(
      [0, 1, 2].map((vlanId) => bench.bss.groupOf(vlanId)?.isRekeying),
      [false, true, false],
    );
    bench.news();
    bench.bss.leave(station.address);
    assert.deepEqual(bench.news(), ["install group 2 of VLAN 1", "group-key-changed"]);
  });

  test("at the end no wiped key is given to the radio", () => {
    const bench = benchWithVlans();
    joinIn(bench, 1, 1);
    bench.bss.rekeyGroup();
    bench.acts.splice(0);
    bench.bss.stop();
    for (const act of bench.acts) assert.ok(act.type !== "install-group" || !isWiped(act.key.key));
    assert.deepEqual(bench.clock.armed, []);
  });
});
