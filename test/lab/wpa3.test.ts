// lab: radios=4
/** SAE and OWE with stock clients, on the real kernel. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { type Station, station } from "../../lab/guest/station.ts";
import { addressOf, apAddress, cidr, fileWith, joined, openConfig, passphrase, wpa2Network } from "./networks.ts";

const ssid = "castle";
const saeConfig = (...lines: readonly string[]): string =>
  openConfig(ssid, "wpa=2", "rsn_pairwise=CCMP", "ieee80211w=2", "wpa_key_mgmt=SAE", ...lines);
const saeNetwork = { ssid, key_mgmt: "SAE", ieee80211w: 2, scan_freq: 2412, sae_password: passphrase } as const;
const password = `sae_password=${passphrase}`;

const exchanges = (daemon: Daemon): number =>
  daemon.log.lines.filter((line) => line.includes("start SAE authentication")).length;

async function comesBack(client: Station): Promise<void> {
  await client.cli("disconnect");
  await client.disconnected();
  await client.cli("reconnect");
  await client.connected();
  await client.ping(apAddress);
}

for (const pwe of [0, 1, 2]) {
  test(`sae_pwe=${pwe}: a client joins with protected frames, and comes back without another exchange`, async (t) => {
    const daemon = await startDaemon(t, { config: saeConfig(password, `sae_pwe=${pwe}`), args: ["-dd"] });
    await setAddress("wlan0", cidr(apAddress));
    const client = await joined(t, 1, saeNetwork, { global: `sae_pwe=${pwe}` });
    await client.ping(apAddress, { count: 3 });
    const status = await client.status();
    assert.equal(status["key_mgmt"], "SAE");
    assert.equal(status["pmf"], "2");
    assert.equal(status["sae_h2e"], pwe === 0 ? "0" : "1");
    const before = exchanges(daemon);
    await comesBack(client);
    assert.equal(exchanges(daemon), before, "it made another exchange");
  });
}

for (const group of [20, 21, 15]) {
  test(`group ${group}, by looping and by hashing`, async (t) => {
    await startDaemon(t, { config: saeConfig(password, "sae_pwe=2", `sae_groups=${group}`), args: ["-dd"] });
    await setAddress("wlan0", cidr(apAddress));
    for (const pwe of [0, 1]) {
      const client = await joined(t, 1 + pwe, saeNetwork, { global: `sae_pwe=${pwe}\nsae_groups=${group}` });
      await client.ping(apAddress);
      assert.equal((await client.status())["sae_group"], String(group));
    }
  });
}

test("a client that begins with another group is told, and takes ours", async (t) => {
  await startDaemon(t, { config: saeConfig(password, "sae_pwe=2", "sae_groups=20"), args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  for (const pwe of [0, 1]) {
    const client = await joined(t, 1 + pwe, saeNetwork, { global: `sae_pwe=${pwe}\nsae_groups=19 21 20` });
    await client.ping(apAddress);
    assert.equal((await client.status())["sae_group"], "20");
  }
});

test("a wrong password is refused, and said", async (t) => {
  const daemon = await startDaemon(t, { config: saeConfig(password), args: ["-dd"] });
  const client = await station(t, { radio: 1, network: { ...saeNetwork, sae_password: "another one" } });
  await daemon.log.waitFor(/AP-STA-POSSIBLE-PSK-MISMATCH/);
  await client.log.waitFor(/CTRL-EVENT-SSID-TEMP-DISABLED|CTRL-EVENT-AUTH-REJECT/);
});

test("WPA2 and WPA3 side by side: each client takes the best that it knows", async (t) => {
  const config = openConfig(
    ssid,
    "wpa=2",
    "rsn_pairwise=CCMP",
    "ieee80211w=1",
    "sae_require_mfp=1",
    "sae_pwe=2",
    "wpa_key_mgmt=WPA-PSK SAE",
    `wpa_passphrase=${passphrase}`,
  );
  await startDaemon(t, { config, args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const old = await joined(t, 1, wpa2Network(ssid));
  const recent = await joined(t, 2, { ...saeNetwork, key_mgmt: "SAE WPA-PSK", psk: passphrase, ieee80211w: 1 });
  assert.equal((await old.status())["key_mgmt"], "WPA2-PSK");
  assert.equal((await recent.status())["key_mgmt"], "SAE");
  await old.ping(addressOf(2));
  await recent.ping(addressOf(1));
});

test("compatibility mode: a client that doesn't know the override elements sees WPA2, and takes it", async (t) => {
  const config = openConfig(
    ssid,
    "wpa=2",
    "rsn_pairwise=CCMP",
    "wpa_key_mgmt=WPA-PSK",
    `wpa_passphrase=${passphrase}`,
    "rsn_override_key_mgmt=SAE",
    "rsn_override_mfp=2",
    "rsn_override_key_mgmt_2=SAE-EXT-KEY",
    "rsn_override_pairwise_2=GCMP-256",
    "rsn_override_mfp_2=2",
    "rsn_override_omit_rsnxe=1",
  );
  await startDaemon(t, { config, args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, { ...saeNetwork, key_mgmt: "SAE WPA-PSK", psk: passphrase, ieee80211w: 1 });
  assert.equal((await client.status())["key_mgmt"], "WPA2-PSK");
  await client.ping(apAddress);
});

test("passwords of their own: by address, by identifier, one of many", async (t) => {
  const mine = "the one of the station";
  const file = await fileWith(
    "passwords",
    ["first of the file", "second of the file", "third|id=of the file"].join("\n"),
  );
  const config = saeConfig(
    "sae_pwe=2",
    `sae_password=${mine}|mac=02:00:00:00:02:00`,
    "sae_password=named|id=identifier",
    `sae_password_file=${file}`,
  );
  const daemon = await startDaemon(t, { config, args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const join = (radio: number, network: Record<string, string>) =>
    joined(t, radio, { ...saeNetwork, ...network }, { global: "sae_pwe=2" });
  const named = await join(1, { sae_password: "named", sae_password_id: "identifier" });
  await named.ping(apAddress);
  const inFile = await join(2, { sae_password: "third", sae_password_id: "of the file" });
  await inFile.ping(apAddress);
  // The second one is tried first, being the last of the file without an identifier.
  const tried = await join(3, { sae_password: "first of the file" });
  await tried.ping(apAddress);
  await named.cli("set_network", "0", "sae_password_id", '"of nobody"');
  await named.cli("reassociate");
  await daemon.log.waitFor(/CTRL-EVENT-SAE-UNKNOWN-PASSWORD-IDENTIFIER/);
});

test("a password with a VLAN: whoever has it is in there", async (t) => {
  const config = saeConfig("sae_pwe=2", "dynamic_vlan=1", password, "sae_password=seven|vlanid=7|id=of the VLAN");
  const daemon = await startDaemon(t, { config, args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const plain = await joined(t, 1, saeNetwork, { global: "sae_pwe=2" });
  await plain.ping(apAddress);
  const seven = { ...saeNetwork, sae_password: "seven", sae_password_id: "of the VLAN" };
  const inside = await joined(t, 2, seven, { global: "sae_pwe=2" });
  const vlanOf = async (client: Station): Promise<string | undefined> => {
    const { address = "" } = await client.status();
    return /^vlan_id=(.*)$/m.exec(await daemon.cli("sta", address))?.[1];
  };
  assert.deepEqual([await vlanOf(plain), await vlanOf(inside)], [undefined, "7"]);
  await setAddress("brvlan7", "192.168.77.1/24");
  await inside.setAddress("192.168.77.12/24");
  await inside.ping("192.168.77.1");
});

test("anti-clogging from the first exchange on: who hears us gets in", async (t) => {
  const daemon = await startDaemon(t, {
    config: saeConfig(password, "sae_pwe=2", "anti_clogging_threshold=0"),
    args: ["-dd"],
  });
  await setAddress("wlan0", cidr(apAddress));
  for (const pwe of [0, 1]) {
    const client = await joined(t, 1 + pwe, saeNetwork, { global: `sae_pwe=${pwe}` });
    await client.ping(apAddress);
  }
  assert.ok(exchanges(daemon) >= 4, "no Commit was sent again with a token");
});

test("sae_confirm_immediate=1", async (t) => {
  await startDaemon(t, { config: saeConfig(password, "sae_confirm_immediate=1"), args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, saeNetwork);
  await client.ping(apAddress);
});

for (const group of [19, 20, 21]) {
  test(`OWE with group ${group}: encrypted without a password, and again without another exchange`, async (t) => {
    const config = openConfig(ssid, "wpa=2", "rsn_pairwise=CCMP", "ieee80211w=2", "wpa_key_mgmt=OWE");
    await startDaemon(t, { config, args: ["-dd"] });
    await setAddress("wlan0", cidr(apAddress));
    const network = { ssid, key_mgmt: "OWE", ieee80211w: 2, scan_freq: 2412, owe_group: group };
    const client = await joined(t, 1, network);
    await client.ping(apAddress, { count: 3 });
    assert.equal((await client.status())["key_mgmt"], "OWE");
    await comesBack(client);
  });
}

test("OWE: a group that is not in use", async (t) => {
  const config = openConfig(ssid, "wpa=2", "rsn_pairwise=CCMP", "ieee80211w=2", "wpa_key_mgmt=OWE", "owe_groups=20");
  const daemon = await startDaemon(t, { config, args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const network = { ssid, key_mgmt: "OWE", ieee80211w: 2, scan_freq: 2412 };
  await station(t, { radio: 1, network: { ...network, owe_group: 19 } });
  await daemon.log.waitFor(/association refused: it wants group 19/);
  const client = await joined(t, 2, network);
  await client.ping(apAddress);
});

test("OWE transition mode: the open network leads those who can to the hidden encrypted one", async (t) => {
  const both = ["wpa=2", "rsn_pairwise=CCMP", "ieee80211w=2", "wpa_key_mgmt=OWE"];
  const config = openConfig(
    ssid,
    "owe_transition_ifname=wlan0_1",
    "bss=wlan0_1",
    "ssid=castle (encrypted)",
    "ignore_broadcast_ssid=1",
    "owe_transition_ifname=wlan0",
    ...both,
  );
  await startDaemon(t, { config, args: ["-dd"] });
  await setAddress("wlan0", cidr(apAddress));
  const old = await joined(t, 1, { ssid, scan_freq: 2412 });
  await old.ping(apAddress);
  assert.equal((await old.status())["key_mgmt"], "NONE");
  const able = await station(t, { radio: 2, network: { ssid, key_mgmt: "OWE", ieee80211w: 2, scan_freq: 2412 } });
  await able.connected();
  const status = await able.status();
  assert.equal(status["key_mgmt"], "OWE");
  assert.notEqual(status["bssid"], (await old.status())["bssid"]);
});
