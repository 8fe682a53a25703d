// lab: radios=3
/** Kicked, banned, let in again: by Debian's hostapd_cli. */

import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { test } from "node:test";
import { controlDirectory, startDaemon } from "../../lab/guest/daemon.ts";
import { startProgram } from "../../lab/guest/process.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  fileWith,
  joined,
  sleep,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

test("kicked: deauthenticated and disassociated stations come back by themselves", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const other = await joined(t, 2, wpa2Network("castle"));

  assert.equal(await daemon.cli("deauthenticate", client.address), "OK");
  assert.equal(await client.disconnected(), 2);
  await client.connected();
  await client.ping(apAddress);

  assert.equal(await daemon.cli("deauthenticate", client.address, "reason=5"), "OK");
  assert.equal(await client.disconnected(), 5);
  await client.connected();

  assert.equal(await daemon.cli("disassociate", client.address), "OK");
  assert.equal(await client.disconnected(), 2);
  await client.connected();
  await client.ping(addressOf(2));
  assert.ok(!wasDisturbed(other));

  // All at once.
  assert.equal(await daemon.cli("deauthenticate", "ff:ff:ff:ff:ff:ff"), "OK");
  for (const each of [client, other]) {
    await each.disconnected();
    await each.connected({ timeout: 60 });
    await each.ping(apAddress);
  }
});

test("banned: out at once, and out until the ban is lifted", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const other = await joined(t, 2, wpa2Network("castle"));
  assert.equal(await daemon.cli("deny_acl", "ADD_MAC", client.address), "OK");
  await client.disconnected();
  assert.match(await daemon.cli("deny_acl", "SHOW"), new RegExp(`^${client.address} VLAN_ID=0$`, "m"));
  await client.log.staysWithout(/CTRL-EVENT-CONNECTED/, 20);
  await other.ping(apAddress);

  assert.equal(await daemon.cli("deny_acl", "DEL_MAC", client.address), "OK");
  await client.connected({ timeout: 120 });
  await client.ping(addressOf(2));
  assert.ok(!wasDisturbed(other));
});

test("the accept list, set while the network is up", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  const other = await joined(t, 2, wpa2Network("castle"));
  assert.equal(await daemon.cli("accept_acl", "ADD_MAC", other.address), "OK");
  assert.equal(await daemon.cli("set", "macaddr_acl", "1"), "OK");
  assert.equal(await daemon.cli("deauthenticate", client.address), "OK");
  await client.disconnected();
  await client.log.staysWithout(/CTRL-EVENT-CONNECTED/, 20);
  assert.equal(await daemon.cli("accept_acl", "ADD_MAC", client.address), "OK");
  await client.connected({ timeout: 120 });
  await other.ping(addressOf(1));
});

test("disabled and enabled: everybody leaves and everybody comes back", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const client = await joined(t, 1, wpa2Network("castle"));
  assert.equal(await daemon.cli("disable"), "OK");
  assert.equal(await client.disconnected(), 3);
  assert.match(await daemon.cli("status"), /^state=DISABLED$/m);
  assert.equal(await daemon.cli("enable"), "OK");
  await client.connected({ timeout: 60 });
  await client.ping(apAddress);
  assert.match(await daemon.cli("status"), /^state=ENABLED$/m);
});

test("an action script of hostapd_cli -a hears of each coming and going", async (t) => {
  const daemon = await startDaemon(t, { config: wpa2Config("castle") });
  const script = await fileWith("action", '#!/bin/sh\necho "heard $*"\n');
  await chmod(script, 0o755);
  const listener = await startProgram(t, {
    name: "hostapd_cli",
    command: ["hostapd_cli", "-p", controlDirectory, "-i", "wlan0", "-a", script],
  });
  // It says nothing once it listens.
  await sleep(1000);
  const client = await joined(t, 1, wpa2Network("castle"));
  await listener.log.waitFor(new RegExp(`heard wlan0 AP-STA-CONNECTED ${client.address}`));
  await client.cli("disconnect");
  await listener.log.waitFor(new RegExp(`heard wlan0 AP-STA-DISCONNECTED ${client.address}`));
  assert.ok(daemon.running);
});
