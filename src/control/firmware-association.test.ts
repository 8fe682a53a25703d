/** What the control interface tells of a radio whose firmware associates, and of its stations. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, client } from "../../testing/controlled-network.ts";
import { FullMacKernel } from "../../testing/fullmac-kernel.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { Nl80211Driver } from "../driver/nl80211/index.ts";

const station = "02:00:00:00:01:01" as MacAddress;

async function network() {
  const kernel = new FullMacKernel();
  const controlled = new ControlledNetwork((clock, log) => new Nl80211Driver(kernel, clock, log));
  await controlled.start("ssid=open\nhw_mode=g\nchannel=1");
  kernel.dismissals.length = 0;
  const associate = (): void => {
    kernel.associate(station, new Uint8Array());
    kernel.deliver();
  };
  return { kernel, controlled, associate };
}

test("whose state machine it is", async () => {
  const { controlled } = await network();
  assert.ok(controlled.ask("STATUS-DRIVER").split("\n").includes("device_ap_sme=1"));
  const flags = `${controlled.ask("DRIVER_FLAGS")}${controlled.ask("DRIVER_FLAGS2")}`.split("\n");
  for (const ours of ["AP_MLME", "AP_SME", "DEAUTH_TX_STATUS", "EAPOL_TX_STATUS", "CONTROL_PORT"]) {
    assert.ok(!flags.includes(ours), ours);
  }
  assert.ok(flags.includes("AP"));
});

test("a station without identifier, with the firmware's counters, that comes and goes", async () => {
  const { controlled, kernel, associate } = await network();
  controlled.attach("monitor");
  associate();
  const lines = controlled.ask(`STA ${station}`).split("\n");
  for (const line of ["flags=[AUTH][ASSOC][AUTHORIZED]", "aid=0", "rx_packets=7", "timeout_next=NULLFUNC POLL"]) {
    assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
  }
  kernel.depart(station);
  kernel.deliver();
  assert.equal(controlled.ask(`STA ${station}`), "FAIL\n");
  assert.deepEqual(
    controlled.sockets.take(client("monitor")).map((text) => text.slice(3)),
    [`AP-STA-CONNECTED ${station}`, `AP-STA-DISCONNECTED ${station}`],
  );
});

test("it is sent away by the firmware, however that is asked for", async () => {
  const { controlled, kernel, associate } = await network();
  for (const [command, subtype, reason] of [
    [`DEAUTHENTICATE ${station} reason=5`, 12, 5],
    [`DISASSOCIATE ${station}`, 10, 2],
    [`DEAUTHENTICATE ${station} reason=0`, 12, undefined],
    [`DEAUTHENTICATE ${station} tx=0`, undefined, undefined],
  ] as const) {
    associate();
    assert.equal(controlled.ask(command), "OK\n");
    assert.equal(controlled.ask(`STA ${station}`), "FAIL\n");
    assert.deepEqual(kernel.dismissals[0], { station, subtype, reason });
    kernel.deliver();
    kernel.dismissals.length = 0;
  }
});
