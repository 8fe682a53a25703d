// lab: radios=3
/** Each cipher and each of its mixtures with stock clients, and what becomes of TKIP when its MICs are wrong. */

import assert from "node:assert/strict";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { radio } from "../../lab/guest/radios.ts";
import { type Station, station } from "../../lab/guest/station.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  joined,
  openConfig,
  passphrase,
  sleep,
  wpa2Network,
} from "./networks.ts";

const config = (...lines: string[]): string =>
  openConfig("castle", "wpa_key_mgmt=WPA-PSK", `wpa_passphrase=${passphrase}`, ...lines);

const fields = (text: string): Record<string, string> =>
  Object.fromEntries(text.split("\n").map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));

const suites = { TKIP: 2, CCMP: 4, GCMP: 8, "GCMP-256": 9, "CCMP-256": 10 } as const;
type Cipher = keyof typeof suites;

for (const [pairwise, group] of [
  ["TKIP", "TKIP"],
  ["CCMP", "CCMP"],
  ["GCMP", "GCMP"],
  ["CCMP-256", "CCMP-256"],
  ["GCMP-256", "GCMP-256"],
  ["GCMP-256", "CCMP"],
  ["CCMP-256", "GCMP"],
  ["CCMP", "GCMP-256"],
] as const satisfies readonly (readonly [Cipher, Cipher])[]) {
  test(`pairwise ${pairwise}, group ${group}`, async (t) => {
    const lines = ["wpa=2", `rsn_pairwise=${pairwise}`, `group_cipher=${group}`];
    const daemon = await accessPoint(t, config(...lines));
    const client = await joined(t, 1, { ...wpa2Network("castle"), pairwise, group });
    const status = await client.status();
    assert.equal(status["pairwise_cipher"], pairwise);
    assert.equal(status["group_cipher"], group);
    await client.ping(apAddress);
    const mib = fields(await daemon.cli("mib"));
    assert.equal(mib["dot11RSNAPairwiseCipherSelected"], `00-0f-ac-${suites[pairwise]}`);
    assert.equal(mib["dot11RSNAGroupCipherSelected"], `00-0f-ac-${suites[group]}`);
  });
}

test("four ciphers at once: each station has its own, and the strongest where it takes all", async (t) => {
  const all = "CCMP GCMP CCMP-256 GCMP-256";
  await accessPoint(t, config("wpa=2", `rsn_pairwise=${all}`, "group_cipher=CCMP"));
  const client = await joined(t, 1, { ...wpa2Network("castle"), pairwise: all, group: all });
  assert.match((await client.status())["pairwise_cipher"] ?? "", /-256$/);
  for (const pairwise of all.split(" ")) {
    await client.cli("disconnect");
    await client.disconnected();
    assert.equal(await client.cli("set_network", "0", "pairwise", pairwise), "OK");
    await client.cli("reconnect");
    await client.connected();
    assert.equal((await client.status())["pairwise_cipher"], pairwise);
    await client.ping(apAddress);
  }
});

test("WPA-PSK-SHA256: AES-CMAC and the KDF in the handshake", async (t) => {
  const daemon = await startDaemon(t, {
    config: config("wpa=2", "rsn_pairwise=CCMP", "wpa_ptk_rekey=5").replace("=WPA-PSK", "=WPA-PSK-SHA256"),
  });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, { ...wpa2Network("castle"), key_mgmt: "WPA-PSK-SHA256" });
  assert.equal((await client.status())["key_mgmt"], "WPA2-PSK-SHA256");
  await client.ping(apAddress);
  await client.log.waitFor(/WPA: Key negotiation completed/);
  await client.log.waitFor(/WPA: Key negotiation completed/);
  await client.ping(apAddress);
  assert.ok(daemon.running);
});

/** Has the kernel send a frame whose Michael MIC is wrong. */
async function sendWrongMic(phy: string, interfaceName: string, to: string): Promise<void> {
  await writeFile(`/sys/kernel/debug/ieee80211/${phy}/netdev:${interfaceName}/tkip_mic_test`, to);
}

async function tkipNetwork(t: TestContext): Promise<{ daemon: Daemon; old: Station; recent: Station }> {
  const daemon = await accessPoint(t, config("wpa=3", "wpa_pairwise=TKIP", "rsn_pairwise=CCMP"));
  const old = await joined(t, 1, { ...wpa2Network("castle"), proto: "WPA", pairwise: "TKIP", group: "TKIP" });
  const recent = await joined(t, 2, { ...wpa2Network("castle"), proto: "RSN", pairwise: "CCMP", group: "TKIP" });
  return { daemon, old, recent };
}

test("two wrong Michael MICs in frames of a station: all have to go, and nobody joins for a minute", async (t) => {
  const { daemon, old, recent } = await tkipNetwork(t);
  const { address: bssid } = await radio(0);
  await sendWrongMic(old.radio.phy, old.interface, bssid);
  await daemon.log.waitFor(/Michael MIC failure detected in received frame \(local\)/);
  assert.equal(fields(await daemon.cli("sta", old.address))["dot11RSNAStatsTKIPLocalMICFailures"], "1");
  assert.equal(fields(await daemon.cli("mib"))["dot11RSNATKIPCounterMeasuresInvoked"], "0");
  await old.ping(apAddress);

  const began = Date.now();
  await sendWrongMic(old.radio.phy, old.interface, bssid);
  await daemon.log.waitFor(/TKIP countermeasures initiated/);
  assert.equal(await old.disconnected(), 14);
  assert.equal(await recent.disconnected(), 14);
  assert.equal(fields(await daemon.cli("mib"))["dot11RSNATKIPCounterMeasuresInvoked"], "1");
  await recent.log.waitFor(/CTRL-EVENT-AUTH-REJECT .*status_code=1/, { timeout: 30 });
  await daemon.log.waitFor(/TKIP countermeasures ended/, { timeout: 70 });
  const lasted = Date.now() - began;
  assert.ok(lasted >= 60_000 && lasted < 62_000, `${lasted} ms`);
  for (const client of [old, recent]) {
    await client.connected({ timeout: 120 });
    await client.ping(apAddress);
  }
});

test("wrong Michael MICs that stations report: of one alone it is not enough, of two it is", async (t) => {
  const { daemon, old } = await tkipNetwork(t);
  const { phy } = await radio(0);
  await sendWrongMic(phy, "wlan0", old.address);
  await daemon.log.waitFor(/received EAPOL-Key Error Request \(STA detected Michael MIC failure \(group=0\)\)/);
  // Other keys come of it.
  await old.log.waitFor(/WPA: Key negotiation completed/);
  assert.equal(fields(await daemon.cli("sta", old.address))["dot11RSNAStatsTKIPRemoteMICFailures"], "1");
  await sleep(61_000);
  await old.ping(apAddress);
  // A frame for all: both report it.
  await sendWrongMic(phy, "wlan0", "ff:ff:ff:ff:ff:ff");
  await daemon.log.waitFor(/TKIP countermeasures initiated/);
  assert.equal(await old.disconnected(), 14);
  assert.ok(daemon.running);
});

test("transition_disable: stations hear in message 3 what they are to do without", async (t) => {
  await startDaemon(t, { config: config("wpa=2", "rsn_pairwise=CCMP", "transition_disable=0x05") });
  const client = await station(t, { radio: 1, network: wpa2Network("castle") });
  await client.connected();
  await client.log.waitFor(/TRANSITION-DISABLE 05/);
});

test("wpa_deny_ptk0_rekey=2: a station whose key is old has to come again", async (t) => {
  const lines = ["wpa=2", "rsn_pairwise=CCMP", "wpa_ptk_rekey=3", "wpa_deny_ptk0_rekey=2"];
  const daemon = await startDaemon(t, { config: config(...lines), args: ["-d"] });
  assert.ok(daemon.log.lines.some((line) => /Disable PTK0 rekey support/.test(line)));
  const client = await station(t, { radio: 1, network: wpa2Network("castle") });
  await client.connected();
  assert.equal(await client.disconnected({ timeout: 5 }), 7);
  await client.connected();
});

test("wpa_deny_ptk0_rekey=1: the simulated radio can replace keys, so it is allowed", async (t) => {
  const lines = ["wpa=2", "rsn_pairwise=CCMP", "wpa_ptk_rekey=3", "wpa_deny_ptk0_rekey=1"];
  const daemon = await startDaemon(t, { config: config(...lines), args: ["-d"] });
  assert.match(await daemon.cli("driver_flags"), /SAFE_PTK0_REKEYS/);
  const client = await station(t, { radio: 1, network: wpa2Network("castle") });
  await client.connected();
  await client.log.waitFor(/WPA: Key negotiation completed/, { timeout: 5 });
  await client.log.waitFor(/WPA: Key negotiation completed/, { timeout: 5 });
  assert.ok(!client.log.lines.some((line) => /DISCONNECTED/.test(line)));
});

for (const extended of [1, 2]) {
  test(`extended_key_id=${extended}: a new pairwise key every 3 s, and not one frame is lost`, async (t) => {
    const lines = ["wpa=2", "rsn_pairwise=CCMP", "wpa_ptk_rekey=3", `extended_key_id=${extended}`];
    await accessPoint(t, config(...lines));
    const client = await joined(t, 1, wpa2Network("castle"), { global: "extended_key_id=1" });
    const down = await startPeer(t, { name: "ap", ask: [{ to: addressOf(1), every: 0.05 }] });
    await startPeer(t, { name: "station", namespace: client.namespace });
    await sleep(14_000);
    const { asked = 0, answered = {} } = (await down.finish())[addressOf(1)] ?? {};
    assert.ok(asked > 250);
    assert.equal(answered[addressOf(1)], asked);
    const handshakes = client.log.lines.filter((line) => /WPA: Key negotiation completed/.test(line)).length;
    assert.ok(handshakes >= 4, `${handshakes} handshakes`);
    assert.deepEqual((await pairwiseKeyIds("phy0")).sort(), [0, 1]);
  });
}

/** IDs of the keys that the kernel has for stations of a radio. */
async function pairwiseKeyIds(phy: string): Promise<number[]> {
  const place = `/sys/kernel/debug/ieee80211/${phy}/keys`;
  const ids: number[] = [];
  for (const name of await readdir(place)) {
    // Group keys have no such link.
    const isPairwise = await access(`${place}/${name}/station`).then(
      () => true,
      () => false,
    );
    if (isPairwise) ids.push(Number(await readFile(`${place}/${name}/keyidx`, "utf8")));
  }
  return ids;
}
