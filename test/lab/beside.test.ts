// lab: radios=3, timeout=300
/** `beacon up` on the one radio of a machine that is connected by it: station and access point at once, on one channel. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { setAddress } from "../../lab/guest/network.ts";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { isolate, radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";
import { wpa2Config } from "./networks.ts";

const beacon = fileURLToPath(new URL("../../../bin/beacon", import.meta.url));
const beacond = fileURLToPath(new URL("../../../bin/beacond", import.meta.url));

test("the radio that is the way out becomes an access point too, on its own channel, and is only a station again", async (t) => {
  // The café's network is in a namespace of its own; this machine is its guest.
  const cafe = await radio(1);
  const namespace = await isolate(t, cafe);
  const folder = await mkdtemp(join(tmpdir(), "cafe-"));
  const hostapd = join(folder, "hostapd.conf");
  writeFileSync(hostapd, wpa2Config("cafe", "channel=6").replace("channel=1\n", "").replace("wlan0", cafe.interface));
  const other = await startProgram(t, { name: "cafe", command: [beacond, hostapd], namespace });
  await other.log.waitFor(/AP-ENABLED/);
  await setAddress(cafe.interface, "203.0.113.9/24", { namespace });
  const conf = join(folder, "wpa.conf");
  writeFileSync(conf, `ctrl_interface=${folder}\nnetwork={\n ssid="cafe"\n psk="correct horse"\n scan_freq=2437\n}\n`);
  const guest = await startProgram(t, {
    name: "guest",
    command: ["wpa_supplicant", "-D", "nl80211", "-i", "wlan0", "-c", conf],
  });
  await guest.log.waitFor(/CTRL-EVENT-CONNECTED/);
  await setAddress("wlan0", "203.0.113.1/24");
  await run(["ip", "route", "add", "default", "via", "203.0.113.9"]);

  // It waits for a network that isn't there yet, and leaves this machine with one radio.
  const client = await station(t, {
    radio: 2,
    network: { ssid: "meadow", psk: "correct horse", key_mgmt: "WPA-PSK", scan_freq: 2437 },
  });
  const before = await run(["iw", "dev"]);
  const elsewhere = await tryRun([beacon, "up", "--open", "--channel", "1"]);
  assert.equal(elsewhere.status, 1);
  assert.match(elsewhere.stderr, /wlan0 is on channel 6, and the radio has one channel for both/);

  const program = await startProgram(t, {
    name: "up",
    command: [beacon, "up", "--ssid", "meadow", "--passphrase", "correct horse"],
  });
  await program.log.waitFor(/'beacon down', ends it/);
  assert.match(program.log.text, /Radio {5}wlan0ap is made beside it \(phy0\): wlan0 stays connected/);
  assert.match(program.log.text, /Channel {3}6 \(2437 MHz\): where wlan0 is/);
  await client.connected();
  await client.setAddress("192.168.50.77/24");
  await client.run("ip", "route", "add", "default", "via", "192.168.50.1");
  await client.ping("203.0.113.9");
  const { stdout: diagnosis } = await tryRun([beacon, "doctor", "wlan0ap"]);
  assert.match(diagnosis, /wlan0 is a station, and the radio has one channel for all/);
  assert.match(await run([beacon, "down"]), /wlan0ap: all is as it was/);
  await program.exited;
  await run(["ping", "-c", "1", "-W", "2", "203.0.113.9"]);
  const bare = (text: string): string =>
    text.replace(/^\s*txpower.*\n|^\t\t[\d\t]+\n|^\t\tmulticast TXQ:\n|^\t\tqsz-byt.*\n/gm, "");
  assert.equal(bare(await run(["iw", "dev"])), bare(before));
});
