/** The driver on a radio whose firmware associates by itself. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { errnos, FullMacKernel, type FullMacOptions, ifIndex, ownAddress } from "../../../testing/fullmac-kernel.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { seconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { Log } from "../../base/log.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import { startAp } from "../../wire/nl80211/access-point.ts";
import { registerFrame, sendFrame } from "../../wire/nl80211/frame.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { delStation, setStation, stationArrival } from "../../wire/nl80211/station.ts";
import { wiphyPart } from "../../wire/nl80211/wiphy.ts";
import type { ApParameters, BssEvent } from "../port.ts";
import { Nl80211Driver } from "./index.ts";

const station = "02:00:00:00:01:00" as MacAddress;
const elements = Uint8Array.of(0, 1, 0x61, 48, 2, 1, 0);

const parameters: ApParameters = {
  ssid: Buffer.from("test"),
  hiddenSsid: "zeroed",
  beaconInterval: 100,
  dtimPeriod: 2,
  channel: { frequency: 2412, width: "20", centerFrequency1: 2412 },
  beacon: {
    head: Uint8Array.of(0x80, 0),
    tail: Uint8Array.of(48, 2, 1, 0),
    beaconElements: new Uint8Array(),
    probeResponseElements: new Uint8Array(),
    associationResponseElements: new Uint8Array(),
  },
  security: {
    privacy: true,
    wpaVersions: [2],
    akmSuites: [0x000fac02],
    pairwiseCiphers: [0x000fac04],
    groupCipher: 0x000fac04,
  },
  protection: { shortPreamble: false, shortSlot: true, ctsProtection: false, htOperationMode: undefined },
  basicRates: [10, 20],
  isolate: false,
  maxInactivity: seconds(300),
};

function machine(options: FullMacOptions = {}) {
  const kernel = new FullMacKernel(options);
  const log: string[] = [];
  const driver = new Nl80211Driver(
    kernel,
    new VirtualClock(),
    new Log(({ level, text }) => log.push(`${level} ${text}`)),
  );
  const events: BssEvent[] = [];
  const openRadio = () => driver.openRadio("wlan0", () => undefined);
  const openBss = () => openRadio().openBss({ interfaceName: "wlan0" }, (event) => events.push(event));
  const registered = () =>
    kernel.requests
      .filter(({ command }) => command === commands.REGISTER_FRAME)
      .map(({ attributes }) => registerFrame.decode(attributes).frameType);
  return { kernel, driver, log, events, openRadio, openBss, registered };
}

const refuses = (errno: string) => (error: unknown) => error instanceof KernelRefusal && error.errno === errno;

test("such a radio is known by its wiphy", () => {
  const { openRadio } = machine();
  const { associationOffload, controlPort, fullStationState, bands } = openRadio().capabilities();
  assert.deepEqual([associationOffload, controlPort, fullStationState], [true, false, false]);
  assert.equal(bands[0]?.ht?.capabilities, 0x1062);
});

test("probe requests and actions are asked for, nothing else, and done without where they are refused", () => {
  const { openBss, registered, kernel, driver, log } = machine({ registrable: [0x40] });
  openBss();
  assert.deepEqual(new Set(registered()), new Set([0x40, 0xd0]));
  assert.equal(kernel.count(commands.UNEXPECTED_FRAME), 0);
  assert.ok(log.some((line) => line.startsWith("debug nl80211: NL80211_CMD_REGISTER_FRAME: EINVAL")));
  driver.close();
  machine({ registrable: [] }).openBss();
});

test("another access point on the interface is found by its registrations, and left alone", () => {
  for (const taken of [0x40, 0xd0]) {
    const { kernel, driver, openBss } = machine();
    kernel.answer(commands.REGISTER_FRAME, (attributes) =>
      registerFrame.decode(attributes).frameType === taken ? { errno: errnos.EALREADY } : {},
    );
    assert.throws(openBss, refuses("EBUSY"));
    assert.equal(kernel.count(commands.STOP_AP), 0);
    driver.close();
    assert.equal(kernel.openSockets, 0);
  }
});

test("the access point is started with all that the firmware looks at, and no control port", () => {
  const { openBss, kernel, log } = machine();
  openBss().startAp(parameters);
  const started = kernel.running ?? assert.fail("it doesn't run");
  assert.deepEqual(started.ssid, new Uint8Array(parameters.ssid));
  assert.deepEqual(
    [started.hiddenSsid, started.privacy, started.authType, started.wpaVersions, started.groupCipher],
    [2, true, 0, 2, 0x000fac04],
  );
  assert.deepEqual([started.akmSuites, started.pairwiseCiphers], [[0x000fac02], [0x000fac04]]);
  assert.deepEqual([started.controlPortEthertype, started.controlPortOverNl80211], [0x888e, undefined]);
  assert.deepEqual(started.beaconTail, parameters.beacon.tail);
  assert.ok(!log.some((line) => line.startsWith("warning")), log.join("\n"));
});

test("isolation that the driver doesn't know is said to have no effect", () => {
  const { openBss, log } = machine();
  openBss().startAp({ ...parameters, isolate: true });
  assert.equal(log.filter((line) => /^warning .*ap_isolate/.test(line)).length, 1);
});

test("who has associated and who has left is told, each time, and nobody is asked whether it is true", () => {
  const { openBss, kernel, events } = machine();
  openBss().startAp(parameters);
  kernel.associate(station, elements);
  kernel.associate(station, elements);
  kernel.depart(station);
  kernel.associate(station, new Uint8Array());
  kernel.deliver();
  const arrival = { type: "station-associated", station, elements, reassociation: undefined };
  assert.deepEqual(events, [
    arrival,
    arrival,
    { type: "station-disassociated", station },
    { ...arrival, elements: new Uint8Array() },
  ]);
  assert.equal(kernel.count(commands.GET_STATION), 0);
});

test("without offload the same event is the echo of our own command", () => {
  const { kernel, openBss, events } = machine();
  kernel.answer(commands.GET_WIPHY, () => ({ replies: [wiphyPart.build({ wiphy: 0, name: "phy0" })] }));
  openBss();
  kernel.emit("mlme", stationArrival.build({ ifIndex, station, requestElements: elements }));
  kernel.deliver();
  assert.deepEqual(events, []);
});

test("a dismissal carries the frame and its reason, as far as the kernel takes them", () => {
  const { openBss, kernel, events } = machine();
  const bss = openBss();
  bss.startAp(parameters);
  kernel.associate(station, elements);
  bss.removeStation(station, { subtype: "deauthentication", reason: 15 });
  bss.removeStation(station, { subtype: "disassociation", reason: 19 });
  bss.removeStation(station, { subtype: "deauthentication", reason: 0 });
  bss.removeStation(broadcast);
  assert.deepEqual(kernel.dismissals, [
    { station, subtype: 12, reason: 15 },
    { station, subtype: 10, reason: 19 },
    { station, subtype: 12, reason: undefined },
    { station: broadcast, subtype: undefined, reason: undefined },
  ]);
  kernel.deliver();
  assert.deepEqual(
    events.map(({ type }) => type),
    ["station-associated", "station-disassociated"],
  );
});

// Written out by hand after linux/nl80211.h: IFINDEX, MAC, MGMT_SUBTYPE (u8), REASON_CODE (u16).
test("the attributes of a dismissal", () => {
  const { attributes } = delStation.build({ ifIndex, station, subtype: 12, reason: 3 });
  assert.equal(
    Buffer.from(attributes).toString("hex"),
    "0800030003000000" + "0a000600020000000100" + "0000" + "050029000c000000" + "060036000300" + "0000",
  );
});

test("stations that can't be flushed all at once don't keep an access point from starting", () => {
  const { openBss, kernel } = machine();
  openBss().flushStations();
  assert.deepEqual(kernel.dismissals, [{ station: undefined, subtype: undefined, reason: undefined }]);
});

test("of a station's flags the firmware is told the authorization alone", () => {
  const { openBss, kernel } = machine();
  const bss = openBss();
  bss.startAp(parameters);
  kernel.associate(station, elements);
  bss.setStation(station, { flags: { authorized: true } });
  assert.equal(kernel.stations.get(station)?.authorized, true);
  bss.setStation(station, { flags: { authorized: false, associated: true, authenticated: true } });
  assert.equal(kernel.stations.get(station)?.authorized, false);
  const asked = kernel.requests.filter(({ command }) => command === commands.SET_STATION);
  assert.deepEqual(
    asked.map(({ attributes }) => setStation.decode(attributes).flags),
    [
      { mask: 2, set: 2 },
      { mask: 2, set: 0 },
    ],
  );
});

test("the firmware's counters, and its refusal of a stranger's", () => {
  const { openBss, kernel } = machine();
  const bss = openBss();
  bss.startAp(parameters);
  kernel.associate(station, elements);
  const entry = kernel.stations.get(station) ?? assert.fail();
  entry.idle = 42;
  assert.equal(bss.statistics(station)?.inactive, seconds(42));
  assert.deepEqual(bss.stations(), [station]);
  assert.throws(() => bss.statistics(ownAddress), KernelRefusal);
});

test("frames are sent with the channel named, as on it", () => {
  const { openBss, kernel } = machine();
  const bss = openBss();
  bss.startAp(parameters);
  bss.sendManagement(Uint8Array.of(0xd0, 0));
  const { attributes } = kernel.requests.find(({ command }) => command === commands.FRAME) ?? assert.fail();
  const { frequency, offChannel } = sendFrame.decode(attributes);
  assert.deepEqual([frequency, offChannel], [2412, undefined]);
});

test("EAPOL crosses the packet socket", () => {
  const { openBss, kernel } = machine();
  const bss = openBss();
  bss.startAp(parameters);
  assert.equal(bss.sendEapol(station, Uint8Array.of(2, 3), { encrypt: true }), 0n);
  assert.equal(kernel.packets.length, 1);
  assert.equal(kernel.count(commands.CONTROL_PORT_FRAME), 0);
  assert.equal(
    startAp.decode(kernel.requests.find(({ command }) => command === commands.START_AP)?.attributes ?? assert.fail())
      .socketOwner,
    true,
  );
});
