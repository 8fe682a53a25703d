import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "../config/parser.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import type { AssociationRequest } from "../wire/ieee80211/association-request.ts";
import type { Capability } from "../wire/ieee80211/capability-information.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { akmSuite, cipherSuite } from "../wire/ieee80211/suites.ts";
import { encodeWmmInformation } from "../wire/ieee80211/wmm.ts";
import { type AssociationTerms, checkAssociation } from "./association-check.ts";
import { isRefusal, planChannel } from "./channel-plan.ts";
import { rsnPolicyOf } from "./security.ts";

const capabilities = virtualCapabilities("phy0", "US");

function termsOf(configuration: string): AssociationTerms {
  const parsed = parseConfiguration(utf8(`interface=wlan0\nssid=net\n${configuration}`), "test.conf", () =>
    assert.fail(),
  );
  assert.ok(parsed.configuration, JSON.stringify(parsed.problems));
  const { radio, bsses } = parsed.configuration;
  const [settings] = bsses;
  const plan = planChannel(radio, capabilities);
  assert.ok(settings && !isRefusal(plan));
  return { settings, radio, plan, rsn: rsnPolicyOf(settings, capabilities) };
}

const open = termsOf("hw_mode=g\nchannel=1");
const ht = termsOf("hw_mode=g\nchannel=1\nieee80211n=1\nwmm_enabled=1");
const wpa2 = termsOf(
  "hw_mode=g\nchannel=1\nieee80211n=1\nwmm_enabled=1\nwpa=2\nwpa_key_mgmt=WPA-PSK\nwpa_pairwise=TKIP CCMP\nrsn_pairwise=TKIP CCMP\nwpa_passphrase=somepassword",
);

const ssid: Element = { id: elementId.ssid, data: utf8("net") };
const rates: Element = { id: elementId.supportedRates, data: Uint8Array.of(0x82, 0x84, 0x8b, 0x96, 12, 18, 24, 36) };
const dsss: Element = { id: elementId.supportedRates, data: Uint8Array.of(0x82, 0x84, 0x8b, 0x96) };
const wmm: Element = {
  id: elementId.vendorSpecific,
  data: encodeWmmInformation({ uapsd: new Set(["voice"]), maxServicePeriod: 2 }),
};
/** HT Capability Information 0x0012: 40 MHz and greenfield. */
const htCapabilities: Element = { id: elementId.htCapabilities, data: Uint8Array.of(0x12, 0, ...new Uint8Array(24)) };
const rsne = (pairwise: number): Element => ({
  id: elementId.rsn,
  data: encodeRsne({
    ...rsneDefaults,
    group: cipherSuite.TKIP,
    pairwise: [pairwise],
    akm: [akmSuite["WPA-PSK"]],
  }),
});

const request = (
  elements: readonly Element[],
  about: { capabilities?: readonly Capability[]; listenInterval?: number } = {},
): AssociationRequest => ({
  capabilities: new Set(about.capabilities ?? ["ess"]),
  listenInterval: about.listenInterval ?? 10,
  elements,
});

function offeredBy(terms: AssociationTerms, asked: AssociationRequest) {
  const verdict = checkAssociation(terms, asked);
  assert.ok(verdict.accepted, verdict.accepted ? "" : verdict.explanation);
  return verdict.offered;
}

function refusal(terms: AssociationTerms, asked: AssociationRequest): string {
  const verdict = checkAssociation(terms, asked);
  assert.ok(!verdict.accepted);
  assert.ok(verdict.explanation.length > 10);
  return verdict.status;
}

test("a plain request to an open network is taken as it is", () => {
  const asked = request([ssid, rates], { capabilities: ["ess", "shortPreamble"] });
  const offered = offeredBy(open, asked);
  assert.deepEqual(offered.supportedRates, Uint8Array.of(2, 4, 11, 22, 12, 18, 24, 36));
  assert.deepEqual([offered.wmm, offered.htCapabilities, offered.security], [undefined, undefined, undefined]);
  assert.deepEqual(offered.traits, {
    erp: true,
    shortSlot: false,
    shortPreamble: true,
    ht: false,
    greenfield: false,
    width40: false,
    fortyIntolerant: false,
  });
});

test("11.3.5.3: the SSID is the network's, octet by octet", () => {
  assert.equal(refusal(open, request([rates])), "unspecified-failure");
  for (const other of ["", "ne", "nett", "Net"]) {
    assert.equal(refusal(open, request([{ id: elementId.ssid, data: utf8(other) }, rates])), "unspecified-failure");
  }
});

test("there are rates, and no more than a driver can hold", () => {
  assert.equal(refusal(open, request([ssid])), "unspecified-failure");
  const onlySelector: Element = { id: elementId.supportedRates, data: Uint8Array.of(0xff) };
  assert.equal(refusal(open, request([ssid, onlySelector])), "unspecified-failure");
  const many = (count: number): Element[] => [
    ssid,
    rates,
    { id: elementId.extendedSupportedRates, data: new Uint8Array(count).fill(4) },
  ];
  assert.equal(offeredBy(open, request(many(24))).supportedRates.length, 32);
  assert.equal(refusal(open, request(many(25))), "unspecified-failure");
  assert.equal(refusal(open, request(many(255))), "unspecified-failure");
});

test("the listen interval has its limit", () => {
  const terms = termsOf("hw_mode=g\nchannel=1\nmax_listen_interval=10");
  offeredBy(terms, request([ssid, rates], { listenInterval: 10 }));
  assert.equal(refusal(terms, request([ssid, rates], { listenInterval: 11 })), "listen-interval-too-large");
});

test("WMM is read where it is offered; malformed, it is refused", () => {
  assert.deepEqual(offeredBy(ht, request([ssid, rates, wmm])).wmm, {
    uapsd: new Set(["voice"]),
    maxServicePeriod: 2,
  });
  assert.equal(offeredBy(open, request([ssid, rates, wmm])).wmm, undefined);
  const cut = { ...wmm, data: wmm.data.subarray(0, wmm.data.length - 1) };
  assert.equal(refusal(ht, request([ssid, rates, cut])), "unspecified-failure");
  offeredBy(open, request([ssid, rates, cut]));
});

test("HT goes with WMM, with its whole element, and with no cipher of before", () => {
  const offered = offeredBy(ht, request([ssid, rates, htCapabilities, wmm]));
  assert.deepEqual(offered.htCapabilities, htCapabilities.data);
  assert.deepEqual([offered.traits.ht, offered.traits.greenfield, offered.traits.width40], [true, true, true]);
  assert.equal(offeredBy(ht, request([ssid, rates, htCapabilities])).htCapabilities, undefined);
  assert.equal(offeredBy(open, request([ssid, rates, htCapabilities, wmm])).htCapabilities, undefined);

  const short = { ...htCapabilities, data: htCapabilities.data.subarray(0, 25) };
  assert.equal(offeredBy(ht, request([ssid, rates, short, wmm])).htCapabilities, undefined);
  const long = { ...htCapabilities, data: Uint8Array.of(...htCapabilities.data, 1, 2, 3) };
  assert.equal(offeredBy(ht, request([ssid, rates, long, wmm])).htCapabilities?.length, 26);

  const withCipher = (suite: number) => offeredBy(wpa2, request([ssid, rates, rsne(suite), htCapabilities, wmm]));
  assert.equal(withCipher(cipherSuite.TKIP).htCapabilities, undefined);
  assert.deepEqual(withCipher(cipherSuite.CCMP).htCapabilities, htCapabilities.data);
});

test("require_ht keeps out who has none", () => {
  const terms = termsOf("hw_mode=g\nchannel=1\nieee80211n=1\nwmm_enabled=1\nrequire_ht=1");
  offeredBy(terms, request([ssid, rates, htCapabilities, wmm]));
  assert.equal(refusal(terms, request([ssid, rates, wmm])), "no-ht-support");
  assert.equal(refusal(terms, request([ssid, rates, htCapabilities])), "no-ht-support");
});

test("a DSSS station is one in 2.4 GHz only", () => {
  assert.ok(!offeredBy(open, request([ssid, dsss])).traits.erp);
  assert.ok(offeredBy(termsOf("hw_mode=a\nchannel=36"), request([ssid, dsss])).traits.erp);
});

test("security is agreed on, or refused with the reason of negotiation", () => {
  const offered = offeredBy(wpa2, request([ssid, rates, rsne(cipherSuite.CCMP)]));
  assert.equal(offered.security?.agreed.pairwise, "CCMP");
  assert.deepEqual(offered.security?.element, rsne(cipherSuite.CCMP));
  assert.equal(refusal(wpa2, request([ssid, rates])), "invalid-element");
  assert.equal(refusal(wpa2, request([ssid, rates, rsne(cipherSuite.GCMP)])), "invalid-pairwise-cipher");
  // An open network has no use for it.
  assert.equal(offeredBy(open, request([ssid, rates, rsne(cipherSuite.CCMP)])).security, undefined);
});

test("of elements that come twice, the first counts", () => {
  const other: Element = { id: elementId.ssid, data: utf8("other") };
  offeredBy(open, request([ssid, other, rates]));
  assert.equal(refusal(open, request([other, ssid, rates])), "unspecified-failure");
});
