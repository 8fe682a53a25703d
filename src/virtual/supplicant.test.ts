/** Against what wpa_supplicant did with the same access point, nonces and keys: the same frames, octet for octet. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { logged, pmfAir, pskAir } from "../../test/vectors/air.ts";
import { bytesOfHex, hexOf, MalformedError, Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { computeMic } from "../crypto/eapol-key-protection.ts";
import { splitData } from "../driver/virtual/mac.ts";
import { decodeEapol, encodeEapol } from "../wire/eapol/eapol.ts";
import { decodeEapolKey, encodeEapolKey, withMic } from "../wire/eapol/eapol-key.ts";
import { decodeBeacon } from "../wire/ieee80211/beacon.ts";
import { elementId, findElement } from "../wire/ieee80211/element.ts";
import { decodeManagementHeader } from "../wire/ieee80211/frame.ts";
import { decodeMsdu } from "../wire/ieee80211/llc-snap.ts";
import { type Effect, initial, type State, step, type Terms } from "./supplicant.ts";

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? assert.fail("no hexadecimal");
const pduOf = (hex: string): Uint8Array => decodeMsdu(new Reader(splitData(bytes(hex)).body, ["MSDU"])).payload;
const eapolKeyOf = (pdu: Uint8Array) => decodeEapolKey(new Reader(pdu.subarray(4), ["EAPOL-Key"]));

function beaconedRsne(hex: string) {
  const r = new Reader(bytes(hex), ["frame"]);
  decodeManagementHeader(r);
  return findElement(decodeBeacon(r).elements, elementId.rsn);
}

const message2 = eapolKeyOf(pduOf(pskAir.message2));
const terms: Terms = {
  akm: "WPA-PSK",
  pmk: bytes(logged.psk.pmk),
  aa: "02:00:00:00:00:00" as MacAddress,
  spa: "02:00:00:00:01:00" as MacAddress,
  rsne: { id: elementId.rsn, data: message2.keyData.slice(2) },
  apRsne: beaconedRsne(pskAir.beacon),
};
const snonce = message2.nonce;

/** Feeds PDUs one after another. */
function run(pdus: readonly Uint8Array[], by: Partial<Terms> = {}): { state: State; effects: Effect[][] } {
  let state = initial;
  const effects = pdus.map((pdu) => {
    const next = step({ ...terms, ...by }, state, { pdu, snonce });
    state = next.state;
    return [...next.effects];
  });
  return { state, effects };
}

const sent = (effects: readonly Effect[] = []): string[] =>
  effects.flatMap((effect) => (effect.type === "send" ? [hexOf(effect.pdu)] : []));
const types = (effects: readonly Effect[] = []): string[] => effects.map(({ type }) => type);

const message1Pdu = pduOf(pskAir.message1);
const message3Pdu = pduOf(pskAir.message3);
const groupPdu = bytes(logged.psk.groupMessage1);

test("it answers as wpa_supplicant did", () => {
  const { effects } = run([message1Pdu, message3Pdu, groupPdu]);
  assert.deepEqual(sent(effects[0]), [hexOf(pduOf(pskAir.message2))]);
  assert.deepEqual(sent(effects[1]), [hexOf(pduOf(pskAir.message4))]);
  assert.deepEqual(sent(effects[2]), [logged.psk.groupMessage2]);
  assert.deepEqual(types(effects[1]), ["received", "send", "installPairwise", "installGroup", "secured"]);
  assert.deepEqual(types(effects[2]), ["received", "send", "installGroup"]);
  const pairwise = effects[1]?.find((effect) => effect.type === "installPairwise");
  assert.equal(pairwise && hexOf(pairwise.tk), logged.psk.ptk.slice(64));
});

test("a key is put in only once, however often message 3 comes", () => {
  const { state, effects } = run([message1Pdu, message3Pdu, message3Pdu]);
  assert.deepEqual(types(effects[2]), ["ignored"], "the same counter again is a replay");
  // Sent again it has the next counter, and a MIC to go with it.
  const { body } = decodeEapol(new Reader(message3Pdu, ["EAPOL"]));
  const key = { ...eapolKeyOf(message3Pdu), replayCounter: 3n, mic: new Uint8Array(16) };
  assert.equal(body.length, encodeEapolKey(key).length);
  const unsigned = encodeEapol({ version: 2, type: "key", body: encodeEapolKey(key) });
  const kck = state.ptk?.kck ?? assert.fail();
  const again = step(terms, state, { pdu: withMic(unsigned, computeMic("hmac-sha1-aes", kck, unsigned)), snonce });
  assert.deepEqual(types(again.effects), ["received", "send", "installGroup", "secured"]);
});

test("message 1 again gets the same nonce again", () => {
  const { effects } = run([message1Pdu, message1Pdu]);
  assert.deepEqual(sent(effects[1]), sent(effects[0]));
});

test("nothing is believed before its MIC is right", () => {
  for (let bit = 0; bit < message3Pdu.length * 8; bit += 5) {
    const damaged = message3Pdu.slice();
    damaged[bit >>> 3] = (damaged[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    let effects: readonly Effect[] = [];
    try {
      effects = run([message1Pdu, damaged]).effects[1] ?? [];
    } catch (thrown) {
      assert.ok(thrown instanceof MalformedError);
    }
    const isCovered = bit >>> 3 >= 4; // EAPOL's version is not looked at, but in the MIC too
    if (isCovered) {
      assert.ok(!types(effects).includes("installPairwise"), `bit ${bit}`);
      assert.ok(!types(effects).includes("secured"), `bit ${bit}`);
    }
  }
});

test("another RSNE in message 3 than in the beacons is a downgrade", () => {
  const { state, effects } = run([message1Pdu, message3Pdu], { apRsne: beaconedRsne(pmfAir.beacon) });
  assert.deepEqual(types(effects[1]), ["insecure"]);
  assert.equal(state.ptk, undefined);
});

test("a wrong passphrase, and messages out of order", () => {
  assert.deepEqual(types(run([message1Pdu, message3Pdu], { pmk: new Uint8Array(32) }).effects[1]), ["ignored"]);
  assert.deepEqual(types(run([message3Pdu]).effects[0]), ["ignored"]);
  assert.deepEqual(types(run([groupPdu]).effects[0]), ["ignored"]);
  assert.deepEqual(types(run([message1Pdu, groupPdu]).effects[1]), ["ignored"]);
  assert.deepEqual(types(run([pduOf(pskAir.message2)]).effects[0]), ["ignored"], "a supplicant's own kind of frame");
  assert.deepEqual(types(run([pduOf(pmfAir.message1)]).effects[0]), ["ignored"], "another AKM's protection");
});
