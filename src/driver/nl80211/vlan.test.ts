/** VLAN interfaces, their bridges and tags, on a scripted kernel: what is made, what is found, what is left. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wiphyParts } from "../../../test/vectors/nl80211.ts";
import { ScriptedKernel, type ScriptedLink } from "../../../testing/scripted-kernel.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { bytesOfHex } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { Log } from "../../base/log.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { decodeGeneric } from "../../wire/netlink/generic.ts";
import { decodeMessages } from "../../wire/netlink/message.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { delInterface, getInterface, interfaceDescription, newInterface } from "../../wire/nl80211/interface.ts";
import { delStation, setStation, stationDescription } from "../../wire/nl80211/station.ts";
import type { BssEvent, OpenVlan } from "../port.ts";
import { Nl80211Driver } from "./index.ts";

const own = "02:00:00:00:00:00" as MacAddress;
const station = "02:00:00:00:01:00" as MacAddress;
const ENOENT = 2;

/** A machine whose wlan0 is an access point's; `before` is there besides. */
function machine(before: readonly Partial<ScriptedLink>[] = []) {
  const kernel = new ScriptedKernel();
  const types = new Map<number, number>([[3, interfaceTypes.AP]]);
  const add = (index: number, name: string, more: Partial<ScriptedLink> = {}) =>
    kernel.addLink({ index, name, up: false, address: own, master: undefined, ...more });
  add(3, "wlan0", { up: true });
  before.forEach((link, i) => {
    add(10 + i, link.name ?? "", link);
  });
  const parts = wiphyParts.map((text) => {
    const [message] = decodeMessages(bytesOfHex(text) ?? assert.fail());
    return { name: "vector", ...decodeGeneric((message ?? assert.fail()).payload) };
  });
  kernel
    .answer(commands.GET_WIPHY, () => ({ replies: parts }))
    .answer(commands.GET_INTERFACE, (attributes) => {
      const { ifIndex = 0 } = getInterface.decode(attributes);
      const type = types.get(ifIndex);
      return type === undefined
        ? { errno: 19 }
        : { replies: [interfaceDescription.build({ ifIndex, wiphy: 0, type })] };
    })
    .answer(commands.NEW_INTERFACE, (attributes) => {
      const { name, type } = newInterface.decode(attributes);
      const index = Math.max(...kernel.links.keys()) + 1;
      types.set(index, type);
      add(index, name, { address: "02:00:00:00:00:77" as MacAddress });
      return { replies: [interfaceDescription.build({ ifIndex: index, wiphy: 0, type })] };
    })
    .answer(commands.DEL_INTERFACE, (attributes) => {
      kernel.removeLink(delInterface.decode(attributes).ifIndex);
      return {};
    });
  const log: string[] = [];
  const events: BssEvent[] = [];
  const driver = new Nl80211Driver(
    kernel,
    new VirtualClock(),
    new Log(({ level, text }) => log.push(`${level} ${text}`)),
  );
  const open = () =>
    driver.openRadio("wlan0", () => undefined).openBss({ interfaceName: "wlan0" }, (event) => events.push(event));
  const link = (name: string) => [...kernel.links.values()].find((candidate) => candidate.name === name);
  const names = () => [...kernel.links.values()].map(({ name }) => name).sort();
  return { kernel, driver, open, log, events, link, names };
}

const vlan = (id: number, more: Partial<OpenVlan> = {}): OpenVlan => ({
  interfaceName: `wlan0.${id}`,
  network: { bridge: `br${id}`, uplink: { name: `vlan${id}`, parent: "eth0", vlanId: id } },
  ...more,
});
const ignored = (): void => undefined;

describe("a VLAN", () => {
  test("its interface has the access point's address, is in the bridge with the tagged one, and all goes again", () => {
    const { open, link, names, kernel } = machine([{ name: "eth0" }]);
    const bss = open();
    const port = bss.openVlan(vlan(5), ignored);
    const [made] = kernel.requests.filter(({ command }) => command === commands.NEW_INTERFACE);
    const { type, socketOwner, fourAddress } = newInterface.decode((made ?? assert.fail()).attributes);
    assert.deepEqual([type, socketOwner, fourAddress], [interfaceTypes.AP_VLAN, true, undefined]);
    assert.deepEqual(names(), ["br5", "eth0", "vlan5", "wlan0", "wlan0.5"]);
    const bridge = link("br5")?.index;
    assert.equal(link("wlan0.5")?.address, own);
    assert.deepEqual([link("wlan0.5")?.master, link("vlan5")?.master], [bridge, bridge]);
    assert.deepEqual([link("vlan5")?.parent, link("vlan5")?.vlanId], [link("eth0")?.index, 5]);
    assert.ok(["br5", "eth0", "vlan5", "wlan0.5"].every((name) => link(name)?.up));
    assert.deepEqual([link("br5")?.alias, link("vlan5")?.alias], ["beacond 1-1", "beacond 1-1"]);
    port.close();
    assert.deepEqual(names(), ["eth0", "wlan0"]);
    assert.equal(link("eth0")?.up, false);
  });

  test("bridge and tag are shared, and stay until the last", () => {
    const { open, names } = machine([{ name: "eth0", up: true }]);
    const bss = open();
    const network = vlan(5).network ?? assert.fail();
    const ports = [1, 2, 3].map((n) => bss.openVlan({ interfaceName: `sta${n}`, network }, ignored));
    ports[0]?.close();
    ports[2]?.close();
    assert.deepEqual(names(), ["br5", "eth0", "sta2", "vlan5", "wlan0"]);
    ports[1]?.close();
    assert.deepEqual(names(), ["eth0", "wlan0"]);
  });

  test("the end of the access point is the end of them", () => {
    const { open, names } = machine([{ name: "eth0", up: true }]);
    const bss = open();
    bss.openVlan(vlan(5), ignored);
    bss.openVlan(vlan(6), ignored);
    bss.close();
    assert.deepEqual(names(), ["eth0", "wlan0"]);
  });

  test("stations move by their driver entry, and back to the access point's own interface", () => {
    const { open, kernel, link } = machine();
    const bss = open();
    const port = bss.openVlan({ interfaceName: "wlan0.5", fourAddresses: true }, ignored);
    bss.assignStation(station, port);
    bss.assignStation(station, undefined);
    const moves = kernel.requests
      .filter(({ command }) => command === commands.SET_STATION)
      .map(({ attributes }) => setStation.decode(attributes));
    assert.deepEqual(
      moves.map((move) => [move.ifIndex, move.station, move.vlan]),
      [
        [3, station, link("wlan0.5")?.index],
        [3, station, 3],
      ],
    );
  });

  test("what the kernel tells of its stations, it tells under the VLAN's index", () => {
    const { open, kernel, events, link } = machine();
    const bss = open();
    const port = bss.openVlan({ interfaceName: "wlan0.5" }, ignored);
    kernel.answer(commands.GET_STATION, () => ({ errno: ENOENT }));
    bss.addStation(station, {});
    kernel.emit("mlme", delStation.build({ ifIndex: port.interfaceIndex, station }));
    kernel.deliver();
    assert.deepEqual(events, [{ type: "station-removed", station }]);
    kernel.answer(commands.GET_STATION, (attributes) => ({
      replies:
        delStation.decode(attributes).ifIndex === link("wlan0.5")?.index
          ? [stationDescription.build({ ifIndex: port.interfaceIndex, station })]
          : [],
    }));
    assert.deepEqual(bss.stations(), [station]);
    port.close();
    assert.deepEqual(bss.stations(), []);
  });

  test("somebody removes its interface: that is told, once", () => {
    const { open, kernel, link, names } = machine([{ name: "eth0", up: true }]);
    let removals = 0;
    const port = open().openVlan(vlan(5), () => {
      removals += 1;
      port.close();
    });
    kernel.removeLink(link("wlan0.5")?.index ?? 0);
    kernel.deliver();
    kernel.deliver();
    assert.equal(removals, 1);
    assert.deepEqual(names(), ["eth0", "wlan0"]);
  });
});

describe("what was there before stays", () => {
  test("a bridge, a tagged interface, also of another name, and the VLAN's interface itself", () => {
    const { open, kernel, link, names, log } = machine([
      { name: "eth0", up: true },
      { name: "br5", kind: "bridge" },
      { name: "lan5", kind: "vlan", parent: 10, vlanId: 5, master: 11, up: true },
    ]);
    const bss = open();
    kernel.deliver();
    const before = names();
    const port = bss.openVlan(vlan(5), ignored);
    assert.deepEqual(names(), [...before, "wlan0.5"].sort());
    assert.ok(log.some((line) => /there as lan5 and used, instead of vlan5/.test(line)));
    assert.equal(link("wlan0.5")?.master, 11);
    port.close();
    assert.deepEqual(names(), before);
    assert.equal(link("lan5")?.master, 11);
  });

  test("an interface in another bridge is not taken out of it", () => {
    const { open, link, log } = machine([
      { name: "eth0", up: true },
      { name: "other", kind: "bridge" },
      { name: "vlan5", kind: "vlan", parent: 10, vlanId: 5, master: 11 },
    ]);
    open().openVlan(vlan(5), ignored);
    assert.equal(link("vlan5")?.master, 11);
    assert.ok(log.some((line) => /vlan5 is in other already/.test(line)));
  });

  test("names that are something else: refused, with nothing changed", () => {
    for (const taken of [{ name: "wlan0.5" }, { name: "br5", kind: "dummy" }]) {
      const { open, names } = machine([{ name: "eth0", up: true }, taken]);
      const bss = open();
      const before = names();
      assert.throws(() => bss.openVlan(vlan(5), ignored), KernelRefusal);
      assert.deepEqual(names(), before);
    }
  });

  test("no way out by the wire is no reason not to let stations in", () => {
    for (const links of [[], [{ name: "eth0", up: true }, { name: "vlan5" }]]) {
      const { open, names, log } = machine(links);
      open().openVlan(vlan(5), ignored);
      assert.ok(names().includes("wlan0.5"));
      assert.ok(
        log.some((line) => /^warning VLAN 5 has no way out by eth0/.test(line)),
        String(links.length),
      );
    }
  });
});

describe("what a process that is gone has left", () => {
  const left = [
    { name: "eth0", up: true },
    { name: "br5", kind: "bridge", alias: "beacond 7-7" },
    { name: "vlan5", kind: "vlan", parent: 10, vlanId: 5, master: 11, alias: "beacond 7-7" },
    { name: "br6", kind: "bridge", alias: "beacond 7-7" },
    { name: "eth1", master: 13 },
    { name: "br7", kind: "bridge", alias: "beacond 8-8" },
    { name: "br8", kind: "bridge", alias: "a note of somebody else" },
  ];

  test("is removed, but for a bridge that somebody uses; of one that is there nothing", () => {
    const { kernel, open, names } = machine(left);
    kernel.processes.add("8-8");
    open();
    assert.deepEqual(names(), ["br6", "br7", "br8", "eth0", "eth1", "wlan0"]);
  });

  test("and what is used again is ours to remove then", () => {
    const { kernel, open, names, link } = machine(left);
    kernel.processes.add("8-8");
    const port = open().openVlan({ interfaceName: "wlan0.6", network: { bridge: "br6" } }, ignored);
    assert.equal(link("br6")?.alias, "beacond 1-1");
    kernel.removeLink(link("eth1")?.index ?? 0);
    port.close();
    assert.deepEqual(names(), ["br7", "br8", "eth0", "wlan0"]);
  });
});
