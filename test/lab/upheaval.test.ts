/** What happens to the interface while the access point runs: it is silenced, taken away, and there again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { block, radio } from "../../lab/guest/radios.ts";
import { plugIn, pullOut } from "../../lab/guest/simulated-radios.ts";
import { accessPoint, apAddress, cidr, joined, sleep, wpa2Config, wpa2Network } from "./networks.ts";

const states = (daemon: Daemon): string[] =>
  daemon.log.lines.filter((line) => /^wlan0: (AP-ENABLED|AP-DISABLED|INTERFACE-\w+)/.test(line));

test("rfkill: a switch silences the access point, and when it is released the network is back by itself", async (t) => {
  const own = await radio(0);
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  for (let round = 0; round < 3; round++) {
    await block(own, true);
    t.after(() => block(own, false));
    await daemon.log.waitFor(/^wlan0: INTERFACE-DISABLED/);
    await client.disconnected();
    assert.ok(daemon.running);
    await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-DISCONNECTED ${client.address}`), { fromStart: true });

    await block(own, false);
    await daemon.log.waitFor(/^wlan0: (INTERFACE-ENABLED|AP-ENABLED)/);
    await client.connected({ timeout: 60 });
    // The address was the interface's, and survives.
    await client.ping(apAddress);
  }
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
});

test("rfkill: a daemon that starts on a silenced radio says what to do", async (t) => {
  const own = await radio(0);
  await block(own, true);
  t.after(() => block(own, false));
  const daemon = await startDaemon(t, { config: wpa2Config("castle"), ready: undefined });
  assert.deepEqual(await daemon.exited, { code: 1, signal: null });
  assert.match(daemon.log.text, /rfkill unblock/);
});

test("an interface that is deleted and made again carries the network again", async (t) => {
  const { phy } = await radio(0);
  const daemon = await startDaemon(t, { config: wpa2Config("castle") });
  const client = await joined(t, 1, wpa2Network("castle"));
  for (let round = 0; round < 2; round++) {
    await run(["iw", "dev", "wlan0", "del"]);
    await daemon.log.waitFor(/interface wlan0 has been removed/);
    await client.disconnected();
    await sleep(2000);
    assert.ok(daemon.running);
    await run(["iw", "phy", phy, "interface", "add", "wlan0", "type", "managed"]);
    await daemon.log.waitFor(/^wlan0: AP-ENABLED/);
    await setAddress("wlan0", cidr(apAddress));
    await client.connected({ timeout: 60 });
    await client.ping(apAddress);
  }
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /type managed/);
});

test("a radio that is pulled out and another that is plugged in", async (t) => {
  const { phy } = await radio(0);
  const daemon = await startDaemon(t, { config: wpa2Config("castle") });
  const client = await joined(t, 1, wpa2Network("castle"));
  pullOut(phy);
  await daemon.log.waitFor(/interface wlan0 has been removed/);
  await client.disconnected();
  await sleep(2000);
  assert.ok(daemon.running);

  plugIn("phy-new");
  await daemon.log.waitFor(/^wlan0: AP-ENABLED/);
  await setAddress("wlan0", cidr(apAddress));
  const bssid = (await radio(0)).address;
  assert.equal(await client.connected({ timeout: 60 }), bssid);
  await client.ping(apAddress);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
  assert.deepEqual(states(daemon).slice(-1), ["wlan0: AP-DISABLED "]);
});

test("an interface that somebody takes down and brings up again", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  await run(["ip", "link", "set", "wlan0", "down"]);
  await daemon.log.waitFor(/^wlan0: INTERFACE-DISABLED/);
  await client.disconnected();
  await run(["ip", "link", "set", "wlan0", "up"]);
  await daemon.log.waitFor(/^wlan0: (INTERFACE-ENABLED|AP-ENABLED)/);
  await client.connected({ timeout: 60 });
  await client.ping(apAddress);
  assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
});

test("rules that forbid the channel end the network, others bring it back", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  await run(["iw", "reg", "set", "JP"]);
  const daemon = await accessPoint(t, wpa2Config("castle", "channel=13"));
  await run(["iw", "reg", "set", "US"]);
  // The kernel leaves everybody a minute to get out.
  await daemon.log.waitFor(/^wlan0: INTERFACE-DISABLED/, { timeout: 90 });
  await run(["iw", "reg", "set", "JP"]);
  await daemon.log.waitFor(/^wlan0: AP-ENABLED/, { timeout: 90 });
  const client = await joined(t, 1, { ...wpa2Network("castle"), scan_freq: 2472 });
  await client.ping(apAddress);

  // Who takes the interface down means it.
  await run(["ip", "link", "set", "wlan0", "down"]);
  await daemon.log.waitFor(/^wlan0: INTERFACE-DISABLED/);
  await run(["iw", "reg", "set", "US"]);
  await daemon.log.staysWithout(/AP-ENABLED|INTERFACE-ENABLED/, 10);
  assert.match(await run(["ip", "-br", "link", "show", "wlan0"]), / DOWN /);
});
