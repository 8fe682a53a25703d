/** Frames that commands have sent to a station, as they are on the air. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork } from "../../../testing/controlled-network.ts";
import { hexOf, Reader, textOf, utf8 } from "../../base/bytes.ts";
import { decodeBeacon } from "../../wire/ieee80211/beacon.ts";
import { decodeBssTransitionRequest } from "../../wire/ieee80211/bss-transition-request.ts";
import { decodeDeauthentication } from "../../wire/ieee80211/deauthentication.ts";
import { findVendor, oui } from "../../wire/ieee80211/element.ts";
import { decodeManagementHeader, type ManagementSubtype } from "../../wire/ieee80211/frame.ts";
import { decodeManageability, decodeP2p, p2pAttributeId, p2pType } from "../../wire/ieee80211/p2p.ts";

async function withStation(more = "") {
  const network = new ControlledNetwork();
  await network.start(`ssid=open\nhw_mode=g\nchannel=1${more}`);
  const station = network.station({ ssid: utf8("open") });
  station.join();
  network.pass(500);
  const { address } = station;
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  const heard = new Map<ManagementSubtype, Reader>();
  network.medium.monitor((frame) => {
    const reader = new Reader(frame, ["frame"]);
    if ((frame[0] ?? 0) & 0x0c) return;
    heard.set(decodeManagementHeader(reader).subtype, reader);
  });
  const bodyOf = (subtype: ManagementSubtype): Reader => {
    network.pass(200);
    return heard.get(subtype) ?? assert.fail(`no ${subtype}`);
  };
  return { network, address, bodyOf };
}

test("DISASSOC_IMMINENT warns, and leaves it at that", async () => {
  const { network, address, bodyOf } = await withStation();
  assert.equal(network.ask(`DISASSOC_IMMINENT ${address} 20`), "OK\n");
  const request = decodeBssTransitionRequest(bodyOf("action"));
  assert.ok(request.disassociationImminent);
  assert.equal(request.disassociationTimer, 20);
  assert.equal(request.url, undefined);
  network.pass(5000);
  assert.match(network.ask(`STA ${address}`), /\[ASSOC\]/);
  for (const args of [address, "02:00:00:00:00:99 2", "02:00 2", ""]) {
    assert.equal(network.ask(`DISASSOC_IMMINENT ${args}`), "FAIL\n", args);
  }
});

test("ESS_DISASSOC tells where to read more, and sends away when the time is over", async () => {
  const { network, address, bodyOf } = await withStation();
  assert.equal(network.ask(`ESS_DISASSOC ${address} 20 http://example.com/`), "OK\n");
  const request = decodeBssTransitionRequest(bodyOf("action"));
  assert.equal(textOf(request.url ?? new Uint8Array()), "http://example.com/");
  network.pass(1500);
  assert.match(network.ask(`STA ${address}`), /\[ASSOC\]/);
  network.pass(500);
  assert.equal(decodeDeauthentication(bodyOf("disassociation")).reason, 2);
  for (const args of [
    address,
    `${address} -1 x`,
    `${address} 1`,
    `${address} 65536 x`,
    `${address} 1 ${"x".repeat(256)}`,
  ]) {
    assert.equal(network.ask(`ESS_DISASSOC ${args}`), "FAIL\n", args);
  }
});

test("a station that came back meanwhile is not sent away", async () => {
  const { network, address } = await withStation();
  assert.equal(network.ask(`ESS_DISASSOC ${address} 200 http://example.com/`), "OK\n");
  network.ask(`DEAUTHENTICATE ${address}`);
  network.pass(1000);
  const again = network.station({ ssid: utf8("open"), address });
  again.join();
  network.pass(500);
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  network.pass(30_000);
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
});

test("manage_p2p: the beacon tells Wi-Fi Direct devices, and they hear why they have to go", async () => {
  const { network, address, bodyOf } = await withStation("\nmanage_p2p=1\nallow_cross_connection=1");
  const { elements } = decodeBeacon(bodyOf("beacon"));
  const element = findVendor(elements, oui.wifiAlliance, p2pType) ?? assert.fail("no element");
  // P2P Manageability: managed, cross connection permitted, coexistence optional
  assert.equal(hexOf(element.data), "506f9a090a010007");
  const [attribute] = decodeP2p(new Reader(element.data, ["P2P"]));
  assert.deepEqual(decodeManageability(new Reader(attribute?.data ?? new Uint8Array(), ["manageability"])), {
    crossConnectionPermitted: true,
    coexistenceOptional: true,
  });
  assert.equal(network.ask(`DEAUTHENTICATE ${address} p2p=2`), "OK\n");
  const { reason, elements: why } = decodeDeauthentication(bodyOf("deauthentication"));
  assert.equal(reason, 2);
  const [minor] = decodeP2p(new Reader(why[0]?.data ?? new Uint8Array(), ["P2P"]));
  assert.deepEqual(minor, { id: p2pAttributeId.minorReasonCode, data: Uint8Array.of(2) });
});

test("notify_mgmt_frames: monitors hear of frames that are handled as ever", async () => {
  const { network, address } = await withStation("\nnotify_mgmt_frames=1");
  network.attach("watcher");
  const again = network.station({ ssid: utf8("open"), address });
  again.join();
  network.pass(500);
  const events = network.events("watcher");
  assert.ok(
    events.some((event) => event.startsWith("<3>AP-MGMT-FRAME-RECEIVED buf=b0")),
    "authentication",
  );
  assert.ok(
    events.some((event) => event.startsWith("<3>AP-MGMT-FRAME-RECEIVED buf=00")),
    "association",
  );
  assert.match(network.ask(`STA ${address}`), /\[AUTHORIZED\]/);
  assert.equal(network.ask("SET notify_mgmt_frames 0"), "OK\n");
  network.station({ ssid: utf8("open") }).join();
  network.pass(500);
  assert.ok(!network.events("watcher").some((event) => event.includes("FRAME-RECEIVED")));
});

test("VENDOR is for the driver; what makes no sense doesn't get there", async () => {
  const { network } = await withStation();
  const refusals = (): number => network.records.filter(({ text }) => text.includes("EOPNOTSUPP")).length;
  for (const args of ["q", "10q", "10 10q", "10 10 123q", "10 10 123", "1ffffffff 1", "10"]) {
    assert.equal(network.ask(`VENDOR ${args}`), "FAIL\n", args);
  }
  assert.equal(refusals(), 0);
  for (const args of ["10 10", "0x1374 1 0a0b", "1374 1 0a0b nested=0", "1374 1  nested=1"]) {
    assert.equal(network.ask(`VENDOR ${args}`), "FAIL\n", args);
  }
  assert.equal(refusals(), 4);
});
