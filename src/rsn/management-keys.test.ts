/** IGTK, BIGTK and OCI on their way to stations. IEEE Std 802.11-2020, 12.7.2, 12.7.6.4, 12.7.7.2. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AuthenticatorBench,
  type BenchOptions,
  isWiped,
  type JoinedStation,
} from "../../testing/authenticator-bench.ts";
import { hexOf } from "../base/bytes.ts";
import { computeMic } from "../crypto/eapol-key-protection.ts";
import type { KeyDataItem } from "../wire/eapol/kde.ts";

const snonce = new Uint8Array(32).fill(5);

const protecting = (options: BenchOptions = {}): AuthenticatorBench =>
  new AuthenticatorBench({
    ...options,
    agreed: { managementFrameProtection: true, ...options.agreed },
    bss: { managementCipher: "AES-128-CMAC", ...options.bss },
  });

const itemsOf = (station: JoinedStation): readonly KeyDataItem[] => station.supplicant.open(station.last.pdu).items;
const kinds = (station: JoinedStation): string[] => itemsOf(station).map(({ kind }) => kind);

function managementKey(station: JoinedStation, kind: "igtk" | "bigtk") {
  const item = itemsOf(station).find((each) => each.kind === kind);
  assert.ok(item?.kind === kind, `it brings ${kind}`);
  return item;
}

/** As far as message 3. */
function toMessage3(bench: AuthenticatorBench, number = 1): JoinedStation {
  const station = bench.join(number);
  station.answer(station.supplicant.message2(station.last.pdu, snonce));
  return station;
}

const answerGroup = (station: JoinedStation, items: readonly KeyDataItem[] = []): void =>
  station.answer(station.supplicant.groupMessage2(station.last.pdu, { items }));

describe("12.7.6.4: message 3", () => {
  test("brings the IGTK to whoever protects management frames, and to nobody else", () => {
    assert.deepEqual(kinds(toMessage3(protecting())), ["element", "gtk", "igtk"]);
    assert.deepEqual(kinds(toMessage3(protecting({ agreed: { managementFrameProtection: false } }))), [
      "element",
      "gtk",
    ]);
  });

  test("the IGTK KDE's octets: 00-0F-AC:9, Key ID, IPN, key", () => {
    const bench = protecting();
    bench.groupFrames.set(4, 0x21);
    const station = toMessage3(bench);
    const { raw } = station.supplicant.open(station.last.pdu);
    const igtk = bench.bss.groupKey.management?.igtk ?? assert.fail();
    assert.equal(igtk.length, 16);
    // IEEE Std 802.11-2020, figures 12-37 and 12-42: length 28, least significant octets first.
    assert.ok(hexOf(raw).includes(`dd1c000fac09040021000000 0000${hexOf(igtk)}`.replace(" ", "")));
  });

  for (const [cipher, length] of [
    ["AES-128-CMAC", 16],
    ["BIP-GMAC-128", 16],
    ["BIP-GMAC-256", 32],
    ["BIP-CMAC-256", 32],
  ] as const) {
    test(`an IGTK for ${cipher} has ${length} octets, and a BIGTK too`, () => {
      const station = toMessage3(protecting({ bss: { managementCipher: cipher, protectsBeacons: true } }));
      const [igtk, bigtk] = [managementKey(station, "igtk"), managementKey(station, "bigtk")];
      assert.deepEqual([igtk.keyId, igtk.key.length, bigtk.keyId, bigtk.key.length], [4, length, 6, length]);
      assert.notDeepEqual(igtk.key, bigtk.key);
    });
  }
});

describe("12.7.7.2: the group key handshake", () => {
  test("brings the next of each under the other Key IDs, and a counter that begins anew", () => {
    const bench = protecting({ bss: { protectsBeacons: true } });
    const station = toMessage3(bench);
    const first = managementKey(station, "igtk");
    station.answer(station.supplicant.message4(station.last.pdu));
    const old = bench.bss.groupKey;
    bench.bss.rekeyGroup();
    assert.deepEqual(kinds(station), ["gtk", "igtk", "bigtk"]);
    const [igtk, bigtk] = [managementKey(station, "igtk"), managementKey(station, "bigtk")];
    assert.deepEqual([igtk.keyId, bigtk.keyId], [5, 7]);
    assert.deepEqual([hexOf(igtk.packetNumber), hexOf(bigtk.packetNumber)], ["000000000000", "000000000000"]);
    assert.notDeepEqual(igtk.key, first.key);
    assert.ok(!isWiped(old.key));
    answerGroup(station);
    assert.ok(isWiped(old.key, old.management?.igtk ?? assert.fail(), old.management?.bigtk ?? assert.fail()));
    assert.deepEqual(bench.bss.groupKey.management?.igtk, igtk.key);
    // And once more: the first Key IDs again.
    bench.bss.rekeyGroup();
    assert.deepEqual([managementKey(station, "igtk").keyId, managementKey(station, "bigtk").keyId], [4, 6]);
  });

  test("again with counters of zero, for tests of replayed messages", () => {
    const bench = protecting();
    bench.groupFrames.set(4, 0x21);
    const station = toMessage3(bench);
    station.answer(station.supplicant.message4(station.last.pdu));
    assert.ok(station.authenticator.resendMessage3({ encrypt: true }));
    assert.equal(hexOf(managementKey(station, "igtk").packetNumber), "000000000000");
    assert.ok(station.authenticator.resendGroupMessage1({ encrypt: true }));
    assert.equal(hexOf(managementKey(station, "igtk").packetNumber), "000000000000");
  });

  test("a VLAN has an IGTK of its own and the beacons' key of all, which change together", () => {
    const bench = protecting({ bss: { protectsBeacons: true } });
    bench.bss.openVlan(1);
    const inside = bench.join(1);
    bench.bss.move(inside.address, 1);
    inside.answer(inside.supplicant.message2(inside.last.pdu, snonce));
    const outside = toMessage3(bench, 2);
    assert.notDeepEqual(managementKey(inside, "igtk").key, managementKey(outside, "igtk").key);
    assert.deepEqual(managementKey(inside, "bigtk").key, managementKey(outside, "bigtk").key);
    for (const station of [inside, outside]) station.answer(station.supplicant.message4(station.last.pdu));
    bench.bss.groupOf(0)?.rekey();
    assert.deepEqual(managementKey(inside, "bigtk"), managementKey(outside, "bigtk"));
    assert.equal(managementKey(inside, "bigtk").keyId, 7);
  });
});

describe("12.2.9: operating channel validation", () => {
  const validating = (how: "strict" | "lenient" = "strict"): AuthenticatorBench =>
    protecting({ agreed: { channelValidation: how } });
  const oci = (...octets: number[]): KeyDataItem => ({ kind: "oci", oci: Uint8Array.from(octets) });
  const ours = oci(81, 6, 0);
  const answer2 = (station: JoinedStation, ...items: KeyDataItem[]): void =>
    station.answer(station.supplicant.message2(station.last.pdu, snonce, { items }));
  const told = (bench: AuthenticatorBench) =>
    bench.acts.flatMap((act) => (act.type === "report" && act.event.type === "channel-mismatch" ? [act.event] : []));

  test("message 2 tells the station's channel, message 3 ours", () => {
    const bench = validating();
    const station = bench.join();
    answer2(station, ours);
    assert.deepEqual(kinds(station), ["element", "gtk", "igtk", "oci"]);
    assert.deepEqual(itemsOf(station).at(-1), ours);
    station.answer(station.supplicant.message4(station.last.pdu));
    assert.ok(station.authenticator.isEstablished);
    assert.deepEqual(told(bench), []);
  });

  test("a message 2 from another channel, or from none, is as if it had not come", () => {
    const bench = validating();
    const station = bench.join();
    answer2(station, oci(81, 1, 0));
    answer2(station);
    answer2(station, oci(81, 6));
    assert.equal(station.count, 1);
    assert.deepEqual(
      told(bench).map(({ frame, fault }) => `${frame}: ${fault}`),
      [
        "eapol-key-m2: primary channel mismatch in received OCI (we use 2437 but receiver is using 2412)",
        "eapol-key-m2: did not receive mandatory OCI",
        "eapol-key-m2: received OCI of unexpected length (2)",
      ],
    );
    answer2(station, ours);
    station.answer(station.supplicant.message4(station.last.pdu));
    assert.ok(station.authenticator.isEstablished);
  });

  test("lenient: a station that claims it and tells nothing is let in without; one that tells wrong is not", () => {
    const bench = validating("lenient");
    const station = bench.join();
    answer2(station, oci(81, 1, 0));
    assert.equal(station.count, 1);
    answer2(station);
    assert.deepEqual(kinds(station), ["element", "gtk", "igtk"]);
    station.answer(station.supplicant.message4(station.last.pdu));
    assert.ok(station.authenticator.isEstablished);
    bench.bss.rekeyGroup();
    answerGroup(station);
    assert.equal(station.authenticator.stateNumbers.group, 0);
    assert.equal(told(bench).length, 1);
  });

  test("both messages of the group key handshake tell it", () => {
    const bench = validating();
    const station = bench.join();
    answer2(station, ours);
    station.answer(station.supplicant.message4(station.last.pdu));
    bench.bss.rekeyGroup();
    assert.deepEqual(kinds(station), ["gtk", "igtk", "oci"]);
    answerGroup(station, [oci(81, 11, 0)]);
    answerGroup(station);
    assert.deepEqual(
      told(bench).map(({ frame }) => frame),
      ["eapol-key-g2", "eapol-key-g2"],
    );
    assert.equal(station.authenticator.stateNumbers.group, 1);
    answerGroup(station, [ours]);
    assert.equal(station.authenticator.stateNumbers.group, 0);
  });

  test("after a change of our channel it is the new one that counts", () => {
    const bench = validating();
    const station = bench.join();
    bench.channel = { ...bench.channel, frequency: 2462 };
    answer2(station, ours);
    assert.equal(station.count, 1);
    answer2(station, oci(81, 11, 0));
    assert.deepEqual(itemsOf(station).at(-1), oci(81, 11, 0));
  });
});

test("Known STA Identification: the MIC of the key in use over the timestamp, and of no other", () => {
  const bench = protecting();
  const { authenticator, supplicant } = bench.join().complete();
  const timestamp = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  assert.ok(supplicant.ptk);
  const stranger = bench.join(2);
  assert.equal(stranger.authenticator.provesKey(timestamp, new Uint8Array(16)), false);
  assert.equal(authenticator.provesKey(timestamp, new Uint8Array(16)), false);
  assert.equal(authenticator.provesKey(timestamp, new Uint8Array()), false);
  const right = computeMic("hmac-sha1-aes", supplicant.ptk.kck, timestamp);
  assert.ok(authenticator.provesKey(timestamp, right));
  assert.equal(authenticator.provesKey(timestamp.with(0, 9), right), false);
});
