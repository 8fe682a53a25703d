import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { parseConfiguration } from "../config/parser.ts";
import type { HeSupport, RadioCapabilities } from "../driver/port.ts";
import { virtualCapabilities } from "../driver/virtual/capabilities.ts";
import { securityElements } from "../rsn/elements.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { decodeFilsDiscovery } from "../wire/ieee80211/fils-discovery.ts";
import { decodeManagementHeader } from "../wire/ieee80211/frame.ts";
import { shortSsidOf } from "../wire/ieee80211/reduced-neighbor-report.ts";
import { isRefusal, planChannel } from "./channel-plan.ts";
import { discoveryOf, missingDiscovery } from "./discovery.ts";
import type { Offer } from "./offer.ts";
import { ProtectionCounts } from "./protection.ts";
import { rateSet } from "./rates.ts";
import { rsnPolicyOf } from "./security.ts";

const address = "02:00:00:00:00:00" as MacAddress;

/** Two streams up to 80 MHz. */
const he: HeSupport = {
  mac: new Uint8Array(6),
  phy: Uint8Array.of(0x04, ...new Uint8Array(10)),
  mcsSet: Uint8Array.of(0xfa, 0xff, 0xfa, 0xff),
  ppeThresholds: new Uint8Array(),
  /** MPDUs of 11454 octets, the longest A-MPDUs, steady antenna patterns. */
  capabilities6GHz: 0x30b8,
};

const sixGHz = (discovers: boolean): RadioCapabilities => {
  const basis = virtualCapabilities("phy0", "DE");
  const [band] = basis.bands;
  const [channel] = band?.channels ?? [];
  assert.ok(band && channel);
  const channels = Array.from({ length: 24 }, (_, i) => ({
    ...channel,
    frequency: 5955 + 20 * i,
    noHt40Minus: false,
    noHt40Plus: false,
    no80MHz: false,
    no160MHz: false,
  }));
  return {
    ...basis,
    bands: [
      { ...band, name: "6GHz", channels, ht: undefined, vht: undefined, he, eht: undefined, rates: [60, 120, 240] },
    ],
    filsDiscovery: discovers,
    unsolicitedProbeResponses: discovers,
  };
};

function offerOf(discovers: boolean, ...lines: readonly string[]): Offer {
  const common =
    "interface=wlan0 ssid=found country_code=DE hw_mode=a op_class=133 ieee80211ax=1 he_oper_chwidth=1 " +
    "he_oper_centr_freq_seg0_idx=7 wpa=2 rsn_pairwise=CCMP wpa_key_mgmt=SAE ieee80211w=2 sae_pwe=1 sae_password=secret00";
  const text = [...common.split(" "), ...lines, ""].join("\n");
  const parsed = parseConfiguration(utf8(text), "test.conf", () => assert.fail());
  assert.ok(parsed.configuration, JSON.stringify(parsed.problems));
  const { radio, bsses } = parsed.configuration;
  const [settings] = bsses;
  assert.ok(settings);
  const capabilities = sixGHz(discovers);
  const plan = planChannel(radio, capabilities);
  assert.ok(!isRefusal(plan), JSON.stringify(plan));
  const policy = rsnPolicyOf(settings, capabilities);
  assert.ok(policy);
  return {
    address,
    settings,
    radio,
    plan,
    capabilities,
    rates: rateSet(settings, radio, plan.band),
    protection: new ProtectionCounts(),
    security: securityElements(policy, { preauthentication: false, wmm: true, extension: new Set() }),
    stationCount: 0,
    channelUtilization: 0,
    parameterSetCount: 1,
    country: "DE",
    bssColor: undefined,
    requiresHashToElement: true,
    owePartner: undefined,
  };
}

const noAnswer = (): Uint8Array => assert.fail("nobody needs a probe response");

function fils(offer: Offer) {
  const discovery = discoveryOf(offer, noAnswer);
  assert.equal(discovery?.kind, "fils");
  assert.ok(discovery?.kind === "fils");
  const reader = new Reader(discovery.frame, ["frame"]);
  const header = decodeManagementHeader(reader);
  assert.equal(header.subtype, "action");
  return { ...discovery, body: decodeFilsDiscovery(reader) };
}

test("FILS Discovery: what the network is, at most 20 time units apart on 6 GHz", () => {
  const { minInterval, maxInterval, body } = fils(offerOf(true, "channel=5", "fils_discovery_max_interval=100"));
  assert.deepEqual([minInterval, maxInterval], [20, 20]);
  assert.equal(body.shortSsid, shortSsidOf(utf8("found")));
  assert.deepEqual(body.capability, {
    ...{ ess: true, privacy: true, width: "80", streams: 1, multipleBssids: false, phy: "HE", minimumRate: 0 },
  });
  // Channel 5 is one that stations scan anyway.
  assert.equal(body.primaryChannel, undefined);
  // CCMP and BIP-CMAC-128; the RSNE has the AKM. MFP capable and required.
  assert.deepEqual(body.rsn, {
    ...{ capabilities: (body.rsn?.capabilities ?? 0) | 0xc0, group: 4, groupManagement: 6, pairwise: 4, akm: 0 },
  });
  assert.ok(body.elements.every(({ id }) => id === elementId.transmitPowerEnvelope));
});

test("FILS Discovery names the primary channel where nobody looks by himself", () => {
  const { body } = fils(offerOf(true, "channel=9", "fils_discovery_max_interval=20"));
  assert.deepEqual(body.primaryChannel, { operatingClass: 133, channel: 9 });
});

test("unsolicited probe responses instead, or nothing where the driver can't", () => {
  const answer = Uint8Array.of(1, 2, 3);
  const asked = ["channel=5", "unsol_bcast_probe_resp_interval=20"];
  assert.deepEqual(
    discoveryOf(offerOf(true, ...asked), () => answer),
    { kind: "probe-responses", interval: 20, frame: answer },
  );
  assert.equal(discoveryOf(offerOf(true, "channel=5"), noAnswer), undefined);
  const unable = offerOf(false, ...asked);
  assert.equal(discoveryOf(unable, noAnswer), undefined);
  assert.match(missingDiscovery(unable)[0] ?? "", /sends no unsolicited Probe Responses/);
  assert.deepEqual(missingDiscovery(offerOf(true, ...asked)), []);
});
