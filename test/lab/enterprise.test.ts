// lab: radios=4
/** IEEE 802.1X with stock clients: WPA-EAP and its kin, remembered keys, sessions and their ends, on the real kernel. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { type Network, type Station, station } from "../../lab/guest/station.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  sleep,
  uninterrupted,
  wasDisturbed,
} from "./networks.ts";

const ssid = "castle";
const password = "abcdefghijklmnop0123456789abcdef";

/** The configuration of a network whose users are those of a file, by EAP-GPSK and EAP-MD5. */
async function eapConfig(akm: string, ...lines: readonly string[]): Promise<string> {
  const users = await fileWith("users", [`"anna" GPSK "${password}"`, `"bert" MD5 "bert's own"`, ""].join("\n"));
  const wpa = akm === "" ? [] : ["wpa=2", "rsn_pairwise=CCMP", `wpa_key_mgmt=${akm}`];
  return openConfig(ssid, "ieee8021x=1", "eap_server=1", `eap_user_file=${users}`, "ieee80211w=1", ...wpa, ...lines);
}

const anna = (akm: string, more: Readonly<Record<string, string | number>> = {}): Network => ({
  ssid,
  scan_freq: 2412,
  key_mgmt: akm,
  eap: "GPSK",
  identity: "anna",
  password,
  ieee80211w: 1,
  ...more,
});

/** What the access point says of a station, by key. */
async function mib(daemon: Daemon, { address }: Station): Promise<Readonly<Record<string, string>>> {
  const lines = (await daemon.cli("sta", address)).split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
}

/** So many conversations have begun. */
const conversations = (daemon: Daemon): number =>
  daemon.log.lines.filter((line) => line.includes("CTRL-EVENT-EAP-STARTED")).length;

async function comesBack(client: Station): Promise<void> {
  await client.cli("disconnect");
  await client.disconnected();
  await client.cli("reconnect");
  await client.connected();
  await client.ping(apAddress);
}

interface Kind {
  readonly akm: string;
  /** As wpa_supplicant shows it. */
  readonly shown: string;
  /** Where it is not CCMP. */
  readonly cipher?: string;
}

const kinds: readonly Kind[] = [
  { akm: "WPA-EAP", shown: "WPA2/IEEE 802.1X/EAP" },
  { akm: "WPA-EAP-SHA256", shown: "WPA2-EAP-SHA256" },
  { akm: "WPA-EAP-SUITE-B", shown: "WPA2-EAP-SUITE-B", cipher: "GCMP" },
  { akm: "WPA-EAP-SUITE-B-192", shown: "WPA2-EAP-SUITE-B-192", cipher: "GCMP-256" },
];

for (const { akm, shown, cipher } of kinds) {
  const management = cipher === "GCMP-256" ? "BIP-GMAC-256" : "BIP-GMAC-128";
  const lines = cipher ? [`rsn_pairwise=${cipher}`, "ieee80211w=2", `group_mgmt_cipher=${management}`] : [];
  const strong = cipher ? { ieee80211w: 2, pairwise: cipher, group: cipher, group_mgmt: management } : {};
  test(`${akm}: a client joins, comes back with the key it has, and proves itself anew inside`, async (t) => {
    const daemon = await accessPoint(t, await eapConfig(akm, ...lines), "-dd");
    const client = await joined(t, 1, anna(akm, strong));
    await client.ping(apAddress);
    assert.equal((await client.status())["key_mgmt"], shown);
    const before = await mib(daemon, client);
    assert.equal(before["dot1xAuthSessionUserName"], "anna");
    assert.equal(before["last_eap_type_as"], "51 (GPSK)");
    assert.equal(before["dot1xAuthPaeState"], "5");
    assert.match(await daemon.cli("pmksa"), new RegExp(`0 ${client.address} [0-9a-f]{32} 43\\d{3} 0`));
    assert.ok(daemon.log.lines.some((line) => line.includes("IEEE 802.1X: authenticated - EAP type: 51 (GPSK)")));
    const first = conversations(daemon);

    await comesBack(client);
    assert.equal(conversations(daemon), first, "it had to prove itself again");
    assert.ok(daemon.log.lines.some((line) => line.includes("authenticated - EAP type: 51 (GPSK) (PMKSA cache)")));
    assert.equal((await mib(daemon, client))["dot1xAuthSessionUserName"], "anna");

    const pmkBefore = await daemon.cli("raw", "GET_PMK", client.address);
    assert.equal(await daemon.cli("raw", "EAPOL_REAUTH", client.address), "OK");
    await client.log.waitFor(/CTRL-EVENT-EAP-SUCCESS/);
    await daemon.log.waitFor(/EAPOL-4WAY-HS-COMPLETED/);
    await client.ping(apAddress, { count: 3 });
    assert.notEqual(await daemon.cli("raw", "GET_PMK", client.address), pmkBefore);
    assert.equal(conversations(daemon), first + 1);

    assert.equal(await daemon.cli("raw", "PMKSA_FLUSH"), "OK");
    await comesBack(client);
    assert.equal(conversations(daemon), first + 2, "nobody remembered it");
  });
}

test("a wrong password is refused, and said; so is a method that makes no key", async (t) => {
  const daemon = await accessPoint(t, await eapConfig("WPA-EAP"), "-dd");
  const wrong = await station(t, { radio: 1, network: anna("WPA-EAP", { password: "x".repeat(32) }) });
  await daemon.log.waitFor(/CTRL-EVENT-EAP-FAILURE 02:00:00:00:01:00/);
  await daemon.log.waitFor(/STA 02:00:00:00:01:00 IEEE 802.1X: EAP failed: \S+/);
  assert.equal(await wrong.disconnected(), 23);
  const keyless = { eap: "MD5", identity: "bert", password: "bert's own" };
  await station(t, { radio: 2, network: anna("WPA-EAP", keyless) });
  await daemon.log.waitFor(/STA 02:00:00:00:02:00 IEEE 802.1X: EAP failed: its EAP method makes no key/);
  await station(t, { radio: 3, network: anna("WPA-EAP", { identity: "nobody" }) });
  await daemon.log.waitFor(/STA 02:00:00:00:03:00 IEEE 802.1X: EAP failed: \S+/);
  assert.doesNotMatch(await daemon.cli("all_sta"), /AUTHORIZED/);
});

test("eap_reauth_period: stations prove themselves again and again, and nothing is lost", async (t) => {
  const daemon = await accessPoint(t, await eapConfig("WPA-EAP", "eap_reauth_period=20"), "-dd");
  const client = await joined(t, 1, anna("WPA-EAP"));
  const traffic = await uninterrupted(t, client, 0.05);
  await sleep(130_000);
  assert.ok((await traffic()) > 2000);
  assert.ok(conversations(daemon) >= 7, `${conversations(daemon)} times`);
  assert.ok(!wasDisturbed(client));
});

test("EAPOL-Logoff ends the session; EAPOL-Start begins another", async (t) => {
  const daemon = await accessPoint(t, await eapConfig("WPA-EAP"), "-dd");
  const client = await joined(t, 1, anna("WPA-EAP"));
  await client.cli("logoff");
  await daemon.log.waitFor(/received EAPOL-Logoff from STA/);
  assert.equal(await client.disconnected(), 23);
  await client.cli("logon");
  await client.connected();
  await client.ping(apAddress);
});

test("without WPA it is the port alone that opens, with methods that make no key too", async (t) => {
  const daemon = await accessPoint(t, await eapConfig("", "ieee80211w=0"), "-dd");
  const open = { key_mgmt: "IEEE8021X", eapol_flags: 0, ieee80211w: 0 };
  const client = await joined(t, 1, anna("IEEE8021X", open));
  const bert = await joined(t, 2, anna("IEEE8021X", { ...open, eap: "MD5", identity: "bert", password: "bert's own" }));
  await client.ping(addressOf(2));
  await bert.ping(apAddress);
  assert.equal((await mib(daemon, bert))["last_eap_type_sta"], "4 (MD5)");
  const stranger = await station(t, { radio: 3, network: anna("IEEE8021X", { ...open, password: "x".repeat(32) }) });
  await stranger.setAddress(cidr(addressOf(3)));
  await daemon.log.waitFor(/CTRL-EVENT-EAP-FAILURE 02:00:00:00:03:00/);
  assert.ok(!(await stranger.canPing(apAddress)));
  await client.cli("logoff");
  assert.equal(await client.disconnected(), 23);
});

test("two BSSs share keys (okc); without caching each time is a first time", async (t) => {
  const second = ["bss=wlan0_1", "bssid=02:00:00:00:00:01", "ctrl_interface=/run/hostapd", `ssid=${ssid}`];
  const config = await eapConfig("WPA-EAP", "okc=1");
  const own = config.split("\n").filter((line) => /^(ieee8021x|eap|wpa|rsn|okc|ieee80211w)/.test(line));
  const daemon = await accessPoint(t, [config, ...second, ...own, ""].join("\n"), "-dd");
  const client = await joined(t, 1, anna("WPA-EAP", { proactive_key_caching: 1 }));
  const before = (await client.status())["bssid"];
  const other = before === "02:00:00:00:00:00" ? "02:00:00:00:00:01" : "02:00:00:00:00:00";
  const first = conversations(daemon);
  await client.cli("scan");
  await sleep(5000);
  assert.equal(await client.cli("roam", other), "OK");
  assert.equal(await client.connected(), other);
  assert.equal(conversations(daemon), first, "the other BSS has not known the key");
  const interfaceName = other === "02:00:00:00:00:01" ? "wlan0_1" : "wlan0";
  assert.match(await daemon.cli("-i", interfaceName, "pmksa"), / 1$/m);

  assert.equal(await daemon.cli("-i", interfaceName, "set", "disable_pmksa_caching", "1"), "OK");
  await client.cli("disconnect");
  await client.disconnected();
  await client.cli("bssid", "0", other);
  await client.cli("reconnect");
  await client.connected();
  assert.ok(conversations(daemon) > first, "it was remembered all the same");
});

test("another file of users after a reload: who is in stays, who comes is asked by the new one", async (t) => {
  const users = await fileWith("users", `"anna" GPSK "${password}"\n`);
  const eap = ["ieee8021x=1", "eap_server=1", `eap_user_file=${users}`];
  const config = openConfig(ssid, ...eap, "wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP");
  const daemon = await accessPoint(t, config, "-dd");
  const client = await joined(t, 1, anna("WPA-EAP"));
  const other = "another one".padEnd(32, "!");
  await writeFile(users, `"anna" GPSK "${other}"\n`);
  daemon.kill("SIGHUP");
  await client.ping(apAddress, { count: 3 });
  assert.ok(!wasDisturbed(client));
  const second = await joined(t, 2, anna("WPA-EAP", { password: other }));
  await second.ping(addressOf(1));
  assert.equal(await daemon.cli("raw", "EAPOL_REAUTH", client.address), "OK");
  await daemon.log.waitFor(/CTRL-EVENT-EAP-FAILURE 02:00:00:00:01:00/);
  assert.equal(await client.disconnected(), 23);
});

test("preauthentication: a client proves itself to the next access point before it goes there", async (t) => {
  // The tests before have given it the bridge's address.
  await run(["ip", "address", "flush", "dev", "wlan0"]);
  const lines = ["bridge=br0", "rsn_preauth=1", "rsn_preauth_interfaces=br0"];
  const first = await eapConfig("WPA-EAP", ...lines);
  const second = (await eapConfig("WPA-EAP", ...lines)).replace("interface=wlan0", "interface=wlan3");
  const daemon = await startDaemon(t, { config: [first, second], args: ["-dd"] });
  await setAddress("br0", cidr(apAddress));
  const client = await joined(t, 1, anna("WPA-EAP"));
  await sleep(2000);
  await client.ping(apAddress);
  const before = (await client.status())["bssid"];
  const [other, interfaceName] =
    before === "02:00:00:00:00:00" ? ["02:00:00:00:03:00", "wlan3"] : ["02:00:00:00:00:00", "wlan0"];
  await client.cli("preauth", other);
  await daemon.log.waitFor(/STA 02:00:00:00:01:00 WPA: pre-authentication succeeded/);
  assert.match(await daemon.cli("-i", interfaceName, "pmksa"), /0 02:00:00:00:01:00 /);
  await client.cli("scan");
  await sleep(5000);
  const begun = conversations(daemon);
  assert.equal(await client.cli("roam", other), "OK");
  assert.equal(await client.connected(), other);
  // The access point has yet to hear the last message.
  await sleep(2000);
  await client.ping(apAddress);
  assert.equal(conversations(daemon), begun, "it had to prove itself again");
});
