/** Where frames go once a station is in: to other stations, or not, and to what is on a bridge. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { completeConfig, startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { run, tryRun } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  joined,
  openConfig,
  openNetwork,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

for (const { kind, config, network } of [
  { kind: "open", config: openConfig("hotel", "ap_isolate=1"), network: openNetwork("hotel") },
  { kind: "WPA2", config: wpa2Config("hotel", "ap_isolate=1"), network: wpa2Network("hotel") },
]) {
  test(`ap_isolate, ${kind}: stations reach the access point, and not each other`, async (t) => {
    await accessPoint(t, config);
    const first = await joined(t, 1, network);
    const second = await joined(t, 2, network);
    for (const client of [first, second]) await client.ping(apAddress);
    assert.equal(await first.canPing(addressOf(2), { count: 2, wait: 1 }), false);
    // Nor where they need not ask for the address first.
    await second.run("ip", "neigh", "add", addressOf(1), "lladdr", first.address, "dev", second.interface);
    await first.run("ip", "neigh", "replace", addressOf(2), "lladdr", second.address, "dev", first.interface);
    assert.equal(await second.canPing(addressOf(1), { count: 2, wait: 1 }), false);
    await ping(addressOf(1));
  });
}

/** A host on a wire that ends in the bridge. */
async function wiredHost(t: Parameters<typeof joined>[0], bridge: string, address: string): Promise<string> {
  const namespace = "lab-wired";
  await run(["ip", "netns", "add", namespace]);
  t.after(async () => {
    await run(["ip", "netns", "del", namespace]);
    await tryRun(["ip", "link", "del", "wire"]);
  });
  await run(["ip", "link", "add", "wire", "type", "veth", "peer", "name", "eth0", "netns", namespace]);
  await run(["ip", "link", "set", "wire", "master", bridge, "up"]);
  await run(["ip", "link", "set", "eth0", "up"], { namespace });
  await setAddress("eth0", cidr(address), { namespace });
  return namespace;
}

const linkExists = async (name: string): Promise<boolean> => (await tryRun(["ip", "link", "show", name])).status === 0;
const ports = (bridge: string): Promise<string> => run(["ip", "-br", "link", "show", "master", bridge]);

test("bridge: made where there is none, its traffic crosses, and it goes with the daemon", async (t) => {
  // Of an earlier test; the bridge's is to be the only one.
  await run(["ip", "addr", "flush", "dev", "wlan0"]);
  const daemon = await startDaemon(t, { config: wpa2Config("castle", "bridge=br0") });
  assert.match(await ports("br0"), /^wlan0 /m);
  await setAddress("br0", cidr(apAddress));
  const namespace = await wiredHost(t, "br0", "192.168.7.200");
  const first = await joined(t, 1, wpa2Network("castle"));
  const second = await joined(t, 2, wpa2Network("castle"));
  await first.ping(apAddress);
  await first.ping("192.168.7.200");
  await ping(addressOf(2), { namespace });
  await first.ping(addressOf(2));
  await second.ping(addressOf(1));

  await run(["ip", "link", "del", "wire"]);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  assert.equal(await linkExists("br0"), false);
  assert.equal(await linkExists("wlan0"), true);
});

test("bridge: one that is there is used and left as it was", async (t) => {
  await run(["ip", "link", "add", "lan", "type", "bridge"]);
  t.after(() => run(["ip", "link", "del", "lan"]));
  await run(["ip", "link", "set", "lan", "up"]);
  await setAddress("lan", cidr(apAddress));
  await wiredHost(t, "lan", "192.168.7.200");
  const daemon = await startDaemon(t, { config: wpa2Config("castle", "bridge=lan") });
  assert.match(await ports("lan"), /^wlan0 /m);
  const client = await joined(t, 1, wpa2Network("castle"));
  await client.ping("192.168.7.200");
  await daemon.stop();
  const left = await ports("lan");
  assert.match(left, /^wire@/m);
  assert.doesNotMatch(left, /wlan0/);
  assert.match(await run(["ip", "-br", "addr", "show", "lan"]), /192\.168\.7\.1\/24/);
});

test("bridge: into another one and out of it by a reload, and the stations stay", async (t) => {
  await run(["ip", "addr", "flush", "dev", "wlan0"]);
  for (const [bridge, host] of [
    ["lan", "192.168.7.200"],
    ["garden", "192.168.8.200"],
  ] as const) {
    await run(["ip", "link", "add", bridge, "type", "bridge"]);
    t.after(() => run(["ip", "link", "del", bridge]));
    await run(["ip", "link", "set", bridge, "up"]);
    await setAddress(bridge, cidr(host));
  }
  const daemon = await startDaemon(t, { config: wpa2Config("castle", "bridge=lan") });
  const [file = ""] = daemon.files;
  const reload = async (...lines: string[]): Promise<void> => {
    await writeFile(file, completeConfig(wpa2Config("castle", ...lines)));
    assert.equal(await daemon.cli("raw", "RELOAD_CONFIG"), "OK");
  };
  const client = await joined(t, 1, wpa2Network("castle"));
  await client.run("ip", "addr", "add", "192.168.8.11/24", "dev", client.interface);
  await client.ping("192.168.7.200");
  assert.equal(await client.canPing("192.168.8.200", { count: 1, wait: 1 }), false);

  await reload("bridge=garden");
  assert.match(await ports("garden"), /^wlan0 /m);
  await client.ping("192.168.8.200");
  assert.equal(await client.canPing("192.168.7.200", { count: 1, wait: 1 }), false);
  await reload("bridge=made");
  assert.match(await ports("made"), /^wlan0 /m);
  await reload();
  assert.equal(await linkExists("made"), false);
  assert.equal(await ports("garden"), "");
  assert.ok(!wasDisturbed(client));
});

test("bridge: what a killed daemon has left behind is found, and removed, whatever the next one is told", async (t) => {
  await run(["ip", "addr", "flush", "dev", "wlan0"]);
  for (const lines of [["bridge=br0"], ["bridge=br1"], []]) {
    const killed = await startDaemon(t, { config: openConfig("meadow", "bridge=br0") });
    assert.match(await ports("br0"), /^wlan0 /m);
    killed.kill("SIGKILL");
    await killed.exited;
    assert.ok(await linkExists("br0"), "nobody could remove it");
    const daemon = await startDaemon(t, { config: openConfig("meadow", ...lines) });
    assert.equal(await linkExists("br0"), lines[0] === "bridge=br0");
    assert.match(await run(["iw", "dev", "wlan0", "info"]), /ssid meadow/);
    await daemon.stop();
    assert.equal(await linkExists("br0"), false);
    assert.equal(await linkExists("br1"), false);
  }
});

test("bssid: the address that was asked for, and its own again afterwards", async (t) => {
  const { address } = await radio(0);
  const daemon = await accessPoint(t, wpa2Config("castle", "bssid=02:aa:bb:cc:dd:00"));
  const client = await joined(t, 1, wpa2Network("castle"));
  assert.equal((await client.status())["bssid"], "02:aa:bb:cc:dd:00");
  await client.ping(apAddress);
  await daemon.stop();
  assert.equal((await radio(0)).address, address);
});

test("bridge: one that the daemon made stays while somebody else is in it", async (t) => {
  t.after(() => run(["ip", "link", "del", "br0"]));
  const daemon = await startDaemon(t, { config: openConfig("meadow", "bridge=br0") });
  await wiredHost(t, "br0", "192.168.7.200");
  await daemon.stop();
  assert.match(await ports("br0"), /^wire@/m);
  assert.doesNotMatch(await ports("br0"), /wlan0/);
});

test("bridge_hairpin: isolated stations reach each other through the bridge; what was asked for ends with the daemon", async (t) => {
  await run(["ip", "link", "add", "lan", "type", "bridge"]);
  t.after(() => run(["ip", "link", "del", "lan"]));
  await run(["ip", "link", "set", "lan", "up"]);
  const port = (): Promise<string> => run(["bridge", "-d", "link", "show", "dev", "wlan0"]);
  const isolated = ["bridge=lan", "ap_isolate=1"];
  const first = await startDaemon(t, { config: wpa2Config("castle", ...isolated) });
  const one = await joined(t, 1, wpa2Network("castle"));
  const two = await joined(t, 2, wpa2Network("castle"));
  assert.ok(!(await one.canPing(addressOf(2), { count: 2, wait: 2 })));
  assert.match(await port(), /hairpin off/);
  await first.stop();
  await Promise.all([one.disconnected(), two.disconnected()]);

  const keys = ["bridge_hairpin=1", "bridge_multicast_to_unicast=1"];
  const second = await startDaemon(t, { config: wpa2Config("castle", ...isolated, ...keys) });
  await Promise.all([one.connected(), two.connected()]);
  const settings = await port();
  assert.match(settings, /hairpin on/);
  assert.match(settings, /mcast_to_unicast on/);
  await one.ping(addressOf(2));
  await second.stop();
  assert.doesNotMatch(await port(), /hairpin on/);
});
