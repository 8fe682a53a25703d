// lab: radios=3
/** WEP, for devices that have nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { station } from "../../lab/guest/station.ts";
import { addressOf, apAddress, cidr, joined, openConfig, sleep } from "./networks.ts";

test("an open authentication and a key of 40 bits", async (t) => {
  const daemon = await startDaemon(t, { config: openConfig("old", 'wep_key0="hello"', "ieee80211n=1") });
  assert.ok(daemon.log.lines.some((line) => /WEP protects nothing/.test(line)));
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, { ssid: "old", wep_key0: "hello", scan_freq: 2412 });
  assert.equal((await client.status())["pairwise_cipher"], "WEP-40");
  await client.ping(apAddress);
  assert.match(await client.cli("scan_results"), /\[WEP\]/);
  assert.match(await daemon.cli("status"), /^ieee80211n=0$/m);
  const stranger = await station(t, { radio: 2, network: { ssid: "old", wep_key0: "hullo", scan_freq: 2412 } });
  // Who has another key is in, and can neither say nor hear anything.
  await stranger.connected();
  await stranger.setAddress(cidr(addressOf(2)));
  assert.ok(!(await stranger.canPing(apAddress, { count: 2 })));
});

test("shared key authentication, 104 bits, several keys; whoever has another key stays outside", async (t) => {
  const keys = { wep_key0: "hello12345678", wep_key1: "other12345678" };
  const config = openConfig("old", `wep_key0="${keys.wep_key0}"`, `wep_key1="${keys.wep_key1}"`, "auth_algs=2");
  const daemon = await startDaemon(t, { config, args: ["-d"] });
  await setAddress("wlan0", cidr(apAddress));
  const network = { ssid: "old", auth_alg: "SHARED", scan_freq: 2412 };
  const client = await joined(t, 1, { ...network, ...keys, wep_tx_keyidx: 1 });
  await daemon.log.waitFor(/authentication OK \(shared key\)/);
  await client.ping(apAddress);

  const stranger = await station(t, { radio: 2, network: { ...network, wep_key0: "hullo12345678" } });
  await daemon.log.waitFor(/authentication: STA=\S+ auth_alg=1 auth_transaction=1/);
  await stranger.log.waitFor(/Trying to associate|authenticate with/);
  await sleep(3000);
  assert.ok(!stranger.log.lines.some((line) => /CTRL-EVENT-CONNECTED/.test(line)));
  await stranger.stop();
  await client.ping(apAddress);
});

test("a network that allows open authentication only refuses the other, and the other way round", async (t) => {
  const one = openConfig("open-only", 'wep_key0="hello"', "auth_algs=1");
  const daemon = await startDaemon(t, { config: one });
  const client = await station(t, {
    radio: 1,
    network: { ssid: "open-only", wep_key0: "hello", auth_alg: "SHARED", scan_freq: 2412 },
  });
  await daemon.log.waitFor(/Unsupported authentication algorithm \(1\)/);
  assert.ok(!client.log.lines.some((line) => /CTRL-EVENT-CONNECTED/.test(line)));
  await client.stop();
  await daemon.stop();

  const other = await startDaemon(t, { config: openConfig("shared-only", 'wep_key0="hello"', "auth_algs=2") });
  const second = await station(t, {
    radio: 2,
    network: { ssid: "shared-only", wep_key0: "hello", auth_alg: "OPEN", scan_freq: 2412 },
  });
  await other.log.waitFor(/Unsupported authentication algorithm \(0\)/);
  assert.ok(!second.log.lines.some((line) => /CTRL-EVENT-CONNECTED/.test(line)));
});
