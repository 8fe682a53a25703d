/** Frames that Linux's mac80211 encrypted, opened with the keys of the same handshake. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { logged, pskAir } from "../../../test/vectors/air.ts";
import { bytesOfHex, hexOf } from "../../base/bytes.ts";
import { encodeMacAddress } from "../../base/mac-address.ts";
import { dataHeader, encodeDataHeader } from "../../wire/ieee80211/data-frame.ts";
import { etherType } from "../../wire/ieee80211/llc-snap.ts";
import { CipherKey } from "./cipher-key.ts";
import { openData, sealData, splitData } from "./mac.ts";

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail("no hexadecimal");
const tk = bytes(logged.psk.ptk.slice(64));
/** The group key is the last KDE of message 3, before two octets of padding. */
const gtk = bytes(logged.psk.message3KeyData.slice(-36, -4));

test("what mac80211 sealed is opened", () => {
  const key = new CipherKey(tk, 0);
  const group1 = openData(splitData(bytes(pskAir.groupMessage1)), key) ?? assert.fail();
  assert.equal(group1.etherType, etherType.eapol);
  assert.equal(hexOf(group1.payload), logged.psk.groupMessage1);

  const fromStation = new CipherKey(tk, 0);
  const first = openData(splitData(bytes(pskAir.protectedData)), fromStation) ?? assert.fail();
  assert.equal(first.etherType, etherType.ipv6);
  const answer = openData(splitData(bytes(pskAir.groupMessage2)), fromStation) ?? assert.fail();
  assert.equal(hexOf(answer.payload), logged.psk.groupMessage2);

  // The access point passed the station's first packet on to the group.
  const passedOn = openData(splitData(bytes(pskAir.protectedMulticast)), new CipherKey(gtk, 1)) ?? assert.fail();
  assert.deepEqual(passedOn, first);
});

test("what we seal is what mac80211 sealed", () => {
  const frame = bytes(pskAir.protectedMulticast);
  const { header } = splitData(frame);
  const msdu = openData(splitData(frame), new CipherKey(gtk, 1)) ?? assert.fail();
  const key = new CipherKey(gtk, 1);
  // Its packet number was higher.
  const packetNumber = frame[24] ?? 0;
  for (let i = 1; i < packetNumber; i++) key.seal(encodeDataHeader(header), new Uint8Array());
  const ours = sealData(header, msdu, key);
  assert.equal(hexOf(ours), hexOf(frame));
});

test("a replay, another key and a changed octet are refused", () => {
  const data = splitData(bytes(pskAir.groupMessage2));
  const key = new CipherKey(tk, 0);
  assert.ok(openData(data, key));
  assert.equal(openData(data, key), undefined, "the same again");
  assert.equal(openData(data, new CipherKey(gtk, 0)), undefined);
  assert.equal(openData(data, undefined), undefined);
  for (let at = 0; at < data.body.length; at++) {
    if (at === 2) continue; // reserved in the CCMP header
    const body = data.body.map((octet, i) => (i === at ? octet ^ 1 : octet));
    if (at === 3) continue; // the key ID is not in the MIC, it chooses the key
    assert.equal(openData({ ...data, body }, new CipherKey(tk, 0)), undefined, `octet ${at}`);
  }
  const address = encodeMacAddress("02:00:00:00:00:99" as never);
  const headerBytes = data.headerBytes.slice();
  headerBytes.set(address, 10);
  assert.equal(openData({ ...data, headerBytes }, new CipherKey(tk, 0)), undefined, "somebody else's address");
});

test("a receive counter says where to begin", () => {
  const sender = new CipherKey(gtk, 1);
  const header = encodeDataHeader(
    dataHeader({ direction: "from-ap", bssid: ap, source: ap, destination: all }, { protected: true }),
  );
  const sealed = Array.from({ length: 3 }, () => sender.seal(header, Uint8Array.of(1)));
  assert.deepEqual([...sender.sequence], [3, 0, 0, 0, 0, 0]);
  const receiver = new CipherKey(gtk, 1, Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0));
  assert.deepEqual(
    sealed.map((body) => receiver.open(header, body) !== undefined),
    [false, false, true],
  );
});

const ap = "02:00:00:00:00:00" as never;
const all = "ff:ff:ff:ff:ff:ff" as never;
