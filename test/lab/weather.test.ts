// lab: radios=2
/** Commands of `beacon` where the radio goes away under them, and where two access points answer. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { pullOut } from "../../lab/guest/simulated-radios.ts";
import { repositoryRoot } from "../../testing/repository.ts";
import { accessPoint, openConfig, sleep } from "./networks.ts";

const beacon = join(repositoryRoot(), "bin", "beacon");
const trace = /^\s+at .*:\d+:\d+\)?$/m;

test("two access points: each is asked, or the one that is named", async (t) => {
  await accessPoint(t, openConfig("first"));
  await accessPoint(t, openConfig("second").replace("wlan0", "wlan1"));
  const status = await run([beacon, "status"]);
  assert.match(status, /first/);
  assert.match(status, /second/);
  assert.doesNotMatch(await run([beacon, "status", "-i", "wlan1"]), /first/);
  assert.match(await run([beacon, "reload"]), /wlan0: nothing changes\nwlan1: nothing changes\n/);
  const nobody = await tryRun([beacon, "kick", "02:00:00:00:00:77"]);
  assert.equal(nobody.status, 1);
  assert.doesNotMatch(nobody.stderr, trace);
});

test("the radio is pulled out under beacon up: it says so, and leaves nothing behind", async (t) => {
  const { phy } = await radio(1);
  const program = await startProgram(t, { name: "up", command: [beacon, "up", "--interface", "wlan1", "--open"] });
  await program.log.waitFor(/'beacon down', ends it/);
  pullOut(phy);
  await sleep(2000);
  const { code } = await program.stop("SIGTERM");
  assert.doesNotMatch(program.log.text, trace);
  assert.match(program.log.text, /wlan1.*(gone|disappeared|not there|removed)|off the air/i);
  assert.ok(code === 0 || code === 1, `${code}`);
  assert.deepEqual(existsSync("/run/beacond/up") ? readdirSync("/run/beacond/up") : [], []);
  assert.doesNotMatch(await run(["nft", "list", "tables"]), /beacond/);
  pullOut((await radio(0)).phy);
  for (const command of [
    ["channels"],
    ["up", "--open"],
    ["start", "--interface", "wlan0"],
    ["doctor", "wlan0"],
    ["status"],
  ]) {
    const { status, stdout, stderr } = await tryRun([beacon, ...command]);
    assert.equal(status, 1, command.join(" "));
    assert.doesNotMatch(stdout + stderr, trace);
    assert.match(stdout + stderr, /[a-z]{3}/);
  }
});
