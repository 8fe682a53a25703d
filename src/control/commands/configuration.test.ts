import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText, protectedNetwork } from "../../../testing/controlled-network.ts";
import type { ReloadReport } from "../reload-report.ts";

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
  const radio = await network.start(openText);
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
  const radio = await network.start(openText);
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
