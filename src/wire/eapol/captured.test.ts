/**
 * Handshakes that hostapd and wpa_supplicant did. Keys are derived from the passphrase here, so that MICs and encrypted
 * Key Data prove that each field lies where it should.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { logged, passphrase, pmfAir, pskAir, wpaAir } from "../../../test/vectors/air.ts";
import { bytesOfHex, hexOf, Reader, utf8 } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { computeMic, decryptKeyData, type EapolKeyProtection } from "../../crypto/eapol-key-protection.ts";
import { derivePskNow } from "../../crypto/psk.ts";
import { type AkmHash, derivePtk, type Ptk } from "../../crypto/ptk.ts";
import { decodeDataHeader } from "../ieee80211/data-frame.ts";
import { elementId } from "../ieee80211/element.ts";
import { decodeMsdu } from "../ieee80211/llc-snap.ts";
import { decodeEapol, encodeEapol } from "./eapol.ts";
import { decodeEapolKey, type EapolKey, encodeEapolKey, withMic, withoutMic } from "./eapol-key.ts";
import { decodeKeyData, encodeKeyData, padKeyData } from "./kde.ts";

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail("no hexadecimal");

/** The EAPOL PDU of a captured data frame. */
function pduOf(hex: string): Uint8Array {
  const r = new Reader(bytes(hex), ["frame"]);
  decodeDataHeader(r);
  return decodeMsdu(r).payload;
}

/** Decodes, and checks that encoding gives the same PDU back. */
function keyOf(pdu: Uint8Array): EapolKey {
  const { version, type, body } = decodeEapol(new Reader(pdu, ["EAPOL"]));
  assert.equal(type, "key");
  const key = decodeEapolKey(new Reader(body, ["EAPOL-Key"]));
  assert.equal(hexOf(encodeEapol({ version, type: "key", body: encodeEapolKey(key) })), hexOf(pdu));
  return key;
}

/** Decodes Key Data, and checks that encoding gives the same octets back. */
function itemsOf(keyData: Uint8Array): ReturnType<typeof decodeKeyData> {
  const items = decodeKeyData(new Reader(keyData, ["Key Data"]));
  const again = encodeKeyData(items);
  assert.equal(hexOf(again.length === keyData.length ? again : padKeyData(again)), hexOf(keyData));
  return items;
}

function verify(protection: EapolKeyProtection, ptk: Ptk, pdu: Uint8Array): void {
  const mic = computeMic(protection, ptk.kck, withoutMic(pdu));
  assert.equal(hexOf(mic), hexOf(keyOf(pdu).mic));
  assert.deepEqual(withMic(withoutMic(pdu), mic), pdu);
}

function ptkOf(
  air: { message1: string; message2: string },
  by: { ssid: string; hash: AkmHash; tkLength: number; ap: string; station: string },
): Ptk {
  return derivePtk({
    hash: by.hash,
    pmk: derivePskNow(utf8(passphrase), utf8(by.ssid)),
    aa: by.ap as MacAddress,
    spa: by.station as MacAddress,
    anonce: keyOf(pduOf(air.message1)).nonce,
    snonce: keyOf(pduOf(air.message2)).nonce,
    tkLength: by.tkLength,
  });
}

const flags = (key: EapolKey): string[] =>
  (["install", "ack", "hasMic", "secure", "error", "request", "encryptedKeyData"] as const).filter((name) => key[name]);

test("WPA2-PSK: 4-way handshake and group key handshake", () => {
  const ptk = ptkOf(pskAir, {
    ssid: "somename",
    hash: "sha1",
    tkLength: 16,
    ap: "02:00:00:00:00:00",
    station: "02:00:00:00:01:00",
  });
  assert.equal(hexOf(ptk.kck) + hexOf(ptk.kek) + hexOf(ptk.tk), logged.psk.ptk);

  const message1 = keyOf(pduOf(pskAir.message1));
  assert.deepEqual(flags(message1), ["ack"]);
  assert.deepEqual(
    [message1.descriptorType, message1.descriptorVersion, message1.keyType, message1.keyLength, message1.replayCounter],
    [2, 2, "pairwise", 16, 1n],
  );

  const message2 = keyOf(pduOf(pskAir.message2));
  assert.deepEqual(flags(message2), ["hasMic"]);
  assert.deepEqual(
    itemsOf(message2.keyData).map((item) => item.kind === "element" && item.element.id),
    [elementId.rsn],
  );

  const message3 = keyOf(pduOf(pskAir.message3));
  assert.deepEqual(flags(message3), ["install", "ack", "hasMic", "secure", "encryptedKeyData"]);
  const plain = decryptKeyData("hmac-sha1-aes", ptk.kek, message3.iv, message3.keyData) ?? assert.fail("wrong KEK");
  assert.equal(hexOf(plain), logged.psk.message3KeyData);
  const [, gtk] = itemsOf(plain);
  assert.ok(gtk?.kind === "gtk" && gtk.keyId === 1 && !gtk.tx && gtk.key.length === 16);

  assert.deepEqual(flags(keyOf(pduOf(pskAir.message4))), ["hasMic", "secure"]);

  const group1 = keyOf(bytes(logged.psk.groupMessage1));
  assert.deepEqual(flags(group1), ["ack", "hasMic", "secure", "encryptedKeyData"]);
  assert.equal(group1.keyType, "group");
  const groupPlain = decryptKeyData("hmac-sha1-aes", ptk.kek, group1.iv, group1.keyData) ?? assert.fail("wrong KEK");
  assert.equal(hexOf(groupPlain), logged.psk.groupMessage1KeyData);
  assert.equal(itemsOf(groupPlain)[0]?.kind, "gtk");
  assert.deepEqual(flags(keyOf(bytes(logged.psk.groupMessage2))), ["hasMic", "secure"]);

  for (const frame of [pskAir.message2, pskAir.message3, pskAir.message4]) verify("hmac-sha1-aes", ptk, pduOf(frame));
  for (const pdu of [logged.psk.groupMessage1, logged.psk.groupMessage2]) verify("hmac-sha1-aes", ptk, bytes(pdu));
});

test("WPA2-PSK-SHA256 with management frame and beacon protection", () => {
  const ptk = ptkOf(pmfAir, {
    ssid: "protected",
    hash: "sha256",
    tkLength: 16,
    ap: "02:00:00:00:02:00",
    station: "02:00:00:00:03:00",
  });
  assert.equal(hexOf(ptk.kck) + hexOf(ptk.kek) + hexOf(ptk.tk), logged.pmf.ptk);
  for (const frame of [pmfAir.message2, pmfAir.message3, pmfAir.message4]) verify("aes-cmac-aes", ptk, pduOf(frame));

  const message3 = keyOf(pduOf(pmfAir.message3));
  assert.equal(message3.descriptorVersion, 3);
  const plain = decryptKeyData("aes-cmac-aes", ptk.kek, message3.iv, message3.keyData) ?? assert.fail("wrong KEK");
  assert.equal(hexOf(plain), logged.pmf.message3KeyData);
  const items = itemsOf(plain);
  assert.deepEqual(
    items.map(({ kind }) => kind),
    ["element", "gtk", "igtk", "bigtk"],
  );
  const [, , igtk, bigtk] = items;
  assert.ok(igtk?.kind === "igtk" && igtk.keyId === 4 && igtk.key.length === 16);
  assert.ok(bigtk?.kind === "bigtk" && bigtk.keyId === 6);
});

test("WPA-PSK with TKIP: Key Data are elements, the group key comes RC4-encrypted", () => {
  const ptk = ptkOf(wpaAir, {
    ssid: "old",
    hash: "sha1",
    tkLength: 32,
    ap: "02:00:00:00:04:00",
    station: "02:00:00:00:05:00",
  });
  const message3 = keyOf(pduOf(wpaAir.message3));
  assert.deepEqual([message3.descriptorType, message3.descriptorVersion, message3.keyLength], [254, 1, 32]);
  assert.deepEqual(flags(message3), ["install", "ack", "hasMic"]);
  assert.deepEqual(
    itemsOf(message3.keyData).map((item) => item.kind === "element" && item.element.id),
    [elementId.vendorSpecific],
  );

  const group1 = keyOf(bytes(logged.wpa.groupMessage1));
  assert.deepEqual([group1.keyType, group1.index, group1.keyLength], ["group", 1, 32]);
  const groupKey = decryptKeyData("hmac-md5-rc4", ptk.kek, group1.iv, group1.keyData) ?? assert.fail();
  // TKIP's Michael keys stand the other way round in the key that is installed.
  assert.equal(hexOf(groupKey).length, logged.wpa.groupKey.length);
  assert.equal(hexOf(groupKey.subarray(0, 16)), logged.wpa.groupKey.slice(0, 32));

  for (const frame of [wpaAir.message2, wpaAir.message3, wpaAir.message4]) verify("hmac-md5-rc4", ptk, pduOf(frame));
  for (const pdu of [logged.wpa.groupMessage1, logged.wpa.groupMessage2]) verify("hmac-md5-rc4", ptk, bytes(pdu));
});
