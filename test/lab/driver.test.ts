/** The driver by itself on real nl80211, without the access point above it: frames are made by hand here. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cleanup } from "../../lab/guest/cleanup.ts";
import { debianHostapd, startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { run, startProgram } from "../../lab/guest/process.ts";
import { block, radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";
import { bytesOfHex, concat, utf8, Writer } from "../../src/base/bytes.ts";
import { seconds } from "../../src/base/duration.ts";
import { KernelRefusal } from "../../src/base/errors.ts";
import { silent } from "../../src/base/log.ts";
import { encodeMacAddress, type MacAddress, macAddressOf } from "../../src/base/mac-address.ts";
import { openNl80211Driver } from "../../src/driver/nl80211/index.ts";
import type { ApParameters, BssEvent, BssPort, RadioEvent } from "../../src/driver/port.ts";
import { systemClock } from "../../src/linux/clock.ts";
import { Reactor } from "../../src/linux/reactor.ts";

const hex = (text: string): Uint8Array => bytesOfHex(text.replaceAll(" ", "")) ?? assert.fail(text);

const ssid = utf8("by hand");
const rates = hex("0108 82848b960c121824");
/** Timestamp, beacon interval, capabilities: ESS. */
const beaconFixed = hex("0000000000000000 6400 0104");
const elements = concat(Uint8Array.of(0, ssid.length), ssid, rates, hex("030101"));

const frame = (subtype: number, to: Uint8Array, bssid: Uint8Array, body: Uint8Array): Uint8Array =>
  new Writer().u8(subtype).zeros(3).put(to).put(bssid).put(bssid).zeros(2).put(body).finish();

function openNetwork(address: MacAddress): ApParameters {
  const head = frame(0x80, new Uint8Array(6).fill(0xff), encodeMacAddress(address), concat(beaconFixed, elements));
  const none = new Uint8Array();
  return {
    ssid,
    hiddenSsid: "no",
    beaconInterval: 100,
    dtimPeriod: 2,
    channel: { frequency: 2412, width: "20-no-ht", centerFrequency1: 2412 },
    beacon: {
      head,
      tail: hex("3204 3048606c"),
      beaconElements: none,
      probeResponseElements: none,
      associationResponseElements: none,
    },
    security: { privacy: false, wpaVersions: [], akmSuites: [], pairwiseCiphers: [], groupCipher: undefined },
    protection: { shortPreamble: false, shortSlot: true, ctsProtection: false, htOperationMode: undefined },
    basicRates: [10, 20, 55, 110],
    isolate: false,
    maxInactivity: seconds(300),
  };
}

/** Lets an open station in: probe, authentication, association. */
function letIn(bss: BssPort, event: BssEvent, heard: string[]): void {
  const bssid = encodeMacAddress(bss.address);
  if (event.type === "management") {
    const [subtype = 0] = event.frame;
    const source = event.frame.subarray(10, 16);
    const sender = macAddressOf(source);
    if (subtype === 0x40) {
      bss.sendManagement(frame(0x50, source, bssid, concat(beaconFixed, elements)), { noAck: true });
      return;
    }
    heard.push(`${subtype.toString(16)} from ${sender}`);
    if (subtype === 0xb0) {
      bss.removeStation(sender);
      bss.addStation(sender, {});
      bss.sendManagement(frame(0xb0, source, bssid, hex("0000 0200 0000")));
    } else if (subtype === 0x00) {
      const flags = { authenticated: true, associated: true };
      const supportedRates = hex("02040b160c121824");
      bss.setStation(sender, { aid: 1, listenInterval: 5, supportedRates, capability: 0x0401, flags });
      bss.sendManagement(frame(0x10, source, bssid, concat(hex("0104 0000 01c0"), rates)));
    }
    return;
  }
  if (event.type === "management-status") {
    const [subtype = 0] = event.frame;
    const to = macAddressOf(event.frame.subarray(4, 10));
    heard.push(`${subtype.toString(16)} ${event.acknowledged ? "acknowledged" : "lost"}`);
    if (subtype === 0xb0 && event.acknowledged) bss.setStation(to, { flags: { authenticated: true } });
    if (subtype === 0x10 && event.acknowledged) bss.setStation(to, { flags: { authorized: true } });
    return;
  }
  heard.push("acknowledged" in event ? `${event.type} ${event.acknowledged}` : event.type);
}

function open(t: TestContext, interfaceName = "wlan0") {
  const reactor = new Reactor();
  const driver = openNl80211Driver(reactor, systemClock, silent);
  const radioEvents: RadioEvent[] = [];
  const close = (): void => {
    driver.close();
    reactor.close();
  };
  cleanup(t, async () => close());
  return {
    reactor,
    driver,
    radio: driver.openRadio(interfaceName, (event) => radioEvents.push(event)),
    radioEvents,
    close,
  };
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 300; waited++) {
    if (condition()) return;
    await sleep(50);
  }
  assert.fail(`never: ${what}`);
}

const describeLink = async (name: string): Promise<string> =>
  `${/type (\S+)/.exec(await run(["iw", "dev", name, "info"]))?.[1]} ${(await run(["ip", "-br", "link", "show", name])).trim()}`;

const openFiles = (): number => readdirSync("/proc/self/fd").length;

test("an open station joins, is counted, probed, spoken to; everything is as it was found afterwards", async (t) => {
  const found = await describeLink("wlan0");
  const { radio: opened, close } = open(t);
  const heard: string[] = [];
  const bss: BssPort = opened.openBss({ interfaceName: "wlan0" }, (event) => letIn(bss, event, heard));
  bss.startAp(openNetwork(bss.address));
  bss.setTransmitQueue("voice", { aifs: 2, cwMin: 3, cwMax: 7, txop: 47 });

  const client = await station(t, { radio: 1, network: { ssid: "by hand", scan_freq: 2412 } });
  const address = client.address as MacAddress;
  assert.equal(await client.connected(), bss.address);
  assert.deepEqual(heard.slice(0, 4), [
    `b0 from ${address}`,
    "b0 acknowledged",
    `0 from ${address}`,
    "10 acknowledged",
  ]);
  assert.deepEqual(bss.stations(), [address]);

  await setAddress("wlan0", "192.168.7.1/24");
  await client.setAddress("192.168.7.11/24");
  await ping("192.168.7.11");
  const statistics = bss.statistics(address) ?? assert.fail("no statistics");
  assert.ok(statistics.rxBytes > 0n && statistics.txPackets > 0);
  assert.deepEqual([...statistics.flags].sort(), ["associated", "authenticated", "authorized"]);
  assert.ok((statistics.signalDbm ?? 0) < 0);

  bss.probeStation(address);
  assert.ok(bss.sendEapol(address, hex("0203 0000"), { encrypt: false }) > 0n);
  await until("answers", () => heard.includes("probe-status true") && heard.includes("eapol-status true"));

  bss.removeStation(address);
  bss.removeStation(address);
  assert.equal(bss.statistics(address), undefined);
  await client.stop();
  bss.close();
  assert.equal(await describeLink("wlan0"), found);
  close();
});

test("keys go in and out, their counters can be read", (t) => {
  const { radio: opened } = open(t);
  const bss = opened.openBss({ interfaceName: "wlan0" }, () => undefined);
  bss.startAp(openNetwork(bss.address));
  const ccmp = { cipher: 0x000fac04, key: new Uint8Array(16).fill(7) };
  bss.installKey({ ...ccmp, index: 1 });
  bss.setDefaultKey(1, "multicast");
  assert.deepEqual(bss.keySequence(1), new Uint8Array(6));
  bss.installKey({ cipher: 0x000fac06, key: new Uint8Array(16).fill(8), index: 4 });
  bss.setDefaultKey(4, "management");
  bss.removeKey(1);
  bss.removeKey(1);
  assert.throws(
    () => bss.installKey({ ...ccmp, index: 9 }),
    (error) => error instanceof KernelRefusal && error.request === "NL80211_CMD_NEW_KEY" && error.errno === "EINVAL",
  );
});

test("EAPOL from a station, and a frame to it, in a bridge", async (t) => {
  const { radio: opened } = open(t);
  const heard: string[] = [];
  const payloads: Uint8Array[] = [];
  const bss: BssPort = opened.openBss({ interfaceName: "wlan0", bridge: "br-lab" }, (event) => {
    if (event.type === "eapol") payloads.push(event.payload);
    letIn(bss, event, heard);
  });
  bss.startAp(openNetwork(bss.address));
  assert.match(await run(["bridge", "link"]), /wlan0.* master br-lab/);
  const client = await station(t, { radio: 1, network: { ssid: "by hand", scan_freq: 2412 } });
  await client.connected();
  // EAPOL-Start to the PAE group address, from a packet socket (struct sockaddr_ll).
  const start = `0180c2000003${client.address.replaceAll(":", "")}888e02010000`;
  const index = (await client.run("cat", "/sys/class/net/wlan1/ifindex")).trim();
  const address = `pack("SnlSCCa8", 17, 0, ${index}, 0, 0, 6, "")`;
  await client.run("perl", "-e", `socket(S, 17, 3, 0) && send(S, pack("H*", "${start}"), 0, ${address}) or die $!`);
  await until("EAPOL", () => payloads.length > 0);
  assert.deepEqual(payloads[0], hex("02010000"));

  const { namespace } = client;
  const tcpdump = ["tcpdump", "-i", "wlan1", "--immediate-mode", "-c", "1", "ether", "proto", "0x88b5"];
  const listening = await startProgram(t, { name: "tcpdump", command: tcpdump, namespace });
  await listening.log.waitFor(/listening on/);
  bss.sendEthernet(concat(new Uint8Array(6).fill(0xff), encodeMacAddress(bss.address), hex("88b5 0102")));
  assert.deepEqual(await listening.exited, { code: 0, signal: null });
  bss.close();
  assert.doesNotMatch(await run(["ip", "-br", "link"]), /br-lab/);
});

test("a process killed with -9: the kernel stops its access points, and the next one finds the way free", async (t) => {
  const built = fileURLToPath(new URL("../../src/", import.meta.url));
  const script = `
    const load = (path) => import(${JSON.stringify(built)} + path);
    const [{ Reactor }, { systemClock }, { openNl80211Driver }, { silent }] = await Promise.all(
      ["linux/reactor.js", "linux/clock.js", "driver/nl80211/index.js", "base/log.js"].map(load));
    const revive = (key, value) => (value && value.octets ? Uint8Array.from(value.octets) : value);
    const radio = openNl80211Driver(new Reactor(), systemClock, silent).openRadio("wlan0", () => undefined);
    for (const interfaceName of ["wlan0", "wlan0_1"]) {
      const bss = radio.openBss({ interfaceName }, () => undefined);
      bss.startAp(JSON.parse(process.argv[1], revive));
    }
    console.log("up");`;
  const replace = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array ? { octets: [...value] } : value;
  const parameters = JSON.stringify(openNetwork("02:00:00:00:00:00" as MacAddress), replace);
  const child = await startProgram(t, {
    name: "victim",
    command: [process.execPath, "--input-type=module", "-e", script, parameters],
  });
  await child.log.waitFor(/up/);
  assert.match(await run(["iw", "dev"]), /wlan0_1/);
  child.kill("SIGKILL");
  await child.exited;
  const { radio: opened } = open(t);
  const bss = opened.openBss({ interfaceName: "wlan0" }, () => undefined);
  assert.doesNotMatch(await run(["iw", "dev"]), /wlan0_1/);
  bss.startAp(openNetwork(bss.address));
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /ssid by hand/);
  bss.close();
  await run(["ip", "link", "set", "wlan0", "down"]);
  await run(["iw", "dev", "wlan0", "set", "type", "managed"]);
});

test("an interface that hostapd holds is refused, and hostapd's station notices nothing", async (t) => {
  const config = "interface=wlan0\ndriver=nl80211\nssid=held\nhw_mode=g\nchannel=1\n";
  const ap = await startDaemon(t, { program: debianHostapd, config });
  const client = await station(t, { radio: 1, network: { ssid: "held", scan_freq: 2412 } });
  await client.connected();
  const { radio: opened } = open(t);
  assert.throws(
    () => opened.openBss({ interfaceName: "wlan0", address: "02:00:00:00:00:55" as MacAddress }, () => undefined),
    (error) => error instanceof KernelRefusal && error.errno === "EBUSY",
  );
  await client.log.staysWithout(/CTRL-EVENT-DISCONNECTED/, 1);
  assert.match(await ap.cli("all_sta"), new RegExp(client.address));
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /ssid held/);
});

test("down, up, blocked, unblocked, gone, back", async (t) => {
  const { radio: opened, radioEvents } = open(t);
  const heard: string[] = [];
  const bss = opened.openBss({ interfaceName: "wlan0" }, (event) => {
    if (event.type === "link") heard.push(event.state);
    if (event.type === "stopped") heard.push("stopped");
  });
  const restart = (): void => bss.startAp(openNetwork(bss.address));
  const happens = async (...events: string[]): Promise<void> => {
    await until(events.join(), () => heard.length >= events.length);
    assert.deepEqual(heard.splice(0).sort(), events.sort());
  };
  restart();
  await run(["ip", "link", "set", "wlan0", "down"]);
  await happens("down", "stopped");
  await run(["ip", "link", "set", "wlan0", "up"]);
  await happens("up");
  restart();

  const own = await radio(0);
  await block(own, true);
  await happens("down", "stopped");
  assert.ok(opened.isRfkillBlocked());
  await block(own, false);
  await until("unblocked", () => radioEvents.some((event) => event.type === "rfkill" && !event.blocked));
  assert.ok(!opened.isRfkillBlocked());
  await run(["ip", "link", "set", "wlan0", "up"]);
  await happens("up");
  restart();

  await run(["iw", "dev", "wlan0", "del"]);
  await happens("removed", "stopped");
  assert.throws(restart, KernelRefusal);
  await run(["iw", "phy", own.phy, "interface", "add", "wlan0", "type", "managed"]);
  await happens("added");
  bss.close();
  const again = opened.openBss({ interfaceName: "wlan0" }, () => undefined);
  again.startAp(openNetwork(again.address));
  again.close();
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /type managed/);
});

test("a country: announced, and its channels", async (t) => {
  const { radio: opened, radioEvents } = open(t);
  const usable = (): number[] =>
    opened
      .capabilities()
      .bands.flatMap(({ channels }) =>
        channels.filter(({ disabled, noIr }) => !disabled && !noIr).map(({ frequency }) => frequency),
      );
  for (const [country, channel13] of [
    ["DE", true],
    ["US", false],
  ] as const) {
    opened.setCountry(country);
    await until(country, () =>
      radioEvents.some((event) => event.type === "regulatory-changed" && event.domain.alpha2 === country),
    );
    assert.deepEqual(opened.regulatoryDomain(), { alpha2: country, initiator: "user" });
    assert.equal(usable().includes(2472), channel13);
  }
});

test("opened and closed fifty times, nothing is left", (t) => {
  const { driver } = open(t);
  const once = (): void => {
    const again = driver.openRadio("wlan0", () => undefined);
    const bss = again.openBss({ interfaceName: "wlan0", bridge: "br-lab" }, () => undefined);
    bss.startAp(openNetwork(bss.address));
    again.close();
  };
  once();
  const files = openFiles();
  for (let i = 0; i < 50; i++) once();
  assert.equal(openFiles(), files);
});
