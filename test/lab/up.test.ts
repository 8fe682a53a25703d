// lab: radios=4, timeout=300
/** `beacon up`: a network in one line, from a stock client to a host behind this machine, and nothing left of it. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Program, run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { type Network, type Station, station } from "../../lab/guest/station.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));
const internet = "203.0.113.9";

/** A host that this machine's default route leads to, and that knows no way back to the stations. */
async function uplink(t: TestContext): Promise<void> {
  await run(["ip", "netns", "add", "internet"]);
  t.after(() => run(["ip", "netns", "del", "internet"]));
  await run(["ip", "link", "add", "up0", "type", "veth", "peer", "name", "far", "netns", "internet"]);
  await run(["ip", "addr", "add", "203.0.113.1/24", "dev", "up0"]);
  await run(["ip", "link", "set", "up0", "up"]);
  await run(["ip", "addr", "add", `${internet}/24`, "dev", "far"], { namespace: "internet" });
  await run(["ip", "link", "set", "far", "up"], { namespace: "internet" });
  await run(["ip", "route", "add", "default", "via", internet]);
}

/** What of the machine a network may change. */
async function machine(): Promise<string> {
  const commands = [
    ["ip", "-br", "addr"],
    ["ip", "route"],
    ["nft", "list", "ruleset"],
    ["sysctl", "net.ipv4.ip_forward"],
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
ip addr flush dev $interface
ip addr add $ip/$mask dev $interface
ip route add default via $router
`,
    { mode: 0o755 },
  );
  await client.run("udhcpc", "-i", client.interface, "-n", "-q", "-f", "-t", "5", "-s", script);
  const lines = (await run(["cat", heard])).split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
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
    await client.ping(internet);
  }
  const twice = await tryRun([beacon, "up", "--interface", "wlan0"]);
  assert.equal(twice.status, 1);
  assert.match(twice.stderr, /has a network of 'beacon up' already/);
  assert.match(await run([beacon, "down"]), /wlan0: all is as it was/);
  await program.exited;
  assert.equal(await machine(), before);
});

test("killed: the next 'beacon down' puts all back, and so does the next 'beacon up'", async (t) => {
  await uplink(t);
  const before = await machine();
  for (const next of ["down", "up"]) {
    const program = await up(t, "--open", "--channel", "1");
    program.kill("SIGKILL");
    await program.exited;
    assert.notEqual(await machine(), before);
    if (next === "up") {
      const second = await up(t, "--open", "--channel", "1");
      assert.match(second.log.text, /Cleaned up behind/);
      await second.stop("SIGINT");
    } else {
      await run([beacon, "down"]);
    }
    assert.equal(await machine(), before);
  }
});

test("guests get out, and to nothing that is private", async (t) => {
  await uplink(t);
  await run(["ip", "addr", "add", "10.9.9.9/32", "dev", "far"], { namespace: "internet" });
  const program = await up(t, "--ssid", "meadow", "--passphrase", "correct horse", "--channel", "1", "--guest");
  const client = await station(t, { radio: 3, network: wpa2 });
  await client.connected();
  await address(client);
  await client.ping(internet);
  assert.equal(await client.canPing("10.9.9.9", { count: 1, wait: 1 }), false);
  await program.stop("SIGTERM");
});

test("--print-config does nothing but print", async () => {
  const before = await machine();
  const text = await run([beacon, "up", "--interface", "wlan0", "--ssid", "meadow", "--open", "--print-config"]);
  assert.match(text, /^interface=wlan0\n[\s\S]*^ssid=meadow$/m);
  assert.equal(await machine(), before);
});
