/** The access point goes to another channel, and its stations with it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { isolate, radio } from "../../lab/guest/radios.ts";
import type { Station } from "../../lab/guest/station.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import {
  accessPoint,
  apAddress,
  joined,
  openConfig,
  openNetwork,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

async function statusOf(daemon: Daemon): Promise<Readonly<Record<string, string>>> {
  const lines = (await daemon.cli("status")).split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
}

const frequencyOf = async (client: Station): Promise<string | undefined> => (await client.status())["freq"];

test("stations go along, with their keys and their traffic", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle", "ieee80211n=1", "bss_load_update_period=10"));
  const one = await joined(t, 1, wpa2Network("castle"));
  const two = await joined(t, 2, wpa2Network("castle"));
  await startPeer(t, { name: "ap" });
  const traffic = await startPeer(t, {
    name: "one",
    namespace: one.namespace,
    ask: [{ to: apAddress, every: 0.1 }],
  });

  assert.equal(await daemon.cli("chan_switch", "5", "2462", "ht"), "OK");
  await daemon.log.waitFor(
    /CTRL-EVENT-STARTED-CHANNEL-SWITCH freq=2462 ht_enabled=1 ch_offset=0 ch_width=20 MHz cf1=2462 cf2=0 is_dfs0=0 dfs=0/,
  );
  await daemon.log.waitFor(/CTRL-EVENT-CHANNEL-SWITCH freq=2462 ht_enabled=1/);
  await daemon.log.waitFor(/AP-CSA-FINISHED freq=2462 dfs=0/);
  for (const client of [one, two]) {
    await client.log.waitFor(/CTRL-EVENT-CHANNEL-SWITCH freq=2462/);
    await client.ping(apAddress);
    assert.equal(await frequencyOf(client), "2462");
  }
  const status = await statusOf(daemon);
  assert.deepEqual([status["freq"], status["channel"], status["ieee80211n"]], ["2462", "11", "1"]);
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /channel 11 \(2462 MHz\), width: 20 MHz/);

  // Twice as wide.
  assert.equal(
    await daemon.cli("chan_switch", "5", "2437", "sec_channel_offset=1", "center_freq1=2447", "bandwidth=40", "ht"),
    "OK",
  );
  await daemon.log.waitFor(/AP-CSA-FINISHED freq=2437/);
  for (const client of [one, two]) await client.log.waitFor(/CTRL-EVENT-CHANNEL-SWITCH freq=2437/);
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /channel 6 \(2437 MHz\), width: 40 MHz, center1: 2447/);
  assert.equal((await statusOf(daemon))["secondary_channel"], "1");
  await one.ping(apAddress);

  assert.equal(await daemon.cli("chan_switch", "3", "2412", "ht"), "OK");
  await two.log.waitFor(/CTRL-EVENT-CHANNEL-SWITCH freq=2412/);
  await two.ping(apAddress);

  const { asked, answered } = (await traffic.finish())[apAddress] ?? { asked: 0, answered: {} };
  // Three times the radios were between two channels.
  assert.ok((answered[apAddress] ?? 0) >= asked - 6, `${answered[apAddress]} of ${asked}`);
  assert.ok(!wasDisturbed(one) && !wasDisturbed(two));
});

test("the announcement, as a third party sees it", async (t) => {
  const daemon = await startDaemon(t, { config: openConfig("meadow", "beacon_int=50", "ieee80211n=1") });
  const namespace = await isolate(t, await radio(3));
  await run(["ip", "link", "set", "wlan3", "up"], { namespace });
  const seen = async (...how: string[]): Promise<string> => {
    await run(["iw", "dev", "wlan3", "scan", "flush", "freq", "2412", ...how], { namespace });
    return await run(["iw", "dev", "wlan3", "scan", "dump", "-u"], { namespace });
  };
  assert.equal(await daemon.cli("chan_switch", "200", "2437", "ht", "blocktx"), "OK");
  for (const how of [["passive"], ["ssid", "meadow"]]) {
    const text = await seen(...how);
    // Channel Switch Announcement: silence, channel 6; the extended one with class 81.
    const [, plain = ""] = /Unknown IE \(37\): 01 06 (..)$/m.exec(text) ?? [];
    const [, extended = ""] = /Unknown IE \(60\): 01 51 06 (..)$/m.exec(text) ?? [];
    assert.equal(plain, extended, text);
    const left = Number.parseInt(plain, 16);
    assert.ok(left > 0 && left < 200, `${left} beacons are left`);
  }

  // Another one meanwhile is refused, and so is one to where nobody may be.
  assert.equal(await daemon.cli("chan_switch", "5", "2462", "ht"), "FAIL");
  await daemon.log.waitFor(/a channel switch is on its way already/);
  await daemon.log.waitFor(/AP-CSA-FINISHED freq=2437/, { timeout: 30 });
  assert.doesNotMatch(await seenOn(namespace, 2437), /Unknown IE \((37|60)\)/);
});

async function seenOn(namespace: string, frequency: number): Promise<string> {
  await run(["iw", "dev", "wlan3", "scan", "flush", "freq", String(frequency), "passive"], { namespace });
  return await run(["iw", "dev", "wlan3", "scan", "dump", "-u"], { namespace });
}

test("what can't be is refused, and nothing has changed then", async (t) => {
  const daemon = await accessPoint(t, openConfig("meadow", "country_code=DE"));
  const client = await joined(t, 1, openNetwork("meadow"));
  const refused: readonly (readonly string[])[] = [
    ["5", "2461"],
    ["5", "4900"],
    ["5", "2484"],
    ["5", "5260"],
    ["5", "2462", "bandwidth=40", "sec_channel_offset=1", "center_freq1=2472", "ht"],
    ["5", "2437", "bandwidth=40", "sec_channel_offset=-1", "center_freq1=2447", "ht"],
    ["5", "2437", "bandwidth=40", "ht"],
    ["5", "2437", "center_freq2=2462"],
    ["256", "2437"],
    ["often", "2437"],
  ];
  for (const args of refused) assert.equal(await daemon.cli("chan_switch", ...args), "FAIL", args.join(" "));
  assert.equal((await statusOf(daemon))["freq"], "2412");
  await client.ping(apAddress);
  assert.ok(!daemon.log.lines.some((line) => line.includes("CHANNEL-SWITCH")));

  // Without any notice: stations find out for themselves.
  assert.equal(await daemon.cli("chan_switch", "0", "2437"), "OK");
  await daemon.log.waitFor(/AP-CSA-FINISHED freq=2437/);
  assert.equal((await statusOf(daemon))["freq"], "2437");
});

test("several networks at once, and what became of it after a pause", async (t) => {
  const config = openConfig(
    "meadow",
    "bss=wlan0_1",
    "ssid=castle",
    "wpa=2",
    "wpa_key_mgmt=WPA-PSK",
    "rsn_pairwise=CCMP",
  );
  const daemon = await accessPoint(t, `${config}wpa_passphrase=correct horse\n`);
  await setAddress("wlan0_1", "192.168.8.1/24");
  const one = await joined(t, 1, openNetwork("meadow"));
  const two = await joined(t, 2, wpa2Network("castle"));
  await two.setAddress("192.168.8.12/24");
  assert.equal(await daemon.cli("chan_switch", "5", "2462"), "OK");
  for (let bss = 0; bss < 2; bss++) await daemon.log.waitFor(/AP-CSA-FINISHED freq=2462/);
  for (const client of [one, two]) await client.log.waitFor(/CTRL-EVENT-CHANNEL-SWITCH freq=2462/);
  await one.ping(apAddress);
  await two.ping("192.168.8.1");
  assert.ok(!wasDisturbed(one) && !wasDisturbed(two));
  assert.equal((await statusOf(daemon))["ieee80211n"], "0");

  // It stays where it is, whatever else is changed, until somebody configures another channel.
  assert.equal(await daemon.cli("set", "max_num_sta", "10"), "OK");
  assert.equal(await daemon.cli("disable"), "OK");
  assert.equal(await daemon.cli("enable"), "OK");
  assert.equal((await statusOf(daemon))["freq"], "2462");
  assert.equal(await daemon.cli("set", "channel", "6"), "OK");
  assert.equal(await daemon.cli("disable"), "OK");
  assert.equal(await daemon.cli("enable"), "OK");
  assert.equal((await statusOf(daemon))["freq"], "2437");
});

test("disabled before the switch is complete", async (t) => {
  const daemon = await accessPoint(t, openConfig("meadow"));
  const client = await joined(t, 1, { ...openNetwork("meadow"), scan_freq: "2412 2462" });
  assert.equal(await daemon.cli("chan_switch", "10", "2462"), "OK");
  assert.equal(await daemon.cli("disable"), "OK");
  assert.equal(await daemon.cli("enable"), "OK");
  await client.disconnected();
  await client.connected();
  await client.ping(apAddress);
  assert.equal(await daemon.cli("chan_switch", "5", "2462"), "OK");
  await client.log.waitFor(/CTRL-EVENT-CHANNEL-SWITCH freq=2462/);
  await client.ping(apAddress);
});
