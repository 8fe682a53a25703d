// lab: radios=3, timeout=120
/** `beacon start` on real radios: which it takes, who joins, and what is left behind. */

import assert from "node:assert/strict";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";

const main = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

/** What an interface is, and whether it is up: to see that both are as before. */
async function stateOf(name: string): Promise<string> {
  const type = /type (\w+)/.exec(await run(["iw", "dev", name, "info"]))?.[1];
  return `${type} ${/state (\w+)/.exec(await run(["ip", "link", "show", name]))?.[1]}`;
}

test("takes the first radio, and gives it back", async () => {
  const { status, stdout, stderr } = await tryRun([process.execPath, main, "start", "--once"]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Radio +wlan0 \(phy0\)\n +why: the first that can be an access point/m);
  assert.match(stdout, new RegExp(`is on the air as ${(await radio(0)).address}\n`));
  assert.match(stdout, /is off the air\n\nAll is as it was\.\n$/);
  assert.equal(await stateOf("wlan0"), "managed DOWN");
});

test("leaves a radio alone that somebody uses, unless it is told to take it", async (t) => {
  await run(["ip", "link", "set", "wlan0", "up"]);
  t.after(() => run(["ip", "link", "set", "wlan0", "down"]));
  const before = await stateOf("wlan0");
  const other = await run([process.execPath, main, "start", "--once"]);
  assert.match(other, /^Radio +wlan1 \(phy1\)\n[^\n]*\n +wlan0 \(phy0\): is up/m);
  const same = await run([process.execPath, main, "start", "--once", "--interface", "wlan0"]);
  assert.match(same, /^Radio +wlan0 \(phy0\)\n +why: it was asked for\n/m);
  assert.equal(await stateOf("wlan0"), before);
});

test("on a terminal it stays, shows who joins and who doesn't, and ends with Ctrl-C", async (t) => {
  const pidFile = join(await mkdtemp(join(tmpdir(), "start-")), "pid");
  const show = await startProgram(t, {
    name: "beacon-start",
    command: ["script", "-qec", `echo $$ >${pidFile}; exec ${process.execPath} ${main} start`, "/dev/null"],
    environment: { TERM: "dumb" },
  });
  const [, ssid = "", psk = ""] = await show.log.waitFor(/SSID '(.*)', passphrase '(.*)'/);
  await show.log.waitFor(/is on the air/);

  const right = await station(t, { radio: 1, network: { ssid, psk, scan_freq: 2412 } });
  await right.connected();
  await show.log.waitFor(new RegExp(`lets ${right.address} in`));
  const wrong = await station(t, { radio: 2, network: { ssid, psk: `${psk}x`, scan_freq: 2412 } });
  await show.log.waitFor(new RegExp(`doesn't let ${wrong.address} in`));
  await show.log.waitFor(/why: it has another passphrase/);

  // Debian's, without any option: the socket is where hostapd's is.
  const shown = await run(["hostapd_cli", "sta", right.address]);
  assert.match(shown, new RegExp(`^Selected interface 'wlan0'\n${right.address}\nflags=.*\\[AUTHORIZED\\]`));

  await run(["kill", "-INT", (await readFile(pidFile, "utf8")).trim()]);
  await show.log.waitFor(/All is as it was\./);
  assert.deepEqual(await show.exited, { code: 0, signal: null });
  await right.disconnected();
  assert.equal(await stateOf("wlan0"), "managed DOWN");
});
