/** The authenticator against a scripted supplicant, message by message. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench, isWiped } from "../../testing/authenticator-bench.ts";
import { encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { akmSuite } from "../wire/ieee80211/suites.ts";

const snonce = (octet: number): Uint8Array => new Uint8Array(32).fill(octet);
const flags = (key: { install: boolean; ack: boolean; hasMic: boolean; secure: boolean; encryptedKeyData: boolean }) =>
  (["install", "ack", "hasMic", "secure", "encryptedKeyData"] as const).filter((name) => key[name]).join(" ");

describe("12.7.6: the 4-way handshake", () => {
  test("four messages, each with the fields of the standard; then the key, then the port", () => {
    const bench = new AuthenticatorBench();
    assert.deepEqual(bench.news(), ["install group 1"]);
    const station = bench.join();
    const { supplicant } = station;

    const first = supplicant.open(station.last.pdu);
    assert.equal(flags(first.key), "ack");
    assert.deepEqual([first.key.keyLength, first.key.replayCounter, first.items], [16, 1n, []]);
    assert.ok(first.key.nonce.some((octet) => octet !== 0));
    assert.equal(station.last.encrypt, false);

    station.answer(supplicant.message2(station.last.pdu, snonce(1)));
    const third = supplicant.open(station.last.pdu);
    assert.equal(flags(third.key), "install ack hasMic secure encryptedKeyData");
    assert.deepEqual(third.key.nonce, first.key.nonce);
    assert.deepEqual([third.key.replayCounter, third.key.keyLength, station.last.encrypt], [2n, 16, false]);
    const gtk = third.items.find((item) => item.kind === "gtk");
    assert.deepEqual(gtk?.kind === "gtk" && [gtk.keyId, gtk.key], [1, bench.bss.groupKey.key]);
    const rsne = third.items.find((item) => item.kind === "element");
    assert.deepEqual(
      rsne?.kind === "element" && rsne.element,
      bench.bss.options.elements.find(({ id }) => id === 48),
      "the RSNE is the beacon's, and nothing of WPA goes with it",
    );
    assert.deepEqual(bench.news(), []);

    station.answer(supplicant.message4(station.last.pdu));
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
    assert.ok(station.authenticator.isEstablished);
    assert.deepEqual(station.authenticator.pairwiseKey?.key, supplicant.ptk?.tk);
    assert.deepEqual(bench.clock.armed, []);
    bench.pass(100_000);
    assert.equal(station.count, 2);
  });

  test("message 2 is verified before anything comes of it", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join();
    const { supplicant } = station;
    const message1 = station.last.pdu;
    bench.news();
    const refused = [
      supplicant.message2(message1, snonce(1), { wrongMic: true }),
      supplicant.message2(message1, snonce(1), { fields: { replayCounter: 0n } }),
      supplicant.message2(message1, snonce(1), { fields: { replayCounter: 2n } }),
      supplicant.message2(message1, snonce(1), { fields: { hasMic: false } }),
      supplicant.message2(message1, snonce(1), { fields: { ack: true } }),
      supplicant.message2(message1, snonce(1), { fields: { smkMessage: true } }),
      supplicant.message2(message1, snonce(1), { fields: { descriptorVersion: 1 } }),
      supplicant.message2(message1, snonce(1), { fields: { descriptorVersion: 3 } }),
      supplicant.message2(message1, snonce(1), { fields: { keyType: "group" } }),
      supplicant.message2(message1, snonce(1), { damage: (pdu) => pdu.fill(0xff, 99, 101) }),
      supplicant.message4(message1, {}, supplicant.ptk),
    ];
    for (const pdu of refused) station.answer(pdu);
    assert.equal(station.count, 1, "no answer");
    assert.deepEqual(bench.news(), ["psk-mismatch"]);
    // None of it stands in the way of the right one.
    station.complete();
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
  });

  test("a wrong key is told of once for each message 1, and ends when the attempts do", () => {
    const bench = new AuthenticatorBench();
    bench.candidates = [{ pmk: new Uint8Array(32).fill(0x99) }];
    const station = bench.join();
    bench.news();
    for (let attempt = 1; attempt <= 4; attempt++) {
      for (let i = 0; i < 5; i++) station.answer(station.supplicant.message2(station.last.pdu, snonce(attempt)));
      assert.deepEqual(bench.news(), ["psk-mismatch"]);
      bench.pass(1000);
    }
    assert.deepEqual(bench.news(), ["handshake-stalled", "deauthenticate 4-way-handshake-timeout"]);
    assert.equal(station.count, 4);
  });

  test("the RSNE of message 2 is that of the association, or it is a downgrade", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join();
    bench.news();
    const data = encodeRsne({ ...rsneDefaults, akm: [akmSuite["WPA-PSK"]], capabilities: new Set(["mfpCapable"]) });
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1), { element: { id: 48, data } }));
    assert.deepEqual(bench.news(), ["element-mismatch", "deauthenticate invalid-authentication"]);
    assert.equal(station.count, 1);
  });

  test("the RSNXE of message 2 is that of the association, or it is a downgrade", () => {
    const rsnxe = { id: 244, data: Uint8Array.of(0x20) };
    const item = { kind: "element", element: rsnxe } as const;
    const other = { kind: "element", element: { id: 244, data: Uint8Array.of(0) } } as const;
    for (const [associated, items, isTaken] of [
      [{ rsnxe }, [item], true],
      [{ rsnxe }, [other], false],
      [{ rsnxe }, [], false],
      [{}, [item], false],
      [{}, [], true],
    ] as const) {
      const bench = new AuthenticatorBench({ agreed: associated });
      const station = bench.join();
      bench.news();
      station.answer(station.supplicant.message2(station.last.pdu, snonce(1), { items }));
      assert.deepEqual(bench.news(), isTaken ? [] : ["element-mismatch", "deauthenticate invalid-authentication"]);
      assert.equal(station.count, isTaken ? 2 : 1);
    }
    // The first WPA knows no such element.
    const bench = new AuthenticatorBench({ agreed: { protocol: "wpa", pairwise: "TKIP", group: "TKIP", rsnxe } });
    const station = bench.join();
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1)));
    assert.equal(station.count, 2);
  });

  test("message 3 tells what stations are to do without from now on, where that was asked for", () => {
    const kdesOf = (transitionDisable: number) => {
      const bench = new AuthenticatorBench({ policy: { transitionDisable } });
      const station = bench.join();
      station.answer(station.supplicant.message2(station.last.pdu, snonce(1)));
      const { items } = station.supplicant.open(station.last.pdu);
      return items.filter((item) => item.kind === "element" && item.element.id === 221);
    };
    assert.deepEqual(kdesOf(0), []);
    const data = Uint8Array.of(0x50, 0x6f, 0x9a, 0x20, 0x05);
    assert.deepEqual(kdesOf(5), [{ kind: "element", element: { id: 221, data } }]);
  });

  test("message 4 is verified; message 3 is repeated until it is right, and then no more", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join();
    const { supplicant } = station;
    station.answer(supplicant.message2(station.last.pdu, snonce(1)));
    const message3 = station.last.pdu;
    bench.news();
    station.answer(supplicant.message4(message3, { wrongMic: true }));
    station.answer(supplicant.message4(message3, { fields: { replayCounter: 1n } }));
    station.answer(supplicant.message4(message3, { fields: { replayCounter: 9n } }));
    assert.deepEqual(bench.news(), []);
    bench.pass(1200);
    assert.equal(station.count, 4, "message 3 three times");
    const again = supplicant.open(station.last.pdu);
    assert.ok(again.key.replayCounter > supplicant.open(message3).key.replayCounter);
    // The answer to the first of them is late, and as good.
    station.answer(supplicant.message4(message3));
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
    // Whoever has overheard the handshake can't run it again: that would put the same key in once more.
    station.answer(supplicant.message4(message3));
    station.answer(supplicant.message4(station.last.pdu));
    assert.deepEqual(bench.news(), []);
    bench.pass(100_000);
    assert.equal(station.count, 4);
  });

  test("a message 4 that never comes", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join();
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1)));
    bench.news();
    bench.pass(10_000);
    assert.equal(station.count, 5);
    assert.deepEqual(bench.news(), ["handshake-stalled", "deauthenticate 4-way-handshake-timeout"]);
  });

  test("wpa_disable_eapol_key_retries: message 3 goes out once", () => {
    const bench = new AuthenticatorBench({ policy: { noRetries: true } });
    const station = bench.join();
    station.answer(station.supplicant.message2(station.last.pdu, snonce(1)));
    bench.news();
    bench.pass(3900);
    assert.deepEqual([station.count, bench.news()], [2, []]);
    bench.pass(200);
    assert.deepEqual(
      [station.count, bench.news()],
      [2, ["handshake-stalled", "deauthenticate 4-way-handshake-timeout"]],
    );
  });

  test("a station that makes a new SNonce for a second message 1 may go on with either", () => {
    for (const staysWithFirst of [false, true]) {
      const bench = new AuthenticatorBench();
      const station = bench.join();
      const { supplicant } = station;
      const message1 = station.last.pdu;
      bench.pass(150);
      const again = station.last.pdu;
      assert.notDeepEqual(again, message1);

      station.answer(supplicant.message2(message1, snonce(1)));
      const firstPtk = supplicant.ptk;
      const message3 = station.last.pdu;
      station.answer(supplicant.message2(again, snonce(2)));
      const secondPtk = supplicant.ptk;
      const newMessage3 = station.last.pdu;
      assert.notDeepEqual(newMessage3, message3);
      bench.news();
      // A third SNonce for a counter that was used is a replay.
      station.answer(supplicant.message2(message1, snonce(3)));
      assert.deepEqual(station.last.pdu, newMessage3);

      station.answer(
        staysWithFirst ? supplicant.message4(message3, {}, firstPtk) : supplicant.message4(newMessage3, {}, secondPtk),
      );
      assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
      const used = staysWithFirst ? firstPtk : secondPtk;
      assert.deepEqual(station.authenticator.pairwiseKey?.key, used?.tk);
    }
  });

  test("encrypted Key Data in messages 2 and 4, and items that the authenticator has no use for", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join();
    const { supplicant } = station;
    bench.news();
    const items = [{ kind: "mac-address", address: station.address }] as const;
    const twist = { items, encryptKeyData: true, fields: { secure: true } };
    station.answer(supplicant.message2(station.last.pdu, snonce(1), twist));
    assert.equal(station.count, 2);
    station.answer(supplicant.message4(station.last.pdu, twist));
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
  });

  test("SHA-256: the AKM's own derivation and AES-CMAC", () => {
    const bench = new AuthenticatorBench({ agreed: { akm: "WPA-PSK-SHA256" } });
    const station = bench.join();
    bench.news();
    station.complete();
    assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
  });

  test("a radio that refuses the key ends it", () => {
    const bench = new AuthenticatorBench({ refusesKeys: true });
    const station = bench.join();
    bench.news();
    station.complete();
    assert.deepEqual(bench.news(), ["install 0", "deauthenticate invalid-authentication"]);
    assert.equal(bench.pmksa.entries().length, 0);
  });

  test("whether message 1 arrived decides how soon it is repeated", () => {
    const bench = new AuthenticatorBench();
    const lost = bench.join(1);
    const arrived = bench.join(2);
    arrived.authenticator.onTransmitted(true);
    bench.pass(500);
    assert.deepEqual([lost.count, arrived.count], [2, 1]);
    bench.pass(600);
    assert.deepEqual([lost.count, arrived.count], [3, 2]);
  });
});

describe("what it leaves behind", () => {
  test("nothing: keys are wiped when the station goes, wherever it was", () => {
    const stages: Readonly<Record<string, (bench: AuthenticatorBench) => Uint8Array[]>> = {
      "in use": (bench) => {
        const station = bench.join().complete();
        const key = station.authenticator.pairwiseKey?.key ?? assert.fail();
        bench.bss.leave(station.address);
        return [key];
      },
      "replaced by a rekey": (bench) => {
        const station = bench.join().complete();
        const key = station.authenticator.pairwiseKey?.key ?? assert.fail();
        station.authenticator.rekey();
        station.complete();
        return [key];
      },
      "of the whole network": (bench) => {
        const station = bench.join().complete();
        const pairwise = station.authenticator.pairwiseKey?.key ?? assert.fail();
        const group = bench.bss.groupKey.key;
        const [pmksa] = bench.pmksa.entries();
        assert.ok(pmksa && !isWiped(pmksa.pmk));
        bench.bss.stop();
        return [pairwise, group, pmksa.pmk];
      },
    };
    for (const [stage, run] of Object.entries(stages)) assert.ok(isWiped(...run(new AuthenticatorBench())), stage);
  });

  test("an association that ends answers nothing more and keeps no timer", () => {
    const bench = new AuthenticatorBench({ policy: { ptkRekeySeconds: 60 } });
    const station = bench.join();
    const message1 = station.last.pdu;
    bench.bss.leave(station.address);
    assert.deepEqual(bench.clock.armed, []);
    station.answer(station.supplicant.message2(message1, snonce(1)));
    station.authenticator.onTransmitted(true);
    station.authenticator.rekey();
    assert.equal(station.count, 1);
  });

  test("counters go on where the last association ended", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    const { lastReplay } = station.authenticator;
    assert.equal(lastReplay, 2n);
    const next = bench.bss.join(station.address, bench.agreed, bench.element, undefined, lastReplay);
    next.start();
    assert.equal(station.supplicant.open(station.last.pdu).key.replayCounter, 3n);
  });
});

describe("what tests ask for", () => {
  test("message 1, message 3 and the group's message 1 once more", () => {
    const bench = new AuthenticatorBench();
    const station = bench.join().complete();
    const { authenticator, supplicant } = station;
    let told = 0;
    const options = { encrypt: true, transmitted: () => void told++ };
    assert.ok(authenticator.resendMessage3(options));
    assert.equal(supplicant.open(station.last.pdu).key.install, true);
    authenticator.onTransmitted(true);
    assert.ok(authenticator.resendGroupMessage1(options));
    assert.equal(supplicant.open(station.last.pdu).key.keyType, "group");
    authenticator.onTransmitted(true);
    assert.ok(authenticator.resendMessage1({ ...options, freshAnonce: true }));
    assert.equal(told, 2);
    authenticator.onTransmitted(true);
    assert.equal(told, 3);
    assert.ok(authenticator.isEstablished, "none of them is a handshake");
  });
});
