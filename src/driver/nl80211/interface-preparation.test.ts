/** An interface becomes an access point's, and what it was again. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { errnos, machine, ownAddress, refuses, station } from "../../../testing/nl80211-machine.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { setInterface } from "../../wire/nl80211/interface.ts";

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

describe("another bridge", () => {
  const links = (kernel: ReturnType<typeof machine>["kernel"]) =>
    new Map([...kernel.links.values()].map((link) => [link.name, link]));
  const masterOf = (kernel: ReturnType<typeof machine>["kernel"], name = "wlan0"): string | undefined => {
    const master = links(kernel).get(name)?.master;
    return master === undefined ? undefined : kernel.links.get(master)?.name;
  };

  test("from none into one, into another, out of it, and back to what was found", () => {
    const { driver, kernel, openRadio } = machine();
    kernel.addLink({ index: 8, name: "br7", up: false, address: ownAddress, master: undefined, kind: "bridge" });
    kernel.addLink({ index: 3, name: "wlan0", up: true, address: ownAddress, master: 8 });
    const bss = openRadio().openBss({ interfaceName: "wlan0" }, () => undefined);
    assert.equal(masterOf(kernel), "br7");
    bss.setBridge({ bridge: "br9" });
    assert.equal(masterOf(kernel), "br9");
    assert.deepEqual(bss.bridge, { name: "br9", bridgeMade: true, interfaceEntered: true });
    bss.setBridge({ bridge: "br7" });
    assert.equal(masterOf(kernel), "br7");
    assert.ok(!links(kernel).has("br9"), "nobody else was in it");
    assert.equal(links(kernel).get("br7")?.up, false, "it is somebody else's");
    assert.deepEqual(bss.bridge, { name: "br7", bridgeMade: false, interfaceEntered: false });
    bss.setBridge({ bridge: "br9" });
    driver.close();
    assert.equal(masterOf(kernel), "br7");
    assert.ok(!links(kernel).has("br9"));
  });

  test("what can't be entered is refused, and the interface stays where it was", () => {
    const { kernel, openRadio } = machine();
    kernel.addLink({ index: 20, name: "eth0", up: true, address: station, master: undefined });
    const bss = openRadio().openBss({ interfaceName: "wlan0", bridge: "br9" }, () => undefined);
    assert.throws(() => bss.setBridge({ bridge: "eth0" }), refuses("EEXIST"));
    assert.equal(masterOf(kernel), "br9");
    assert.equal(bss.bridge?.name, "br9");
  });

  test("what a killed process has left: the interface is out of its bridge, which goes, whatever bridge is wanted now", () => {
    for (const wanted of [undefined, "br0", "br1"]) {
      const { driver, kernel, openRadio } = machine();
      const alias = "beacond 7-7";
      kernel.addLink({
        index: 8,
        name: "br0",
        up: true,
        address: ownAddress,
        master: undefined,
        kind: "bridge",
        alias,
      });
      kernel.addLink({ index: 3, name: "wlan0", up: true, address: ownAddress, master: 8 });
      openRadio().openBss({ interfaceName: "wlan0", ...(wanted ? { bridge: wanted } : {}) }, () => undefined);
      assert.equal(masterOf(kernel), wanted);
      assert.equal(links(kernel).has("br0"), wanted === "br0");
      driver.close();
      assert.deepEqual([...links(kernel).keys()].sort(), ["lo", "wlan0"]);
      assert.equal(masterOf(kernel), undefined);
    }
  });

  test("unless somebody else has put an interface into it since", () => {
    const { driver, kernel, openRadio } = machine();
    const alias = "beacond 7-7";
    kernel.addLink({ index: 8, name: "br0", up: true, address: ownAddress, master: undefined, kind: "bridge", alias });
    kernel.addLink({ index: 3, name: "wlan0", up: true, address: ownAddress, master: 8 });
    kernel.addLink({ index: 20, name: "eth0", up: true, address: station, master: 8 });
    openRadio().openBss({ interfaceName: "wlan0" }, () => undefined);
    driver.close();
    assert.equal(masterOf(kernel, "eth0"), "br0");
    assert.equal(masterOf(kernel), undefined);
  });
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
