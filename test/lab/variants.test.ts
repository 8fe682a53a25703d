// lab: radios=4
/** Other networks than the plain one: mixed security, further BSSs, other bands and widths, roaming between them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  broadcastAddress,
  cidr,
  joined,
  openConfig,
  openNetwork,
  passphrase,
  sleep,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

test("wpa=3: one station with WPA and TKIP, one with WPA2 and CCMP, and group keys that change for both", async (t) => {
  const config = openConfig(
    "mixed",
    "wpa=3",
    "wpa_key_mgmt=WPA-PSK",
    "wpa_pairwise=TKIP",
    "rsn_pairwise=CCMP",
    `wpa_passphrase=${passphrase}`,
    "wpa_group_rekey=10",
  );
  await accessPoint(t, config);
  const old = await joined(t, 1, { ...wpa2Network("mixed"), proto: "WPA", pairwise: "TKIP", group: "TKIP" });
  const recent = await joined(t, 2, { ...wpa2Network("mixed"), proto: "RSN", pairwise: "CCMP", group: "TKIP" });
  assert.equal((await old.status())["key_mgmt"], "WPA-PSK");
  assert.equal((await recent.status())["key_mgmt"], "WPA2-PSK");
  const peers = [];
  for (const [name, namespace] of [
    ["old", old.namespace],
    ["recent", recent.namespace],
  ] as const)
    peers.push(await startPeer(t, { name, namespace }));
  const ap = await startPeer(t, { name: "ap", ask: [{ to: broadcastAddress, every: 0.5 }] });
  for (let round = 0; round < 4; round++) {
    for (const client of [old, recent]) await client.log.waitFor(/WPA: Group rekeying completed/);
  }
  const { asked = 0, answered } = (await ap.finish())[broadcastAddress] ?? {};
  assert.ok(asked > 50);
  assert.deepEqual(answered, { [apAddress]: asked, [addressOf(1)]: asked, [addressOf(2)]: asked });
  await old.ping(addressOf(2));
});

test("wpa_strict_rekey: who stays gets another key when somebody has left", async (t) => {
  await accessPoint(t, wpa2Config("castle", "wpa_strict_rekey=1", "wpa_group_rekey=86400"));
  const stays = await joined(t, 1, wpa2Network("castle"));
  const leaves = await joined(t, 2, wpa2Network("castle"));
  await leaves.stop();
  await stays.log.waitFor(/WPA: Group rekeying completed/, { timeout: 5 });
  await stays.ping(apAddress);
});

test("bss=: an open network beside a protected one on the same radio", async (t) => {
  const config = wpa2Config("castle", "bss=wlan0_1", "ssid=garden", "ctrl_interface=/run/hostapd");
  const daemon = await accessPoint(t, config);
  await setAddress("wlan0_1", "192.168.8.1/24");
  const inside = await joined(t, 1, wpa2Network("castle"));
  const outside = await joined(t, 2, openNetwork("garden"));
  await outside.setAddress("192.168.8.12/24");
  await inside.ping(apAddress);
  await outside.ping("192.168.8.1");
  assert.notEqual((await inside.status())["bssid"], (await outside.status())["bssid"]);
  assert.equal(await daemon.cli("-i", "wlan0_1", "ping"), "PONG");
  await daemon.stop();
  assert.equal(await outside.disconnected(), 3);
  assert.doesNotMatch(await run(["iw", "dev"]), /wlan0_1/);
});

test("5 GHz, 40 MHz wide, with HT", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  const config = wpa2Config(
    "castle",
    "country_code=US",
    "hw_mode=a",
    "channel=36",
    "ieee80211n=1",
    "wmm_enabled=1",
    "ht_capab=[HT40+][SHORT-GI-20][SHORT-GI-40]",
  );
  await accessPoint(t, config);
  const client = await joined(t, 1, { ...wpa2Network("castle"), scan_freq: 5180 });
  await client.ping(apAddress);
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /channel 36 \(5180 MHz\), width: 40 MHz, center1: 5190 MHz/);
  assert.match(await client.run("iw", "dev", client.interface, "info"), /width: 40 MHz, center1: 5190 MHz/);
});

test("roaming between two radios of the same network in one bridge", async (t) => {
  await run(["ip", "addr", "flush", "dev", "wlan0"]);
  const one = wpa2Config("castle", "bridge=br0");
  const two = wpa2Config("castle", "bridge=br0", "channel=6").replace("wlan0", "wlan1");
  const daemon = await startDaemon(t, { config: [one, two] });
  await setAddress("br0", cidr(apAddress));
  const client = await joined(t, 2, { ...wpa2Network("castle"), scan_freq: "2412 2437" });
  const bssids = [(await radio(0)).address, (await radio(1)).address];
  await daemon.log.waitFor(/AP-STA-CONNECTED/);
  await client.ping(apAddress);
  await client.cli("scan");
  await sleep(3000);
  for (let round = 0; round < 4; round++) {
    const { bssid } = await client.status();
    const next = bssids.find((other) => other !== bssid) ?? "";
    assert.equal(await client.cli("roam", next), "OK");
    assert.equal(await client.connected(), next);
    // The station is through with the handshake when it has sent the last message, we when we have it.
    const [, joinedInterface = ""] = await daemon.log.waitFor(/(wlan\d): AP-STA-CONNECTED/);
    // Where it came from, nothing is left of it.
    assert.equal(await daemon.cli("-i", joinedInterface === "wlan0" ? "wlan1" : "wlan0", "all_sta"), "");
    // Before the station has said anything: the bridge has to know already.
    await ping(addressOf(2), { count: 2 });
    await client.ping(apAddress, { count: 2 });
  }
  assert.ok(daemon.running);
});
