/** What happens to an access point and its stations from outside: silence, switches, vanishing interfaces, floods. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import { type MacAddress, macAddressOf } from "../base/mac-address.ts";
import { encodeManagementFrame, type ManagementSubtype } from "../wire/ieee80211/frame.ts";
import type { StationSecurity } from "./options.ts";

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

test("a station that vanishes is polled, then given up; one that is only silent stays", async () => {
  const network = await new VirtualNetwork(`${psk}\nap_max_inactivity=30`).start();
  const silent = network.station({ ssid, security });
  const vanishing = network.station({ ssid, security });
  silent.station.join();
  vanishing.station.join();
  network.pass(500);
  vanishing.station.vanish();
  network.pass(120_000);
  assert.equal(network.radio.bsses[0]?.stations.size, 1);
  assert.ok(silent.station.isConnected);
  assert.ok(network.eventsOf(silent).includes("poll-answered"));
  assert.ok(network.eventsOf(vanishing).includes("station-left"));

  // It comes back with keys that nobody knows any more, and is told so when it sends.
  vanishing.station.reappear();
  vanishing.station.ping("10.0.0.1");
  network.pass(100);
  assert.ok(vanishing.types().includes("told-to-leave"), vanishing.types().join());
  network.stop();
});

test("an access point that vanishes is noticed, and found again", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security, retries: 10, retryDelay: seconds(1) });
  one.station.join();
  network.pass(500);
  network.driver.setLink("wlan0", "down");
  network.pass(5000);
  assert.ok(one.types().includes("lost"));
  network.driver.setLink("wlan0", "up");
  network.pass(5000);
  assert.ok(one.station.isConnected, one.types().join());
  network.stop();
});

test("rfkill switches off and on again", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security, retries: 30 });
  one.station.join();
  network.pass(500);
  network.driver.switchRfkill(true);
  assert.equal(network.radio.state, "DISABLED");
  network.pass(5000);
  assert.ok(!one.station.isConnected);
  network.driver.switchRfkill(false);
  await settled(network, () => network.radio.state === "ENABLED");
  network.pass(10_000);
  assert.ok(one.station.isConnected, one.types().join());
  network.stop();
});

test("the interface is removed and comes back", async () => {
  const network = await new VirtualNetwork(psk).start();
  const one = network.station({ ssid, security, retries: 30 });
  one.station.join();
  network.pass(500);
  network.driver.setLink("wlan0", "removed");
  network.pass(5000);
  assert.ok(!one.station.isConnected);
  network.driver.setLink("wlan0", "added");
  await settled(network, () => network.radio.state === "ENABLED");
  network.pass(10_000);
  assert.ok(one.station.isConnected, one.types().join());
  network.stop();
});

/** Lets virtual time and promises take turns. */
async function settled(network: VirtualNetwork, condition: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !condition(); i++) {
    network.pass(1000);
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(condition());
}

test("floods of malformed frames: nothing breaks, nothing grows, and a station keeps its connection", async () => {
  const network = await new VirtualNetwork(psk).start();
  const bss = network.radio.bsses[0] ?? assert.fail();
  const one = network.station({ ssid, security, ip: "10.0.0.1" });
  const two = network.station({ ssid, security, ip: "10.0.0.2" });
  one.station.join();
  two.station.join();
  network.pass(500);
  const flooder = { frequency: () => 2412, answersTo: () => false, receive: () => undefined };
  const attachment = network.medium.attach(flooder);

  const subtypes: Exclude<ManagementSubtype, "unknown">[] = [
    "authentication",
    "association-request",
    "reassociation-request",
    "probe-request",
    "action",
    "atim",
    "beacon",
  ];
  const source = fc.oneof(
    fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macAddressOf),
    fc.constantFrom<MacAddress>(bss.address, "ff:ff:ff:ff:ff:ff" as MacAddress),
  );
  const management = fc
    .record({ subtype: fc.constantFrom(...subtypes), source, body: fc.uint8Array({ maxLength: 60 }) })
    .map(({ subtype, source: transmitter, body }) =>
      encodeManagementFrame({ subtype, receiver: bss.address, transmitter, bssid: bss.address }, body),
    );
  const anything = fc.uint8Array({ maxLength: 80 }).map((bytes) => {
    const frame = bytes.slice();
    // Much of it should get past the first look.
    if (frame.length >= 22 && (frame[0] ?? 0) & 1) frame.set([0x88, 0x01], 0);
    return frame;
  });
  fc.assert(
    fc.property(fc.oneof(management, anything), (frame) => {
      network.medium.transmit(flooder, frame, 2412);
      network.pass(1);
    }),
    { numRuns: 3000 },
  );
  for (let i = 0; i < 500; i++) {
    two.station.sendEapol(
      Uint8Array.from({ length: i % 120 }, (_, at) => (i * 7 + at * 13) & 0xff),
      { encrypt: i % 2 === 0 },
    );
    network.pass(1);
  }
  attachment.detach();

  one.station.ping("10.0.0.2");
  network.pass(200);
  assert.equal(one.types().at(-1), "ping-answered");
  assert.ok(two.station.isConnected);
  // Random addresses that asked for open authentication may have an entry for a while, but not for long.
  network.pass(400_000);
  assert.equal(bss.stations.size, 2);
  network.stop();
});
