// lab: radios=1, timeout=180
/** BSSs that are added and removed again and again. */

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { hostapdCli, startDaemon } from "../../lab/guest/daemon.ts";
import { run } from "../../lab/guest/process.ts";
import { heapOf, withSnapshots } from "./heap.ts";
import { fileWith, wpa2Config } from "./networks.ts";

test("a BSS that is added and removed two hundred times leaves nothing behind", async (t) => {
  const socket = "/run/hostapd-global";
  const daemon = await startDaemon(t, {
    config: wpa2Config("castle"),
    args: ["-g", socket],
    environment: withSnapshots,
  });
  const file = await fileWith(
    "guests.conf",
    wpa2Config("guests", "bssid=02:00:00:00:00:01", "ctrl_interface=/run/hostapd").replace("wlan0", "wlan0_1"),
  );
  const globally = async (command: string): Promise<string> =>
    (await run(["hostapd_cli", "-p", "/run", "-i", "hostapd-global", "raw", command])).replace(/\n$/, "");
  const cycle = async (): Promise<void> => {
    assert.equal(await globally(`ADD bss_config=phy0:${file}`), "OK");
    assert.equal(await hostapdCli("-i", "wlan0_1", "ping"), "PONG");
    assert.equal(await globally("REMOVE wlan0_1"), "OK");
  };
  const measure = async () => ({
    descriptors: (await readdir(`/proc/${daemon.pid}/fd`)).length,
    interfaces: (await run(["iw", "dev"])).match(/Interface/g)?.length,
    ...(await heapOf(daemon)),
  });
  for (let i = 0; i < 50; i++) await cycle();
  const before = await measure();
  for (let i = 0; i < 150; i++) await cycle();
  const after = await measure();
  assert.equal(after.descriptors, before.descriptors);
  assert.equal(after.interfaces, before.interfaces);
  for (const kind of ["Bss", "BssAuthenticator", "NamedTimers", "PskTable", "PskFinder", "Station"])
    assert.equal(after.objects.get(kind), before.objects.get(kind), `objects of ${kind}`);
  const growth = after.bytes - before.bytes;
  assert.ok(growth < 60_000, `what the program holds has grown by ${growth} octets`);
});
