/** Stations that vanish, and stations that are merely quiet. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { loseContact } from "../../lab/guest/radios.ts";
import { accessPoint, apAddress, cidr, joined, wasDisturbed, wpa2Config, wpa2Network } from "./networks.ts";

const stationDump = (): Promise<string> => run(["iw", "dev", "wlan0", "station", "dump"]);

test("one that has vanished is polled and given up; one that is quiet answers and stays", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle", "ap_max_inactivity=20"));
  const quiet = await joined(t, 1, wpa2Network("castle"));
  const lost = await joined(t, 2, wpa2Network("castle"));
  await lost.ping(apAddress);
  const from = performance.now();
  await loseContact(t, lost.radio);

  await daemon.log.waitFor(new RegExp(`^wlan0: STA ${lost.address} IEEE 802.11: disassociated due to inactivity$`), {
    timeout: 70,
  });
  const seconds = (performance.now() - from) / 1000;
  // 20 s of silence, up to 20 s of spreading, 3 s for the answer.
  assert.ok(seconds >= 20 && seconds <= 45, `after ${seconds} s`);
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-DISCONNECTED ${lost.address}$`), { fromStart: true });
  await daemon.log.waitFor(new RegExp(`^wlan0: STA ${lost.address} IEEE 802.11: deauthenticated due to inactivity`));

  await daemon.log.staysWithout(new RegExp(`DISCONNECTED ${quiet.address}`), 300);
  const stations = await stationDump();
  assert.ok(stations.includes(quiet.address) && !stations.includes(lost.address), stations);
  assert.ok(!wasDisturbed(quiet));
  await quiet.ping(apAddress);
});

test("skip_inactivity_poll: who is quiet has to go, and may come again", async (t) => {
  await startDaemon(t, {
    config: wpa2Config("castle", "ap_max_inactivity=5", "skip_inactivity_poll=1", "bss_max_idle=0"),
  });
  await setAddress("wlan0", cidr(apAddress));
  const quiet = await joined(t, 1, wpa2Network("castle"));
  assert.equal(await quiet.disconnected({ timeout: 90 }), 4);
  await quiet.connected();
  await quiet.ping(apAddress);
});

test("one that comes back before it is missed finds its place taken by nobody", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle", "ap_max_inactivity=300"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const back = await loseContact(t, client.radio);
  // It finds out that the beacons have ended.
  await client.disconnected();
  await back();
  await client.connected({ timeout: 60 });
  await client.ping(apAddress);
  assert.equal((await stationDump()).match(/^Station /gm)?.length, 1);
  assert.ok(!daemon.log.lines.some((line) => line.includes("inactivity")));
});
