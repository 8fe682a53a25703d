/** What the kernel tells: of links, of stations, in any amount, in any shape. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { errnos, machine, management, ownAddress, station } from "../../../testing/nl80211-machine.ts";
import { seconds } from "../../base/duration.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { regulatoryDescription } from "../../wire/nl80211/regulatory.ts";
import { delStation, stationDescription } from "../../wire/nl80211/station.ts";

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

test("a station that the kernel has already, from whomever, is removed and added anew", () => {
  const { kernel, openBss } = machine();
  const bss = openBss();
  const present = new Set([station]);
  let added = 0;
  kernel.answer(commands.NEW_STATION, () => {
    added += 1;
    return present.has(station) ? { errno: errnos.EEXIST } : {};
  });
  kernel.answer(commands.DEL_STATION, () => {
    present.delete(station);
    return {};
  });
  bss.addStation(station, {});
  assert.equal(present.size, 0);
  assert.equal(added, 2);
});
