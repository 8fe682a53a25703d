// lab: radios=5
/** VLANs: who hears whom, the tagged wire behind them, and that nothing is left of them afterwards. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import {
  addressOf,
  broadcastAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  openNetwork,
  sleep,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const wiredAddress = "192.168.7.200";

/** What there is beside radios and what the guest came with. */
async function links(): Promise<string[]> {
  const text = await run(["ip", "-br", "link"]);
  const names = text
    .trim()
    .split("\n")
    .map((line) => line.split(/[\s@]/, 1)[0] ?? "");
  return names.filter((name) => !/^(lo|dummy0|wlan\d|hwsim0|mon|.*tunl|sit0|gre.*|erspan0|ip.*)$/.test(name)).sort();
}

async function linksBecome(expected: readonly string[]): Promise<void> {
  for (let round = 0; round < 50; round++) {
    if (String(await links()) === String(expected)) return;
    await sleep(100);
  }
  assert.deepEqual(await links(), expected);
}

/** A wire with a host at its other end that is in some VLANs. */
async function taggedWire(t: TestContext, vlanIds: readonly number[]): Promise<string> {
  const namespace = "lab-wired";
  await run(["ip", "netns", "add", namespace]);
  t.after(async () => {
    await tryRun(["ip", "link", "del", "wire"]);
    await run(["ip", "netns", "del", namespace]);
  });
  await run(["ip", "link", "add", "wire", "type", "veth", "peer", "name", "eth0", "netns", namespace]);
  await run(["ip", "link", "set", "eth0", "up"], { namespace });
  for (const id of vlanIds) {
    await run(["ip", "link", "add", "link", "eth0", "name", `eth0.${id}`, "type", "vlan", "id", String(id)], {
      namespace,
    });
    await run(["ip", "link", "set", `eth0.${id}`, "up"], { namespace });
  }
  return namespace;
}

const acceptFile = async (...vlanIds: readonly number[]): Promise<string> => {
  const lines = vlanIds.map(async (id, i) => `${(await radio(i + 1)).address} ${id}\n`);
  return await fileWith("accept", (await Promise.all(lines)).join(""));
};

test("two VLANs: each with its group key and its tag on the wire, and nobody hears the other's broadcast", async (t) => {
  const namespace = await taggedWire(t, [10, 20]);
  const config = wpa2Config(
    "campus",
    "dynamic_vlan=1",
    `accept_mac_file=${await acceptFile(10, 10, 20)}`,
    "vlan_tagged_interface=wire",
    "vlan_naming=1",
    "wpa_group_rekey=10",
  );
  const daemon = await startDaemon(t, { config });
  assert.deepEqual(await links(), ["wire"]);
  const [one, two, other] = [
    await joined(t, 1, wpa2Network("campus")),
    await joined(t, 2, wpa2Network("campus")),
    await joined(t, 3, wpa2Network("campus")),
  ];
  await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${other.address} vlanid=20$`));
  assert.deepEqual(await links(), ["brwire.10", "brwire.20", "wire", "wire.10", "wire.20", "wlan0.10", "wlan0.20"]);
  assert.match(await daemon.cli("sta", other.address), /^vlan_id=20$/m);
  await setAddress("eth0.10", cidr(wiredAddress), { namespace });

  const dump = await startProgram(t, {
    name: "tcpdump",
    namespace,
    command: ["tcpdump", "-l", "-n", "-e", "-i", "eth0", "udp port 7007 or (vlan and udp port 7007)"],
  });
  await dump.log.waitFor(/listening on/);
  for (const [name, where] of [
    ["two", two.namespace],
    ["other", other.namespace],
    ["wired", namespace],
  ] as const)
    await startPeer(t, { name, namespace: where });
  const asking = await startPeer(t, {
    name: "one",
    namespace: one.namespace,
    ask: [{ to: broadcastAddress, every: 0.5 }],
  });
  for (let round = 0; round < 3; round++) {
    for (const client of [one, two, other]) await client.log.waitFor(/WPA: Group rekeying completed/);
  }
  const { asked = 0, answered } = (await asking.finish())[broadcastAddress] ?? {};
  assert.ok(asked > 40);
  assert.deepEqual(answered, { [addressOf(1)]: asked, [addressOf(2)]: asked, [wiredAddress]: asked });
  const tags = new Set(dump.log.lines.flatMap((line) => /vlan (\d+)/.exec(line)?.[1] ?? []));
  assert.deepEqual([...tags], ["10"], "what leaves by the wire has the VLAN's tag");

  await run(["ip", "addr", "flush", "dev", "eth0.10"], { namespace });
  await setAddress("eth0.20", cidr(wiredAddress), { namespace });
  await other.ping(wiredAddress);
  assert.equal(await one.canPing(wiredAddress, { count: 2, wait: 1 }), false);
  assert.equal(await one.canPing(addressOf(3), { count: 2, wait: 1 }), false);
  await one.ping(addressOf(2));

  await one.stop();
  await two.ping("192.168.7.12");
  assert.ok((await links()).includes("wlan0.10"), "somebody is still in it");
  await two.stop();
  await linksBecome(["brwire.20", "wire", "wire.20", "wlan0.20"]);
  await daemon.stop();
  assert.deepEqual(await links(), ["wire"]);
  // The kernel's own: it takes no other way down.
  assert.match(await run(["ip", "link", "show", "wire"]), /state DOWN/);
});

test("killed: the next start finds what was left behind, and removes it", async (t) => {
  await taggedWire(t, []);
  const config = wpa2Config(
    "campus",
    "dynamic_vlan=1",
    `accept_mac_file=${await acceptFile(10)}`,
    "vlan_tagged_interface=wire",
  );
  const killed = await startDaemon(t, { config });
  const one = await joined(t, 1, wpa2Network("campus"));
  assert.deepEqual(await links(), ["brwire.10", "vlan10", "wire", "wlan0.10"]);
  killed.kill("SIGKILL");
  await linksBecome(["brwire.10", "vlan10", "wire"]);
  // Somebody else's, which looks like ours.
  await run(["ip", "link", "add", "brwire.20", "type", "bridge"]);
  t.after(() => tryRun(["ip", "link", "del", "brwire.20"]));
  const again = await startDaemon(t, { config });
  await linksBecome(["brwire.20", "wire"]);
  await one.connected({ timeout: 60 });
  await linksBecome(["brwire.10", "brwire.20", "vlan10", "wire", "wlan0.10"]);
  await again.stop();
  assert.deepEqual(await links(), ["brwire.20", "wire"]);
});

test("vlan_file: interfaces from the start, a bridge of one's own, and one that was there before", async (t) => {
  await run(["ip", "link", "add", "lan", "type", "bridge"]);
  t.after(() => tryRun(["ip", "link", "del", "lan"]));
  const file = await fileWith("vlan", "1\tguests\tlan\n2\tstaff\n*\tany.#\n");
  const config = openConfig("house", `vlan_file=${file}`, `accept_mac_file=${await acceptFile(1, 2, 7)}`);
  const daemon = await startDaemon(t, { config });
  assert.deepEqual(await links(), ["brvlan2", "guests", "lan", "staff"]);
  await setAddress("lan", cidr("192.168.7.1"));
  const guest = await joined(t, 1, openNetwork("house"));
  const clerk = await joined(t, 2, openNetwork("house"));
  const other = await joined(t, 3, openNetwork("house"));
  await linksBecome(["any.7", "brvlan2", "brvlan7", "guests", "lan", "staff"]);
  await run(["ip", "link", "set", "lan", "up"]);
  await guest.ping("192.168.7.1");
  for (const client of [clerk, other]) assert.equal(await client.canPing("192.168.7.1", { count: 2, wait: 1 }), false);
  await run(["ip", "addr", "flush", "dev", "lan"]);
  await setAddress("brvlan2", cidr("192.168.7.2"));
  await clerk.ping("192.168.7.2");

  // Somebody removes an interface under us; whoever was in it comes again.
  await run(["iw", "dev", "any.7", "del"]);
  await daemon.log.waitFor(/removed by the driver|interface any\.7 has been removed/);
  await linksBecome(["brvlan2", "guests", "lan", "staff"]);
  await other.cli("reassociate");
  await other.connected({ timeout: 60 });
  await linksBecome(["any.7", "brvlan2", "brvlan7", "guests", "lan", "staff"]);
  await daemon.stop();
  assert.deepEqual(await links(), ["lan"]);
});

test("per_sta_vif: an interface for each station, and vlanid= of wpa_psk_file in an access point without control port", async (t) => {
  const own = await startDaemon(t, { config: wpa2Config("hotel", "per_sta_vif=1", "bridge=br0") });
  await setAddress("br0", cidr("192.168.7.1"));
  const [one, two] = [await joined(t, 1, wpa2Network("hotel")), await joined(t, 2, wpa2Network("hotel"))];
  assert.deepEqual(await links(), ["br0", "wlan0.4096", "wlan0.4097"]);
  for (const client of [one, two]) await client.ping("192.168.7.1");
  await one.ping(addressOf(2));
  await own.stop();
  assert.deepEqual(await links(), []);
  for (const client of [one, two]) await client.stop();

  const psks = await fileWith(
    "psks",
    "vlanid=1 00:00:00:00:00:00 passphrase of one\nvlanid=2 00:00:00:00:00:00 passphrase of two\n",
  );
  const config = openConfig(
    "hotel",
    "wpa=2",
    "wpa_key_mgmt=WPA-PSK",
    "rsn_pairwise=CCMP",
    `wpa_psk_file=${psks}`,
    "dynamic_vlan=1",
    "driver_params=control_port=0",
    "wpa_group_rekey=10",
  );
  const daemon = await startDaemon(t, { config });
  const first = await joined(t, 3, { ...wpa2Network("hotel"), psk: "passphrase of one" });
  const second = await joined(t, 4, { ...wpa2Network("hotel"), psk: "passphrase of two" });
  await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${second.address} vlanid=2$`));
  assert.deepEqual(await links(), ["brvlan1", "brvlan2", "wlan0.1", "wlan0.2"]);
  await setAddress("brvlan1", cidr("192.168.7.1"));
  await first.ping("192.168.7.1");
  for (const client of [first, second]) await client.log.waitFor(/WPA: Group rekeying completed/);
  await ping(addressOf(3));
  assert.equal(await second.canPing("192.168.7.1", { count: 2, wait: 1 }), false);
  await daemon.stop();
  assert.deepEqual(await links(), []);
});
