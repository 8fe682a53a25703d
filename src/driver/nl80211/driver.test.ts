import assert from "node:assert/strict";
import { test } from "node:test";
import { events, wiphyParts } from "../../../test/vectors/nl80211.ts";
import { ScriptedKernel } from "../../../testing/scripted-kernel.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { bytesOfHex, concat } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { Log } from "../../base/log.ts";
import { encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { decodeGeneric } from "../../wire/netlink/generic.ts";
import { decodeMessages } from "../../wire/netlink/message.ts";
import { startAp, stopAp } from "../../wire/nl80211/access-point.ts";
import { cookieReply, frameStatus, receivedFrame, sendFrame } from "../../wire/nl80211/frame.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { interfaceDescription, newInterface, setInterface } from "../../wire/nl80211/interface.ts";
import type { Nl80211Message } from "../../wire/nl80211/message.ts";
import { regulatoryChange, regulatoryDescription, requestRegulatory } from "../../wire/nl80211/regulatory.ts";
import { delStation, stationDescription } from "../../wire/nl80211/station.ts";
import { setWiphy, wiphyPart } from "../../wire/nl80211/wiphy.ts";
import type { ApParameters, BssEvent, RadioEvent } from "../port.ts";
import { Nl80211Driver } from "./index.ts";

const station = "02:00:00:00:01:00" as MacAddress;
const ownAddress = "02:00:00:00:00:00" as MacAddress;
const errnos = { ENOENT: 2, EBUSY: 16, ENODEV: 19, EINVAL: 22, EALREADY: 114, ERFKILL: 132 } as const;

/** A message of a vector, to be answered or reported once more. */
function messageOf(text: string): Nl80211Message {
  const [message] = decodeMessages(bytesOfHex(text) ?? assert.fail(text));
  const { command, attributes } = decodeGeneric((message ?? assert.fail()).payload);
  return { name: "vector", command, attributes };
}

const parameters: ApParameters = {
  ssid: Buffer.from("test"),
  hiddenSsid: "no",
  beaconInterval: 100,
  dtimPeriod: 2,
  channel: { frequency: 2412, width: "20", centerFrequency1: 2412 },
  beacon: {
    head: Uint8Array.of(0x80, 0),
    tail: Uint8Array.of(1),
    beaconElements: new Uint8Array(),
    probeResponseElements: new Uint8Array(),
    associationResponseElements: new Uint8Array(),
  },
  security: { privacy: false, wpaVersions: [], akmSuites: [], pairwiseCiphers: [], groupCipher: undefined },
  protection: { shortPreamble: false, shortSlot: true, ctsProtection: false, htOperationMode: undefined },
  basicRates: [10, 20],
  isolate: false,
  maxInactivity: seconds(300),
};

/** What every message about an interface starts with. */
const ifIndexOf = (attributes: Uint8Array): number => stopAp.decode(attributes).ifIndex;

/** A machine with one radio, phy0, whose interface wlan0 is a station's and down. */
function machine(radio: readonly Nl80211Message[] = wiphyParts.map(messageOf)) {
  const kernel = new ScriptedKernel();
  const types = new Map<number, number>([[3, interfaceTypes.STATION]]);
  const beaconing = new Set<number>();
  kernel.addLink({ index: 1, name: "lo", up: true, address: "00:00:00:00:00:00" as MacAddress, master: undefined });
  kernel.addLink({ index: 3, name: "wlan0", up: false, address: ownAddress, master: undefined });

  const describe = (ifIndex: number, type: number): Nl80211Message =>
    interfaceDescription.build({
      ifIndex,
      wiphy: 0,
      type,
      ssid: beaconing.has(ifIndex) ? parameters.ssid : undefined,
    });
  kernel
    .answer(commands.GET_WIPHY, () => ({ replies: radio }))
    .answer(commands.GET_INTERFACE, (attributes) => {
      const ifIndex = ifIndexOf(attributes);
      const type = types.get(ifIndex);
      return type === undefined ? { errno: errnos.ENODEV } : { replies: [describe(ifIndex, type)] };
    })
    .answer(commands.SET_INTERFACE, (attributes) => {
      const { ifIndex, type } = setInterface.decode(attributes);
      types.set(ifIndex, type ?? assert.fail("no type"));
      return {};
    })
    .answer(commands.NEW_INTERFACE, (attributes) => {
      const { name, type } = newInterface.decode(attributes);
      const index = Math.max(...kernel.links.keys()) + 1;
      types.set(index, type);
      const address = "42:00:00:00:00:00" as MacAddress;
      kernel.addLink({ index, name, up: false, address, master: undefined });
      return { replies: [describe(index, type)] };
    })
    .answer(commands.DEL_INTERFACE, (attributes) => {
      kernel.removeLink(ifIndexOf(attributes));
      return {};
    })
    .answer(commands.START_AP, (attributes) => {
      beaconing.add(startAp.decode(attributes).ifIndex);
      return {};
    })
    .answer(commands.STOP_AP, (attributes) =>
      beaconing.delete(ifIndexOf(attributes)) ? {} : { errno: errnos.ENOENT },
    );

  const log: string[] = [];
  const clock = new VirtualClock();
  const driver = new Nl80211Driver(kernel, clock, new Log(({ level, text }) => log.push(`${level} ${text}`)));
  const radioEvents: RadioEvent[] = [];
  const bssEvents: BssEvent[] = [];
  const openRadio = () => driver.openRadio("wlan0", (event) => radioEvents.push(event));
  const openBss = () => openRadio().openBss({ interfaceName: "wlan0" }, (event) => bssEvents.push(event));
  const asked = (command: number) => kernel.requests.filter((request) => request.command === command);
  return { kernel, driver, types, beaconing, log, clock, radioEvents, bssEvents, openRadio, openBss, asked };
}

const refuses = (errno: string) => (error: unknown) => error instanceof KernelRefusal && error.errno === errno;
const management = (octets: readonly number[]): Nl80211Message =>
  receivedFrame.build({ ifIndex: 3, frame: Uint8Array.from(octets), frequency: 2412, signal: -40 });

test("no interface, one that has no radio, a kernel without nl80211", () => {
  const { driver, kernel } = machine();
  assert.throws(() => driver.openRadio("wlan7", () => undefined), refuses("ENODEV"));
  assert.throws(() => driver.openRadio("lo", () => undefined), refuses("EOPNOTSUPP"));
  driver.close();
  kernel.hasNl80211 = false;
  assert.throws(() => driver.openRadio("wlan0", () => undefined), refuses("EOPNOTSUPP"));
  driver.close();
  assert.equal(kernel.openSockets, 0);
});

test("opening a radio leaves its interface alone", () => {
  const { driver, kernel, openRadio, types } = machine();
  const radio = openRadio();
  assert.equal(radio.phy, "phy0");
  assert.equal(types.get(3), interfaceTypes.STATION);
  assert.equal(kernel.links.get(3)?.up, false);
  const { bands, fullStationState, controlPort, maxCsaCounters } = radio.capabilities();
  assert.deepEqual([fullStationState, controlPort, maxCsaCounters], [true, true, 2]);
  assert.deepEqual(
    bands.map(({ name, channels }) => [name, channels.length]),
    [
      ["2.4GHz", 14],
      ["5GHz", 1],
      ["6GHz", 1],
    ],
  );
  assert.equal(bands[0]?.ht?.capabilities, 0x107e);
  assert.equal(bands[0]?.ht?.ampduParameters, 0x1b);
  assert.equal(bands[1]?.vht?.mcsSet.length, 8);
  driver.close();
});

test("an access point's whole life, and everything as it was found", () => {
  const { driver, kernel, openBss, types, beaconing, bssEvents } = machine();
  const bss = openBss();
  assert.deepEqual([bss.interfaceIndex, bss.address, bss.interfaceName], [3, ownAddress, "wlan0"]);
  assert.equal(types.get(3), interfaceTypes.AP);
  assert.equal(kernel.links.get(3)?.up, true);
  bss.startAp(parameters);
  assert.ok(beaconing.has(3));
  kernel.deliver();
  assert.deepEqual(bssEvents, []);
  bss.close();
  bss.close();
  assert.ok(!beaconing.has(3));
  assert.equal(types.get(3), interfaceTypes.STATION);
  assert.equal(kernel.links.get(3)?.up, false);
  driver.close();
  assert.equal(kernel.openSockets, 0);
});

test("the access point is started, and its frames asked for, on one socket that isn't that of other commands", () => {
  const { openBss, asked } = machine();
  openBss().startAp(parameters);
  const owner = asked(commands.START_AP)[0]?.socket;
  assert.deepEqual(new Set(asked(commands.REGISTER_FRAME).map(({ socket }) => socket)), new Set([owner]));
  assert.notEqual(asked(commands.SET_BSS)[0]?.socket, owner);
  assert.equal(startAp.decode(asked(commands.START_AP)[0]?.attributes ?? assert.fail()).socketOwner, true);
});

test("events go to their access point, in the order in which they come, also those that a command meets", () => {
  const { kernel, openRadio } = machine();
  const radio = openRadio();
  const heard: string[] = [];
  const name = (which: string) => (event: BssEvent) => {
    heard.push(`${which} ${event.type}`);
  };
  const first = radio.openBss({ interfaceName: "wlan0" }, name("first"));
  const second = radio.openBss({ interfaceName: "wlan0_1" }, name("second"));
  assert.equal(second.interfaceIndex, 4);
  kernel.emitTo(commands.REGISTER_FRAME, management([0xb0]));
  kernel.emit("mlme", frameStatus.build({ ifIndex: 4, frame: Uint8Array.of(0), cookie: 1n, acknowledged: true }));
  // The answer to this command comes behind those two on the same socket.
  second.startAp(parameters);
  kernel.emitTo(commands.START_AP, management([0x00]));
  kernel.emit("mlme", messageOf(events.eapolStatus));
  kernel.emitTo(commands.START_AP, messageOf(events.eapol));
  kernel.emit("mlme", frameStatus.build({ ifIndex: 77, frame: Uint8Array.of(0), cookie: 2n }));
  kernel.deliver();
  assert.deepEqual(heard, [
    "first management",
    "second management-status",
    "first management",
    "first eapol-status",
    "first eapol",
  ]);
  first.close();
  kernel.emitTo(commands.START_AP, management([0x00]));
  kernel.deliver();
  assert.equal(heard.length, 5);
});

test("further interfaces are made and removed, with the address and the bridge that were asked for", () => {
  const { driver, kernel, openRadio } = machine();
  const radio = openRadio();
  radio.openBss({ interfaceName: "wlan0" }, () => undefined);
  const address = "02:00:00:00:00:07" as MacAddress;
  const bss = radio.openBss({ interfaceName: "wlan0_1", address, bridge: "br0" }, () => undefined);
  const bridge = [...kernel.links.values()].find(({ name }) => name === "br0");
  assert.equal(bss.address, address);
  assert.deepEqual(kernel.links.get(bss.interfaceIndex), {
    index: bss.interfaceIndex,
    name: "wlan0_1",
    up: true,
    address,
    master: bridge?.index,
  });
  assert.deepEqual([bridge?.kind, bridge?.up], ["bridge", true]);
  driver.close();
  assert.deepEqual(
    [...kernel.links.values()].map(({ name, up }) => [name, up]),
    [
      ["lo", true],
      ["wlan0", false],
    ],
  );
});

test("an interface that was up, in a bridge, with an address of its own, is so again", () => {
  const { driver, kernel, openRadio } = machine();
  kernel.addLink({ index: 8, name: "br7", up: true, address: ownAddress, master: undefined, kind: "bridge" });
  kernel.addLink({ index: 3, name: "wlan0", up: true, address: ownAddress, master: 8 });
  const address = "02:00:00:00:00:07" as MacAddress;
  openRadio().openBss({ interfaceName: "wlan0", address, bridge: "br9" }, () => undefined);
  const now = kernel.links.get(3);
  assert.deepEqual([now?.up, now?.address], [true, address]);
  assert.notEqual(now?.master, 8);
  driver.close();
  assert.deepEqual(kernel.links.get(3), { index: 3, name: "wlan0", up: true, address: ownAddress, master: 8 });
  assert.ok(![...kernel.links.values()].some(({ name }) => name === "br9"));
});

test("a bridge of ours that somebody else uses too stays", () => {
  const { driver, kernel, openRadio } = machine();
  openRadio().openBss({ interfaceName: "wlan0", bridge: "br9" }, () => undefined);
  const bridge = [...kernel.links.values()].find(({ name }) => name === "br9") ?? assert.fail();
  kernel.addLink({ index: 20, name: "eth0", up: true, address: station, master: bridge.index });
  driver.close();
  assert.ok(kernel.links.has(bridge.index));
});

test("a driver that changes types only while the interface is down", () => {
  const { driver, kernel, types, openRadio } = machine();
  kernel.setUp(3, true);
  const changes: boolean[] = [];
  kernel.answer(commands.SET_INTERFACE, (attributes) => {
    const up = kernel.links.get(3)?.up === true;
    changes.push(up);
    if (up) return { errno: errnos.EBUSY };
    types.set(3, setInterface.decode(attributes).type ?? assert.fail());
    return {};
  });
  openRadio().openBss({ interfaceName: "wlan0" }, () => undefined);
  assert.deepEqual(changes, [true, false]);
  assert.deepEqual([types.get(3), kernel.links.get(3)?.up], [interfaceTypes.AP, true]);
  driver.close();
  assert.deepEqual([types.get(3), kernel.links.get(3)?.up], [interfaceTypes.STATION, true]);
});

test("frames that another process has: busy, and nothing of what it does is touched", () => {
  const { driver, kernel, types, openRadio } = machine();
  types.set(3, interfaceTypes.AP);
  kernel.addLink({ index: 3, name: "wlan0", up: true, address: ownAddress, master: undefined });
  kernel.answer(commands.REGISTER_FRAME, () => ({ errno: errnos.EALREADY, reason: "Match already configured" }));
  const address = "02:00:00:00:00:07" as MacAddress;
  assert.throws(
    () => openRadio().openBss({ interfaceName: "wlan0", address }, () => undefined),
    (error) => refuses("EBUSY")(error) && /another process/.test(String(error)),
  );
  assert.deepEqual(kernel.links.get(3), { index: 3, name: "wlan0", up: true, address: ownAddress, master: undefined });
  assert.equal(kernel.requests.filter(({ command }) => command === commands.STOP_AP).length, 0);
  driver.close();
  assert.equal(kernel.openSockets, 0);
});

test("an interface closed and opened again while another goes on has its frames already", () => {
  const { driver, kernel, types, openRadio } = machine();
  types.set(3, interfaceTypes.AP);
  const radio = openRadio();
  radio.openBss({ interfaceName: "wlan0_1" }, () => undefined);
  radio.openBss({ interfaceName: "wlan0" }, () => undefined).close();
  kernel.answer(commands.REGISTER_FRAME, () => ({ errno: errnos.EALREADY }));
  radio.openBss({ interfaceName: "wlan0" }, () => undefined).close();
  types.set(3, interfaceTypes.STATION);
  // Now the type changes, which ends registrations: whoever has the frames afterwards isn't us.
  assert.throws(() => radio.openBss({ interfaceName: "wlan0" }, () => undefined), refuses("EBUSY"));
  driver.close();
});

test("Action frames that a driver doesn't take are done without, others aren't", () => {
  const { driver, kernel, openRadio, log } = machine();
  const radio = openRadio();
  let refused = 0xd0;
  kernel.answer(commands.REGISTER_FRAME, (attributes) =>
    Buffer.from(attributes).includes(Buffer.of(0x65, 0, refused, 0)) ? { errno: errnos.EINVAL } : {},
  );
  radio.openBss({ interfaceName: "wlan0" }, () => undefined).close();
  assert.ok(log.some((line) => line.startsWith("debug nl80211: NL80211_CMD_REGISTER_FRAME: EINVAL")));
  refused = 0xb0;
  assert.throws(() => radio.openBss({ interfaceName: "wlan0" }, () => undefined), refuses("EINVAL"));
  driver.close();
});

test("a radio that is switched off says so, and the interface is given back", () => {
  const { driver, kernel, types, openRadio, radioEvents } = machine();
  kernel.setRfkill("phy0", { soft: true, hard: false });
  const radio = openRadio();
  assert.equal(radio.isRfkillBlocked(), true);
  kernel.setRfkill("phy0", { soft: false, hard: false });
  kernel.setRfkill("phy9", { soft: true, hard: false });
  assert.deepEqual(radioEvents, [{ type: "rfkill", blocked: false }]);
  assert.equal(radio.isRfkillBlocked(), false);
  kernel.answer(commands.SET_INTERFACE, () => ({ errno: errnos.ERFKILL }));
  assert.throws(() => radio.openBss({ interfaceName: "wlan0" }, () => undefined), refuses("ERFKILL"));
  assert.equal(types.get(3), interfaceTypes.STATION);
  driver.close();
});

test("an access point that a dead process has left is stopped first", () => {
  const { beaconing, kernel, openBss, asked } = machine();
  const bss = openBss();
  beaconing.add(3);
  kernel.answer(commands.START_AP, (attributes) => {
    const { ifIndex } = startAp.decode(attributes);
    if (beaconing.has(ifIndex)) return { errno: errnos.EALREADY };
    beaconing.add(ifIndex);
    return {};
  });
  bss.startAp(parameters);
  assert.equal(asked(commands.STOP_AP).length, 1);
  assert.ok(beaconing.has(3));
});

test("the driver's own stop is told once, old news of a stop not at all", () => {
  const { kernel, beaconing, bssEvents, openBss } = machine();
  const bss = openBss();
  bss.startAp(parameters);
  kernel.emit("mlme", messageOf(events.stopAp));
  kernel.deliver();
  assert.deepEqual(bssEvents, []);
  beaconing.delete(3);
  kernel.emit("mlme", messageOf(events.stopAp));
  kernel.emit("mlme", messageOf(events.stopAp));
  kernel.deliver();
  assert.deepEqual(bssEvents, [{ type: "stopped" }]);
  bss.close();
});

test("the link goes down, comes up, goes away, comes back", () => {
  const { kernel, bssEvents, types, openBss } = machine();
  const bss = openBss();
  kernel.deliver();
  kernel.setUp(3, false);
  kernel.deliver();
  kernel.setUp(3, true);
  kernel.deliver();
  kernel.removeLink(3);
  kernel.deliver();
  types.delete(3);
  types.set(9, interfaceTypes.STATION);
  kernel.addLink({ index: 9, name: "wlan0", up: false, address: ownAddress, master: undefined });
  kernel.setUp(9, true);
  kernel.deliver();
  assert.deepEqual(bssEvents, [
    { type: "link", state: "down" },
    { type: "link", state: "up" },
    { type: "link", state: "removed" },
    { type: "link", state: "added" },
  ]);
  // There is nothing left to give back.
  bss.close();
  assert.equal(kernel.links.get(9)?.up, true);
});

test("what the kernel throws away is told to all, and said in the log once in a while", () => {
  const { kernel, clock, log, openRadio, radioEvents } = machine();
  kernel.answer(commands.GET_REG, () => ({ replies: [regulatoryDescription.build({ alpha2: "US" })] }));
  const radio = openRadio();
  const lost: string[] = [];
  for (const interfaceName of ["wlan0", "wlan0_1"])
    radio.openBss({ interfaceName }, ({ type }) => lost.push(`${interfaceName} ${type}`));
  kernel.overrun("mlme");
  kernel.overrun("mlme");
  kernel.deliver();
  assert.deepEqual(lost.slice(0, 2), ["wlan0 events-lost", "wlan0_1 events-lost"]);
  assert.deepEqual(radioEvents[0], { type: "regulatory-changed", domain: { alpha2: "US", initiator: "unknown" } });
  const warnings = () => log.filter((line) => line.startsWith("warning")).length;
  assert.equal(warnings(), 1);
  clock.advance(seconds(11));
  kernel.overrun("mlme");
  kernel.deliver();
  assert.equal(warnings(), 2);
});

test("bytes that are no message harm nobody", () => {
  const { kernel, bssEvents, openBss } = machine();
  openBss();
  kernel.emitBytes("mlme", Uint8Array.of(1, 2, 3));
  kernel.emit("mlme", { name: "broken", command: commands.FRAME_TX_STATUS, attributes: Uint8Array.of(9, 0, 1, 0) });
  kernel.emit("mlme", { name: "unknown", command: 250, attributes: new Uint8Array() });
  kernel.emitTo(commands.REGISTER_FRAME, management([0x40]));
  kernel.deliver();
  assert.deepEqual(
    bssEvents.map(({ type }) => type),
    ["management"],
  );
});

test("many events are taken in turns", () => {
  const { kernel, bssEvents, openBss } = machine();
  openBss();
  for (let i = 0; i < 1000; i++) kernel.emitTo(commands.REGISTER_FRAME, management([0x40]));
  kernel.deliver();
  const first = bssEvents.length;
  assert.ok(first > 0 && first < 1000, `${first}`);
  for (let turns = 0; turns < 20; turns++) kernel.deliver();
  assert.equal(bssEvents.length, 1000);
});

test("the country: asked for, announced, read", () => {
  const { kernel, asked, openRadio, radioEvents } = machine();
  kernel.answer(commands.GET_REG, () => ({ replies: [regulatoryDescription.build({ alpha2: "US" })] }));
  const radio = openRadio();
  radio.setCountry("US");
  assert.equal(requestRegulatory.decode(asked(commands.REQ_SET_REG)[0]?.attributes ?? assert.fail()).alpha2, "US");
  assert.deepEqual(radio.regulatoryDomain(), { alpha2: "US", initiator: "unknown" });
  kernel.emit("regulatory", messageOf(events.regulatoryChange));
  const ofAnother = regulatoryChange.build({ wiphy: 5, alpha2: "DE" });
  kernel.emit("regulatory", { ...ofAnother, command: commands.WIPHY_REG_CHANGE });
  kernel.deliver();
  assert.deepEqual(radioEvents, [{ type: "regulatory-changed", domain: { alpha2: "US", initiator: "user" } }]);
  assert.deepEqual(radio.regulatoryDomain(), { alpha2: "US", initiator: "user" });
});

test("thresholds are set, and switched off", () => {
  const { asked, openRadio } = machine();
  const radio = openRadio();
  radio.setRtsThreshold(500);
  radio.setRtsThreshold(undefined);
  radio.setFragmentationThreshold(1000);
  const [rts, off, fragmentation] = asked(commands.SET_WIPHY).map(({ attributes }) => setWiphy.decode(attributes));
  assert.equal(rts?.rtsThreshold, 500);
  assert.equal(off?.rtsThreshold, 0xffff_ffff);
  assert.equal(fragmentation?.fragmentationThreshold, 1000);
});

test("a station that the driver removes is told; the echo of a command, and old news, aren't", () => {
  const { kernel, bssEvents, openBss } = machine();
  const bss = openBss();
  const known = new Set<string>();
  kernel.answer(commands.GET_STATION, (attributes) => {
    const { station: wanted = "" } = delStation.decode(attributes);
    return known.has(wanted)
      ? { replies: [stationDescription.build({ ifIndex: 3, station })] }
      : { errno: errnos.ENOENT };
  });
  const gone = delStation.build({ ifIndex: 3, station });
  bss.addStation(station, {});
  bss.removeStation(station);
  kernel.emit("mlme", gone);
  kernel.deliver();
  bss.addStation(station, {});
  known.add(station);
  kernel.emit("mlme", gone);
  kernel.deliver();
  assert.deepEqual(bssEvents, []);
  assert.notEqual(bss.statistics(station), undefined);
  known.delete(station);
  kernel.emit("mlme", gone);
  kernel.emit("mlme", gone);
  kernel.deliver();
  assert.deepEqual(bssEvents, [{ type: "station-removed", station }]);
  assert.equal(bss.statistics(station), undefined);
});

test("a cookie for each frame, from the answer or from the acknowledgement", () => {
  const { kernel, asked, openBss } = machine();
  const bss = openBss();
  kernel.answer(commands.FRAME, (attributes) =>
    sendFrame.decode(attributes).noAck === true ? {} : { replies: [cookieReply.build({ cookie: 77n })] },
  );
  kernel.answer(commands.CONTROL_PORT_FRAME, () => ({ cookie: Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 1) }));
  assert.equal(bss.sendManagement(Uint8Array.of(0xb0, 0)), 77n);
  assert.equal(bss.sendManagement(Uint8Array.of(0x50, 0), { noAck: true }), 0n);
  assert.equal(bss.sendEapol(station, Uint8Array.of(2, 3), { encrypt: false }), (1n << 56n) + 5n);
  assert.equal(asked(commands.CONTROL_PORT_FRAME).length, 1);
});

test("a key that isn't there, a counter that can't be read", () => {
  const { kernel, openBss } = machine();
  const bss = openBss();
  kernel.answer(commands.DEL_KEY, () => ({ errno: errnos.ENOENT }));
  kernel.answer(commands.GET_KEY, () => ({ errno: errnos.EINVAL }));
  bss.removeKey(0, station);
  assert.deepEqual(bss.keySequence(1), new Uint8Array(6));
  kernel.answer(commands.DEL_KEY, () => ({ errno: errnos.EINVAL, reason: "no such key index" }));
  assert.throws(() => bss.removeKey(9), /NL80211_CMD_DEL_KEY: EINVAL \(no such key index\)/);
});

test("without a control port EAPOL crosses packet sockets, of the bridge too", () => {
  const { driver, kernel, openRadio, asked } = machine([wiphyPart.build({ wiphy: 0, name: "phy0" })]);
  const heard: BssEvent[] = [];
  const bss = openRadio().openBss({ interfaceName: "wlan0", bridge: "br0" }, (event) => heard.push(event));
  bss.startAp(parameters);
  const started = startAp.decode(asked(commands.START_AP)[0]?.attributes ?? assert.fail());
  assert.equal(started.controlPortOverNl80211, undefined);
  const etherType = Uint8Array.of(0x88, 0x8e);
  const payload = Uint8Array.of(1, 3, 0, 0);
  const frame = concat(encodeMacAddress(ownAddress), encodeMacAddress(station), etherType, payload);
  const bridge = [...kernel.links.values()].find(({ name }) => name === "br0") ?? assert.fail();
  for (const index of [3, bridge.index]) kernel.receivePacket(index, frame);
  kernel.receivePacket(3, Uint8Array.of(1, 2, 3));
  kernel.deliver();
  const eapol = { type: "eapol", source: station, payload, encrypted: true };
  assert.deepEqual(heard, [eapol, eapol]);
  assert.equal(bss.sendEapol(station, payload, { encrypt: true }), 0n);
  const sent = concat(encodeMacAddress(station), encodeMacAddress(ownAddress), etherType, payload);
  assert.deepEqual(kernel.packets, [{ ifIndex: 3, frame: sent }]);
  driver.close();
  assert.equal(kernel.openSockets, 0);
});
