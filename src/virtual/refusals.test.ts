/** Stations that don't get in, what they are told, and that nobody else suffers from it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ObservedStation, VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import { broadcast, type MacAddress } from "../base/mac-address.ts";
import { encodeAssociationRequest } from "../wire/ieee80211/association-request.ts";
import { dataHeader, encodeDataHeader } from "../wire/ieee80211/data-frame.ts";
import { encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import { encodeRsne, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { akmSuite } from "../wire/ieee80211/suites.ts";
import type { StationSecurity } from "./options.ts";
import type { StationEvent } from "./station-event.ts";

const ssid = utf8("somename");
const security: StationSecurity = { secret: { passphrase: "somepassword" } };
const psk = `ssid=somename
hw_mode=g
channel=1
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword`;

const last = <T extends StationEvent["type"]>({ events }: ObservedStation, type: T) =>
  events.findLast((event): event is StationEvent & { type: T } => event.type === type);

test("a wrong passphrase: told so, and nobody else disturbed", async () => {
  const network = await new VirtualNetwork(psk).start();
  const right = network.station({ ssid, security, ip: "10.0.0.1" });
  right.station.join();
  network.pass(200);
  const before = right.events.length;
  const wrong = network.station({ ssid, security: { secret: { passphrase: "wrongpassword" } } });
  wrong.station.join();
  network.pass(10_000);
  assert.deepEqual(last(wrong, "told-to-leave"), {
    type: "told-to-leave",
    by: "deauthentication",
    reason: "4-way-handshake-timeout",
  });
  assert.ok(network.eventsOf(wrong).includes("psk-mismatch"));
  assert.ok(!network.eventsOf(wrong).includes("station-connected"));
  assert.equal(right.events.length, before);
  assert.ok(right.station.isConnected);
  network.stop();
});

for (const [what, offer, status] of [
  ["TKIP only", { pairwise: ["TKIP"] }, "invalid-pairwise-cipher"],
  ["GCMP only", { pairwise: ["GCMP"] }, "invalid-pairwise-cipher"],
  ["another group cipher", { group: "TKIP" }, "invalid-group-cipher"],
  ["another AKM", { akm: "WPA-PSK-SHA256" }, "invalid-akmp"],
  ["an unknown RSNE version", { rsne: Uint8Array.of(2, 0) }, "invalid-element"],
  ["an RSNE that is cut", { rsne: Uint8Array.of(1, 0, 0, 0x0f, 0xac) }, "invalid-element"],
] as const) {
  test(`a station that offers ${what} is refused`, async () => {
    const network = await new VirtualNetwork(psk).start();
    const one = network.station({ ssid, security: { ...security, ...offer } });
    one.station.join();
    network.pass(500);
    assert.deepEqual(last(one, "association-refused"), { type: "association-refused", status });
    const refused = network.events.find((event) => event.type === "station-refused");
    assert.ok(refused?.type === "station-refused" && refused.status === status && refused.explanation.length > 10);
    network.stop();
  });
}

test("several ciphers: the one that both have", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security: { ...security, pairwise: ["TKIP", "CCMP"] } });
  one.station.join();
  network.pass(500);
  assert.ok(one.station.isConnected);
  network.stop();
});

test("message 2 with another RSNE than the association had is a downgrade, and the end", async () => {
  const network = await new VirtualNetwork(psk).start();
  const other = encodeRsne({ ...rsneDefaults, akm: [akmSuite["WPA-PSK"]], capabilities: new Set(["mfpCapable"]) });
  const one = network.station({ ssid, security: { ...security, rsneInMessage2: other } });
  one.station.join();
  network.pass(10_000);
  assert.equal(last(one, "told-to-leave")?.reason, "invalid-authentication"); // hostapd's choice too
  assert.ok(!network.eventsOf(one).includes("station-connected"));
  network.stop();
});

test("no more stations than max_num_sta; whoever leaves makes room", async () => {
  const network = await new VirtualNetwork(`${psk}\nmax_num_sta=2`).start();
  const stations = [1, 2, 3].map(() => network.station({ ssid, security }));
  for (const { station } of stations) {
    station.join();
    network.pass(200);
  }
  assert.deepEqual(
    stations.map(({ station }) => station.isConnected),
    [true, true, false],
  );
  assert.ok(network.events.some(({ type }) => type === "rejected-max-stations"));
  stations[0]?.station.leave();
  network.pass(100);
  stations[2]?.station.join();
  network.pass(500);
  assert.ok(stations[2]?.station.isConnected);
  network.stop();
});

test("an association request of a stranger is answered with a deauthentication", async () => {
  const network = await new VirtualNetwork(psk).start();
  const stranger = network.station({ ssid: utf8("another name"), security });
  stranger.station.join(); // for its antenna to be tuned
  network.pass(100);
  const reasons: unknown[] = [];
  network.medium.monitor((frame) => {
    if (frame[0] === 0xc0) reasons.push(frame[24]);
  });
  const body = encodeAssociationRequest({ capabilities: new Set(["ess"]), listenInterval: 1, elements: [] });
  stranger.station.sendManagement("association-request", network.radio.bsses[0]?.address ?? assert.fail(), body);
  network.pass(10);
  assert.deepEqual(reasons, [6]);
  assert.equal(network.radio.bsses[0]?.stations.size, 0);
  network.stop();
});

test("nobody is sent away because somebody sends under a group address", async () => {
  const network = await new VirtualNetwork(psk).start();
  const bss = network.radio.bsses[0] ?? assert.fail();
  const one = network.station({ ssid, security });
  one.station.join();
  network.pass(200);
  const forger = { frequency: () => 2412, answersTo: () => false, receive: () => undefined };
  network.medium.attach(forger);
  const body = encodeAssociationRequest({ capabilities: new Set(["ess"]), listenInterval: 1, elements: [] });
  for (const transmitter of [broadcast, "01:00:5e:00:00:01" as MacAddress]) {
    const addresses = { receiver: bss.address, transmitter, bssid: bss.address };
    network.medium.transmit(
      forger,
      encodeManagementFrame({ subtype: "association-request", ...addresses }, body),
      2412,
    );
    const toAp = { direction: "to-ap", bssid: bss.address, source: transmitter, destination: bss.address } as const;
    network.medium.transmit(forger, encodeDataHeader(dataHeader(toAp, { empty: true })), 2412);
  }
  network.pass(100);
  assert.ok(one.station.isConnected);
  network.stop();
});
