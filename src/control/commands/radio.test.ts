import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText, pskText } from "../../../testing/controlled-network.ts";

test("UPDATE_BEACON brings what only the beacon shows", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(`${openText}\nstart_disabled=1`);
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
  network.add(openText);
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

test("DUP_NETWORK copies the protection of one interface to another", async () => {
  const network = new ControlledNetwork();
  await network.start(pskText);
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
