// lab: radios=2
/** `beacon check` against a radio that is there. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { tryRun } from "../../lab/guest/process.ts";
import { repositoryRoot } from "../../testing/repository.ts";
import { accessPoint, fileWith, openConfig } from "./networks.ts";

const beacon = join(repositoryRoot(), "bin", "beacon");

async function check(lines: readonly string[], ...args: string[]): Promise<string> {
  const file = await fileWith("check.conf", `${["ssid=x", ...lines].join("\n")}\n`);
  const { stdout, stderr } = await tryRun([beacon, "check", ...args, file]);
  assert.equal(stderr, "");
  return stdout;
}

test("what the radio can't or may not do is told before anything is started", async (t) => {
  const on = (...lines: string[]) => ["interface=wlan1", ...lines];
  assert.match(await check(on("hw_mode=g", "channel=1")), /: good\n$/);
  assert.match(await check(on("hw_mode=a", "channel=52")), /:4:9: error: channel 52 .*no IR[\s\S]*channel=52\n +\^~\n/);
  assert.match(
    await check(on("hw_mode=b", "channel=14")),
    /error: channel 14 \(2484 MHz\) is not allowed .*; allowed are 1, 2/,
  );
  assert.doesNotMatch(await check(on("hw_mode=b", "channel=14"), "--no-radio"), /error/);
  assert.match(
    await check(on("hw_mode=b", "channel=14", "country_code=JP", "ieee80211d=1")),
    /warning: channel 14 .*those of JP are asked for at the start/,
  );
  assert.match(
    await check(["interface=wlan7", "hw_mode=g", "channel=1"]),
    /warning: this machine has no Wi-Fi interface 'wlan7', but wlan0, wlan1/,
  );
  await accessPoint(t, openConfig("first"));
  assert.match(
    await check(["interface=wlan0", "hw_mode=g", "channel=11"]),
    /: good\n$/,
    "its own channel is no matter",
  );
});
