// lab: radios=4, timeout=300
/** Addresses for stations, by a dhcpd.conf: clients that are in use everywhere, over the air. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { type Program, run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { type Station, station } from "../../lab/guest/station.ts";
import { broadcastIpv4, unspecifiedIpv4 } from "../../src/base/ipv4-address.ts";
import { broadcast, macAddressOf } from "../../src/base/mac-address.ts";
import { openPacketSocket } from "../../src/linux/packet-socket.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { withRoutes } from "../../src/linux/with-routes.ts";
import { encodeDhcpMessage } from "../../src/wire/dhcp/message.ts";
import { encodeUdpFrame } from "../../src/wire/ip/udp.ts";
import { sleep, wpa2Config, wpa2Network } from "./networks.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));
const build = fileURLToPath(new URL("../../", import.meta.url));
const server = "192.168.2.1";

/** A home's file as it was written for ISC's server. */
const dhcpdConf = (host: string, ...more: readonly string[]): string => `ddns-update-style none;
option domain-name-servers 8.8.8.8, 4.2.2.4;
default-lease-time 600;
max-lease-time 7200;
log-facility local7;
${more.join("\n")}
subnet 192.168.2.0 netmask 255.255.255.0 {
range 192.168.2.100 192.168.2.200;
default-lease-time 86400;
max-lease-time 86400;
option routers 192.168.2.1;
#option subnet-mask 255.255.255.0;
option broadcast-address 192.168.2.255;
option domain-name-servers 8.8.8.8, 4.2.2.4;
host MyHost {
hardware ethernet ${host};
fixed-address 192.168.2.101;
}
}
`;

interface Home {
  readonly conf: string;
  readonly leases: string;
  serve(): Promise<Program>;
}

/** An access point with its address, and what the DHCP server beside it needs. */
async function home(t: TestContext, text: string, folder?: string): Promise<Home> {
  await startDaemon(t, { config: wpa2Config("home") });
  await setAddress("wlan0", `${server}/24`);
  const files = await mkdtemp(join(tmpdir(), "dhcp-"));
  const conf = join(files, "dhcpd.conf");
  writeFileSync(conf, text);
  const leases = join(folder ?? files, "leases");
  return {
    conf,
    leases,
    async serve() {
      const program = await startProgram(t, {
        name: "dhcp",
        command: [beacon, "dhcp", "wlan0", "--config", conf, "--leases", leases],
        environment: { BEACOND_DIST: build },
      });
      await program.log.waitFor(/serving wlan0/);
      return program;
    },
  };
}

async function guest(t: TestContext, number: number): Promise<Station> {
  const client = await station(t, { radio: number, network: wpa2Network("home") });
  await client.connected();
  return client;
}

/** What a client is told, as its script hears it. */
type Lease = Readonly<Record<string, string>>;

async function scriptFor(body: string): Promise<{ readonly script: string; readonly heard: string }> {
  const folder = await mkdtemp(join(tmpdir(), "lease-"));
  const [script, heard] = [join(folder, "script"), join(folder, "heard")];
  writeFileSync(script, `#!/bin/sh\n${body.replaceAll("HEARD", heard)}\n`, { mode: 0o755 });
  return { script, heard };
}

const variables = (heard: string): Lease =>
  Object.fromEntries(
    readFileSync(heard, "utf8")
      .split("\n")
      .map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]),
  );

/** Busybox's client, as routers and small systems have it. @returns undefined where it got nothing */
async function udhcpc(client: Station, ...args: readonly string[]): Promise<Lease | undefined> {
  const { script, heard } = await scriptFor(
    '[ "$1" = bound ] && { env > HEARD; ip addr flush dev $interface; ip addr add $ip/$mask dev $interface; }; exit 0',
  );
  const command = ["udhcpc", "-i", client.interface, "-n", "-q", "-f", "-t", "4", "-T", "2", "-s", script, ...args];
  const { status } = await tryRun(command, { namespace: client.namespace });
  return status === 0 ? variables(heard) : undefined;
}

/** ISC's client, as Debian has it. */
async function dhclient(client: Station, leases: string): Promise<Lease> {
  const { script, heard } = await scriptFor(
    "case $reason in BOUND|REBOOT|RENEW) env > HEARD; ip addr flush dev $interface; ip addr add $new_ip_address/24 dev $interface;; esac; exit 0",
  );
  const pid = `${leases}.pid`;
  await run(["dhclient", "-4", "-1", "-v", "-sf", script, "-lf", leases, "-pf", pid, client.interface], {
    namespace: client.namespace,
  });
  await tryRun(["sh", "-c", `kill $(cat ${pid})`]);
  return variables(heard);
}

test("a home's dhcpd.conf: addresses of the range for a day, its own for the host, for Busybox's and ISC's clients", async (t) => {
  const { address } = await radio(2);
  const { serve } = await home(t, dhcpdConf(address));
  await serve();
  const first = await guest(t, 1);
  const lease = await udhcpc(first);
  assert.equal(lease?.["ip"], "192.168.2.100");
  assert.equal(lease?.["lease"], "86400");
  assert.equal(lease?.["router"], server);
  assert.equal(lease?.["dns"], "8.8.8.8 4.2.2.4");
  assert.equal(lease?.["subnet"], "255.255.255.0");
  assert.equal(lease?.["broadcast"], "192.168.2.255");
  await first.ping(server);

  const host = await guest(t, 2);
  const own = await dhclient(host, join(await mkdtemp(join(tmpdir(), "isc-")), "leases"));
  assert.equal(own["new_ip_address"], "192.168.2.101");
  assert.equal(own["new_dhcp_lease_time"], "86400");
  assert.equal(own["new_domain_name_servers"], "8.8.8.8 4.2.2.4");
  await host.ping(server);
  await host.ping("192.168.2.100");

  const third = await guest(t, 3);
  assert.equal((await udhcpc(third))?.["ip"], "192.168.2.102");
});

test("killed and started again: nobody gets what another has, and who has something keeps it", async (t) => {
  const { serve, leases } = await home(t, dhcpdConf("02:00:00:00:99:99"));
  const before = await serve();
  const [first, second] = [await guest(t, 1), await guest(t, 2)];
  const folder = await mkdtemp(join(tmpdir(), "isc-"));
  const had = await dhclient(first, join(folder, "leases"));
  assert.equal(had["new_ip_address"], "192.168.2.100");
  before.kill("SIGKILL");
  await before.exited;
  // As a power failure leaves it.
  writeFileSync(leases, `${readFileSync(leases, "utf8")}0123abcd {"address":"192.168.2.1`);
  await serve();
  assert.equal((await udhcpc(second))?.["ip"], "192.168.2.102");
  const again = await dhclient(first, join(folder, "leases"));
  assert.deepEqual([again["reason"], again["new_ip_address"]], ["REBOOT", "192.168.2.100"]);
});

test("systemd's client", async (t) => {
  const { serve } = await home(t, dhcpdConf("02:00:00:00:99:99"));
  const program = await serve();
  const client = await guest(t, 1);
  const settings = "/run/systemd/network";
  await run(["mkdir", "-p", settings, "/run/systemd/netif/links", "/run/systemd/netif/leases"]);
  await run(["chown", "-R", "systemd-network", "/run/systemd/netif"]);
  writeFileSync(join(settings, "10-lab.network"), `[Match]\nName=${client.interface}\n[Network]\nDHCP=ipv4\n`);
  // Where it can write to /sys, it waits for udev to have seen the interface.
  const command = ["sh", "-c", "mount -o remount,ro /sys && exec /lib/systemd/systemd-networkd"];
  await startProgram(t, { name: "networkd", command, namespace: client.namespace });
  await program.log.waitFor(/gets 192\.168\.2\.100/, { fromStart: true });
  await client.log.waitFor(/CTRL-EVENT-CONNECTED/, { fromStart: true });
  await until(async () => /inet 192\.168\.2\.100\/24 .*dynamic/.test(await client.run("ip", "addr")));
  assert.match(await client.run("ip", "route"), /^default via 192\.168\.2\.1 .*proto dhcp/m);
  await client.ping(server);
});

test("10,000 questions a second from random addresses empty no pool and fill no memory", async (t) => {
  const { conf, leases } = await wired(t);
  const program = await startProgram(t, {
    name: "dhcp",
    command: [beacon, "dhcp", "lan0", "--config", conf, "--leases", leases],
    environment: { BEACOND_DIST: build },
  });
  await program.log.waitFor(/serving lan0/);
  const wish = (script: string): string[] => [
    "udhcpc",
    "-i",
    "eth0",
    "-n",
    "-q",
    "-f",
    "-t",
    "9",
    "-T",
    "1",
    "-s",
    script,
  ];
  const { script, heard } = await scriptFor('[ "$1" = bound ] && env > HEARD; exit 0');
  await run(wish(script), { namespace: "desk" });
  assert.equal(variables(heard)["ip"], "192.168.2.100");
  const memory = (): number =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${program.pid}/status`, "utf8"))?.[1]);
  const before = memory();

  const reactor = new Reactor();
  t.after(() => reactor.close());
  const links = withRoutes(reactor, (routes) => routes.link("flood"));
  assert.ok(links);
  const socket = openPacketSocket(reactor, links.index, undefined);
  for (let second = 0; second < 3; second++) {
    for (let i = 0; i < 10_000; i++) {
      socket.send(randomDiscover());
      // The bridge's and the server's buffers are emptied, as on a wire that carries no more in that time.
      if (i % 100 === 99) await sleep(10);
    }
  }
  // In the middle of it who has a lease keeps it, and who comes gets one.
  await run(wish(script), { namespace: "desk" });
  assert.equal(variables(heard)["ip"], "192.168.2.100");
  await run(["ip", "link", "set", "eth0", "address", "02:00:00:00:77:77"], { namespace: "desk" });
  const flood = setInterval(() => {
    for (let i = 0; i < 100; i++) socket.send(randomDiscover());
  }, 10);
  t.after(() => clearInterval(flood));
  await run(wish(script), { namespace: "desk" });
  clearInterval(flood);
  assert.notEqual(variables(heard)["ip"], "192.168.2.100");
  assert.match(variables(heard)["ip"] ?? "", /^192\.168\.2\.1\d\d$/);
  const grown = memory() - before;
  assert.ok(grown < 60_000, `${grown} KiB more`);
  assert.equal(
    readFileSync(leases, "utf8")
      .split("\n")
      .filter((line) => line.includes('"bound"')).length,
    3,
  );
  socket.close();
});

/** A switch with the server's machine, a desk's and a port that anything comes in by. */
async function wired(t: TestContext): Promise<{ readonly conf: string; readonly leases: string }> {
  await run(["ip", "link", "add", "lan0", "type", "bridge"]);
  await run(["ip", "link", "add", "port", "type", "veth", "peer", "name", "flood"]);
  await run(["ip", "netns", "add", "desk"]);
  await run(["ip", "link", "add", "cable", "type", "veth", "peer", "name", "eth0", "netns", "desk"]);
  t.after(async () => {
    for (const name of ["lan0", "port", "cable"]) await run(["ip", "link", "del", name]);
    await run(["ip", "netns", "del", "desk"]);
  });
  for (const name of ["port", "cable"]) await run(["ip", "link", "set", name, "master", "lan0", "up"]);
  for (const name of ["lan0", "flood"]) await run(["ip", "link", "set", name, "up"]);
  await run(["ip", "link", "set", "eth0", "up"], { namespace: "desk" });
  await setAddress("lan0", `${server}/24`);
  const files = await mkdtemp(join(tmpdir(), "dhcp-"));
  const conf = join(files, "dhcpd.conf");
  writeFileSync(conf, dhcpdConf("02:00:00:00:99:99"));
  return { conf, leases: join(files, "leases") };
}

function randomDiscover(): Uint8Array {
  const hardware = Uint8Array.from(randomBytes(6));
  hardware[0] = 2;
  return encodeUdpFrame({
    source: macAddressOf(hardware),
    destination: broadcast,
    sourceAddress: unspecifiedIpv4,
    destinationAddress: broadcastIpv4,
    sourcePort: 68,
    destinationPort: 67,
    payload: encodeDhcpMessage({
      op: "request",
      hardwareType: 1,
      hops: 0,
      xid: 1,
      seconds: 0,
      broadcast: true,
      ciaddr: unspecifiedIpv4,
      yiaddr: unspecifiedIpv4,
      siaddr: unspecifiedIpv4,
      giaddr: unspecifiedIpv4,
      chaddr: hardware,
      serverName: new Uint8Array(),
      file: new Uint8Array(),
      type: "discover",
      options: new Map(),
    }),
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100 && !(await holds()); tries++) await sleep(100);
}

test("leases of ISC's server are kept", async (t) => {
  const { conf, leases } = await home(t, dhcpdConf("02:00:00:00:99:99"));
  const client = await guest(t, 1);
  const file = `${leases}.isc`;
  writeFileSync(
    file,
    `lease 192.168.2.150 {\n  starts epoch 1767268800;\n  ends never;\n  binding state active;\n  hardware ethernet ${client.address};\n}\n`,
  );
  const program = await startProgram(t, {
    name: "dhcp",
    command: [beacon, "dhcp", "wlan0", "--config", conf, "--leases", leases, "--import", file],
  });
  await program.log.waitFor(/serving wlan0/);
  assert.match(program.log.text, /1 of the 1 addresses in .* are taken over/);
  // Without a client identifier, as that one asked.
  assert.equal((await udhcpc(client, "-C"))?.["ip"], "192.168.2.150");
});

test("an address that a device has given itself is left alone", async (t) => {
  const { serve } = await home(t, dhcpdConf("02:00:00:00:99:99"));
  const program = await serve();
  const [stubborn, other] = [await guest(t, 1), await guest(t, 2)];
  await stubborn.setAddress("192.168.2.100/24");
  assert.equal((await udhcpc(other))?.["ip"], "192.168.2.102");
  await program.log.waitFor(/192\.168\.2\.100 is used by somebody/, { fromStart: true });
});

test("what the disk doesn't take is not given, and said", async (t) => {
  const small = await mkdtemp(join(tmpdir(), "small-"));
  await run(["mount", "-t", "tmpfs", "-o", "size=8k", "none", small]);
  const { serve } = await home(t, dhcpdConf("02:00:00:00:99:99"), small);
  const program = await serve();
  writeFileSync(join(small, "ballast"), new Uint8Array(8192));
  const client = await guest(t, 1);
  assert.equal(await udhcpc(client), undefined);
  await program.log.waitFor(/can't be kept, and is not given: .*ENOSPC/, { fromStart: true });
  await run(["rm", join(small, "ballast")]);
  assert.equal((await udhcpc(client))?.["ip"], "192.168.2.100");
});

test("a second server notices the first", async (t) => {
  const { serve, conf, leases } = await home(t, dhcpdConf("02:00:00:00:99:99"));
  await serve();
  const second = (file: string) => tryRun([beacon, "dhcp", "wlan0", "--config", conf, "--leases", file]);
  const same = await second(leases);
  assert.deepEqual([same.status, /another process has it/.test(same.stderr)], [1, true]);
  const other = await second(`${leases}.other`);
  assert.deepEqual([other.status, /port 67 already/.test(other.stderr)], [1, true]);
});
