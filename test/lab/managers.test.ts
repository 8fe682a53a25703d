// lab: radios=3, timeout=400
/** `beacon up` on interfaces that somebody manages: asked over D-Bus to let go, and told at the end. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Program, run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { unpackedRoot } from "../../lab/unpacked.ts";
import { sleep } from "./networks.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));

/** A system's bus on which everybody may have any name: the packages' own policies are not installed with them. */
async function bus(t: TestContext): Promise<void> {
  mkdirSync("/run/dbus", { recursive: true });
  const conf = join(await mkdtemp(join(tmpdir(), "bus-")), "bus.conf");
  writeFileSync(
    conf,
    `<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
<policy context="default"><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>`,
  );
  await startProgram(t, { name: "bus", command: ["dbus-daemon", `--config-file=${conf}`, "--nofork", "--nopidfile"] });
  await until("the bus", async () => (await tryRun(["busctl", "--system", "list"])).status === 0);
}

/** It looks for its plugins where they would be installed. */
async function networkManager(t: TestContext): Promise<void> {
  const root = unpackedRoot();
  const conf = join(await mkdtemp(join(tmpdir(), "manager-")), "NetworkManager.conf");
  writeFileSync(conf, "[main]\nplugins=keyfile\ndhcp=internal\ndns=none\n");
  mkdirSync("/var/lib/NetworkManager", { recursive: true });
  const places = ["--config-dir=/nowhere", "--system-config-dir=/nowhere", "--intern-config=/run/manager.conf"];
  const start = `set -e
libraries=/usr/lib/x86_64-linux-gnu
mkdir -p /run/libraries /run/with-plugins
mount --bind $libraries /run/libraries
ln -s /run/libraries/* /run/with-plugins/
rm -f /run/with-plugins/NetworkManager
ln -s ${root}$libraries/NetworkManager /run/with-plugins/
mount --bind /run/with-plugins $libraries
exec ${root}/usr/sbin/NetworkManager --no-daemon --config=${conf} ${places.join(" ")}`;
  await startProgram(t, { name: "manager", command: ["unshare", "--mount", "sh", "-c", start] });
}

/** NM_DEVICE_STATE_UNMANAGED, NM_DEVICE_STATE_DISCONNECTED */
const unmanaged = 10;
const disconnected = 30;

async function stateOfWlan0(): Promise<number> {
  const name = "org.freedesktop.NetworkManager";
  const call = ["busctl", "--system", "call", name];
  const found = await tryRun([...call, "/org/freedesktop/NetworkManager", name, "GetDeviceByIpIface", "s", "wlan0"]);
  const [, path = "/"] = /^o "(.*)"/.exec(found.stdout) ?? [];
  const get = [path, "org.freedesktop.DBus.Properties", "Get", "ss", `${name}.Device`, "State"];
  return Number(/^v u (\d+)/.exec((await tryRun([...call, ...get])).stdout)?.[1]);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`never: ${what}`);
}

async function up(t: TestContext, ...args: readonly string[]): Promise<Program> {
  const program = await startProgram(t, { name: "up", command: [beacon, "up", "--open", ...args] });
  await program.log.waitFor(/'beacon down', ends it/);
  return program;
}

const type = async (): Promise<string | undefined> => /type (\w+)/.exec(await run(["iw", "dev", "wlan0", "info"]))?.[1];

test("wpa_supplicant on the bus lets go, and has its interface and its file again", async (t) => {
  await bus(t);
  const conf = join(await mkdtemp(join(tmpdir(), "wpa-")), "wpa.conf");
  writeFileSync(conf, "ctrl_interface=/run/wpa_supplicant\n");
  const command = ["wpa_supplicant", "-u", "-D", "nl80211", "-i", "wlan0", "-c", conf];
  const supplicant = await startProgram(t, { name: "supplicant", command });
  const has = async (): Promise<boolean> => (await tryRun(["wpa_cli", "-i", "wlan0", "status"])).status === 0;
  await until("wpa_supplicant has wlan0", has);
  // Without a word of which: the others are in use as little, but nobody has to be asked for them.
  const program = await up(t, "--interface", "wlan0");
  assert.match(program.log.text, /wpa_supplicant was asked to let wlan0 go/);
  assert.equal(await type(), "AP");
  assert.equal(await has(), false);
  await program.stop("SIGINT");
  await until("wpa_supplicant has wlan0 again", has);
  assert.equal(await type(), "managed");
  assert.ok(supplicant.running);
});

test("wpa_supplicant that can't be asked is named, and nothing is changed", async (t) => {
  const conf = join(await mkdtemp(join(tmpdir(), "wpa-")), "wpa.conf");
  writeFileSync(conf, "ctrl_interface=/run/wpa_supplicant\n");
  const supplicant = await startProgram(t, {
    name: "supplicant",
    command: ["wpa_supplicant", "-D", "nl80211", "-i", "wlan0", "-c", conf],
  });
  await supplicant.log.waitFor(/Successfully initialized/);
  const { status, stderr } = await tryRun([beacon, "up", "--open", "--interface", "wlan0"]);
  assert.equal(status, 1);
  assert.match(stderr, /wpa_supplicant \(process \d+\) has wlan0 and can't be asked over D-Bus: .*kill \d+/);
  assert.equal(await type(), "managed");
});

test("NetworkManager lets go of a radio that isn't connected, also after a crash, and has it again", async (t) => {
  await run(["mount", "-o", "remount,ro", "/sys"]);
  t.after(() => run(["mount", "-o", "remount,rw", "/sys"]));
  await bus(t);
  await startProgram(t, { name: "supplicant", command: ["wpa_supplicant", "-u"] });
  await networkManager(t);
  await until("NetworkManager has wlan0", async () => (await stateOfWlan0()) === disconnected);
  const { stdout } = await tryRun([beacon, "doctor", "wlan0"]);
  assert.match(stdout, /who holds the interface: NetworkManager has it\n +nmcli device set wlan0 managed no/);
  const first = await up(t);
  assert.match(first.log.text, /Radio {5}wlan0 \(phy0\): it is not connected, and who has it lets it go/);
  assert.match(first.log.text, /NetworkManager was asked to let wlan0 go/);
  assert.equal(await stateOfWlan0(), unmanaged);
  assert.equal(await type(), "AP");
  first.kill("SIGKILL");
  await first.exited;
  await run([beacon, "down"]);
  await until("NetworkManager has wlan0 again", async () => (await stateOfWlan0()) === disconnected);
  assert.equal(await type(), "managed");
});

test("iwd lets go, leaves the access point alone, and has its device again", async (t) => {
  await bus(t);
  await startProgram(t, { name: "iwd", command: [join(unpackedRoot(), "usr/libexec/iwd")] });
  const question = ["call", "net.connman.iwd", "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"];
  /** Whether wlan0 has power there. */
  const isPowered = async (): Promise<boolean | undefined> => {
    const { stdout } = await tryRun(["busctl", "--system", "--json=short", ...question]);
    const [, powered] =
      /"Name":\{"type":"s","data":"wlan0"\}.*?"Powered":\{"type":"b","data":(true|false)\}/.exec(stdout) ?? [];
    return powered === undefined ? undefined : powered === "true";
  };
  await until("iwd has wlan0", async () => (await isPowered()) === true);
  const program = await up(t, "--interface", "wlan0");
  assert.match(program.log.text, /iwd was asked to let wlan0 go/);
  assert.equal(await type(), "AP");
  await sleep(5000);
  assert.equal(await type(), "AP");
  await program.stop("SIGINT");
  assert.equal(await isPowered(), true);
  assert.equal(await type(), "managed");
});
