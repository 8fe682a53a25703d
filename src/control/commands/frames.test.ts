import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText, pskText, secure } from "../../../testing/controlled-network.ts";

test("management frames by way of the control socket", async () => {
  const network = new ControlledNetwork();
  const radio = await network.start(openText);
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
  await network.start(pskText);
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
  const radio = await network.start(openText);
  network.ask("SET ext_eapol_frame_io 1");
  network.ask("DISABLE");
  await network.askSlowly("ENABLE");
  assert.deepEqual(radio.bsses[0]?.diversions, { management: false, eapol: true });
});
