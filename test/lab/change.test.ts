/** A daemon that is told to read its files again, to stop, or is killed. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { completeConfig, controlDirectory, type Daemon, hostapdCli, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { isolate, radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  openNetwork,
  sleep,
  uninterrupted,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

async function reload(daemon: Daemon, config: string): Promise<void> {
  const [file = ""] = daemon.files;
  await writeFile(file, completeConfig(config));
  daemon.kill("SIGHUP");
  await sleep(1000);
}

test("SIGHUP: what can change while stations are in changes without them noticing", async (t) => {
  const list = await fileWith("deny", "");
  const config = (...lines: string[]): string => wpa2Config("castle", `deny_mac_file=${list}`, ...lines);
  const daemon = await accessPoint(t, config());
  const client = await joined(t, 1, wpa2Network("castle"));
  const endTraffic = await uninterrupted(t, client, 0.1);

  await reload(daemon, config("max_num_sta=1"));
  const second = await station(t, { radio: 2, network: wpa2Network("castle") });
  await daemon.log.waitFor(new RegExp(`AP-REJECTED-MAX-STA ${second.address}`));

  await writeFile(list, `${second.address}\n`);
  await reload(daemon, config("max_num_sta=5"));
  await second.log.staysWithout(/CTRL-EVENT-CONNECTED/, 15);
  await writeFile(list, "");
  await reload(daemon, config("max_num_sta=5"));
  await second.connected({ timeout: 60 });

  // What the kernel and the handshakes have of it follows too.
  await second.setAddress(cidr(addressOf(2)));
  await client.ping(addressOf(2));
  await reload(daemon, config("ap_isolate=1", "wpa_group_rekey=5"));
  assert.equal(await client.canPing(addressOf(2), { count: 1, wait: 1 }), false);
  for (let time = 0; time < 2; time++) await client.log.waitFor(/WPA: Group rekeying completed/);

  await endTraffic();
  assert.ok(!wasDisturbed(client));
  assert.ok(!daemon.log.lines.some((line) => line.includes("AP-DISABLED")));
});

test("SIGHUP: the beacon shows what has changed", async (t) => {
  const daemon = await startDaemon(t, { config: openConfig("meadow", "beacon_int=20") });
  const namespace = await isolate(t, await radio(2));
  await run(["ip", "link", "set", "wlan2", "up"], { namespace });
  const seen = async (): Promise<string> => {
    await run(["iw", "dev", "wlan2", "scan", "flush", "freq", "2412", "passive"], { namespace });
    return await run(["iw", "dev", "wlan2", "scan", "dump", "-u"], { namespace });
  };
  assert.match(await seen(), /SSID: meadow$/m);
  await reload(
    daemon,
    openConfig("meadow", "beacon_int=20", "ignore_broadcast_ssid=1", "vendor_elements=dd0411223301"),
  );
  const hidden = await seen();
  assert.match(hidden, /SSID: ?$/m);
  assert.match(hidden, /Vendor specific: OUI 11:22:33, data: 01/);
});

test("SIGHUP: the lists count at once, for those who are in as well", async (t) => {
  const file = await fileWith("psks", "keyid=one 00:00:00:00:00:00 passphrase one\n");
  const config = openConfig("hotel", "wpa=2", "wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", `wpa_psk_file=${file}`);
  const daemon = await accessPoint(t, config);
  const one = await joined(t, 1, { ...wpa2Network("hotel"), psk: "passphrase one" });

  await writeFile(file, "keyid=one 00:00:00:00:00:00 passphrase one\nkeyid=two 00:00:00:00:00:00 passphrase two\n");
  await reload(daemon, config);
  const two = await joined(t, 2, { ...wpa2Network("hotel"), psk: "passphrase two" });
  await daemon.log.waitFor(/AP-STA-CONNECTED .* keyid=two/);
  await one.ping(apAddress);
  assert.ok(!wasDisturbed(one));

  await writeFile(file, "keyid=two 00:00:00:00:00:00 passphrase two\n");
  await reload(daemon, config);
  await one.disconnected();
  await one.log.staysWithout(/CTRL-EVENT-CONNECTED/, 10);
  await two.ping(apAddress);
  assert.ok(!wasDisturbed(two));
});

test("SIGHUP: a new passphrase is the one that counts", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  await reload(daemon, wpa2Config("castle", "wpa_passphrase=another horse"));
  await client.disconnected();
  await daemon.log.waitFor(/AP-STA-POSSIBLE-PSK-MISMATCH/);
  const other = await joined(t, 2, { ...wpa2Network("castle"), psk: "another horse" });
  await other.ping(apAddress);
});

test("SIGHUP: a file with errors changes nothing, and the log says what is wrong", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  await reload(daemon, wpa2Config("elsewhere", "beacon_int=soon"));
  await daemon.log.waitFor(/:12:.*beacon_int/);
  await reload(daemon, "");
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
  const second = await joined(t, 2, wpa2Network("castle"));
  await second.ping(addressOf(1));
  // And a good one is taken again.
  await reload(daemon, wpa2Config("castle", "max_num_sta=2"));
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
});

test("SIGHUP: a channel that is not allowed changes nothing, and the log names those that are", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle", "country_code=US"));
  const client = await joined(t, 1, wpa2Network("castle"));
  await reload(daemon, wpa2Config("castle", "country_code=US", "channel=13"));
  await daemon.log.waitFor(/channel 13 .*not allowed.*; allowed are 1, 2, .*going on with what was configured before/);
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
});

test("SIGHUP: the log file is opened anew, for who rotates logs", async (t) => {
  const log = await fileWith("log", "");
  const daemon = await startDaemon(t, { config: openConfig("meadow"), args: ["-t", "-f", log], ready: undefined });
  const said = async (path: string, pattern: RegExp): Promise<void> => {
    for (let waited = 0; !pattern.test(await readFile(path, "utf8").catch(() => "")); waited += 100) {
      assert.ok(waited < 10_000, `${path} has no ${pattern}`);
      await sleep(100);
    }
  };
  await said(log, /^\d+\.\d{6}: wlan0: AP-ENABLED/m);
  await rename(log, `${log}.1`);
  daemon.kill("SIGHUP");
  await sleep(1000);
  await joined(t, 1, openNetwork("meadow"));
  await said(log, /AP-STA-CONNECTED/);
  assert.doesNotMatch(await readFile(`${log}.1`, "utf8"), /AP-STA-CONNECTED/);
  assert.equal(daemon.log.text, "");
});

/** Without its counters. */
const interfaceInfo = async (): Promise<string> =>
  (await run(["iw", "dev", "wlan0", "info"])).replace(/\tmulticast TXQ:[\s\S]*/, "");

test("SIGTERM: stations are told, the interface is as it was found", async (t) => {
  await run(["ip", "link", "set", "wlan0", "down"]);
  const before = await interfaceInfo();
  const daemon = await startDaemon(t, { config: wpa2Config("castle") });
  const clients = [await joined(t, 1, wpa2Network("castle")), await joined(t, 2, wpa2Network("castle"))];
  daemon.kill("SIGTERM");
  assert.deepEqual(await daemon.exited, { code: 0, signal: null });
  for (const client of clients) {
    const [line] = await client.log.waitFor(/CTRL-EVENT-DISCONNECTED .*/);
    assert.match(line, / reason=3$/);
  }
  assert.equal(await interfaceInfo(), before);
  assert.match(await run(["ip", "-br", "link", "show", "wlan0"]), / DOWN /);
  assert.ok(!existsSync(`${controlDirectory}/wlan0`));
});

test("kill -9: the kernel stops the access point, and the next start works", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const bssid = (await radio(0)).address;
  daemon.kill("SIGKILL");
  assert.deepEqual(await daemon.exited, { code: null, signal: "SIGKILL" });
  await client.disconnected();
  assert.doesNotMatch(await interfaceInfo(), /ssid/);
  assert.ok(existsSync(`${controlDirectory}/wlan0`), "the socket of the dead is still there");

  await startDaemon(t, { config: wpa2Config("castle") });
  assert.equal(await hostapdCli("-i", "wlan0", "ping"), "PONG");
  assert.equal(await client.connected({ timeout: 60 }), bssid);
  await client.ping(apAddress);
});

test("killed and started at once, again and again", async (t) => {
  let daemon = await startDaemon(t, { config: wpa2Config("castle") });
  for (let round = 0; round < 5; round++) {
    daemon.kill("SIGKILL");
    await daemon.exited;
    daemon = await startDaemon(t, { config: wpa2Config("castle") });
  }
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  await client.ping(apAddress);
});
