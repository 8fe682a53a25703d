import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader } from "../base/bytes.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { decodeRsne, encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { akmSuite, cipherSuite, wpaAkmSuite, wpaCipherSuite } from "../wire/ieee80211/suites.ts";
import { encodeWpaIe } from "../wire/ieee80211/wpa-ie.ts";
import { securityElements } from "./elements.ts";
import { negotiate, type RsnPolicy } from "./negotiation.ts";

const wpa2: RsnPolicy = {
  protocols: new Set(["rsn"]),
  akms: new Set(["WPA-PSK"]),
  wpaPairwise: new Set(["TKIP"]),
  rsnPairwise: new Set(["CCMP"]),
  group: "CCMP",
  extendedKeyId: false,
};
const mixed: RsnPolicy = {
  ...wpa2,
  protocols: new Set(["wpa", "rsn"]),
  group: "TKIP",
  rsnPairwise: new Set(["CCMP", "TKIP"]),
};

const rsne = (fields: Partial<Parameters<typeof encodeRsne>[0]>): Element => ({
  id: elementId.rsn,
  data: encodeRsne({ ...rsneDefaults, akm: [akmSuite["WPA-PSK"]], ...fields }),
});
const wpaIe: Element = {
  id: elementId.vendorSpecific,
  data: encodeWpaIe({
    group: wpaCipherSuite.TKIP,
    pairwise: [wpaCipherSuite.TKIP],
    akm: [wpaAkmSuite["WPA-PSK"]],
    capabilities: undefined,
  }),
};

const refusedBy = (policy: RsnPolicy, ...elements: Element[]) => {
  const outcome = negotiate(policy, elements);
  assert.ok("refused" in outcome);
  return outcome;
};

test("what fits is agreed on, with the strongest cipher of both", () => {
  const offer = rsne({ group: cipherSuite.TKIP, pairwise: [cipherSuite.TKIP, cipherSuite.CCMP] });
  const outcome = negotiate(mixed, [offer, wpaIe]);
  assert.ok("agreed" in outcome);
  assert.deepEqual(
    [outcome.agreed.protocol, outcome.agreed.pairwise, outcome.agreed.akm, outcome.element],
    ["rsn", "CCMP", "WPA-PSK", offer],
  );
});

test("a station of the first WPA joins a mixed network only", () => {
  const outcome = negotiate(mixed, [wpaIe]);
  assert.ok("agreed" in outcome);
  assert.deepEqual([outcome.agreed.protocol, outcome.agreed.pairwise], ["wpa", "TKIP"]);
  assert.equal(refusedBy(wpa2, wpaIe).refused, "invalid-element");
});

test("each misfit has its status code, and words that name both sides", () => {
  assert.equal(refusedBy(wpa2).refused, "invalid-element");
  assert.equal(refusedBy(wpa2, rsne({ group: cipherSuite.TKIP })).refused, "invalid-group-cipher");
  const cipher = refusedBy(wpa2, rsne({ pairwise: [cipherSuite.GCMP] }));
  assert.equal(cipher.refused, "invalid-pairwise-cipher");
  assert.equal(cipher.explanation, "it offered GCMP, and this network takes CCMP");
  assert.equal(refusedBy(wpa2, rsne({ akm: [akmSuite.SAE] })).refused, "invalid-akmp");
  assert.equal(refusedBy(wpa2, { id: elementId.rsn, data: Uint8Array.of(1) }).refused, "invalid-element");
  assert.equal(refusedBy(wpa2, { id: elementId.rsn, data: Uint8Array.of(2, 0) }).refused, "invalid-element");
});

test("our own elements say what we take", () => {
  const [rsn, wpa] = securityElements(mixed, { preauthentication: false, wmm: true });
  assert.ok(rsn && wpa);
  const decoded = decodeRsne(new Reader(rsn.data, ["RSNE"]));
  assert.deepEqual(decoded.pairwise, [cipherSuite.CCMP, cipherSuite.TKIP]);
  assert.deepEqual(decoded.group, cipherSuite.TKIP);
  assert.equal(decoded.ptksaReplayCounters, 16);
  assert.deepEqual(wpa.data, wpaIe.data);
});
