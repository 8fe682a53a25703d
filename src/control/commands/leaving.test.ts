import assert from "node:assert/strict";
import { test } from "node:test";
import { protectedNetwork } from "../../../testing/controlled-network.ts";

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
