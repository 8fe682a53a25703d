/**
 * What somebody without the key can do to a station that is connected, by sending in its name. Without protected
 * management frames the standard leaves a station open to forged goodbyes and new beginnings (IEEE Std 802.11-2020,
 * 11.3.4, 11.3.5); to nothing else.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { concat, utf8 } from "../../src/base/bytes.ts";
import { milliseconds } from "../../src/base/duration.ts";
import { broadcast, type MacAddress } from "../../src/base/mac-address.ts";
import { wiredHost } from "../../src/virtual/host.ts";
import type { StationSecurity } from "../../src/virtual/options.ts";
import { encodeEapol } from "../../src/wire/eapol/eapol.ts";
import { encodeEapolKey } from "../../src/wire/eapol/eapol-key.ts";
import { encodeAssociationRequest } from "../../src/wire/ieee80211/association-request.ts";
import { encodeAuthentication } from "../../src/wire/ieee80211/authentication.ts";
import { type DataHeader, dataHeader, encodeDataHeader } from "../../src/wire/ieee80211/data-frame.ts";
import { encodeDeauthentication } from "../../src/wire/ieee80211/deauthentication.ts";
import { type Element, elementId } from "../../src/wire/ieee80211/element.ts";
import { encodeManagementFrame, type ManagementSubtype } from "../../src/wire/ieee80211/frame.ts";
import { encodeMsdu, etherType } from "../../src/wire/ieee80211/llc-snap.ts";
import { encodeProbeRequest } from "../../src/wire/ieee80211/probe-request.ts";
import { encodeRsne, rsneDefaults } from "../../src/wire/ieee80211/rsne.ts";
import { akmSuite, cipherSuite } from "../../src/wire/ieee80211/suites.ts";
import { splitRates } from "../../src/wire/ieee80211/supported-rates.ts";
import { type ObservedStation, VirtualNetwork } from "../../testing/virtual-network.ts";

const configuration = `ssid=somename
hw_mode=g
channel=1
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword`;
const ssid = utf8("somename");
const security = { secret: { passphrase: "somepassword" } } as const;
const wiredIp = "10.0.0.254";

type Addresses = { readonly bssid: MacAddress; readonly station: MacAddress };
type Forgery = (addresses: Addresses) => Uint8Array;

const management =
  (subtype: Exclude<ManagementSubtype, "unknown">, body: Uint8Array): Forgery =>
  ({ bssid, station }) =>
    encodeManagementFrame({ subtype, receiver: bssid, transmitter: station, bssid }, body);

const data =
  (body: Uint8Array, header: Partial<Omit<DataHeader, "addresses">> = {}): Forgery =>
  ({ bssid, station }) =>
    concat(
      encodeDataHeader(
        dataHeader({ direction: "to-ap", bssid, source: station, destination: bssid }, { sequence: 3000, ...header }),
      ),
      body,
    );

const eapol = (pdu: Uint8Array): Forgery => data(encodeMsdu({ etherType: etherType.eapol, payload: pdu }));

type KeyFields = Partial<Parameters<typeof encodeEapolKey>[0]>;

const eapolKey = (fields: KeyFields): Forgery =>
  eapol(
    encodeEapol({
      version: 2,
      type: "key",
      body: encodeEapolKey({
        descriptorType: 2,
        descriptorVersion: 2,
        keyType: "pairwise",
        index: 0,
        install: false,
        ack: false,
        hasMic: true,
        secure: false,
        error: false,
        request: false,
        encryptedKeyData: false,
        smkMessage: false,
        keyLength: 0,
        replayCounter: 1n,
        nonce: new Uint8Array(32).fill(7),
        iv: new Uint8Array(16),
        rsc: new Uint8Array(8),
        mic: new Uint8Array(16).fill(9),
        keyData: new Uint8Array(),
        ...fields,
      }),
    }),
  );

const rsne = (fields: KeyData = {}): Element => ({
  id: elementId.rsn,
  data: encodeRsne({ ...rsneDefaults, akm: [akmSuite["WPA-PSK"]], ...fields }),
});
type KeyData = Partial<Parameters<typeof encodeRsne>[0]>;

const rates = splitRates({ rates: [2, 4, 11, 22, 12, 24, 48].map((rate) => ({ rate, basic: false })), selectors: [] });

const association = (...more: readonly Element[]): Forgery =>
  management(
    "association-request",
    encodeAssociationRequest({
      capabilities: new Set(["ess", "privacy"]),
      listenInterval: 5,
      elements: [{ id: elementId.ssid, data: ssid }, ...rates, ...more],
    }),
  );

interface Given {
  /** Lines of the access point's configuration. */
  readonly lines?: readonly string[];
  readonly honest?: StationSecurity;
}

/** A network with a station that is connected, and comes back when it is sent away. */
async function connected({ lines = [], honest: own = security }: Given = {}): Promise<{
  network: VirtualNetwork;
  other: ObservedStation;
  honest: ObservedStation;
  forge(forgery: Forgery): void;
}> {
  const network = await new VirtualNetwork([configuration, ...lines].join("\n")).start();
  network.wired = wiredHost({ address: "02:ff:00:00:00:01" as MacAddress, ip: wiredIp });
  // Somebody else has the first identifier.
  const other = network.station({ ssid, security });
  other.station.join();
  network.pass(300);
  const honest = network.station({ ssid, security: own, ip: "10.0.0.1", retries: 3, retryDelay: milliseconds(100) });
  honest.station.join();
  network.pass(300);
  assert.ok(honest.station.isConnected);
  const bssid = network.radio.bsses[0]?.address ?? assert.fail();
  const forger = { frequency: () => 2412, answersTo: () => false, receive: () => undefined };
  network.medium.attach(forger);
  return {
    network,
    other,
    honest,
    forge(forgery) {
      network.medium.transmit(forger, forgery({ bssid, station: honest.station.address }), 2412);
      network.pass(50);
    },
  };
}

function canPing(network: VirtualNetwork, { station, events }: ObservedStation): boolean {
  station.ping(wiredIp);
  network.pass(1100);
  return events.findLast(({ type }) => type.startsWith("ping"))?.type === "ping-answered";
}

const wasSentAway = ({ events }: ObservedStation): boolean =>
  events.some(({ type }) => type === "told-to-leave" || type === "lost");

const arp = new Uint8Array(28).fill(1);

const harmless: Readonly<Record<string, Forgery>> = {
  "a probe request": management("probe-request", encodeProbeRequest({ elements: [{ id: 0, data: ssid }, ...rates] })),
  "an association request for another network": management(
    "association-request",
    encodeAssociationRequest({
      capabilities: new Set(["ess"]),
      listenInterval: 5,
      elements: [{ id: elementId.ssid, data: utf8("another") }, ...rates],
    }),
  ),
  "an association request without protection": association(),
  "an association request with a cipher that is not taken": association(rsne({ pairwise: [cipherSuite.TKIP] })),
  "an association request with a malformed RSNE": association({ id: elementId.rsn, data: Uint8Array.of(1, 0, 0) }),
  "an association request that is cut": (addresses) => association(rsne())(addresses).subarray(0, 40),
  "a reassociation request that is cut": management("reassociation-request", new Uint8Array(6)),
  "an authentication by an algorithm that is not taken": management(
    "authentication",
    encodeAuthentication({ algorithm: 1, transaction: 1, status: 0, elements: [] }),
  ),
  "an authentication out of turn": management(
    "authentication",
    encodeAuthentication({ algorithm: 0, transaction: 2, status: 0, elements: [] }),
  ),
  "an authentication that is cut": management("authentication", Uint8Array.of(0, 0, 1)),
  "a deauthentication that is cut": management("deauthentication", Uint8Array.of(3)),
  "a deauthentication for another network": ({ station }) => {
    const other = "02:dd:00:00:00:01" as MacAddress;
    const body = encodeDeauthentication({ reason: 3, elements: [] });
    const addresses = { receiver: other, transmitter: station, bssid: other };
    return encodeManagementFrame({ subtype: "deauthentication", ...addresses }, body);
  },
  "an action of an unknown category": management("action", Uint8Array.of(99, 1, 2, 3)),
  "an SA Query": management("action", Uint8Array.of(8, 0, 1, 2)),
  "a beacon": management("beacon", new Uint8Array(40)),
  "an association response": management("association-response", Uint8Array.of(0, 0, 1, 0, 0, 0)),
  "an EAPOL-Start": eapol(encodeEapol({ version: 2, type: "start", body: new Uint8Array() })),
  "an EAPOL-Logoff": eapol(encodeEapol({ version: 2, type: "logoff", body: new Uint8Array() })),
  "an EAPOL frame that is cut": eapol(Uint8Array.of(2, 3, 0, 95, 2)),
  "a message 2 with a wrong MIC": eapolKey({ keyData: concat(Uint8Array.of(48, 20), rsne().data) }),
  "a message 4 with a wrong MIC": eapolKey({ secure: true, replayCounter: 2n }),
  "a message 1 that comes back": eapolKey({ ack: true, hasMic: false }),
  "a message without MIC": eapolKey({ hasMic: false, mic: new Uint8Array(16) }),
  "a group message 2 with a wrong MIC": eapolKey({ keyType: "group", secure: true, replayCounter: 3n }),
  "a request for new keys with a wrong MIC": eapolKey({ request: true, secure: true, replayCounter: 99n }),
  "a report of a Michael MIC failure with a wrong MIC": eapolKey({ request: true, error: true, secure: true }),
  "data in the clear": data(encodeMsdu({ etherType: etherType.arp, payload: arp })),
  "data that is encrypted with another key": data(new Uint8Array(60).fill(0x20), { protected: true }),
  "a null frame that says it dozes": data(new Uint8Array(), { empty: true, powerManagement: true }),
  "a frame with four addresses": ({ bssid, station }) =>
    encodeDataHeader(
      dataHeader(
        { direction: "four-address", receiver: bssid, transmitter: station, source: station, destination: bssid },
        { empty: true },
      ),
    ),
};

const disruptive: Readonly<Record<string, Forgery>> = {
  "an open authentication": management(
    "authentication",
    encodeAuthentication({ algorithm: 0, transaction: 1, status: 0, elements: [] }),
  ),
  "a deauthentication": management("deauthentication", encodeDeauthentication({ reason: 3, elements: [] })),
  "a disassociation": management("disassociation", encodeDeauthentication({ reason: 8, elements: [] })),
  // Message 2 shows the difference, and that is a downgrade as far as the access point can tell.
  "an association request with another RSNE": association(rsne({ capabilities: new Set(["mfpCapable"]) })),
};

describe("does no harm", () => {
  for (const [what, forgery] of Object.entries(harmless)) {
    test(what, async () => {
      const { network, honest, forge } = await connected();
      const before = network.uplink.length;
      for (let i = 0; i < 3; i++) forge(forgery);
      assert.equal(network.uplink.length, before, "nothing of it goes on to the wired side");
      assert.ok(canPing(network, honest));
      network.pass(20_000);
      assert.ok(!wasSentAway(honest), JSON.stringify(honest.events.slice(-5)));
      assert.ok(canPing(network, honest));
      network.stop();
    });
  }
});

describe("does what hostapd lets it do, and no more", () => {
  // The virtual station answers in the clear what comes in the clear. Linux's answer under the key that the radio has just
  // lost, and are sent away for it after some seconds: by hostapd too.
  test("a valid association request: a new handshake, under the same identifier and with counters that go on", async () => {
    const { network, other, honest, forge } = await connected();
    const bss = network.radio.bsses[0] ?? assert.fail();
    const aid = () => bss.stations.get(honest.station.address)?.association?.aid;
    assert.equal(aid(), 2);
    // A lower identifier becomes free, which a newcomer would get.
    other.station.leave();
    network.pass(50);
    for (let i = 0; i < 3; i++) {
      forge(association(rsne()));
      assert.equal(aid(), 2);
      assert.ok(canPing(network, honest));
    }
    network.pass(20_000);
    assert.ok(!wasSentAway(honest), JSON.stringify(honest.events.slice(-8)));
    assert.ok(canPing(network, honest));
    network.stop();
  });

  for (const [what, forgery] of Object.entries(disruptive)) {
    test(`${what}: the station is sent away, and comes back by itself`, async () => {
      const { network, honest, forge } = await connected();
      forge(forgery);
      // It finds out when it sends something.
      canPing(network, honest);
      network.pass(3000);
      assert.ok(wasSentAway(honest));
      assert.ok(honest.station.isConnected);
      assert.ok(canPing(network, honest));
      assert.equal(network.radio.bsses[0]?.aids.size, 2);
      network.stop();
    });
  }
});

describe("does no harm at all where management frames are protected", () => {
  const goodbye = (subtype: "deauthentication" | "disassociation", from: "station" | "bssid"): Forgery => {
    const body = encodeDeauthentication({ reason: 3, elements: [] });
    return (addresses) =>
      encodeManagementFrame(
        {
          subtype,
          receiver: from === "station" ? addresses.bssid : addresses.station,
          transmitter: addresses[from],
          bssid: addresses.bssid,
        },
        body,
      );
  };
  const toAll: Forgery = ({ bssid }) =>
    encodeManagementFrame(
      { subtype: "deauthentication", receiver: broadcast, transmitter: bssid, bssid },
      encodeDeauthentication({ reason: 3, elements: [] }),
    );
  const more: Readonly<Record<string, Forgery>> = {
    "a valid association request": association(rsne()),
    "a valid association request with protection": association(rsne({ capabilities: new Set(["mfpCapable"]) })),
    "a goodbye in the access point's name": goodbye("deauthentication", "bssid"),
    "a disassociation in the access point's name": goodbye("disassociation", "bssid"),
    "a goodbye to all": toAll,
    "a goodbye to all with a wrong MIC": (addresses) =>
      concat(toAll(addresses), Uint8Array.of(76, 16, 4, 0, 9, 0, 0, 0, 0, 0), new Uint8Array(8)),
    "an answer to an SA Query": management("action", Uint8Array.of(8, 1, 1, 2)),
    "a goodbye that claims to be protected": (addresses) => {
      const frame = goodbye("deauthentication", "station")(addresses);
      return concat(frame.with(1, 0x40), new Uint8Array(16).fill(0x20));
    },
  };
  const protecting: Given = {
    lines: ["ieee80211w=2", "beacon_prot=1"],
    honest: { ...security, managementProtection: "required" },
  };
  for (const [what, forgery] of Object.entries({ ...harmless, ...disruptive, ...more })) {
    test(what, async () => {
      const { network, honest, forge } = await connected({ ...protecting, lines: ["ieee80211w=1", "beacon_prot=1"] });
      const bss = network.radio.bsses[0] ?? assert.fail();
      const joined = bss.stations.get(honest.station.address)?.association;
      for (let i = 0; i < 3; i++) {
        forge(forgery);
        assert.ok(canPing(network, honest));
      }
      network.pass(20_000);
      assert.ok(!wasSentAway(honest), JSON.stringify(honest.events.slice(-5)));
      assert.ok(canPing(network, honest));
      assert.equal(bss.stations.get(honest.station.address)?.association, joined, "the association is the same");
      assert.equal(bss.stations.get(honest.station.address)?.saQuery.kind, "idle");
      network.stop();
    });
  }

  test("a station that is not protected itself is as before", async () => {
    const { network, honest, forge } = await connected({ lines: ["ieee80211w=1"] });
    forge(management("deauthentication", encodeDeauthentication({ reason: 3, elements: [] })));
    canPing(network, honest);
    network.pass(3000);
    assert.ok(wasSentAway(honest));
    network.stop();
  });

  test("who is gone without a word doesn't keep its place for ever", async () => {
    const { network, honest, forge } = await connected(protecting);
    const bss = network.radio.bsses[0] ?? assert.fail();
    honest.station.vanish();
    forge(association(rsne({ capabilities: new Set(["mfpCapable"]) })));
    network.pass(1100);
    assert.equal(bss.stations.get(honest.station.address)?.saQuery.kind, "unanswered");
    forge(association(rsne({ capabilities: new Set(["mfpCapable"]) })));
    assert.equal(bss.stations.get(honest.station.address)?.isAuthorized, false);
    network.stop();
  });
});
