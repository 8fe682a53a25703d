// lab: radios=4, timeout=300
/** `beacon up`: a network in one line, from a stock client to a host behind this machine, and nothing left of it. */

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, watch, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Program, run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { plugIn, pullOut } from "../../lab/guest/simulated-radios.ts";
import { type Network, type Station, station } from "../../lab/guest/station.ts";
import { sleep } from "./networks.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));
/** The router at the other end of the uplink, and a host behind it. */
const router = "203.0.113.9";
const internet = "198.51.100.7";
const internet6 = "2001:db8:7::7";

/** A host that this machine's default route leads to, and that knows no way back to the stations; it answers for names. */
async function uplink(t: TestContext): Promise<void> {
  await run(["ip", "netns", "add", "internet"]);
  t.after(async () => {
    // What goes with its namespace goes some time later.
    await run(["ip", "link", "del", "up0"]);
    await run(["ip", "netns", "del", "internet"]);
  });
  await run(["ip", "link", "add", "up0", "type", "veth", "peer", "name", "far", "netns", "internet"]);
  await run(["ip", "addr", "add", "203.0.113.1/24", "dev", "up0"]);
  await run(["ip", "link", "set", "up0", "up"]);
  await run(["ip", "addr", "add", "2001:db8:1::1/64", "dev", "up0", "nodad"]);
  for (const address of [`${router}/24`, `${internet}/32`, "2001:db8:1::9/64", `${internet6}/128`]) {
    const detection = address.includes(":") ? ["nodad"] : [];
    await run(["ip", "addr", "add", address, "dev", "far", ...detection], { namespace: "internet" });
  }
  await run(["ip", "link", "set", "far", "up"], { namespace: "internet" });
  await run(["ip", "route", "add", "default", "via", router]);
  await run(["ip", "route", "add", "default", "via", "2001:db8:1::9"]);
  const server = await startProgram(t, { name: "names", command: ["node", "-e", nameServer], namespace: "internet" });
  await server.log.waitFor(/ready/);
  const file = join(await mkdtemp(join(tmpdir(), "names-")), "resolv.conf");
  writeFileSync(file, `nameserver ${router}\n`);
  await run(["mount", "--bind", file, "/etc/resolv.conf"]);
  t.after(() => run(["umount", "/etc/resolv.conf"]));
}

/** Answers each question of one name with the address of the host itself; over TCP too, with the same words. */
const nameServer = `
const answer = (question) => {
  let end = 12;
  while (question[end] !== 0) end += 1 + question[end];
  const head = Buffer.from(question.subarray(0, end + 5));
  head[2] = 0x81; head[3] = 0x80; head[7] = 1; head.fill(0, 8, 12);
  const isV4 = question[end + 2] === 1;
  if (!isV4) head[7] = 0;
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 7]);
  return isV4 ? Buffer.concat([head, record]) : head;
};
const socket = require("node:dgram").createSocket("udp4", (question, { port, address }) => socket.send(answer(question), port, address));
require("node:net").createServer((stream) => stream.once("data", (data) => {
  const said = answer(data.subarray(2));
  stream.end(Buffer.concat([Buffer.from([said.length >> 8, said.length & 255]), said]));
})).listen(53, "0.0.0.0");
socket.bind(53, () => console.log("ready"));
`;

/** As Busybox's tools ask. */
const resolved = (client: Station, server: string, name = "meadow.example"): Promise<string> =>
  client.run("busybox", "nslookup", name, server);

/** What of the machine a network may change. */
async function machine(): Promise<string> {
  const commands = [
    ["ip", "-br", "addr"],
    ["ip", "route"],
    ["nft", "list", "ruleset"],
    [
      "sh",
      "-c",
      "sysctl -a -r 'net.ipv[46].*(forward|accept_ra|disable_ipv6|addr_gen)' 2>/dev/null | grep -v wlan[1-9]",
    ],
    ["ip", "-6", "route"],
    ["iw", "dev", "wlan0", "info"],
    ["sh", "-c", "ps -eo comm | grep -c -e node -e dhcp || true"],
  ];
  const shown = await Promise.all(commands.map((command) => run(command)));
  // Stations have their radios elsewhere; addresses of the link are made anew when it comes up; what it counts and sends with is up to the driver.
  return shown
    .join("\n")
    .replace(/^wlan[1-9].*\n/gm, "")
    .replace(/fe80::\S+/g, "")
    .replace(/^\t\t[\d\t]+$/gm, "")
    .replace(/^.*txpower.*$/gm, "")
    .replace(/[ \t]+$/gm, "");
}

async function up(t: TestContext, ...args: readonly string[]): Promise<Program> {
  const program = await startProgram(t, { name: "up", command: [beacon, "up", "--interface", "wlan0", ...args] });
  await program.log.waitFor(/'beacon down', ends it/);
  return program;
}

async function address(client: Station): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(tmpdir(), "lease-"));
  const [script, heard] = [join(folder, "script"), join(folder, "heard")];
  writeFileSync(
    script,
    `#!/bin/sh
[ "$1" = bound ] || exit 0
env > ${heard}
ip -4 addr flush dev $interface
ip addr add $ip/$mask dev $interface
ip route add default via $router
`,
    { mode: 0o755 },
  );
  await client.run("udhcpc", "-i", client.interface, "-n", "-q", "-f", "-t", "5", "-s", script);
  const lines = (await run(["cat", heard])).split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
}

/** Until it has heard of the router, and made itself an address that it may use. */
async function untilIpv6(client: Station): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const routes = await client.run("ip", "-6", "route");
    const addresses = await client.run(
      "ip",
      "-6",
      "addr",
      "show",
      "dev",
      client.interface,
      "-tentative",
      "scope",
      "global",
    );
    if (/^default via fe80::/m.test(routes) && /inet6 fd/.test(addresses)) return;
    await sleep(100);
  }
  throw new Error(`no IPv6: ${await client.run("ip", "-6", "addr")}`);
}

const wpa2: Network = { ssid: "meadow", psk: "correct horse", key_mgmt: "WPA-PSK", scan_freq: 2412 };
const wpa3: Network = {
  ssid: "meadow",
  sae_password: "correct horse",
  key_mgmt: "SAE",
  ieee80211w: 2,
  scan_freq: 2412,
};

test("stock clients with WPA2 and WPA3 get addresses and reach a host behind NAT; 'beacon down' leaves no trace", async (t) => {
  await uplink(t);
  const before = await machine();
  const program = await up(t, "--ssid", "meadow", "--passphrase", "correct horse", "--channel", "1");
  assert.match(program.log.text, /Way out {3}up0: the default route/);
  for (const [number, network] of [wpa2, wpa3].entries()) {
    const client = await station(t, { radio: number + 1, network });
    await client.connected();
    const lease = await address(client);
    assert.match(lease["ip"] ?? "", /^192\.168\.50\.\d+$/);
    await client.ping("192.168.50.1");
    assert.equal(lease["dns"], "192.168.50.1");
    assert.match(await resolved(client, lease["dns"] ?? ""), new RegExp(internet));
    await client.ping(internet);
    await untilIpv6(client);
    assert.match(
      await client.run("ip", "-6", "addr", "show", "dev", client.interface),
      /inet6 fd[0-9a-f:]+\/64 .*mngtmpaddr/,
    );
    await client.ping(internet6);
  }
  const twice = await tryRun([beacon, "up", "--interface", "wlan0"]);
  assert.equal(twice.status, 1);
  assert.match(twice.stderr, /has a network of 'beacon up' already/);
  assert.match(await run([beacon, "down"]), /wlan0: all is as it was/);
  await program.exited;
  assert.equal(await machine(), before);
});

test("killed behind the changes of the machine that it notes: 'beacon down' puts all back, and so does the next 'beacon up'", async (t) => {
  await uplink(t);
  const before = await machine();
  const notes = "/run/beacond/up";
  mkdirSync(notes, { recursive: true });
  let changes = 0;
  // Behind the first, the third and so on.
  for (let last = false; !last; changes += 2) {
    const program = await startProgram(t, { name: "up", command: [beacon, "up", "--interface", "wlan0", "--open"] });
    let seen = 0;
    const watcher = watch(notes, (_, file) => {
      if (file === "wlan0.json" && seen++ === changes) program.kill("SIGKILL");
    });
    const ready = program.log.waitFor(/'beacon down', ends it/).then(
      () => true,
      () => false,
    );
    last = await Promise.race([program.exited.then(() => false), ready]);
    watcher.close();
    if (last) program.kill("SIGKILL");
    await program.exited;
    if (last) {
      const next = await up(t, "--open", "--channel", "1");
      assert.match(next.log.text, /Cleaned up behind/);
      await next.stop("SIGINT");
    } else {
      await run([beacon, "down"]);
    }
    assert.equal(await machine(), before, `behind change ${changes}`);
  }
  assert.ok(changes > 6, `${changes} changes`);
});

test("where Docker drops what is forwarded, stations get out all the same", async (t) => {
  await uplink(t);
  // As dockerd 20.10 makes them with iptables-nft, but for its bridges.
  for (const family of ["ip", "ip6"]) {
    await run(["nft", "-f", "-"], {
      input: `table ${family} filter {
  chain DOCKER-USER { counter return; }
  chain FORWARD { type filter hook forward priority filter; policy drop; counter jump DOCKER-USER; }
}
`,
    });
    t.after(() => run(["nft", "delete", "table", family, "filter"]));
  }
  const bare = async (): Promise<string> => (await machine()).replace(/packets \d+ bytes \d+/g, "");
  const before = await bare();
  const program = await up(t, "--ssid", "meadow", "--passphrase", "correct horse", "--channel", "1");
  const client = await station(t, { radio: 1, network: wpa2 });
  await client.connected();
  await address(client);
  await client.ping(internet);
  await untilIpv6(client);
  await client.ping(internet6);
  await program.stop("SIGTERM");
  assert.equal(await bare(), before);
});

test("guests get out, and to nothing that is private", async (t) => {
  await uplink(t);
  await run(["ip", "addr", "add", "10.9.9.9/32", "dev", "far"], { namespace: "internet" });
  const program = await up(
    t,
    "--ssid",
    "meadow",
    "--passphrase",
    "correct horse",
    "--channel",
    "1",
    "--guest",
    "--share",
    "up0",
  );
  const client = await station(t, { radio: 3, network: wpa2 });
  await client.connected();
  await address(client);
  await client.ping(internet);
  await untilIpv6(client);
  await client.ping(internet6);
  for (const near of [router, "2001:db8:1::9"]) assert.equal(await client.canPing(near, { count: 1, wait: 1 }), false);
  assert.match(await resolved(client, "192.168.50.1"), new RegExp(internet));
  assert.equal(await client.canPing("10.9.9.9", { count: 1, wait: 1 }), false);
  await program.stop("SIGTERM");
});

test("somebody who has port 53 is named, and a radio that is pulled out is no obstacle", async (t) => {
  const before = await machine();
  plugIn("phy-stick");
  t.after(() => pullOut("phy-stick"));
  const [stick = ""] = readdirSync("/sys/class/ieee80211/phy-stick/device/net");
  const script = "require('node:dgram').createSocket('udp4').bind(53, () => console.log('ready'))";
  const server = await startProgram(t, { name: "server", command: ["node", "-e", script] });
  await server.log.waitFor(/ready/);
  const program = await startProgram(t, { name: "up", command: [beacon, "up", "--interface", stick, "--open"] });
  await program.log.waitFor(/'beacon down', ends it/);
  assert.match(
    program.log.text,
    /^node \(process \d+\) has port 53 of 192\.168\.50\.1 already, and is whom stations ask/m,
  );
  assert.match(program.log.text, /Way out {3}none yet/);
  await server.stop();
  pullOut("phy-stick");
  await sleep(500);
  await run([beacon, "down"]);
  await program.exited;
  plugIn("phy-stick");
  assert.equal(bareOf(await machine()), bareOf(before));
});

/** Without what a radio of another number is called. */
const bareOf = (text: string): string => text.replace(/^.*(wlan[1-9]|Interface).*\n/gm, "");

test("--print-config does nothing but print", async () => {
  const before = await machine();
  const text = await run([beacon, "up", "--interface", "wlan0", "--ssid", "meadow", "--open", "--print-config"]);
  assert.match(text, /^interface=wlan0\n[\s\S]*^ssid=meadow$/m);
  assert.equal(await machine(), before);
});
