// lab: radios=5, timeout=240
/** Several of everything: BSSs, radios, files; what fails alone, comes back alone, is added and removed while others go on. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { completeConfig, controlDirectory, daemonUnderTest, hostapdCli, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { block, radio, radios } from "../../lab/guest/radios.ts";
import { plugIn, pullOut } from "../../lab/guest/simulated-radios.ts";
import { station } from "../../lab/guest/station.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import {
  accessPoint,
  apAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  openNetwork,
  sleep,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const globalSocket = "/run/hostapd-global";
const globally = (command: string): Promise<string> =>
  run(["hostapd_cli", "-p", "/run", "-i", "hostapd-global", "raw", command]).then((reply) => reply.replace(/\n$/, ""));

const onRadio = (interfaceName: string, config: string): string =>
  config.replace("interface=wlan0", `interface=${interfaceName}`);

const addresses = async (...names: readonly string[]): Promise<string[]> =>
  await Promise.all(names.map(async (name) => /addr (\S+)/.exec(await run(["iw", "dev", name, "info"]))?.[1] ?? ""));

/** What wlan0 answers to a client that asks all the time. */
async function traffic(t: TestContext, namespace: string): Promise<() => Promise<void>> {
  await startPeer(t, { name: "ap" });
  const peer = await startPeer(t, { name: "client", namespace, ask: [{ to: apAddress, every: 0.05 }] });
  return async () => {
    const { asked = 0, answered = {} } = (await peer.finish())[apAddress] ?? {};
    assert.ok(asked > 20);
    assert.deepEqual(answered, { [apAddress]: asked });
  };
}

test("further BSSs have the addresses that count on, those they are given, or the driver's", async (t) => {
  const config = [
    openConfig("one"),
    "bss=wlan0_1\nssid=two",
    "bss=wlan0_2\nssid=three\nbssid=02:00:00:00:00:02",
    "bss=wlan0_3\nssid=four",
  ];
  const daemon = await startDaemon(t, { config: config.join("\n") });
  assert.deepEqual(await addresses("wlan0", "wlan0_1", "wlan0_2", "wlan0_3"), [
    "02:00:00:00:00:00",
    "02:00:00:00:00:01",
    "02:00:00:00:00:02",
    "02:00:00:00:00:03",
  ]);
  await daemon.stop();
  const leftToDriver = await startDaemon(t, { config: [...config, "use_driver_iface_addr=1"].join("\n") });
  const all = await addresses("wlan0", "wlan0_1", "wlan0_2", "wlan0_3");
  assert.equal(new Set(all).size, 4);
  assert.equal(all[2], "02:00:00:00:00:02");
  for (const [index, ssid] of ["one", "two", "three", "four"].entries()) {
    if (index % 2 === 0) continue;
    const client = await station(t, { radio: 1 + Math.floor(index / 2), network: openNetwork(ssid) });
    assert.equal(await client.connected(), all[index]);
  }
  await leftToDriver.stop();
  const sameAsFirst = await startDaemon(t, {
    config: `${openConfig("one")}bss=wlan0_1\nssid=two\nbssid=02:00:00:00:00:00\n`,
  });
  await sameAsFirst.log.waitFor(/may not have BSSID set to the MAC address of the radio/);
});

test("one radio of two fails and comes back; the other notices nothing", async (t) => {
  const second = await radio(3);
  await block(second, true);
  t.after(() => block(second, false).catch(() => undefined));
  const daemon = await startDaemon(t, {
    config: [wpa2Config("castle"), onRadio("wlan3", openConfig("tower"))],
    ready: undefined,
  });
  await daemon.log.waitFor(/^wlan0: AP-ENABLED/);
  await daemon.log.waitFor(/wlan3 did not start and is tried again: .*rfkill unblock/);
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  const finish = await traffic(t, client.namespace);
  await block(second, false);
  await daemon.log.waitFor(/^wlan3: AP-ENABLED/);
  const other = await station(t, { radio: 2, network: openNetwork("tower") });
  assert.equal(await other.connected(), second.address);

  pullOut(second.phy);
  await daemon.log.waitFor(/interface wlan3 has been removed/);
  await other.disconnected();
  await sleep(30_000);
  plugIn("phy-tower");
  const added = (await radios()).find(({ phy }) => phy === "phy-tower")?.interface ?? "";
  if (added !== "wlan3") await run(["ip", "link", "set", added, "name", "wlan3"]);
  await daemon.log.waitFor(/^wlan3: AP-ENABLED/);
  await other.connected({ timeout: 60 });
  await finish();
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
});

test("an interface that isn't there yet, or is somebody else's", async (t) => {
  const { phy } = await radio(3);
  const stranger = await startProgram(t, {
    name: "stranger",
    command: ["hostapd", await fileWith("stranger.conf", onRadio("wlan4", openConfig("stranger")))],
  });
  await stranger.log.waitFor(/AP-ENABLED/);
  await run(["iw", "dev", "wlan3", "del"]);
  const daemon = await startDaemon(t, {
    config: [openConfig("here"), onRadio("wlan3", openConfig("absent")), onRadio("wlan4", openConfig("busy"))],
    ready: undefined,
  });
  await daemon.log.waitFor(/wlan3 did not start and is tried again: .*ENODEV/);
  await daemon.log.waitFor(/wlan4 did not start and is tried again: .*hostapd/, { fromStart: true });
  await daemon.log.waitFor(/^wlan0: AP-ENABLED/, { fromStart: true });
  await sleep(60_000);
  await run(["iw", "phy", phy, "interface", "add", "wlan3", "type", "managed"]);
  await daemon.log.waitFor(/^wlan3: AP-ENABLED/, { timeout: 5 });
  await stranger.stop();
  await daemon.log.waitFor(/^wlan4: AP-ENABLED/, { timeout: 70 });
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
});

test("where none starts, the daemon ends; -B says so, and says when one has started", async (t) => {
  const pid = "/run/several.pid";
  const none = await fileWith("none.conf", onRadio("wlan8", openConfig("none")));
  const some = await fileWith("some.conf", completeConfig(openConfig("some")));
  assert.equal((await tryRun([daemonUnderTest, "-B", none])).status, 1);
  t.after(() => tryRun(["sh", "-c", `kill $(cat ${pid})`]));
  assert.equal((await tryRun([daemonUnderTest, "-B", "-P", pid, some, none])).status, 0);
  assert.equal(await hostapdCli("-i", "wlan0", "ping"), "PONG");
  await run(["sh", "-c", `kill $(cat ${pid})`]);
  for (let waited = 0; existsSync(pid); waited += 100) {
    assert.ok(waited < 10_000, "the daemon is still there");
    await sleep(100);
  }
});

test("-b: each BSS from a file of its own, all read again at SIGHUP", async (t) => {
  const { phy } = await radio(0);
  const first = await fileWith("first.conf", completeConfig(wpa2Config("castle")));
  const second = await fileWith("second.conf", completeConfig(onRadio("wlan0_b", openConfig("guests"))));
  const daemon = await startProgram(t, {
    name: "beacond",
    command: [daemonUnderTest, "-g", globalSocket, "-b", `${phy}:${first}`, "-b", `${phy}:${second}`],
  });
  await daemon.log.waitFor(/^wlan0: AP-ENABLED/);
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  const finish = await traffic(t, client.namespace);
  const guest = await station(t, { radio: 2, network: openNetwork("guests") });
  await guest.connected();

  const third = await fileWith("third.conf", completeConfig(onRadio("wlan0_c", openConfig("third"))));
  assert.equal(await globally(`ADD bss_config=${phy}:${third}`), "OK");
  assert.equal(await globally(`ADD bss_config=${phy}:${third}`), "FAIL");
  assert.equal(await globally("INTERFACES"), "wlan0\nwlan0_b\nwlan0_c");
  const two = await fileWith("two.conf", `${onRadio("wlan0_d", openConfig("d"))}bss=wlan0_e\nssid=e\n`);
  assert.equal(await globally(`ADD bss_config=${phy}:${two}`), "FAIL");

  await writeFile(second, completeConfig(onRadio("wlan0_b", openConfig("visitors"))));
  daemon.kill("SIGHUP");
  await guest.disconnected();
  assert.equal(await globally("REMOVE wlan0_b"), "OK");
  assert.equal(await globally("INTERFACES"), "wlan0\nwlan0_c");
  await writeFile(second, "this would be an error\n");
  daemon.kill("SIGHUP");
  await sleep(1000);
  assert.ok(!daemon.log.lines.some((line) => line.includes("has errors")), "it is nobody's file any more");
  await finish();
  assert.equal(await globally("REMOVE wlan0"), "OK");
  assert.equal(await globally("INTERFACES"), "");
  assert.doesNotMatch(await run(["iw", "dev"]), /wlan0_/);
  assert.equal(await globally(`ADD bss_config=${phy}:${first}`), "OK");
  await client.connected({ timeout: 60 });
});

test("two hundred BSSs come and go, and nobody else notices", async (t) => {
  const { phy } = await radio(0);
  const daemon = await accessPoint(t, wpa2Config("castle"), "-g", globalSocket);
  const client = await joined(t, 1, wpa2Network("castle"));
  const finish = await traffic(t, client.namespace);
  const file = await fileWith("guests.conf", completeConfig(onRadio("wlan0_b", wpa2Config("guests"))));
  for (let round = 0; round < 200; round++) {
    assert.equal(await globally(`ADD bss_config=${phy}:${file}`), "OK");
    assert.equal(await globally("REMOVE wlan0_b"), "OK");
  }
  await sleep(2000);
  await finish();
  assert.ok(!wasDisturbed(client));
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
});

test("an interface that a BSS can't have leaves the others up, and is tried again", async (t) => {
  await run(["ip", "link", "add", "wlan0_1", "type", "bridge"]);
  t.after(() => tryRun(["ip", "link", "del", "wlan0_1"]));
  const daemon = await startDaemon(t, {
    config: `${wpa2Config("castle")}bss=wlan0_1\nssid=guests\nctrl_interface=${controlDirectory}\n`,
  });
  await daemon.log.waitFor(/wlan0_1 did not start and is tried again/, { fromStart: true });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  const finish = await traffic(t, client.namespace);
  await sleep(10_000);
  await run(["ip", "link", "del", "wlan0_1"]);
  await daemon.log.waitFor(/^wlan0_1: INTERFACE-ENABLED/, { timeout: 60 });
  const guest = await station(t, { radio: 2, network: openNetwork("guests") });
  await guest.connected();
  await finish();
});
