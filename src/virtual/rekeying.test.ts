/** Keys that change under way, and handshakes on bad air. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ObservedStation, VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import { frameKind } from "../wire/ieee80211/frame.ts";
import type { StationSecurity } from "./options.ts";

const ssid = utf8("somename");
const security: StationSecurity = { secret: { passphrase: "somepassword" } };
const psk = `ssid=somename
hw_mode=g
channel=1
beacon_int=2500
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword`;

async function pair(network: VirtualNetwork): Promise<readonly [ObservedStation, ObservedStation]> {
  await network.start();
  const one = network.station({ ssid, security, ip: "10.0.0.1" });
  const two = network.station({ ssid, security, ip: "10.0.0.2" });
  one.station.join();
  two.station.join();
  network.pass(3000);
  assert.ok(one.station.isConnected && two.station.isConnected);
  return [one, two];
}

const count = ({ events }: ObservedStation, type: string): number =>
  events.filter((event) => event.type === type).length;

test("group keys change each minute for four hours, with traffic after each", async () => {
  const network = new VirtualNetwork(`${psk}\nwpa_group_rekey=60`);
  const [one, two] = await pair(network);
  const minutes = 4 * 60;
  for (let minute = 0; minute < minutes; minute++) {
    network.pass(60_000);
    one.station.ping("10.0.0.2");
    network.pass(100);
    assert.equal(count(one, "ping-answered"), minute + 1, `minute ${minute}`);
  }
  assert.ok(count(one, "group-key-changed") >= minutes - 1, `${count(one, "group-key-changed")}`);
  assert.equal(count(one, "group-key-changed"), count(two, "group-key-changed"));
  assert.equal(count(one, "connected"), 1);
  network.stop();
});

test("a station that leaves takes a group key with it (wpa_strict_rekey)", async () => {
  const network = new VirtualNetwork(`${psk}\nwpa_strict_rekey=1\nwpa_group_rekey=600`);
  const [one, two] = await pair(network);
  two.station.leave();
  network.pass(3000);
  assert.equal(count(one, "group-key-changed"), 1);
  network.stop();
});

test("pairwise keys change, with traffic after each", async () => {
  const network = new VirtualNetwork(`${psk}\nwpa_ptk_rekey=60`);
  const [one] = await pair(network);
  for (let minute = 0; minute < 20; minute++) {
    network.pass(60_000);
    one.station.ping("10.0.0.2");
    network.pass(100);
    assert.equal(count(one, "ping-answered"), minute + 1, `minute ${minute}`);
  }
  const handshakes = one.events.filter((event) => event.type === "key-message" && event.message === "4-way 3").length;
  assert.ok(handshakes >= 20, `${handshakes} handshakes`);
  network.stop();
});

/** EAPOL frames cross the air unencrypted in the first handshake: LLC/SNAP with 0x888e in the body. */
const isEapol = (frame: Uint8Array): boolean =>
  frameKind(frame) === "data" && Buffer.from(frame).includes(Buffer.from([0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e]));

for (const nth of [1, 2, 3, 4]) {
  test(`message ${nth} of the 4-way handshake is lost`, async () => {
    let seen = 0;
    const network = new VirtualNetwork(psk, {
      loses: ({ frame, retry }) => {
        if (!isEapol(frame)) return false;
        if (retry === 0) seen += 1;
        return seen === nth; // with all its retries
      },
    });
    await network.start();
    const one = network.station({ ssid, security, ip: "10.0.0.1" });
    one.station.join();
    network.pass(8000);
    assert.ok(one.station.isConnected, JSON.stringify(one.events));
    assert.deepEqual(network.eventsOf(one), [
      "station-authenticated",
      "station-associated",
      "station-connected",
      "handshake-completed",
    ]);
    const two = network.station({ ssid, security, ip: "10.0.0.2" });
    two.station.join();
    network.pass(8000);
    two.station.ping("10.0.0.1");
    network.pass(100);
    assert.equal(two.events.at(-1)?.type, "ping-answered");
    network.stop();
  });
}

test("a third of all tries is lost, and all goes on", async () => {
  let tries = 0;
  const network = new VirtualNetwork(`${psk}\nwpa_group_rekey=60\nbeacon_int=100`, { loses: () => ++tries % 3 === 0 });
  await network.start();
  const stations = [1, 2, 3].map((n) => network.station({ ssid, security, ip: `10.0.0.${n}`, retries: 5 }));
  for (const { station } of stations) station.join();
  network.pass(20_000);
  assert.ok(stations.every(({ station }) => station.isConnected));
  network.pass(600_000);
  assert.ok(stations.every(({ station }) => station.isConnected));
  network.stop();
});
