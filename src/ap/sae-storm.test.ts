/** SAE Commits from an address of its own each, five thousand a second for a minute: who is in stays in, who wants in gets in. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { saeLoopingVector } from "../../test/vectors/sae.ts";
import { saeNewcomer } from "../../testing/sae-newcomer.ts";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { bytesOfHex, utf8 } from "../base/bytes.ts";
import { type MacAddress, macAddressOf } from "../base/mac-address.ts";
import { wiredHost } from "../virtual/host.ts";
import { encodeAuthentication } from "../wire/ieee80211/authentication.ts";
import { encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
const heldMemory = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const perSecond = 5000;
const seconds = 60;
const password = "correct horse";
const ssid = utf8("castle");
const frequency = 2412;
const configuration = `ssid=castle
hw_mode=g
channel=1
wpa=2
wpa_key_mgmt=WPA-PSK SAE
rsn_pairwise=CCMP
ieee80211w=1
sae_pwe=2
wpa_passphrase=${password}`;

/** A scalar and a point that are good: only arithmetic shows that nobody stands behind them. */
const goodCommit = bytesOfHex(saeLoopingVector.commit) ?? assert.fail();

function commitOf(index: number, bssid: MacAddress): Uint8Array {
  const transmitter = macAddressOf(Uint8Array.of(0x02, 0x99, index >> 24, index >> 16, index >> 8, index));
  const status = index % 2 === 0 ? statusCode.success : statusCode["sae-hash-to-element"];
  const body = encodeAuthentication({ algorithm: 3, transaction: 1, status, fields: goodCommit, elements: [] });
  return encodeManagementFrame({ subtype: "authentication", receiver: bssid, transmitter, bssid }, body);
}

test(`${perSecond} Commits a second for ${seconds} seconds`, async () => {
  const network = await new VirtualNetwork(configuration).start();
  network.wired = wiredHost({ address: "02:ff:00:00:00:01" as MacAddress, ip: "10.0.0.254" });
  const bss = network.radio.bsses[0] ?? assert.fail();
  const member = network.station({ ssid, security: { secret: { passphrase: password } }, ip: "10.0.0.1" });
  member.station.join();
  network.pass(1000);
  assert.ok(member.station.isConnected);
  // Who sends it all takes what comes back: an answer that nobody acknowledges would be on the air eight times.
  network.medium.attach({
    frequency: () => frequency,
    answersTo: (receiver) => receiver.startsWith("02:99:"),
    receive: () => undefined,
  });

  const station = saeNewcomer(network, {
    address: "02:00:00:00:0a:0a" as MacAddress,
    bssid: bss.address,
    ssid,
    password,
  }).station;
  let joining: Promise<unknown> | undefined;
  let joinedAt: number | undefined;
  let pings = 0;
  let most = 0;
  const held: number[] = [];
  const began = network.clock.now();
  for (let millisecond = 0; millisecond < seconds * 1000; millisecond++) {
    for (let n = 0; n < perSecond / 1000; n++) {
      const frame = commitOf((millisecond * perSecond) / 1000 + n, bss.address);
      bss.onEvent({ type: "management", frame, frequency, signalDbm: -50 });
    }
    network.pass(1);
    if (millisecond % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, bss.stations.size);
    if (millisecond % 250 === 0) {
      station.tick(network.clock.now());
      member.station.ping("10.0.0.254");
      pings += 1;
    }
    if (millisecond === 20_000) {
      joining = station.join().then(() => {
        joinedAt = network.clock.now() - began;
      });
    }
    // What the test itself keeps is no matter here.
    network.records.length = 0;
    network.events.length = 0;
    if (millisecond === 10_000 || millisecond === seconds * 1000 - 1) held.push(heldMemory());
  }
  await joining;
  assert.ok(joinedAt !== undefined && joinedAt < 25_000, `in after ${joinedAt} ms`);
  network.pass(500);
  assert.ok(member.station.isConnected);
  assert.equal(member.events.filter(({ type }) => type === "ping-answered").length, pings);
  assert.ok(most < 20, `${most} stations at a time`);
  const [early = 0, late = 0] = held;
  assert.ok(late - early < 1_000_000, `${late - early} octets more`);
  network.stop();
});
