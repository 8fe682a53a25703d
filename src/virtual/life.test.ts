/** Whole lives of stations with a whole access point, in virtual time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { broadcast, type MacAddress } from "../base/mac-address.ts";
import { encodeEthernet } from "../wire/ethernet.ts";
import { wiredHost } from "./host.ts";

const ssid = utf8("somename");
const security = { secret: { passphrase: "somepassword" } } as const;
const open = "ssid=somename\nhw_mode=g\nchannel=1";
const psk = `${open}
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword`;

test("an open network: join, ping, leave", async () => {
  const network = await new VirtualNetwork(open).start();
  const one = network.station({ ssid, ip: "10.0.0.1" });
  const two = network.station({ ssid, ip: "10.0.0.2" });
  one.station.join();
  two.station.join();
  network.pass(200);
  assert.deepEqual(one.types(), ["network-found", "authenticated", "associated", "connected"]);
  assert.deepEqual(network.eventsOf(one), ["station-authenticated", "station-associated", "station-connected"]);

  one.station.ping("10.0.0.2");
  network.pass(100);
  assert.equal(one.types().at(-1), "ping-answered");

  one.station.leave();
  network.pass(100);
  assert.equal(one.types().at(-1), "left");
  assert.deepEqual(network.eventsOf(one).slice(-2), ["station-left", "station-disconnected"]);
  network.stop();
});

test("WPA2-PSK: handshake, encrypted ping across two stations, told to leave", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security, ip: "10.0.0.1" });
  const two = network.station({ ssid, security, ip: "10.0.0.2" });
  one.station.join();
  two.station.join();
  network.pass(500);
  assert.deepEqual(one.types(), [
    "network-found",
    "authenticated",
    "associated",
    "key-message",
    "key-message",
    "connected",
  ]);
  assert.deepEqual(network.eventsOf(one), [
    "station-authenticated",
    "station-associated",
    "station-connected",
    "handshake-completed",
  ]);
  one.station.ping("10.0.0.2");
  two.station.ping("10.0.0.1");
  network.pass(100);
  assert.equal(one.types().at(-1), "ping-answered");
  assert.equal(two.types().at(-1), "ping-answered");
  network.stop();
  network.pass(100);
  assert.deepEqual(one.events.at(-2), {
    type: "told-to-leave",
    by: "deauthentication",
    reason: "leaving-network-deauthentication",
  });
});

test("leave and come back, fifty times, each time with a ping", async () => {
  const network = await new VirtualNetwork(psk).start();
  const stays = network.station({ ssid, security, ip: "10.0.0.1" });
  const moves = network.station({ ssid, security, ip: "10.0.0.2" });
  stays.station.join();
  network.pass(100);
  for (let round = 0; round < 50; round++) {
    moves.station.join();
    network.pass(200);
    assert.ok(moves.station.isConnected, `round ${round}: ${JSON.stringify(moves.events.at(-1))}`);
    moves.station.ping("10.0.0.1");
    network.pass(50);
    assert.equal(moves.events.at(-1)?.type, "ping-answered", `round ${round}`);
    moves.station.leave();
    network.pass(50);
  }
  assert.equal(network.eventsOf(stays).length, 4);
  assert.equal(network.radio.bsses[0]?.stations.size, 1);
  network.stop();
});

test("reassociation with the same access point, and association without leaving", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security, ip: "10.0.0.1" });
  const two = network.station({ ssid, security, ip: "10.0.0.2" });
  one.station.join();
  two.station.join();
  network.pass(200);
  one.station.reassociate();
  network.pass(200);
  assert.ok(one.station.isConnected);
  assert.deepEqual(
    one.events.filter(({ type }) => type === "associated"),
    [
      { type: "associated", aid: 1, again: false },
      { type: "associated", aid: 1, again: true },
    ],
  );
  // A crash of the station: it joins anew under the same address.
  const { address } = one.station;
  one.station.vanish();
  network.pass(1000);
  const reborn = network.station({ ssid, security, ip: "10.0.0.1", address });
  reborn.station.join();
  network.pass(200);
  two.station.ping("10.0.0.1");
  reborn.station.ping("10.0.0.2");
  network.pass(100);
  assert.equal(reborn.types().at(-1), "ping-answered");
  assert.equal(two.types().at(-1), "ping-answered");
  network.stop();
});

test("a hidden network is found by whoever knows its name", async () => {
  const network = await new VirtualNetwork(`${psk}\nignore_broadcast_ssid=1`).start();
  const beacons: string[] = [];
  network.medium.monitor((frame) => {
    if (frame[0] === 0x80) beacons.push(textOf(frame));
  });
  const knows = network.station({ ssid, security });
  const wrong = network.station({ ssid: utf8("othername"), security });
  knows.station.join();
  wrong.station.join();
  network.pass(500);
  assert.ok(knows.station.isConnected);
  assert.deepEqual(wrong.types(), ["network-not-found", "gave-up"]);
  assert.ok(beacons.length > 3 && beacons.every((beacon) => !beacon.includes("somename")));
  network.stop();
});

test("a host on the wired side, and frames that the access point sends itself", async () => {
  const network = await new VirtualNetwork(psk).start();
  const address = "02:11:22:33:44:55" as MacAddress;
  network.wired = wiredHost({ address, ip: "10.0.0.254" });
  const one = network.station({ ssid, security, ip: "10.0.0.1" });
  one.station.join();
  network.pass(200);
  one.station.ping("10.0.0.254");
  network.pass(100);
  const answered = one.events.at(-1);
  assert.ok(answered?.type === "ping-answered" && answered.by === address && answered.after > 0);

  const port = network.radio.bsses[0]?.port ?? assert.fail();
  port.sendEthernet(
    encodeEthernet({ destination: broadcast, source: address, etherType: 0x88b5, payload: utf8("all") }),
  );
  network.pass(10);
  assert.deepEqual(one.events.at(-1), { type: "received", source: address, etherType: 0x88b5, payload: utf8("all") });
  network.stop();
});

test("ap_isolate keeps stations from each other, but not from the wire", async () => {
  const network = await new VirtualNetwork(`${psk}\nap_isolate=1`).start();
  const one = network.station({ ssid, security, ip: "10.0.0.1" });
  const two = network.station({ ssid, security, ip: "10.0.0.2" });
  one.station.join();
  two.station.join();
  network.pass(200);
  one.station.ping("10.0.0.2");
  network.pass(2000);
  assert.equal(one.types().at(-1), "ping-unanswered");
  assert.equal(network.uplink.length, 1);
  network.stop();
});

test("nothing is left armed and no key in use when the access point is gone", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security });
  one.station.join();
  network.pass(200);
  network.stop();
  network.pass(100);
  one.station.close();
  network.pass(10);
  assert.deepEqual(network.clock.armed, []);
});
