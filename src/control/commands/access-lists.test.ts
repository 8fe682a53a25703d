import assert from "node:assert/strict";
import { test } from "node:test";
import { protectedNetwork } from "../../../testing/controlled-network.ts";
import { hexOf, utf8 } from "../../base/bytes.ts";
import { derivePskNow } from "../../crypto/psk.ts";

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
