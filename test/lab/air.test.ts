/** The time on the air: its load, its shares, rates of beacons, power, kinds of networks; as stations see them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { isolate, radio } from "../../lab/guest/radios.ts";
import { accessPoint, apAddress, cidr, joined, openConfig, openNetwork, sleep } from "./networks.ts";

/** What a bystander's scan says of one channel. */
async function listener(t: Parameters<typeof isolate>[0], number = 3) {
  const own = await radio(number);
  const namespace = await isolate(t, own);
  await run(["ip", "link", "set", own.interface, "up"], { namespace });
  return async (frequency = 2412, ...how: string[]): Promise<string> => {
    await run(["iw", "dev", own.interface, "scan", "flush", "freq", String(frequency), ...how], { namespace });
    return await run(["iw", "dev", own.interface, "scan", "dump", "-u"], { namespace });
  };
}

test("BSS Load: stations and the channel's use", async (t) => {
  const daemon = await startDaemon(t, {
    config: openConfig("meadow", "bss_load_update_period=5", "chan_util_avg_period=10"),
  });
  await setAddress("wlan0", cidr(apAddress));
  const seen = await listener(t);
  const client = await joined(t, 1, openNetwork("meadow"));
  await client.ping(apAddress, { count: 10 });
  await sleep(2000);
  const text = await seen(2412, "passive");
  assert.match(text, /\* station count: 1/);
  assert.match(text, /\* channel utilisation: \d+\/255/);
  assert.match(await daemon.cli("status"), /^chan_util_avg=\d+$/m);
});

test("5 GHz: country, power constraint, spectrum management", async (t) => {
  await startDaemon(t, {
    config: openConfig(
      "meadow",
      "hw_mode=a",
      "channel=36",
      "country_code=FI",
      "ieee80211d=1",
      "local_pwr_constraint=3",
      "spectrum_mgmt_required=1",
    ),
  });
  await setAddress("wlan0", cidr(apAddress));
  const text = await (await listener(t))(5180, "passive");
  assert.match(text, /Power constraint: 3 dB/);
  assert.match(text, /capability: ESS SpectrumMgmt/);
  assert.match(text, /Country: FI/);
  const client = await joined(t, 1, { ssid: "meadow", scan_freq: 5180 });
  await client.ping(apAddress);
});

test("the rate of beacons", async (t) => {
  const daemon = await accessPoint(t, openConfig("meadow", "beacon_rate=55"));
  const client = await joined(t, 1, openNetwork("meadow"));
  await client.ping(apAddress);
  assert.equal(await daemon.cli("set", "beacon_rate", "ht:0"), "OK");
  assert.equal(await daemon.cli("disable"), "OK");
  assert.equal(await daemon.cli("enable"), "FAIL", "this radio can't send beacons at HT rates");
});

test("multicast goes to each station by itself", async (t) => {
  await accessPoint(t, openConfig("meadow", "multicast_to_unicast=1"));
  const client = await joined(t, 1, openNetwork("meadow"));
  await client.ping(apAddress);
  const capture = run(["timeout", "4", "tcpdump", "-i", "hwsim0", "-c", "400", "-w", "/tmp/multicast.pcap"]).catch(
    () => "",
  );
  await run(["ip", "link", "set", "hwsim0", "up"]);
  await run(["ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", "wlan0", "224.0.0.1"]).catch(() => "");
  await capture;
  const found = await run([
    "tshark",
    "-r",
    "/tmp/multicast.pcap",
    "-Y",
    "ip.dst == 224.0.0.1 && wlan.fc.fromds == 1",
    "-T",
    "fields",
    "-e",
    "wlan.ra",
  ]);
  const receivers = new Set(found.trim().split("\n"));
  assert.deepEqual([...receivers], [client.address]);
});

test("shares of airtime: this radio can't, and that is said", async (t) => {
  const daemon = await accessPoint(t, openConfig("meadow", "airtime_mode=2", "airtime_bss_weight=3"));
  assert.ok(daemon.log.lines.some((line) => line.includes("airtime_mode has no effect: the driver can't share")));
  const client = await joined(t, 1, openNetwork("meadow"));
  await client.ping(apAddress);
});

test("a network says what it is, and who asks for another kind has no answer", async (t) => {
  await startDaemon(t, {
    config: openConfig("meadow", "interworking=1", "access_network_type=3", "internet=1", "hessid=02:03:04:05:06:07"),
  });
  const text = await (await listener(t))(2412, "passive");
  assert.match(
    text,
    /802.11u Interworking:[\s\S]*Network Options: 0x13[\s\S]*Network Type: 3[\s\S]*Internet[\s\S]*HESSID: 02:03:04:05:06:07/,
  );
});

test("priorities: stations are told of changes, and asked for time they get it", async (t) => {
  const daemon = await accessPoint(t, openConfig("meadow", "wmm_enabled=1", "wmm_ac_vo_acm=1"));
  const client = await joined(t, 1, openNetwork("meadow"));
  const seen = await listener(t);
  assert.match(await seen(2412, "passive"), /WMM:\s+\* Parameter version 1/);
  assert.match(await seen(2412, "passive"), /VO:( acm)? .*CW 3-7.*TXOP 1504 usec/);
  await client.cli(
    "wmm_ac_addts",
    "downlink",
    "tsid=3",
    "up=6",
    "nominal_msdu_size=208",
    "mean_data_rate=83200",
    "min_phy_rate=6000000",
    "sba=9830",
  );
  await client.log.waitFor(/TSPEC-ADDED tsid=3/);
  assert.equal(await daemon.cli("set", "wmm_ac_be_cwmin", "3"), "OK");
  assert.match(await seen(2412, "passive"), /BE: CW 7-1023/);
  await client.ping(apAddress);
});
