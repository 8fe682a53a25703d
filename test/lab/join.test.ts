// lab: radios=5, timeout=180
/** Ways into a network, and out of it and in again. */

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";
import { heapOf, withSnapshots } from "./heap.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  joined,
  openConfig,
  openNetwork,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const kinds = [
  { kind: "open", config: openConfig("meadow"), network: openNetwork("meadow"), pairwise: "NONE" },
  { kind: "WPA2", config: wpa2Config("castle"), network: wpa2Network("castle"), pairwise: "CCMP" },
] as const;

for (const { kind, config, network, pairwise } of kinds) {
  test(`${kind}: two stations reach the access point and each other, both ways`, async (t) => {
    const daemon = await accessPoint(t, config);
    const first = await joined(t, 1, network);
    const second = await joined(t, 2, network);
    for (const client of [first, second]) {
      await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${client.address}`), { fromStart: true });
      const status = await client.status();
      assert.equal(status["bssid"], (await radio(0)).address);
      assert.equal(status["pairwise_cipher"], pairwise);
      await client.ping(apAddress);
    }
    await ping(addressOf(1));
    await ping(addressOf(2));
    await first.ping(addressOf(2));
    await second.ping(addressOf(1));

    await first.cli("disconnect");
    await daemon.log.waitFor(new RegExp(`AP-STA-DISCONNECTED ${first.address}`));
    await second.ping(apAddress);
    assert.equal(await second.canPing(addressOf(1), { count: 1, wait: 1 }), false);
  });
}

for (const { value, shown } of [
  { value: 1, shown: "" },
  { value: 2, shown: String.raw`\x00\x00\x00\x00\x00\x00` },
]) {
  test(`ignore_broadcast_ssid=${value}: who knows the name joins, who looks around does not see it`, async (t) => {
    // So often that no scan misses the beacon.
    await accessPoint(t, wpa2Config("secret", `ignore_broadcast_ssid=${value}`, "beacon_int=20"));
    // A radio of which no other test has made the kernel remember a network.
    const stranger = await station(t, { radio: 2 + value, network: wpa2Network("secret") });
    await stranger.log.staysWithout(/Trying to associate|CTRL-EVENT-CONNECTED/, 15);
    // wpa_supplicant itself leaves out networks with an empty name.
    const seen = await stranger.run("iw", "dev", stranger.interface, "scan", "dump");
    assert.deepEqual(
      [...seen.matchAll(/^\tSSID: ?(.*)$/gm)].map(([, name]) => name),
      [shown],
    );

    const insider = await joined(t, 1, { ...wpa2Network("secret"), scan_ssid: 1 });
    await insider.ping(apAddress);
  });
}

test("reassociation: the keys are new, the station has not been away", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"), "-d");
  const client = await joined(t, 1, wpa2Network("castle"));
  await client.ping(apAddress);
  daemon.log.skip();
  for (let round = 0; round < 3; round++) {
    await client.cli("reassociate");
    await daemon.log.waitFor(new RegExp(`reassociation request: STA=${client.address}`));
    await client.connected();
    await daemon.log.waitFor(/pairwise key handshake completed \(RSN\)/);
    await client.ping(apAddress);
    await ping(addressOf(1));
  }
  const stations = await run(["iw", "dev", "wlan0", "station", "dump"]);
  assert.equal(stations.match(/^Station /gm)?.length, 1);
  assert.match(stations, /authorized:\s*yes/);
});

test("a station that comes and goes fifty times leaves nothing behind", async (t) => {
  const daemon = await startDaemon(t, {
    config: wpa2Config("castle"),
    environment: withSnapshots,
  });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  const again = async (): Promise<void> => {
    await client.cli("disconnect");
    await client.disconnected();
    await client.cli("reconnect");
    await client.connected();
  };
  // What is compiled and cached at the first time is no growth.
  for (let round = 0; round < 10; round++) await again();
  const before = await measure(daemon);
  for (let round = 0; round < 40; round++) {
    await again();
    if (round % 10 === 0) await client.ping(apAddress, { count: 1 });
  }
  const after = await measure(daemon);

  assert.equal(after.descriptors, before.descriptors);
  assert.equal(after.stations, 1);
  for (const kind of ["Station", "StationAuthenticator", "NamedTimers"])
    assert.equal(after.objects.get(kind), before.objects.get(kind), `objects of ${kind}`);
  const growth = after.bytes - before.bytes;
  assert.ok(growth < 40_000, `what the program holds has grown by ${growth} octets`);
  await client.ping(apAddress);
});

/** What a daemon has: descriptors, the kernel's stations, and its heap after a collection. */
async function measure(daemon: Daemon) {
  const descriptors = (await readdir(`/proc/${daemon.pid}/fd`)).length;
  const stations = (await run(["iw", "dev", "wlan0", "station", "dump"])).match(/^Station /gm)?.length ?? 0;
  return { descriptors, stations, ...(await heapOf(daemon)) };
}
