// lab: radios=4, timeout=300
/** Addresses for stations, by a dhcpd.conf: clients that are in use everywhere, over the air. */

import assert from "node:assert/strict";
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
import { wpa2Config, wpa2Network } from "./networks.ts";

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
