/** The driver port as an access point uses it, with the refusals that Linux would give. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { hexOf, Reader, utf8 } from "../../base/bytes.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import { decodeBeacon, encodeBeacon } from "../../wire/ieee80211/beacon.ts";
import { dataHeader } from "../../wire/ieee80211/data-frame.ts";
import { elementId } from "../../wire/ieee80211/element.ts";
import { decodeManagementHeader, encodeManagementFrame } from "../../wire/ieee80211/frame.ts";
import { etherType } from "../../wire/ieee80211/llc-snap.ts";
import { cipherSuite } from "../../wire/ieee80211/suites.ts";
import type { ApParameters, BssEvent, BssPort, RadioEvent } from "../port.ts";
import { CipherKey } from "./cipher-key.ts";
import { createVirtualDriver } from "./index.ts";
import { openData, sealData, splitData } from "./mac.ts";
import { type Antenna, VirtualMedium } from "./medium.ts";

const station = "02:00:00:00:00:99" as MacAddress;
const key = Uint8Array.from({ length: 16 }, (_, i) => i);

function parameters(address: MacAddress, more: Partial<ApParameters> = {}): ApParameters {
  const header = { subtype: "beacon", receiver: broadcast, transmitter: address, bssid: address } as const;
  const body = { timestamp: 0n, interval: 100, capabilities: new Set(["ess"]), elements: [] } as const;
  return {
    ssid: utf8("somename"),
    hiddenSsid: "no",
    beaconInterval: 100,
    dtimPeriod: 2,
    channel: { frequency: 2412, width: "20", centerFrequency1: 2412 },
    beacon: {
      head: encodeManagementFrame(header, encodeBeacon(body as never)),
      tail: Uint8Array.of(42, 1, 0),
      beaconElements: new Uint8Array(),
      probeResponseElements: new Uint8Array(),
      associationResponseElements: new Uint8Array(),
    },
    security: { privacy: false, wpaVersions: [], akmSuites: [], pairwiseCiphers: [], groupCipher: undefined },
    protection: { shortPreamble: false, shortSlot: false, ctsProtection: false, htOperationMode: undefined },
    basicRates: [10],
    isolate: false,
    maxInactivity: seconds(300),
    ...more,
  };
}

function setUp() {
  const clock = new VirtualClock();
  const medium = new VirtualMedium(clock);
  const uplink: Uint8Array[] = [];
  const driver = createVirtualDriver(medium, clock, new FixedEntropy(1), {
    interfaces: ["wlan0", "wlan1"],
    uplink: (_, frame) => void uplink.push(frame),
  });
  const radioEvents: RadioEvent[] = [];
  const radio = driver.openRadio("wlan0", (event) => void radioEvents.push(event));
  const events: BssEvent[] = [];
  const bss = radio.openBss({ interfaceName: "wlan0" }, (event) => void events.push(event));
  const heard: Uint8Array[] = [];
  const antenna: Antenna = {
    frequency: () => 2412,
    answersTo: (address) => address === station,
    receive: (frame) => void heard.push(frame),
  };
  const attachment = medium.attach(antenna);
  const pass = (ms: number): void => clock.advance(milliseconds(ms));
  return { clock, medium, driver, radio, radioEvents, bss, events, heard, antenna, attachment, uplink, pass };
}

const refuses = (errno: string, action: () => unknown): void =>
  assert.throws(action, (thrown) => thrown instanceof KernelRefusal && thrown.errno === errno);

function associate(bss: BssPort): void {
  bss.addStation(station, { aid: 1, listenInterval: 1, flags: {} });
  bss.setStation(station, { flags: { authenticated: true, associated: true } });
}

const toAp = (bss: BssPort, destination: MacAddress, payload: string, by?: CipherKey, sequence = 0): Uint8Array =>
  sealData(
    dataHeader({ direction: "to-ap", bssid: bss.address, source: station, destination }, { sequence }),
    { etherType: 0x88b5, payload: utf8(payload) },
    by,
  );

test("there are the interfaces that there are", () => {
  const { driver } = setUp();
  refuses("ENODEV", () => driver.openRadio("wlan7", () => undefined));
  refuses("EBUSY", () => driver.openRadio("wlan0", () => undefined));
  const second = driver.openRadio("wlan1", () => undefined);
  second.close();
  driver.openRadio("wlan1", () => undefined);
  driver.close();
  driver.openRadio("wlan0", () => undefined);
});

test("a country's rules come into force, once they have been asked for", () => {
  const { radio, radioEvents, pass } = setUp();
  const allowed = (): number[] =>
    radio
      .capabilities()
      .bands.flatMap(({ channels }) => channels)
      .filter(({ disabled, noIr, radar }) => !disabled && !noIr && !radar)
      .map(({ frequency }) => frequency);
  assert.deepEqual(
    allowed(),
    Array.from({ length: 11 }, (_, i) => 2412 + 5 * i),
  );
  radio.setCountry("DE");
  assert.equal(radio.regulatoryDomain().alpha2, "00");
  pass(10);
  assert.deepEqual(radioEvents, [{ type: "regulatory-changed", domain: { alpha2: "DE", initiator: "user" } }]);
  assert.ok(allowed().includes(2472) && allowed().includes(5180) && !allowed().includes(2484));
  radio.setCountry("XX");
  pass(10);
  assert.equal(radio.regulatoryDomain().alpha2, "DE");
});

test("40 MHz where a country's channels have room for it", () => {
  const { radio } = setUp();
  const channels = radio.capabilities().bands.flatMap((band) => band.channels);
  const pairs = (frequency: number): string => {
    const channel = channels.find((each) => each.frequency === frequency) ?? assert.fail();
    return `${channel.noHt40Minus ? "" : "-"}${channel.noHt40Plus ? "" : "+"}`;
  };
  assert.deepEqual([2412, 2437, 2462, 2484].map(pairs), ["+", "-+", "-", ""]);
  assert.deepEqual([5180, 5200, 5240, 5700, 5720, 5745, 5825].map(pairs), ["+", "-", "-", "+", "-", "+", ""]);
});

test("beacons carry time and TIM, and stop with the access point", () => {
  const { bss, heard, pass } = setUp();
  bss.startAp(parameters(bss.address));
  refuses("EALREADY", () => bss.startAp(parameters(bss.address)));
  pass(1000);
  const beacons = heard.map((frame) => {
    const r = new Reader(frame, ["frame"]);
    return { header: decodeManagementHeader(r), ...decodeBeacon(r) };
  });
  assert.equal(beacons.length, 10);
  assert.deepEqual(beacons.map(({ header }) => header.sequence).slice(0, 3), [0, 1, 2]);
  assert.deepEqual(
    beacons.slice(0, 4).map(({ elements }) => elements[0]?.data[0]),
    [0, 1, 0, 1],
    "DTIM count",
  );
  assert.deepEqual(
    beacons[3]?.elements.map(({ id }) => id),
    [elementId.tim, 42],
  );
  assert.equal(beacons[3]?.timestamp, 307_200n);
  bss.stopAp();
  heard.length = 0;
  pass(1000);
  assert.equal(heard.length, 0);
});

test("a channel that is not allowed, one that is not the radio's, and a radio that is switched off", () => {
  const { driver, radio, bss, events } = setUp();
  const on = (frequency: number) => ({ channel: { frequency, width: "20", centerFrequency1: frequency } as const });
  refuses("EINVAL", () => bss.startAp(parameters(bss.address, on(2484))));
  refuses("EINVAL", () => bss.startAp(parameters(bss.address, on(5180))));
  bss.startAp(parameters(bss.address));
  const second = radio.openBss({ interfaceName: "wlan0_1" }, () => undefined);
  assert.notEqual(second.address, bss.address);
  refuses("EBUSY", () => second.startAp(parameters(second.address, on(2437))));
  second.startAp(parameters(second.address));
  driver.switchRfkill(true);
  assert.ok(radio.isRfkillBlocked());
  assert.deepEqual(events, [{ type: "link", state: "down" }]);
  refuses("ERFKILL", () => bss.startAp(parameters(bss.address)));
});

test("a station's state changes only as Linux lets it", () => {
  const { bss } = setUp();
  refuses("ENOENT", () => bss.addStation(station, { aid: 1 }));
  bss.startAp(parameters(bss.address));
  refuses("EINVAL", () => bss.addStation(station, { aid: 0 }));
  refuses("EINVAL", () => bss.addStation(broadcast, { aid: 1 }));
  bss.addStation(station, { aid: 1, flags: {} });
  refuses("EEXIST", () => bss.addStation(station, { aid: 1 }));
  refuses("EINVAL", () => bss.setStation(station, { flags: { associated: true } }));
  refuses("EINVAL", () => bss.setStation(station, { flags: { authenticated: true, authorized: true } }));
  bss.setStation(station, { aid: 2, flags: { authenticated: true, associated: true } });
  refuses("EINVAL", () => bss.setStation(station, { aid: 3 }));
  refuses("ENOENT", () => bss.setStation("02:00:00:00:00:98" as MacAddress, {}));
  bss.removeStation(station);
  bss.removeStation(station);
  assert.equal(bss.statistics(station), undefined);
});

test("what was sent is told of later, with whether it was acknowledged", () => {
  const { bss, events, pass, attachment } = setUp();
  bss.startAp(parameters(bss.address));
  const action = (receiver: MacAddress): Uint8Array =>
    encodeManagementFrame(
      { subtype: "action", receiver, transmitter: bss.address, bssid: bss.address },
      Uint8Array.of(4),
    );
  const first = bss.sendManagement(action(station));
  const second = bss.sendManagement(action("02:00:00:00:00:98" as MacAddress));
  bss.sendManagement(action(station), { noAck: true });
  assert.equal(events.length, 0);
  pass(50);
  assert.deepEqual(
    events.map((event) => event.type === "management-status" && [event.cookie, event.acknowledged]),
    [
      [first, true],
      [second, false],
    ],
  );
  associate(bss);
  bss.probeStation(station);
  pass(10);
  attachment.detach();
  bss.probeStation(station);
  pass(50);
  assert.deepEqual(events.slice(2), [
    { type: "probe-status", station, acknowledged: true },
    { type: "probe-status", station, acknowledged: false },
  ]);
  refuses("EINVAL", () => bss.sendManagement(Uint8Array.of(8, 0)));
});

test("data of strangers is unexpected, of the unauthorized dropped, of the others passed on", () => {
  const { medium, bss, events, uplink, antenna, pass } = setUp();
  const wired = "02:aa:aa:aa:aa:aa" as MacAddress;
  let sequence = 0;
  bss.startAp(parameters(bss.address));
  const send = (): void => {
    medium.transmit(antenna, toAp(bss, wired, "data", undefined, sequence++), 2412);
    pass(5);
  };
  send();
  assert.deepEqual(events, [{ type: "unexpected-frame", source: station, fourAddress: false }]);
  associate(bss);
  send();
  assert.equal(uplink.length, 0);
  bss.setStation(station, { flags: { authorized: true } });
  send();
  assert.deepEqual(
    uplink.map((frame) => hexOf(frame)),
    [`02aaaaaaaaaa02000000009988b5${hexOf(utf8("data"))}`],
  );
  assert.equal(bss.statistics(station)?.rxPackets, 2);
  assert.ok((bss.statistics(station)?.inactive ?? 99) < 6);
});

test("with a key in place, only what it protects comes through, and once", () => {
  const { medium, bss, uplink, antenna, pass } = setUp();
  bss.startAp(parameters(bss.address, { security: { ...parameters(bss.address).security, privacy: true } }));
  associate(bss);
  bss.setStation(station, { flags: { authorized: true } });
  bss.installKey({ cipher: cipherSuite.CCMP, key, index: 0, station });
  const theirs = new CipherKey(key, 0);
  const sealed = toAp(bss, broadcast, "sealed", theirs, 1);
  medium.transmit(antenna, toAp(bss, broadcast, "plain", undefined, 0), 2412);
  medium.transmit(antenna, sealed, 2412);
  medium.transmit(antenna, sealed, 2412);
  medium.transmit(antenna, toAp(bss, broadcast, "wrong key", new CipherKey(new Uint8Array(16), 0), 2), 2412);
  pass(10);
  assert.equal(uplink.length, 1);
  assert.ok(hexOf(uplink[0] ?? new Uint8Array()).endsWith(hexOf(utf8("sealed"))));
  refuses("EINVAL", () => bss.installKey({ cipher: cipherSuite.TKIP, key: new Uint8Array(32), index: 0, station }));
  refuses("ENOENT", () => bss.installKey({ cipher: cipherSuite.CCMP, key, index: 0, station: broadcast }));
});

test("group frames go out under the default group key, which counts", () => {
  const { bss, heard, pass } = setUp();
  bss.startAp(parameters(bss.address, { security: { ...parameters(bss.address).security, privacy: true } }));
  pass(1);
  heard.length = 0;
  const ethernet = Uint8Array.of(...Array(6).fill(0xff), 2, 0, 0, 0, 0, 1, 0x88, 0xb5, 7);
  bss.sendEthernet(ethernet);
  pass(5);
  assert.equal(heard.length, 0, "a protected network has no group traffic before its key");
  refuses("ENOENT", () => bss.setDefaultKey(1, "multicast"));
  bss.installKey({ cipher: cipherSuite.CCMP, key, index: 1 });
  bss.setDefaultKey(1, "multicast");
  bss.sendEthernet(ethernet);
  bss.sendEthernet(ethernet);
  pass(5);
  assert.deepEqual([...bss.keySequence(1)], [2, 0, 0, 0, 0, 0]);
  const msdu = openData(splitData(heard[0] ?? assert.fail()), new CipherKey(key, 1));
  assert.deepEqual(msdu, { etherType: 0x88b5, payload: Uint8Array.of(7) });
  bss.removeKey(1);
  assert.deepEqual([...bss.keySequence(1)], [0, 0, 0, 0, 0, 0]);
});

test("EAPOL crosses whatever the port's state, and tells whether it was protected", () => {
  const { medium, bss, events, heard, antenna, pass } = setUp();
  bss.startAp(parameters(bss.address));
  associate(bss);
  const eapol = (by: CipherKey | undefined, sequence: number): Uint8Array =>
    sealData(
      dataHeader({ direction: "to-ap", bssid: bss.address, source: station, destination: bss.address }, { sequence }),
      { etherType: etherType.eapol, payload: Uint8Array.of(1, 3) },
      by,
    );
  medium.transmit(antenna, eapol(undefined, 0), 2412);
  bss.installKey({ cipher: cipherSuite.CCMP, key, index: 0, station });
  medium.transmit(antenna, eapol(new CipherKey(key, 0), 1), 2412);
  pass(5);
  heard.length = 0;
  bss.sendEapol(station, Uint8Array.of(2, 3), { encrypt: false });
  bss.sendEapol(station, Uint8Array.of(2, 3), { encrypt: true });
  pass(5);
  assert.deepEqual(
    events.map((event) => event.type === "eapol" && event.encrypted),
    [false, true, false, false],
  );
  assert.deepEqual(events.slice(2), [
    { type: "eapol-status", cookie: 1n, station, acknowledged: true },
    { type: "eapol-status", cookie: 2n, station, acknowledged: true },
  ]);
  assert.deepEqual(
    heard.map((frame) => splitData(frame).header.protected),
    [false, true],
  );
});

test("a station out of reach is told of once", () => {
  const { bss, events, attachment, pass } = setUp();
  bss.startAp(parameters(bss.address));
  associate(bss);
  attachment.detach();
  for (let i = 0; i < 60; i++) {
    bss.sendEapol(station, Uint8Array.of(2, 3), { encrypt: false });
    pass(20);
  }
  assert.equal(events.filter(({ type }) => type === "low-acknowledgement").length, 1);
  assert.equal(bss.statistics(station)?.txFailed, 60);
});
