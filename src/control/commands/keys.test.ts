import assert from "node:assert/strict";
import { test } from "node:test";
import { protectedNetwork } from "../../../testing/controlled-network.ts";
import { fields } from "../../../testing/reply-fields.ts";

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
