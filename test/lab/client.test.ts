// lab: radios=2, no-capture
/** Our client beside Debian's hostapd_cli: the same commands to the same daemon, and what comes of them, octet for octet. */

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { controlDirectory, startDaemon } from "../../lab/guest/daemon.ts";
import { type Finished, startProgram, tryRun } from "../../lab/guest/process.ts";
import { joined, sleep, wpa2Config, wpa2Network } from "./networks.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const build = fileURLToPath(new URL("../../", import.meta.url));
const environment = { BEACOND_DIST: build };
const ssid = "client";

/** Called by hostapd_cli's name. */
const ours = join(mkdtempSync(join(tmpdir(), "client-")), "hostapd_cli");
symlinkSync(join(repository, "bin", "beacon"), ours);
const debians = "/usr/sbin/hostapd_cli";
const clients = [debians, ours] as const;
Object.assign(process.env, environment);

const ask = (client: string, args: readonly string[], input = ""): Promise<Finished> =>
  tryRun([client, ...args], { input });

async function both(args: readonly string[], input = ""): Promise<readonly [Finished, Finished]> {
  return [await ask(debians, args, input), await ask(ours, args, input)];
}

const onInterface = ["-p", controlDirectory, "-i", "wlan0"];

test("commands and their answers", async (t) => {
  await startDaemon(t, { config: wpa2Config(ssid, "ieee80211n=1", "wmm_enabled=1") });
  const { address } = await joined(t, 1, wpa2Network(ssid));
  const commands = [
    ["PING"],
    ["pi"],
    ["list_sta"],
    ["get_config"],
    ["get", "version"],
    ["set", "max_num_sta", "100"],
    ["set", "nonsense", "1"],
    ["log_level", "DEBUG", "0"],
    ["log_level", "x", "y", "z"],
    ["sta", address, "eapol"],
    ["deauthenticate", "02:ff:ff:ff:ff:ff"],
    ["raw"],
    ["raw", "GET", "version"],
    ["foo"],
    ["interface"],
    ["accept_acl", "SHOW"],
    ["accept_acl", "ADD_MAC"],
    ["wps_pbc", "x"],
    ["fst", "x"],
    ["update_beacon"],
    ["quit", "x"],
    ["help", "nonsense"],
  ];
  for (const command of commands) {
    const [theirs, own] = await both([...onInterface, ...command]);
    assert.deepEqual(own, theirs, command.join(" "));
  }
  for (const args of [
    ["-p", controlDirectory, "ping"],
    ["-p", controlDirectory, "-i", "nope", "ping"],
    ["-p", "/none", "ping"],
    ["-p", controlDirectory, "-s", "/none", "-i", "wlan0", "ping"],
  ]) {
    const [theirs, own] = await both(args);
    assert.deepEqual(own, theirs, args.join(" "));
  }
  // what changes from one moment to the next
  for (const command of [["all_sta"], ["sta", address], ["status"], ["status", "driver"]]) {
    const [theirs, own] = await both([...onInterface, ...command]);
    assert.deepEqual(namesOf(own), namesOf(theirs), command.join(" "));
  }
  // wrong arguments are told of in words of one's own, in the same place and with the same status
  for (const command of [["sta"], ["set", "a"], ["get", "a", "b"], ["chan_switch", "5"], ["vendor", "1"]]) {
    const [theirs, own] = await both([...onInterface, ...command]);
    for (const { status, stdout, stderr } of [theirs, own]) {
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^Invalid /);
    }
  }
});

const namesOf = ({ status, stdout, stderr }: Finished) => ({
  status,
  stderr,
  names: stdout.split("\n").map((line) => line.split("=", 1)[0]),
});

test("interactive: the same answers at the same prompts", async (t) => {
  await startDaemon(t, { config: wpa2Config(ssid) });
  const talk = ({ status, stdout }: Finished) => ({ status, said: stdout.slice(stdout.indexOf("\nInteractive mode")) });
  for (const input of [
    "ping\nget_config\nfoo\n\n  \n  ping\nquit\nping\n",
    "ping\n",
    "set max_num_sta 7\nget_config\nraw PING\nsta 02:00:00:00:09:00\ninterface wlan9\nping\n",
  ]) {
    const [theirs, own] = await both(onInterface, input);
    assert.deepEqual(talk(own), talk(theirs), input);
  }
});

/** Runs with each client's -a what writes its arguments and its environment down. */
async function actions(t: TestContext, client: string, extra: readonly string[]): Promise<() => string> {
  const folder = mkdtempSync(join(tmpdir(), "action-"));
  const script = join(folder, "act");
  const log = join(folder, "log");
  writeFileSync(
    script,
    `#!/bin/sh\n{ printf '%s|' "$#" "$@"; echo; env | grep '^COLOUR' ; readlink /proc/self/fd/0; pwd; } >> ${log}\n`,
  );
  chmodSync(script, 0o755);
  await startProgram(t, {
    name: `actions-of-${client === ours ? "ours" : "debians"}`,
    command: [client, ...onInterface, "-a", script, ...extra],
    environment: { ...environment, COLOUR: "green" },
  });
  return () => (existsSync(log) ? readFileSync(log, "utf8") : "");
}

test("-a: the same arguments and environment for the script, also after the daemon came back", async (t) => {
  const config = wpa2Config(ssid);
  const first = await startDaemon(t, { config });
  const logs = await Promise.all(clients.map((client) => actions(t, client, ["-r", "-G1"])));
  await sleep(2000);
  await first.cli("raw", "DISABLE");
  await first.cli("raw", "ENABLE");
  const [theirs = () => "", own = () => ""] = logs;
  const both = async (what: RegExp): Promise<void> => {
    for (let turn = 0; turn < 200 && !(what.test(theirs()) && what.test(own())); turn++) {
      await sleep(100);
    }
    assert.match(theirs(), what);
    assert.match(own(), what);
  };
  await both(/^2\|wlan0\|AP-DISABLED\|\nCOLOUR=green\n[\s\S]*^2\|wlan0\|AP-ENABLED\|$/m);
  assert.equal(own(), theirs());
  const second = await first.stop().then(() => startDaemon(t, { config }));
  await sleep(5000);
  await second.cli("raw", "DISABLE");
  await both(/CTRL-EVENT-TERMINATING[\s\S]*AP-DISABLED/);
});

test("-B: in the background with a PID file, which goes away at the end", async (t) => {
  await startDaemon(t, { config: wpa2Config(ssid) });
  for (const client of clients) {
    const pidFile = join(mkdtempSync(join(tmpdir(), "pid-")), "pid");
    const { status } = await ask(client, [...onInterface, "-B", "-P", pidFile, "-a", "/bin/true"]);
    assert.equal(status, 0, client);
    for (let turn = 0; turn < 50 && !existsSync(pidFile); turn++) await sleep(100);
    const pid = Number(readFileSync(pidFile, "utf8"));
    assert.ok(existsSync(`/proc/${pid}`), client);
    // Debian's 2.10 doesn't heed SIGTERM there, and leaves its file
    process.kill(pid, client === ours ? "SIGTERM" : "SIGKILL");
    if (client !== ours) continue;
    for (let turn = 0; turn < 50 && existsSync(pidFile); turn++) await sleep(100);
    assert.ok(!existsSync(pidFile), client);
  }
});

test("beacon cli: the exit status says whether it worked", async (t) => {
  await startDaemon(t, { config: wpa2Config(ssid) });
  const beacon = (...args: string[]): Promise<Finished> => ask(join(repository, "bin", "beacon"), ["cli", ...args]);
  assert.deepEqual(await beacon(...onInterface, "ping"), { status: 0, stdout: "PONG\n", stderr: "" });
  assert.deepEqual(await beacon(...onInterface, "sta", "02:00:00:00:09:00"), {
    status: 1,
    stdout: "FAIL\n",
    stderr: "",
  });
  assert.equal((await beacon(...onInterface, "foo")).status, 2);
  assert.equal((await beacon("-p", "/none", "ping")).status, 1);
});
