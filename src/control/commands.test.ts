/** The commands against a whole access point in virtual time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork } from "../../testing/controlled-network.ts";
import { bytesOfHex, hexOf, utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { derivePskNow } from "../crypto/psk.ts";
import type { ReloadReport } from "./reload-report.ts";
import { decodeTestFrame, encodeTestFrame } from "./test-frame.ts";

const open = "ssid=open\nhw_mode=g\nchannel=1";
const psk = `ssid=somename
hw_mode=g
channel=1
country_code=US
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword`;
const secure = { ssid: utf8("somename"), security: { secret: { passphrase: "somepassword" } } } as const;

const fields = (reply: string): Record<string, string> =>
  Object.fromEntries(reply.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]));

async function protectedNetwork(stations = 1) {
  const network = new ControlledNetwork();
  const radio = await network.start(psk);
  const joined = Array.from({ length: stations }, () => network.station(secure));
  for (const station of joined) {
    station.join();
    network.pass(500);
    assert.match(network.ask(`STA ${station.address}`), /\[AUTHORIZED\]/);
  }
  return { network, radio, joined, address: joined[0]?.address ?? ("" as MacAddress) };
}

test("STATUS: hostapd's lines in hostapd's order", async () => {
  const { network, radio } = await protectedNetwork();
  const reply = network.ask("STATUS");
  assert.deepEqual(
    reply.split("\n").map((line) => line.split("=", 1)[0]),
    (
      "state phy freq num_sta_non_erp num_sta_no_short_slot_time num_sta_no_short_preamble olbc num_sta_ht_no_gf " +
      "num_sta_no_ht num_sta_ht_20_mhz num_sta_ht40_intolerant olbc_ht ht_op_mode hw_mode country_code country3 " +
      "cac_time_seconds cac_time_left_seconds channel edmg_enable edmg_channel secondary_channel ieee80211n ieee80211ac " +
      "ieee80211ax ieee80211be ieee80211bn beacon_int dtim_period ht_caps_info ht_mcs_bitmask supported_rates max_txpower " +
      "bss[0] bssid[0] ssid[0] num_sta[0] "
    ).split(" "),
  );
  const status = fields(reply);
  assert.equal(status["state"], "ENABLED");
  assert.equal(status["freq"], "2412");
  assert.equal(status["channel"], "1");
  assert.equal(status["country_code"], "US");
  assert.equal(status["country3"], "0x20");
  assert.equal(status["ssid[0]"], "somename");
  assert.equal(status["num_sta[0]"], "1");
  assert.equal(status["bssid[0]"], radio.bsses[0]?.address);
  assert.equal(status["supported_rates"], "02 04 0b 16 0c 12 18 24 30 48 60 6c");
});

test("STATUS of a radio that is down says what it is configured for", () => {
  const network = new ControlledNetwork();
  network.add(psk);
  const status = fields(network.ask("STATUS"));
  assert.equal(status["state"], "UNINITIALIZED");
  assert.equal(status["freq"], "0");
  assert.equal(status["channel"], "1");
  assert.equal(status["bssid[0]"], "00:00:00:00:00:00");
  assert.equal(network.ask("STATUS-DRIVER"), "FAIL\n");
  assert.equal(network.ask("STA-FIRST"), "");
  assert.equal(network.ask("STA ff:ff:ff:ff:ff:ff"), "FAIL\n");
  assert.equal(network.ask("MIB"), "");
  assert.equal(network.ask("PMKSA"), "");
  assert.equal(network.ask("DRIVER_FLAGS"), "0000000000000000:\n");
  for (const command of ["UPDATE_BEACON", "REKEY_GTK", "DISABLE", "DUMP_BEACON", "STOP_AP"]) {
    assert.equal(network.ask(command), "FAIL\n", command);
  }
});

test("STA, STA-FIRST and STA-NEXT walk over all stations, the newest first", async () => {
  const { network, joined } = await protectedNetwork(3);
  const newestFirst = joined.map(({ address }) => address).reverse();
  const walked: string[] = [];
  for (let reply = network.ask("STA-FIRST"); reply !== ""; reply = network.ask(`STA-NEXT ${walked.at(-1)}`)) {
    walked.push(reply.split("\n")[0] ?? "");
  }
  assert.deepEqual(walked, newestFirst);

  const [newest = "", middle = "", oldest = ""] = newestFirst;
  network.ask("STA-FIRST");
  network.ask(`DEAUTHENTICATE ${middle} tx=0`);
  assert.equal(network.ask(`STA-NEXT ${newest}`).split("\n")[0], oldest, "one that has gone is passed over");
  assert.equal(network.ask(`STA-NEXT ${middle}`), "FAIL\n");
  assert.equal(network.ask(`STA ${middle}`), "FAIL\n");
  assert.equal(network.ask("STA nonsense"), "FAIL\n");
  assert.equal(network.ask(`STA ${newest} eapol`), "FAIL\n");
});

test("STA tells of the association, the authenticator and the driver's counts", async () => {
  const { network, address } = await protectedNetwork();
  const reply = network.ask(`STA ${address}`);
  const station = fields(reply);
  assert.equal(reply.split("\n")[0], address);
  assert.equal(station["flags"], "[AUTH][ASSOC][AUTHORIZED][SHORT_PREAMBLE][WMM][HT]");
  assert.equal(station["aid"], "1");
  assert.equal(station["timeout_next"], "NULLFUNC POLL");
  assert.equal(station["dot11RSNAStatsSelectedPairwiseCipher"], "00-0f-ac-4");
  assert.equal(station["AKMSuiteSelector"], "00-0f-ac-2");
  assert.equal(station["wpa"], "2");
  assert.equal(station["hostapdWPAPTKState"], "11");
  assert.equal(station["hostapdWPAPTKGroupState"], "0");
  assert.ok(Number(station["rx_packets"]) > 0);
  network.pass(5000);
  assert.equal(fields(network.ask(`STA ${address}`))["connected_time"], "5");
});

test("GET_CONFIG shows what SET has left", async () => {
  const { network } = await protectedNetwork();
  const config = network.ask("GET_CONFIG").replace(/^bssid=\S+\n/, "");
  const protection = "wpa=2\nkey_mgmt=WPA-PSK\ngroup_cipher=CCMP\nrsn_pairwise_cipher=CCMP\n";
  assert.equal(config, `ssid=somename\nwps_state=disabled\n${protection}`);
  network.ask("SET wpa_key_mgmt WPA-PSK-SHA256 WPA-PSK");
  network.ask("SET wpa 3");
  network.ask("SET wpa_pairwise TKIP CCMP");
  network.ask("SET config_id seven");
  assert.equal(
    network.ask("GET_CONFIG").replace(/^bssid=\S+\n/, ""),
    "ssid=somename\nconfig_id=seven\nwps_state=disabled\nwpa=3\nkey_mgmt=WPA-PSK WPA-PSK-SHA256\ngroup_cipher=TKIP\n" +
      "rsn_pairwise_cipher=CCMP\nwpa_pairwise_cipher=CCMP TKIP\n",
  );
});

test("SET: what is live is in force at once, the rest with RELOAD", async () => {
  const { network, radio, address } = await protectedNetwork();
  assert.equal(network.ask("SET max_num_sta 5"), "OK\n");
  assert.equal(radio.bsses[0]?.settings.max_num_sta, 5);
  assert.equal(network.ask("SET ssid other"), "OK\n");
  assert.equal(String.fromCharCode(...(radio.bsses[0]?.settings.ssid ?? [])), "somename");
  assert.match(network.ask(`STA ${address}`), /AUTHORIZED/);
  assert.equal(network.ask("GET ssid"), "other");
  assert.equal(await network.askSlowly("RELOAD"), "OK\n");
  await new Promise((resolve) => setImmediate(resolve));
  network.pass(20);
  assert.equal(String.fromCharCode(...(radio.bsses[0]?.settings.ssid ?? [])), "other");
  for (const wrong of [
    "ssid",
    "no_such_key 1",
    "beacon_int 0",
    "wpa_passphrase short",
    "deny_mac_file /nowhere",
    "setband X",
    "ctrl_interface_group nobody-has-this",
  ]) {
    assert.equal(network.ask(`SET ${wrong}`), "FAIL\n", wrong);
  }
  assert.equal(network.ask("GET wpa_passphrase"), "FAIL\n");
  assert.equal(network.ask("GET tls_library"), "OpenSSL 3.0.0");
});

test("RELOAD_CONFIG of an interface without a file puts in force what SET has left, up or down", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(open);
  const name = (): string => String.fromCharCode(...(radio.configuration.bsses[0]?.ssid ?? []));
  network.ask("SET ssid other");
  assert.equal(await network.askSlowly("RELOAD_CONFIG"), "OK\n");
  assert.equal(name(), "other");
  network.ask("SET ssid third");
  network.ask("DISABLE");
  await network.control.reload(radio);
  assert.equal(name(), "third");
  network.ask("SET wpa 2");
  assert.equal(await network.askSlowly("RELOAD_CONFIG"), "FAIL\n");
});

test("RELOAD plan says what RELOAD would do, in words and for programs, and does nothing", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(open);
  assert.equal(await network.askSlowly("RELOAD plan"), "wlan0: nothing changes\n");
  for (const setting of ["dtim_period 3", "wpa_passphrase not to be shown", "max_num_sta 5"]) {
    assert.equal(network.ask(`SET ${setting}`), "OK\n");
  }
  assert.equal(
    await network.askSlowly("RELOAD plan"),
    "wlan0: dtim_period: begins anew; there are no stations that would have to go\n",
  );
  const { changes, steps } = JSON.parse(await network.askSlowly("RELOAD plan json")) as ReloadReport;
  assert.deepEqual(
    changes.map(({ key }) => key),
    ["dtim_period", "wpa_passphrase"],
  );
  assert.deepEqual(steps, [
    { type: "begin-bss", bss: "wlan0", keys: ["dtim_period"], leaving: "stations", stations: 0 },
  ]);
  assert.equal(radio.bsses[0]?.settings.dtim_period, 2);
  assert.match(await network.askSlowly("RELOAD report"), /^wlan0: dtim_period: begins anew/);
  assert.equal(radio.bsses[0]?.settings.dtim_period, 3);
  assert.equal(await network.askSlowly("RELOAD_CONFIG plan"), "wlan0: nothing changes\n");
  assert.equal(network.ask("SET wpa 2"), "OK\n");
  assert.equal(network.ask("SET channel 14"), "OK\n");
  assert.match(await network.askSlowly("RELOAD plan"), /^FAIL: .*channel 14/);
  assert.equal(await network.askSlowly("RELOAD"), "FAIL\n");
  assert.equal(await network.askSlowly("RELOAD nothing"), "UNKNOWN COMMAND\n");
});

test("UPDATE_BEACON brings what only the beacon shows", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(`${open}\nstart_disabled=1`);
  assert.equal(radio.bsses[0]?.isBeaconing, false);
  assert.equal(network.ask("SET vendor_elements dd0411223301"), "OK\n");
  assert.equal(network.ask("UPDATE_BEACON"), "OK\n");
  assert.equal(radio.bsses[0]?.isBeaconing, true);
  assert.match(network.ask("DUMP_BEACON"), /^80.*dd0411223301$/);
  assert.equal(network.ask("STOP_AP"), "OK\n");
  assert.equal(network.ask("STOP_AP"), "FAIL\n");
  assert.equal(network.ask("UPDATE_BEACON"), "OK\n");
});

test("ENABLE and DISABLE go back and forth, and what contradicts itself does not come up", async () => {
  const network = new ControlledNetwork();
  network.add(open);
  network.attach("monitor");
  assert.equal(network.ask("SET wpa 2"), "OK\n");
  assert.equal(await network.askSlowly("ENABLE"), "FAIL\n", "without a passphrase");
  assert.equal(network.ask("SET wpa 0"), "OK\n");
  assert.equal(network.ask("SET channel 13"), "OK\n");
  assert.equal(await network.askSlowly("ENABLE"), "FAIL\n", "the radio may not be there");
  assert.equal(network.events("monitor").at(-1), "<3>AP-DISABLED ");
  assert.equal(network.ask("SET channel 6"), "OK\n");
  assert.equal(await network.askSlowly("ENABLE"), "OK\n");
  assert.equal(await network.askSlowly("ENABLE"), "FAIL\n");
  assert.equal(network.ask("DISABLE"), "OK\n");
  assert.equal(network.ask("DISABLE"), "FAIL\n");
});

test("DEAUTHENTICATE and DISASSOCIATE, of one and of all, with any reason, or in silence", async () => {
  const { network, joined, address } = await protectedNetwork(2);
  network.attach("monitor");
  assert.equal(network.ask("DEAUTHENTICATE 02:00"), "FAIL\n");
  assert.equal(network.ask(`DEAUTHENTICATE ${address} reason=77`), "OK\n");
  network.pass(100);
  assert.deepEqual(network.events("monitor"), [`<3>AP-STA-DISCONNECTED ${address}`]);
  assert.equal(network.ask("DISASSOCIATE ff:ff:ff:ff:ff:ff"), "OK\n");
  assert.deepEqual(network.events("monitor"), [`<3>AP-STA-DISCONNECTED ${joined[1]?.address}`]);
  assert.equal(network.ask("DEAUTHENTICATE 02:01:02:03:04:05 test=0"), "OK\n");
  assert.equal(network.ask("DISASSOCIATE 02:01:02:03:04:05"), "OK\n", "one that isn't there is told too");
});

test("NEW_STA takes up a station, in an open network at once authorized", async () => {
  const network = new ControlledNetwork();
  await network.start(`${open}\nmax_num_sta=1`);
  assert.equal(network.ask("NEW_STA 00:11:22:33:44"), "FAIL\n");
  assert.equal(network.ask("NEW_STA 00:11:22:33:44:55"), "OK\n");
  assert.equal(network.ask("NEW_STA 00:11:22:33:44:55"), "OK\n");
  assert.match(network.ask("STA 00:11:22:33:44:55"), /^flags=\[AUTHORIZED\]$/m);
  assert.equal(network.ask("NEW_STA 00:11:22:33:44:66"), "FAIL\n", "there is no room");
});

test("POLL_STA is answered by the station's acknowledgement", async () => {
  const { network, address } = await protectedNetwork();
  network.attach("monitor");
  assert.equal(network.ask("POLL_STA 02:01:02:03:04:05"), "FAIL\n");
  assert.equal(network.ask(`POLL_STA ${address}`), "OK\n");
  network.pass(100);
  assert.deepEqual(network.events("monitor"), [`<3>AP-STA-POLL-OK ${address}`]);
});

test("MIB: nothing of an open network, the authenticator's numbers of a protected one", async () => {
  const plain = new ControlledNetwork();
  await plain.start(open);
  assert.equal(plain.ask("MIB"), "");
  assert.equal(plain.ask("MIB radius_server"), "");
  assert.equal(plain.ask("MIB else"), "FAIL\n");
  const { network } = await protectedNetwork();
  const mib = fields(network.ask("MIB"));
  assert.equal(mib["dot11RSNAEnabled"], "TRUE");
  assert.equal(mib["dot11RSNAConfigGroupCipherSize"], "128");
  assert.equal(mib["dot11RSNAPairwiseCipherSelected"], "00-0f-ac-4");
  assert.equal(mib["dot11RSNAAuthenticationSuiteSelected"], "00-0f-ac-2");
  assert.equal(mib["hostapdWPAGroupState"], "2");
});

test("access lists: changed, shown in order, and those who may no longer be there leave", async () => {
  const { network, joined, address } = await protectedNetwork(2);
  const other = joined[1]?.address ?? "";
  network.attach("monitor");
  assert.equal(network.ask("DENY_ACL SHOW"), "");
  assert.equal(network.ask("DENY_ACL ADD_MAC 02:ff:00:00:00:02 VLAN_ID=7"), "OK\n");
  assert.equal(network.ask(`DENY_ACL ADD_MAC ${address}`), "OK\n");
  assert.deepEqual(network.events("monitor"), [`<3>AP-STA-DISCONNECTED ${address}`]);
  assert.equal(network.ask("DENY_ACL SHOW"), `${address} VLAN_ID=0\n02:ff:00:00:00:02 VLAN_ID=7\n`);
  assert.equal(network.ask("DENY_ACL DEL_MAC nonsense"), "FAIL\n");
  assert.equal(network.ask(`DENY_ACL DEL_MAC ${address}`), "OK\n");
  assert.equal(network.ask("DENY_ACL CLEAR"), "OK\n");
  assert.equal(network.ask("DENY_ACL SHOW"), "");
  assert.equal(network.ask("DENY_ACL ELSE"), "FAIL\n");

  assert.equal(network.ask(`ACCEPT_ACL ADD_MAC ${other}`), "OK\n");
  assert.equal(network.ask("SET macaddr_acl 1"), "OK\n");
  network.pass(1000);
  network.events("monitor");
  assert.equal(network.ask("ACCEPT_ACL CLEAR"), "OK\n");
  assert.deepEqual(network.events("monitor"), [`<3>AP-STA-DISCONNECTED ${other}`]);
});

test("SET deny_mac_file sends away whom the file names", async () => {
  const { network, address } = await protectedNetwork();
  network.contents.set("/etc/deny", `${address}\n`);
  network.attach("monitor");
  assert.equal(network.ask("SET deny_mac_file /etc/deny"), "OK\n");
  assert.deepEqual(network.events("monitor"), [`<3>AP-STA-DISCONNECTED ${address}`]);
});

test("RELOAD_WPA_PSK: who has the key stays with it, others leave", async () => {
  const { network, radio, joined, address } = await protectedNetwork(2);
  const before = network.ask(`GET_PMK ${address}`);
  assert.equal(before, hexOf(derivePskNow(utf8("somepassword"), utf8("somename"))));
  assert.equal(await network.askSlowly("RELOAD_WPA_PSK"), "OK\n");
  assert.equal(network.ask(`GET_PMK ${address}`), before, "not the wiped one");
  assert.equal(
    joined.every((station) => /AUTHORIZED/.test(network.ask(`STA ${station.address}`))),
    true,
  );

  const [settings] = radio.configuration.bsses;
  assert.ok(settings);
  radio.configure({ ...radio.configuration, bsses: [{ ...settings, wpa_passphrase: utf8("anotherpassword") }] });
  assert.equal(await network.askSlowly("RELOAD_WPA_PSK"), "OK\n");
  network.pass(100);
  assert.equal(network.ask(`STA ${address}`).includes("AUTHORIZED"), false);
});

test("keys are renewed on demand, and the station keeps up", async () => {
  const { network, address } = await protectedNetwork();
  network.attach("monitor");
  assert.equal(network.ask("REKEY_GTK"), "OK\n");
  assert.equal(fields(network.ask("MIB"))["hostapdWPAGroupState"], "1");
  network.pass(200);
  assert.equal(fields(network.ask("MIB"))["hostapdWPAGroupState"], "2");
  assert.equal(network.ask(`REKEY_PTK ${address}`), "OK\n");
  network.pass(200);
  assert.deepEqual(network.events("monitor"), [`<3>EAPOL-4WAY-HS-COMPLETED ${address}`]);
  assert.equal(network.ask("REKEY_PTK 02:01:02:03:04:05"), "FAIL\n");
  assert.equal(network.ask("PMKSA"), "Index / SPA / PMKID / expiration (in seconds) / opportunistic\n");
  assert.equal(network.ask("PMKSA_FLUSH"), "OK\n");
});

test("handshake messages again: each goes out, and nothing falls over", async () => {
  const { network, address } = await protectedNetwork();
  for (const command of ["RESEND_M1", "RESEND_M3", "RESEND_GROUP_M1", "RESET_PN", "GET_PMK"]) {
    assert.equal(network.ask(`${command} nonsense`), "FAIL\n", command);
    assert.equal(network.ask(`${command} 02:01:02:03:04:05`), "FAIL\n", command);
  }
  const sent = (): number => network.records.filter(({ text }) => text.endsWith("(TESTING)")).length;
  for (const [index, command] of [
    `RESEND_GROUP_M1 ${address}`,
    `RESEND_M3 ${address}`,
    `RESEND_M3 ${address} plaintext`,
    `RESEND_M1 ${address} change-anonce`,
    `RESEND_M1 ${address}`,
  ].entries()) {
    assert.equal(network.ask(command), "OK\n", command);
    assert.equal(sent(), index + 1);
    network.pass(100);
  }
  assert.equal(network.ask(`RESET_PN ${address}`), "OK\n");
  assert.equal(network.ask("RESET_PN ff:ff:ff:ff:ff:ff"), "OK\n");
  assert.equal(network.ask("RESET_PN ff:ff:ff:ff:ff:ff IGTK"), "FAIL\n");
  const key = `${"00".repeat(6)} ${"00".repeat(16)}`;
  assert.equal(network.ask(`SET_KEY 3 ${address} 0 1 ${key} 44`), "OK\n");
  for (const wrong of [
    "foo",
    "3 foo",
    `3 ${address} 0 1 ${key}`,
    `3 ${address} 0 1 ${key} `,
    `99 ${address} 0 1 ${key} 44`,
  ]) {
    assert.equal(network.ask(`SET_KEY ${wrong}`), "FAIL\n", wrong);
  }
  assert.match(network.ask(`STA ${address}`), /AUTHORIZED/);
});

test("management frames by way of the control socket", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(open);
  const bssid = (radio.bsses[0]?.address ?? "").replaceAll(":", "");
  const station = "021122334455";
  const authentication = `b0003a01${bssid}${station}${bssid}1000000001000000`;
  assert.equal(network.ask(`MGMT_RX_PROCESS freq=2412 frame=${authentication}`), "FAIL\n", "not while it isn't set");
  assert.equal(network.ask("SET ext_mgmt_frame_handling 1"), "OK\n");
  network.attach("monitor");
  const frame = `freq=2412 datarate=0 ssi_signal=-30 frame=${authentication}`;
  assert.equal(network.ask(`MGMT_RX_PROCESS ${frame}`), "OK\n");
  network.pass(100);
  const [status = ""] = network.events("monitor");
  assert.match(status, /^<3>MGMT-TX-STATUS stype=11 ok=0 buf=b0/);
  assert.doesNotMatch(network.ask("STA 02:11:22:33:44:55"), /\[AUTH\]/);
  const acknowledged = status.slice("<3>MGMT-TX-STATUS ".length).replace("ok=0", "ok=1");
  assert.equal(network.ask(`MGMT_TX_STATUS_PROCESS ${acknowledged}`), "OK\n");
  assert.match(network.ask("STA 02:11:22:33:44:55"), /\[AUTH\]/);
  for (const wrong of [
    "MGMT_RX_PROCESS freq=2412",
    "MGMT_RX_PROCESS freq=2412 frame=1q",
    "MGMT_TX_STATUS_PROCESS stype=1 ok=0 buf=123",
    "MGMT_TX 1q",
    "MGMT_TX 12",
  ]) {
    assert.equal(network.ask(wrong), "FAIL\n", wrong);
  }
  assert.equal(network.ask(`MGMT_TX ${authentication}`), "OK\n");
});

test("EAPOL frames by way of the control socket", async () => {
  const network = new ControlledNetwork();
  await network.start(psk);
  assert.equal(network.ask("SET ext_eapol_frame_io 1"), "OK\n");
  network.attach("monitor");
  const station = network.station(secure);
  station.join();
  network.pass(300);
  const sent = network.events("monitor").find((event) => event.startsWith("<3>EAPOL-TX"));
  assert.match(sent ?? "", new RegExp(`^<3>EAPOL-TX ${station.address} 0203005f02008a0010`));
  assert.equal(network.ask(`EAPOL_RX ${station.address} 0203`), "OK\n");
  for (const wrong of ["EAPOL_RX foo", `EAPOL_RX ${station.address} 1`, `EAPOL_TX ${station.address} 1q`]) {
    assert.equal(network.ask(wrong), "FAIL\n", wrong);
  }
  assert.equal(network.ask(`EAPOL_TX ${station.address} 02000000`), "OK\n");
});

test("SET ext_... survives a new start of the interface", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(open);
  network.ask("SET ext_eapol_frame_io 1");
  network.ask("DISABLE");
  await network.askSlowly("ENABLE");
  assert.deepEqual(radio.bsses[0]?.diversions, { management: false, eapol: true });
});

test("DATA_TEST: frames out, frames in, and what isn't one", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  network.attach("monitor");
  const [a, b] = ["02:00:00:00:00:0a", "02:00:00:00:00:0b"];
  assert.equal(network.ask(`DATA_TEST_TX ${a} ${b} 0`), "FAIL\n", "not while it isn't set");
  assert.equal(network.ask("DATA_TEST_CONFIG 1 ifname=wlan9"), "FAIL\n");
  assert.equal(network.ask("DATA_TEST_CONFIG 1 ifname=br0"), "OK\n");
  assert.equal(network.ask("DATA_TEST_CONFIG 1"), "OK\n");
  const [tap] = network.ethernet;
  assert.equal(tap?.interface, "br0");
  assert.equal(network.ask(`DATA_TEST_TX ${a} ${b} 0x20 len=100`), "OK\n");
  assert.equal(network.ask(`DATA_TEST_TX ${a.replaceAll(":", "")} ${b} 0`), "OK\n");
  assert.deepEqual(tap?.frames.map(decodeTestFrame), [
    { destination: a, source: b, tos: 0x20, length: 100 },
    { destination: a, source: b, tos: 0, length: 1486 },
  ]);
  for (const wrong of [
    "foo",
    `${a} foo`,
    `${a} ${b} -1`,
    `${a} ${b} 256`,
    `${a} ${b} 0 len=19`,
    `${a} ${b} 0 len=1487`,
  ]) {
    assert.equal(network.ask(`DATA_TEST_TX ${wrong}`), "FAIL\n", wrong);
  }
  const frame = { destination: b as MacAddress, source: a as MacAddress, tos: 0 };
  tap?.hear(encodeTestFrame({ ...frame, length: 1486 }));
  tap?.hear(encodeTestFrame({ ...frame, length: 20 }));
  tap?.hear(encodeTestFrame({ ...frame, length: 60 }).map((octet, i) => (i === 50 ? octet ^ 1 : octet)));
  tap?.hear(new Uint8Array(10));
  assert.deepEqual(network.events("monitor"), [`<3>DATA-TEST-RX ${b} ${a}`, `<3>DATA-TEST-RX ${b} ${a} len=20`]);
  assert.equal(network.ask("DATA_TEST_CONFIG 0"), "OK\n");
  assert.deepEqual(network.ethernet, []);
  assert.equal(network.ask("DATA_TEST_FRAME 112233445566778899aabbcc0800"), "OK\n");
  for (const wrong of [
    "ifname=foo",
    "1",
    "11",
    "112233445566778899aabbccddeefq",
    "ifname=nope 112233445566778899aabbcc0800",
  ]) {
    assert.equal(network.ask(`DATA_TEST_FRAME ${wrong}`), "FAIL\n", wrong);
  }
});

/** Written by hand after RFC 791, 3.1; the checksum is that of tshark 4.0.17's dissection of these octets. */
test("a test frame's octets", () => {
  const frame = encodeTestFrame({
    destination: "02:00:00:00:00:0a" as MacAddress,
    source: "02:00:00:00:00:0b" as MacAddress,
    tos: 0,
    length: 24,
  });
  const ethernet = "02000000000a02000000000b0800";
  assert.deepEqual(frame, bytesOfHex(`${ethernet}45000018000000004001f791c0a80101c0a8010200010203`));
});

test("the log's level, its timestamps, a note, and the end of it all", async () => {
  const network = new ControlledNetwork();
  await network.start(open);
  assert.equal(network.ask("LOG_LEVEL"), "Current level: INFO\nTimestamp: 0\n");
  assert.equal(network.ask("LOG_LEVEL  MSGDUMP  1"), "OK\n");
  assert.equal(network.ask("LOG_LEVEL"), "Current level: MSGDUMP\nTimestamp: 1\n");
  assert.equal(network.ask("LOG_LEVEL FOO"), "FAIL\n");
  assert.equal(network.ask("LOG_LEVEL warning"), "OK\n");
  assert.equal(network.ask("LOG_LEVEL"), "Current level: WARNING\nTimestamp: 1\n");
  assert.equal(network.ask("NOTE a note\nof two lines"), "OK\n");
  assert.equal(network.records.at(-1)?.text, "NOTE: a note\\x0aof two lines");
  assert.equal(network.ask("RELOG"), "OK\n");
  assert.equal(network.askGlobal("RELOG"), "OK\n");
  assert.equal(network.logging.reopened, 2);
  assert.equal(network.ask("CLOSE_LOG"), "OK\n");
  assert.equal(network.logging.closed, 1);
  assert.equal(network.ask("TERMINATE"), "OK\n");
  assert.equal(network.askGlobal("TERMINATE"), "OK\n");
  assert.equal(network.terminated, 2);
});

test("DUP_NETWORK copies the protection of one interface to another", async () => {
  const network = new ControlledNetwork();
  await network.start(psk);
  network.add("ssid=other\nhw_mode=g\nchannel=1", "wlan1");
  for (const key of ["wpa", "wpa_key_mgmt", "wpa_passphrase", "rsn_pairwise"]) {
    assert.equal(network.askGlobal(`DUP_NETWORK wlan0 wlan1 ${key}`), "OK\n", key);
  }
  const config = network.ask("GET_CONFIG", { on: "/run/hostapd/wlan1" });
  assert.match(config, /^ssid=other\n.*^wpa=2\nkey_mgmt=WPA-PSK\n/ms);
  for (const wrong of ["a", "wlan0 wlan9 wpa", "wlan9 wlan0 wpa", "wlan0 wlan1 ssid", "wlan0 wlan1 wpa_psk"]) {
    assert.equal(network.askGlobal(`DUP_NETWORK ${wrong}`), "FAIL\n", wrong);
  }
});

test("what the driver can do", async () => {
  const { network, radio } = await protectedNetwork();
  const [word = "", ...names] = network.ask("DRIVER_FLAGS").trimEnd().split("\n");
  assert.match(word, /^[0-9A-F]{16}:$/);
  assert.ok(names.includes("AP") && names.includes("FULL_AP_CLIENT_STATE"));
  const status = fields(network.ask("STATUS-DRIVER"));
  assert.equal(status["ifname"], "wlan0");
  assert.equal(status["addr"], radio.bsses[0]?.address);
  assert.equal(status["beacon_set"], "1");
  assert.equal(status["freq"], "2412");
  assert.equal(network.ask("GET_CAPABILITY dpp"), "FAIL\n");
});
