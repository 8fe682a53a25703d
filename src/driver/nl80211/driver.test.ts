import assert from "node:assert/strict";
import { test } from "node:test";
import { events } from "../../../test/vectors/nl80211.ts";
import {
  errnos,
  machine,
  management,
  messageOf,
  ownAddress,
  parameters,
  refuses,
} from "../../../testing/nl80211-machine.ts";
import { startAp } from "../../wire/nl80211/access-point.ts";
import { frameStatus } from "../../wire/nl80211/frame.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { regulatoryChange, regulatoryDescription, requestRegulatory } from "../../wire/nl80211/regulatory.ts";
import { setWiphy } from "../../wire/nl80211/wiphy.ts";
import type { BssEvent } from "../port.ts";

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
