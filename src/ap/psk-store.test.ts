import assert from "node:assert/strict";
import { test } from "node:test";
import { hexOf, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type PskEntry, PskStore } from "./psk-store.ts";

const mine = "02:00:00:00:00:01" as MacAddress;
const other = "02:00:00:00:00:02" as MacAddress;
const ssid = utf8("IEEE");
const passphrase = (text: string, more: Partial<PskEntry> = {}): PskEntry => ({
  station: undefined,
  secret: { type: "passphrase", octets: utf8(text) },
  keyId: undefined,
  vlanId: 0,
  ...more,
});
/** IEEE Std 802.11-2020, J.4.2. */
const vector = "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e";

test("keys are derived when they are needed, or ahead, to the same result", async () => {
  const store = new PskStore([passphrase("password")], ssid);
  assert.deepEqual(
    store.candidates(mine).map(({ pmk }) => hexOf(pmk)),
    [vector],
  );
  const ahead = new PskStore([passphrase("password")], ssid);
  await ahead.deriveAhead();
  assert.deepEqual(
    ahead.candidates(mine).map(({ pmk }) => hexOf(pmk)),
    [vector],
  );
});

test("a station's own keys come first, the last line of a file before the others, and nobody gets another's", () => {
  const psk = (octet: number, more: Partial<PskEntry>): PskEntry => ({
    ...passphrase("", more),
    secret: { type: "psk", octets: new Uint8Array(32).fill(octet) },
  });
  const store = new PskStore([psk(1, {}), psk(2, { station: mine, keyId: "tv", vlanId: 7 }), psk(3, {})], ssid);
  assert.deepEqual(
    store.candidates(mine).map(({ pmk, ...rest }) => ({ first: pmk[0], ...rest })),
    [{ first: 2, keyId: "tv", vlanId: 7 }, { first: 3 }, { first: 1 }],
  );
  assert.deepEqual(
    store.candidates(other).map(({ pmk }) => pmk[0]),
    [3, 1],
  );
});

test("after wiping, no key is left and none is made", async () => {
  const store = new PskStore([passphrase("password")], ssid);
  const [candidate] = store.candidates(mine);
  store.wipe();
  assert.ok(candidate?.pmk.every((octet) => octet === 0));
  assert.deepEqual(store.candidates(mine), []);
  await store.deriveAhead();
  assert.deepEqual(store.candidates(mine), []);
});

test("a long list that is not derived yet holds nobody up for long", async () => {
  const many = Array.from({ length: 40 }, (_, i) => passphrase(`passphrase ${i}`));
  const store = new PskStore(many, ssid);
  assert.equal(store.candidates(mine).length, 8, "derived now");
  assert.equal(store.candidates(mine).length, 16, "and some more the next time");
  await store.deriveAhead();
  assert.equal(store.candidates(mine).length, 40);
});
