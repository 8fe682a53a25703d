import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText, protectedNetwork, pskText } from "../../../testing/controlled-network.ts";
import { fields } from "../../../testing/reply-fields.ts";

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
  network.add(pskText);
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

test("MIB: nothing of an open network, the authenticator's numbers of a protected one", async () => {
  const plain = new ControlledNetwork();
  await plain.start(openText);
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
