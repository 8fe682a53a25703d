// lab: radios=4
/** Protected management frames, protected beacons and validation of the channel, with stock clients. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Daemon } from "../../lab/guest/daemon.ts";
import { openInjector } from "../../lab/guest/injection.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { type Station, station } from "../../lab/guest/station.ts";
import { concat, utf8 } from "../../src/base/bytes.ts";
import { broadcast, type MacAddress } from "../../src/base/mac-address.ts";
import { encodeManagementFrame, type ManagementAddressing } from "../../src/wire/ieee80211/frame.ts";
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

const network = (...lines: readonly (readonly [string, string | number])[]) => ({
  ...wpa2Network("castle"),
  ...Object.fromEntries(lines),
});
const pmfNetwork = { ...wpa2Network("castle"), ieee80211w: 2 };

const start = (t: TestContext, ...lines: readonly string[]): Promise<Daemon> =>
  accessPoint(t, wpa2Config("castle", ...lines), "-dd");

const protectionInKernel = async (station: Station): Promise<string | undefined> =>
  /MFP:\s+(yes|no)/.exec(await run(["iw", "dev", "wlan0", "station", "get", station.address]))?.[1];

const isMarked = async (daemon: Daemon, station: Station): Promise<boolean> =>
  (await daemon.cli("sta", station.address)).includes("[MFP]");

/** Frames in the name of whom one likes, from a radio that is nobody's. */
async function attacker(t: TestContext) {
  const send = await openInjector(t, await radio(3), 2412);
  return (
    subtype: ManagementAddressing["subtype"],
    from: string,
    to: string,
    bssid: string,
    body: Uint8Array,
  ): void => {
    const [transmitter, receiver] = [from as MacAddress, to as MacAddress];
    send(encodeManagementFrame({ subtype, receiver, transmitter, bssid: bssid as MacAddress }, body));
  };
}

const element = (id: number, data: Uint8Array): Uint8Array => concat(Uint8Array.of(id, data.length), data);
const rates = element(1, Uint8Array.of(0x82, 0x84, 0x8b, 0x96));
const rsne = element(48, Uint8Array.from(Buffer.from("0100000fac040100000fac040100000fac020000", "hex")));
const associationRequest = concat(Uint8Array.of(0x31, 4, 10, 0), element(0, utf8("castle")), rates, rsne);
const authentication = Uint8Array.of(0, 0, 1, 0, 0, 0);
const reason = (code: number): Uint8Array => Uint8Array.of(code, 0);

test("ieee80211w=1: with it whoever can, without it the others, side by side and through new group keys", async (t) => {
  const daemon = await start(t, "ieee80211w=1", "wpa_key_mgmt=WPA-PSK WPA-PSK-SHA256");
  const without = await joined(t, 1, network(["ieee80211w", 0]));
  const able = await joined(t, 2, network(["ieee80211w", 1], ["key_mgmt", "WPA-PSK WPA-PSK-SHA256"]));
  const demanding = await joined(t, 3, pmfNetwork);
  const clients = [without, able, demanding];
  const expected = ["no", "yes", "yes"];
  assert.deepEqual(await Promise.all(clients.map(protectionInKernel)), expected);
  assert.deepEqual(await Promise.all(clients.map((client) => isMarked(daemon, client))), [false, true, true]);
  assert.equal((await able.status())["key_mgmt"], "WPA2-PSK-SHA256");
  assert.equal((await demanding.status())["pmf"], "1");
  assert.match(await daemon.cli("sta", demanding.address), /hostapdMFPR=1/);
  assert.match(await daemon.cli("sta", able.address), /hostapdMFPR=0/);
  for (let round = 0; round < 3; round++) {
    assert.equal(await daemon.cli("raw", "REKEY_GTK"), "OK");
    for (const client of clients) await client.log.waitFor(/WPA: Group rekeying completed/);
  }
  for (const client of clients) await client.ping(apAddress, { count: 2 });
  await without.ping(addressOf(2));
});

test("ieee80211w=2: nobody without it", async (t) => {
  const daemon = await start(t, "ieee80211w=2", "wpa_key_mgmt=WPA-PSK-SHA256");
  const client = await joined(t, 1, { ...pmfNetwork, key_mgmt: "WPA-PSK-SHA256" });
  await client.ping(apAddress);
  // Stock clients don't even try without; others have to be told.
  const bssid = (await radio(0)).address;
  const send = await attacker(t);
  const stranger = "02:99:00:00:00:01";
  send("authentication", stranger, bssid, bssid, authentication);
  await daemon.log.waitFor(new RegExp(`STA ${stranger} IEEE 802.11: authentication OK`));
  const sha256 = element(48, Uint8Array.from(Buffer.from("0100000fac040100000fac040100000fac060000", "hex")));
  send("association-request", stranger, bssid, bssid, concat(associationRequest.slice(0, -rsne.length), sha256));
  await daemon.log.waitFor(new RegExp(`STA ${stranger} .*association refused: .*status 31`));
});

for (const cipher of ["AES-128-CMAC", "BIP-GMAC-128", "BIP-GMAC-256", "BIP-CMAC-256"]) {
  test(`group_mgmt_cipher=${cipher}: a goodbye to all is believed, before and after a new key, and no forged one`, async (t) => {
    const daemon = await start(t, "ieee80211w=2", `group_mgmt_cipher=${cipher}`);
    const client = await joined(t, 1, { ...pmfNetwork, group_mgmt: cipher });
    assert.equal((await client.status())["mgmt_group_cipher"], cipher === "AES-128-CMAC" ? "BIP" : cipher);
    const bssid = (await radio(0)).address;
    const send = await attacker(t);
    for (const code of [4, 5]) {
      send("deauthentication", bssid, broadcast, bssid, reason(code));
      await sleep(2000);
      assert.ok(!wasDisturbed(client));
      await client.ping(apAddress);
    }
    // The station says whether the keys are there; IPN and key are right where it believes the goodbye.
    assert.equal(await daemon.cli("raw", "REKEY_GTK"), "OK");
    await client.log.waitFor(/WPA: Group rekeying completed/);
    assert.equal(await daemon.cli("deauthenticate", broadcast, "reason=8"), "OK");
    assert.equal(await client.disconnected(), 8);
    await client.connected();
    await daemon.log.waitFor(/AP-STA-CONNECTED/);
    await client.ping(apAddress);
    assert.equal(await daemon.cli("disassociate", broadcast, "reason=9"), "OK");
    assert.equal(await client.disconnected(), 9);
  });
}

for (const cipher of ["CCMP-256", "GCMP-256"]) {
  test(`protected management frames go with ${cipher}`, async (t) => {
    const daemon = await start(t, "ieee80211w=2", `rsn_pairwise=${cipher}`);
    const client = await joined(t, 1, { ...pmfNetwork, pairwise: cipher, group: cipher });
    await client.ping(apAddress);
    assert.equal(await daemon.cli("deauthenticate", client.address, "reason=8"), "OK");
    assert.equal(await client.disconnected(), 8);
  });
}

test("who forges goodbyes in the name of a protected station or of its access point changes nothing", async (t) => {
  const daemon = await start(t, "ieee80211w=1");
  const client = await joined(t, 1, pmfNetwork);
  const bssid = (await radio(0)).address;
  const send = await attacker(t);
  for (let round = 0; round < 20; round++) {
    send("deauthentication", client.address, bssid, bssid, reason(3));
    send("disassociation", client.address, bssid, bssid, reason(8));
    send("deauthentication", bssid, client.address, bssid, reason(6));
    send("disassociation", bssid, client.address, bssid, reason(7));
    await client.ping(apAddress);
  }
  // The station has asked whether its association is in force still, and was told so.
  await sleep(3000);
  assert.ok(!wasDisturbed(client));
  assert.doesNotMatch(daemon.log.text, /AP-STA-DISCONNECTED/);
});

test("who asks to join in the name of a protected station has to come back, and the station answers for itself", async (t) => {
  const daemon = await start(t, "ieee80211w=1");
  const client = await joined(t, 1, pmfNetwork);
  const bssid = (await radio(0)).address;
  const send = await attacker(t);
  for (let round = 0; round < 5; round++) {
    send("authentication", client.address, bssid, bssid, authentication);
    await client.ping(apAddress);
    send("association-request", client.address, bssid, bssid, associationRequest);
    await daemon.log.waitFor(new RegExp(`STA ${client.address} IEEE 802.11: association SA Query attempt 1`));
    await daemon.log.waitFor(new RegExp(`STA ${client.address} IEEE 802.11: Reply to pending SA Query received`));
    await client.ping(apAddress);
  }
  assert.ok(!wasDisturbed(client));
  assert.doesNotMatch(daemon.log.text, /AP-STA-DISCONNECTED/);
});

test("a protected station that has lost its association comes back when it has not answered for a while", async (t) => {
  const daemon = await start(t, "ieee80211w=2", "assoc_sa_query_max_timeout=2000");
  const client = await joined(t, 1, pmfNetwork);
  await daemon.log.waitFor(/AP-STA-CONNECTED/);
  // What it says when it goes is not heard.
  assert.equal(await daemon.cli("set", "ext_mgmt_frame_handling", "1"), "OK");
  await client.cli("disconnect");
  await client.disconnected();
  await daemon.log.waitFor(/MGMT-RX/);
  assert.equal(await daemon.cli("set", "ext_mgmt_frame_handling", "0"), "OK");
  const before = performance.now();
  await client.cli("reconnect");
  await client.connected();
  assert.ok(performance.now() - before > 2000 * 1.024);
  await daemon.log.waitFor(/association SA Query timed out/);
  await daemon.log.waitFor(/AP-STA-CONNECTED/);
  await client.ping(apAddress);
});

test("beacon_prot=1: forged beacons are found out, and told to the access point", async (t) => {
  const daemon = await start(t, "ieee80211w=2", "beacon_prot=1");
  const client = await joined(t, 1, { ...pmfNetwork, beacon_prot: 1 });
  const bssid = (await radio(0)).address;
  // Each beacon has to be right, or the station would lose them all.
  await sleep(20_000);
  assert.equal(await daemon.cli("raw", "REKEY_GTK"), "OK");
  await client.log.waitFor(/WPA: Group rekeying completed/);
  await sleep(20_000);
  assert.doesNotMatch(client.log.text, /UNPROT-BEACON|BEACON-LOSS|CTRL-EVENT-DISCONNECTED/);
  await client.ping(apAddress);
  const send = await attacker(t);
  const head = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0x11, 0x04);
  send("beacon", bssid, broadcast, bssid, concat(head, element(0, utf8("castle")), rates));
  await client.log.waitFor(/CTRL-EVENT-UNPROT-BEACON/);
  await daemon.log.waitFor(new RegExp(`CTRL-EVENT-UNPROT-BEACON reporter=${client.address}`));
  await client.ping(apAddress);
});

test("ocv=1: the channel is told and verified in both handshakes and in SA Query", async (t) => {
  const daemon = await start(t, "ocv=1", "ieee80211w=2", "ieee80211n=1");
  const client = await joined(t, 1, { ...pmfNetwork, ocv: 1 });
  const without = await joined(t, 2, pmfNetwork);
  assert.equal(await daemon.cli("raw", "REKEY_GTK"), "OK");
  for (const each of [client, without]) await each.log.waitFor(/WPA: Group rekeying completed/);
  await daemon.log.waitFor(/group key handshake completed/);
  await daemon.log.waitFor(/group key handshake completed/);
  assert.equal(await daemon.cli("raw", `REKEY_PTK ${client.address}`), "OK");
  await daemon.log.waitFor(/EAPOL-4WAY-HS-COMPLETED/);
  // It is asked in SA Query too, and answers with the right channel.
  const bssid = (await radio(0)).address;
  const send = await attacker(t);
  send("association-request", client.address, bssid, bssid, associationRequest);
  await daemon.log.waitFor(/Reply to pending SA Query received/);
  send("deauthentication", bssid, client.address, bssid, reason(6));
  await sleep(3000);
  for (const each of [client, without]) {
    assert.ok(!wasDisturbed(each));
    await each.ping(apAddress);
  }
  assert.doesNotMatch(daemon.log.text + client.log.text, /OCV-FAILURE/);
});

test("ocv=1 with 40 MHz in 5 GHz, and a channel switch that the station follows and answers for", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  const daemon = await start(
    t,
    "ocv=1",
    "ieee80211w=2",
    "country_code=US",
    "hw_mode=a",
    "channel=36",
    "ieee80211n=1",
    "wmm_enabled=1",
    "ht_capab=[HT40+]",
  );
  const client = await joined(t, 1, { ...pmfNetwork, ocv: 1, scan_freq: "5180 5220" });
  assert.match(await client.run("iw", "dev", client.interface, "info"), /width: 40 MHz/);
  await client.ping(apAddress);
  assert.equal(
    await daemon.cli("chan_switch", "5", "5220", "ht", "sec_channel_offset=1", "center_freq1=5230", "bandwidth=40"),
    "OK",
  );
  await daemon.log.waitFor(/AP-CSA-FINISHED freq=5220/);
  // Whoever asks nothing within 15 seconds would have to go.
  await sleep(20_000);
  assert.ok(!wasDisturbed(client));
  assert.doesNotMatch(daemon.log.text + client.log.text, /OCV-FAILURE|no SA Query after the channel switch/);
  await client.ping(apAddress);
});

test("ocv=1: a station that is told another channel than it is on doesn't go on", async (t) => {
  await start(t, "ocv=1", "ieee80211w=2", "oci_freq_override_eapol_m3=2462");
  const client = await station(t, { radio: 1, network: { ...pmfNetwork, ocv: 1 } });
  await client.log.waitFor(/OCV-FAILURE .*frame=eapol-key-m3 error=primary channel mismatch/);
});

test("a protected station in a VLAN: keys that change, a goodbye of its own, and one to all", async (t) => {
  const { address } = await radio(1);
  const accept = await fileWith("accept", `${address} 10\n`);
  const daemon = await start(
    t,
    "ieee80211w=2",
    "beacon_prot=1",
    "dynamic_vlan=1",
    "vlan_bridge=vlanbr",
    `accept_mac_file=${accept}`,
    `vlan_file=${await fileWith("vlan", "* wlan0.#\n")}`,
  );
  const inside = await station(t, { radio: 1, network: { ...pmfNetwork, beacon_prot: 1 } });
  await inside.connected();
  const outside = await joined(t, 2, { ...pmfNetwork, beacon_prot: 1 });
  assert.match(await daemon.cli("sta", inside.address), /vlan_id=10/);
  assert.equal(await daemon.cli("raw", "REKEY_GTK"), "OK");
  for (const each of [inside, outside]) await each.log.waitFor(/WPA: Group rekeying completed/);
  await sleep(10_000);
  for (const each of [inside, outside]) assert.doesNotMatch(each.log.text, /UNPROT-BEACON|BEACON-LOSS/);
  const bssid = (await radio(0)).address;
  const send = await attacker(t);
  send("association-request", inside.address, bssid, bssid, associationRequest);
  await daemon.log.waitFor(new RegExp(`STA ${inside.address} IEEE 802.11: Reply to pending SA Query received`));
  send("deauthentication", bssid, inside.address, bssid, reason(6));
  await sleep(3000);
  assert.ok(!wasDisturbed(inside));
  assert.equal(await daemon.cli("deauthenticate", inside.address, "reason=8"), "OK");
  assert.equal(await inside.disconnected(), 8);
  await inside.connected();
  await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${inside.address}`));
  assert.equal(await daemon.cli("deauthenticate", broadcast, "reason=9"), "OK");
  assert.equal(await outside.disconnected(), 9);
  assert.equal(await inside.disconnected(), 9);
});
