/** Stations that bridge, with a virtual access point that is told of their frames. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { VirtualBss } from "../driver/virtual/bss.ts";

const open = "ssid=somename\nhw_mode=g\nchannel=1";
const address = "02:00:00:00:0a:01" as MacAddress;

async function joined(config: string) {
  const network = await new VirtualNetwork(config).start();
  const observed = network.station({ ssid: utf8("somename"), address });
  observed.station.join();
  network.pass(500);
  const bss = network.radio.bsses[0] ?? assert.fail();
  const bridges = (): void => bss.onEvent({ type: "unexpected-frame", source: address, fourAddress: true });
  const interfaces = (): readonly string[] => (bss.port as VirtualBss).vlans;
  const told = (): string[] =>
    network.events.flatMap((event) => ("interfaceName" in event ? [`${event.type} ${event.interfaceName}`] : []));
  return { network, station: observed.station, bss, bridges, interfaces, told };
}

test("its first frame of four addresses gives it an interface, once, and its leaving takes it away", async () => {
  const { network, station, bridges, interfaces, told } = await joined(`${open}\nwds_sta=1`);
  assert.deepEqual(interfaces(), []);
  bridges();
  bridges();
  assert.deepEqual(interfaces(), ["wlan0.sta1"]);
  station.leave();
  network.pass(100);
  assert.deepEqual(interfaces(), []);
  assert.deepEqual(told(), ["bridge-port-added wlan0.sta1", "bridge-port-removed wlan0.sta1"]);
  network.stop();
});

test("who associates anew keeps it", async () => {
  const { network, station, bridges, interfaces, told } = await joined(`${open}\nwds_sta=1`);
  bridges();
  station.reassociate();
  network.pass(500);
  bridges();
  assert.deepEqual(interfaces(), ["wlan0.sta1"]);
  assert.deepEqual(told(), ["bridge-port-added wlan0.sta1"]);
  network.stop();
});

test("without wds_sta, of strangers, of stations in a VLAN, and where the name would be too long: none", async () => {
  const without = await joined(open);
  without.bridges();
  assert.deepEqual(without.interfaces(), []);
  without.network.stop();

  const stranger = await joined(`${open}\nwds_sta=1`);
  stranger.bss.onEvent({ type: "unexpected-frame", source: "02:00:00:00:0b:01" as MacAddress, fourAddress: true });
  assert.deepEqual(stranger.interfaces(), []);
  stranger.network.stop();

  const inVlan = await joined(`${open}\nwds_sta=1\nper_sta_vif=1`);
  inVlan.bridges();
  assert.deepEqual(inVlan.interfaces(), ["wlan0.4096"]);
  inVlan.network.stop();
});

test("a frame before the association stands counts when it does", async () => {
  const network = await new VirtualNetwork(`${open}\nwds_sta=1`).start();
  const bss = network.radio.bsses[0] ?? assert.fail();
  const { station } = network.station({ ssid: utf8("somename"), address });
  station.join();
  for (let i = 0; i < 5000 && bss.stations.get(address)?.link.kind !== "associating"; i++) network.pass(0.1);
  assert.equal(bss.stations.get(address)?.link.kind, "associating");
  bss.onEvent({ type: "unexpected-frame", source: address, fourAddress: true });
  assert.deepEqual((bss.port as VirtualBss).vlans, []);
  network.pass(200);
  assert.deepEqual((bss.port as VirtualBss).vlans, ["wlan0.sta1"]);
  network.stop();
});
