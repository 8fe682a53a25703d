// lab: radios=4, timeout=300
/** Another configuration for a network that people are in: only those leave whom it concerns. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { completeConfig, controlDirectory, type Daemon, hostapdCli } from "../../lab/guest/daemon.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { type Station, station } from "../../lab/guest/station.ts";
import { type Peer, startPeer } from "../../lab/guest/traffic.ts";
import {
  accessPoint,
  apAddress,
  fileWith,
  joined,
  openNetwork,
  passphrase,
  sleep,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const ap = async (t: TestContext, config: string): Promise<Daemon> => {
  const daemon = await accessPoint(t, config);
  return daemon;
};

const wpa2 = (ssid: string, ...lines: readonly string[]): string =>
  wpa2Config(ssid, `ctrl_interface=${controlDirectory}`, ...lines);

const protectedBss = (name: string, ssid: string, ...lines: readonly string[]): string =>
  [
    `bss=${name}`,
    `ctrl_interface=${controlDirectory}`,
    `ssid=${ssid}`,
    "wpa=2",
    "wpa_key_mgmt=WPA-PSK",
    "rsn_pairwise=CCMP",
    `wpa_passphrase=${passphrase}`,
    ...lines,
    "",
  ].join("\n");

async function reload(daemon: Daemon, config: string, wait = 1000): Promise<void> {
  const [file = ""] = daemon.files;
  await writeFile(file, completeConfig(config));
  daemon.kill("SIGHUP");
  await sleep(wait);
}

/** A station whose every question is answered, or the test fails. */
async function watched(t: TestContext, client: Station): Promise<{ finish(): Promise<void> }> {
  await startPeer(t, { name: "ap" });
  const ask = [{ to: apAddress, every: 0.05 }];
  const traffic: Peer = await startPeer(t, { name: "client", namespace: client.namespace, ask });
  return {
    async finish() {
      const { asked = 0, answered = {} } = (await traffic.finish())[apAddress] ?? {};
      assert.ok(asked > 20, `${asked} questions`);
      assert.deepEqual(answered, { [apAddress]: asked });
      assert.ok(!wasDisturbed(client));
    },
  };
}

const beacon = async (...args: readonly string[]): Promise<string> =>
  await run([process.execPath, new URL("../../src/cli/main.js", import.meta.url).pathname, ...args]);

test("nobody in one BSS loses a packet while another is added, changed in every way, and removed", async (t) => {
  const home = wpa2("home");
  const daemon = await ap(t, home);
  const client = await joined(t, 1, wpa2Network("home"));
  const traffic = await watched(t, client);

  await reload(daemon, home + protectedBss("wlan0_1", "guests"));
  const guest = await station(t, { radio: 2, network: wpa2Network("guests") });
  await guest.connected();
  const own = (await radio(0)).address;
  const next = own.replace(/..$/, (octet) => (Number.parseInt(octet, 16) + 1).toString(16).padStart(2, "0"));
  assert.equal((await guest.status())["bssid"], next, "the next address");

  await reload(daemon, home + protectedBss("wlan0_1", "guests", "vendor_elements=dd0411223301", "max_num_sta=7"));
  assert.ok(!wasDisturbed(guest));
  await reload(daemon, home + protectedBss("wlan0_1", "guests", "dtim_period=3"));
  await guest.disconnected();
  await guest.connected({ timeout: 60 });
  await reload(daemon, home + protectedBss("wlan0_1", "others"));
  await guest.disconnected();
  await reload(daemon, home + protectedBss("wlan0_1", "guests", `bssid=${next.replace(/^../, "06")}`));
  assert.equal(await guest.connected({ timeout: 60 }), next.replace(/^../, "06"));
  await reload(daemon, home + protectedBss("wlan0_1", "guests", "wpa_passphrase=another horse"));
  await guest.disconnected();
  await reload(daemon, home + protectedBss("wlan0_2", "third") + protectedBss("wlan0_3", "fourth"));
  assert.equal(await hostapdCli("-i", "wlan0_2", "ping"), "PONG");
  await reload(daemon, home);
  assert.doesNotMatch(await run(["iw", "dev"]), /Interface wlan0_/);
  await traffic.finish();
  assert.ok(!daemon.log.lines.some((line) => /^wlan0: AP-DISABLED/.test(line)));
});

test("nobody loses a packet while what the beacon says changes", async (t) => {
  const daemon = await ap(t, wpa2("home"));
  const client = await joined(t, 1, wpa2Network("home"));
  const traffic = await watched(t, client);
  for (const lines of [
    ["vendor_elements=dd0411223301"],
    ["ignore_broadcast_ssid=1"],
    ["country_code=DE", "ieee80211d=1"],
    ["country_code=DE", "bss_load_update_period=50", "ap_max_inactivity=60", "tdls_prohibit=1"],
    ["country_code=DE", "rts_threshold=500", "wmm_ac_vo_aifs=3", "tx_queue_data0_aifs=2"],
  ]) {
    await reload(daemon, wpa2("home", ...lines));
  }
  await traffic.finish();
});

test("the stations come along to another channel", async (t) => {
  const daemon = await ap(t, wpa2("home") + protectedBss("wlan0_1", "guests"));
  const client = await joined(t, 1, wpa2Network("home"));
  const guest = await station(t, { radio: 2, network: wpa2Network("guests") });
  await guest.connected();
  const traffic = await watched(t, client);
  await reload(daemon, wpa2("home", "channel=6") + protectedBss("wlan0_1", "guests"), 4000);
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /channel 6 \(2437 MHz\)/);
  assert.match(await run(["iw", "dev", "wlan0_1", "info"]), /channel 6 \(2437 MHz\)/);
  await traffic.finish();
  assert.ok(!wasDisturbed(guest));
});

test("a new passphrase, other entries of wpa_psk_file and the lists concern those who have no right any more", async (t) => {
  const file = await fileWith("psks", `00:00:00:00:00:00 ${passphrase}\n00:00:00:00:00:00 another horse\n`);
  const lists = await fileWith("deny", "");
  const config = (...lines: readonly string[]): string =>
    wpa2("home", `wpa_psk_file=${file}`, `deny_mac_file=${lists}`, ...lines);
  const daemon = await ap(t, config());
  const client = await joined(t, 1, wpa2Network("home"));
  const other = await station(t, { radio: 2, network: { ...wpa2Network("home"), psk: "another horse" } });
  await other.connected();
  const traffic = await watched(t, client);
  await reload(daemon, config("wpa_passphrase=third horse"));
  assert.ok(!wasDisturbed(other), "its key is still one");
  await writeFile(file, `00:00:00:00:00:00 ${passphrase}\n`);
  await reload(daemon, config("wpa_passphrase=third horse"));
  await other.disconnected();
  await writeFile(file, `00:00:00:00:00:00 ${passphrase}\n00:00:00:00:00:00 another horse\n`);
  await reload(daemon, config());
  await other.connected({ timeout: 60 });
  await writeFile(lists, `${other.address}\n`);
  await reload(daemon, config());
  await other.disconnected();
  await traffic.finish();
});

test("what the kernel refuses half-way is taken back", async (t) => {
  const home = wpa2("home");
  const daemon = await ap(t, home + protectedBss("wlan0_1", "guests"));
  const client = await joined(t, 1, wpa2Network("home"));
  const traffic = await watched(t, client);
  const guest = await station(t, { radio: 2, network: wpa2Network("guests") });
  await guest.connected();
  // An interface of another radio can't become a BSS of this one.
  await run(["ip", "link", "set", "wlan3", "down"]);
  await reload(daemon, wpa2("home", "max_num_sta=1") + protectedBss("wlan3", "third"));
  await daemon.log.waitFor(/the reload failed at 'add-bss'.*what ran before runs again/);
  // An element that is longer than what there is of it.
  await reload(daemon, home + protectedBss("wlan0_1", "guests", "vendor_elements=dd0511"));
  await daemon.log.waitFor(/the reload failed at 'show-settings'.*what ran before runs again/);
  assert.ok(!wasDisturbed(guest));
  assert.match(await hostapdCli("-i", "wlan0_1", "get_config"), /^ssid=guests$/m);
  await traffic.finish();
  // And a good one is taken again.
  await reload(daemon, home);
  await guest.disconnected();
  await client.ping(apAddress);
});

test("files with errors change nothing: cut off, of one endless line, of ten megabytes, with the same twice", async (t) => {
  const home = wpa2("home");
  const daemon = await ap(t, home);
  const client = await joined(t, 1, wpa2Network("home"));
  const traffic = await watched(t, client);
  for (const [config, complaint] of [
    [`${home}ssid`, /there is no '=' in this line/],
    [`${home}vendor_elements=${"0".repeat(1_000_000)}`, /the line is longer than/],
    [home + "no_such_key=1\n".repeat(750_000), /more than 1000 problems/],
    [home + protectedBss("wlan0", "twice"), /two BSSs have the interface wlan0/],
    [
      home +
        protectedBss("wlan0_1", "x", "bssid=02:00:00:00:99:01") +
        protectedBss("wlan0_2", "y", "bssid=02:00:00:00:99:01"),
      /two BSSs have the BSSID 02:00:00:00:99:01/,
    ],
    [`${home}wpa_key_mgmt=DPP`, /DPP/],
  ] as const) {
    await reload(daemon, config, 3000);
    await daemon.log.waitFor(complaint);
    await daemon.log.waitFor(/going on with what was configured before/);
  }
  await traffic.finish();
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
});

test("a country that forbids the channel leaves the network up", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  const daemon = await ap(t, wpa2("home", "channel=13", "country_code=DE"));
  const client = await joined(t, 1, { ...wpa2Network("home"), scan_freq: 2472 });
  const traffic = await watched(t, client);
  await reload(daemon, wpa2("home", "channel=13", "country_code=US"), 5000);
  await daemon.log.waitFor(/channel 13 .*not allowed.*going on with what was configured before/);
  assert.match(await run(["iw", "reg", "get"]), /country DE/);
  // The kernel would have ended it after a minute.
  await sleep(90_000);
  await traffic.finish();
});

test("RELOAD plan and beacon reload --plan say beforehand what happens, and do nothing", async (t) => {
  const home = wpa2("home");
  const daemon = await ap(t, home + protectedBss("wlan0_1", "guests"));
  const client = await joined(t, 1, wpa2Network("home"));
  const guest = await station(t, { radio: 2, network: openNetwork("nobody") });
  const [file = ""] = daemon.files;
  await writeFile(file, completeConfig(wpa2("elsewhere") + protectedBss("wlan0_2", "third")));
  const said = [
    "wlan0_2: is added; nobody notices",
    "wlan0_1: is removed; there are no stations that would have to go",
  ];
  const all = [...said, "wlan0: ssid: begins anew; its station has to go"].join("\n");
  assert.equal(await hostapdCli("-i", "wlan0", "raw", "RELOAD_CONFIG plan"), all);
  assert.equal(await beacon("reload", "--plan", "-p", controlDirectory), `${all}\n`);
  const plan = JSON.parse(await beacon("reload", "--plan", "--json", "-p", controlDirectory));
  assert.deepEqual(plan.steps[2], {
    type: "begin-bss",
    bss: "wlan0",
    keys: ["ssid"],
    leaving: "stations",
    stations: 1,
  });
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
  assert.equal(await hostapdCli("-i", "wlan0_1", "ping"), "PONG");

  assert.equal(await beacon("reload", "-p", controlDirectory), `${all}\n`);
  await client.disconnected();
  assert.equal(await hostapdCli("-i", "wlan0_2", "ping"), "PONG");
  assert.equal(await beacon("reload", "-p", controlDirectory), "wlan0: nothing changes\n");
  await writeFile(file, "interface=wlan0\nchanel=1\n");
  await assert.rejects(beacon("reload", "--plan", "-p", controlDirectory), /has errors/);
  await guest.stop();
});
