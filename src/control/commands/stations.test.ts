import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText, protectedNetwork } from "../../../testing/controlled-network.ts";
import { fields } from "../../../testing/reply-fields.ts";

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

test("NEW_STA takes up a station, in an open network at once authorized", async () => {
  const network = new ControlledNetwork();
  await network.start(`${openText}\nmax_num_sta=1`);
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
