/**
 * Whole lives of stations that a radio's firmware associates: access point, nl80211 driver and handshakes are the real
 * ones, the kernel is scripted after the driver of the Raspberry Pi's own chip. None of it has met the hardware.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inactivityTimer, ownAddress } from "../../testing/fullmac-kernel.ts";
import { FullMacNetwork, type FullMacStation } from "../../testing/fullmac-network.ts";
import { bytesOfHex, concat } from "../base/bytes.ts";
import { broadcast, encodeMacAddress, type MacAddress } from "../base/mac-address.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { receivedFrame } from "../wire/nl80211/frame.ts";
import { commands } from "../wire/nl80211/generated/commands.ts";

const open = "ieee80211n=1\nwmm_enabled=1";
const psk = `${open}\nwpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_psk=${"5a".repeat(32)}`;
const minute = 60_000;

const start = (configuration = psk, ...more: [object?, Record<string, string>?]) =>
  new FullMacNetwork(configuration, ...more).start();

const dismissal = (station: MacAddress, subtype: "deauthentication" | "disassociation", reason: number) => ({
  station,
  subtype: subtype === "deauthentication" ? 12 : 10,
  reason,
});

/** Its port is open, and the firmware knows it. */
function expectConnected(network: FullMacNetwork, { address }: FullMacStation): void {
  assert.equal(network.bss.stations.get(address)?.isAuthorized, true);
  assert.equal(network.kernel.stations.get(address)?.authorized, true);
}

/** The firmware sends all management frames but Action frames. */
function expectNoFramesOfOurs({ kernel }: FullMacNetwork): void {
  assert.equal(kernel.count(commands.FRAME), 0);
  assert.equal(kernel.count(commands.NEW_STATION), 0);
}

test("it associates, proves that it knows the key, is let in, says goodbye", async () => {
  const network = await start();
  const station = network.station({ psk: "right" });
  station.associate();
  assert.deepEqual(network.eventsOf(station), ["station-associated", "station-connected", "handshake-completed"]);
  const entry = network.kernel.stations.get(station.address) ?? assert.fail("the firmware has lost it");
  assert.equal(entry.authorized, true);
  assert.ok(station.tk && entry.key);
  assert.deepEqual(new Uint8Array(entry.key), new Uint8Array(station.tk));
  assert.deepEqual([...network.kernel.groupKeys], [...station.groupKeys]);
  const known = network.bss.stations.get(station.address) ?? assert.fail();
  assert.deepEqual([known.isAssociated, known.isAuthorized, known.association?.aid], [true, true, undefined]);
  assert.equal(known.association?.htCapabilities?.length, 26);
  const associated = network.events.find(({ type }) => type === "station-associated");
  assert.ok(associated?.type === "station-associated" && associated.aid === undefined && !associated.again);
  const said = network.records.map(({ text }) => text).filter((text) => text.startsWith("associated"));
  assert.deepEqual(said, ["associated"]);

  station.depart();
  assert.deepEqual(network.eventsOf(station).slice(-2), ["station-left", "station-disconnected"]);
  assert.equal(network.bss.stations.size, 0);
  assert.deepEqual(network.kernel.dismissals, []);
  expectNoFramesOfOurs(network);
  network.stop();
  assert.deepEqual(network.clock.armed, []);
});

test("into an open network it is let at once", async () => {
  const network = await start(open);
  const station = network.station();
  station.associate();
  assert.deepEqual(network.eventsOf(station), ["station-associated", "station-connected"]);
  assert.equal(network.kernel.stations.get(station.address)?.authorized, true);
  network.stop();
});

test("a driver that tells of the RSNE alone, or of nothing", async () => {
  const network = await start(`${psk}\nrequire_ht=1`);
  const terse = network.station({ psk: "right", told: [elementId.rsn] });
  terse.associate();
  expectConnected(network, terse);
  network.stop();
  const unprotected = await start(`${open}\nrequire_ht=1`);
  const silent = unprotected.station();
  silent.associate(new Uint8Array());
  expectConnected(unprotected, silent);
  unprotected.stop();
});

test("who doesn't fit is sent away with the reason, and told of with words", async () => {
  const network = await start(`${psk}\nrequire_ht=1`);
  const cases: [Parameters<typeof network.station>[0], number, string][] = [
    [{ psk: "right", security: { pairwise: ["TKIP"] } }, 19, "invalid-pairwise-cipher"],
    [{ psk: "right", security: { group: "TKIP" } }, 18, "invalid-group-cipher"],
    [{ psk: "right", security: { akm: "WPA-PSK-SHA256" } }, 20, "invalid-akmp"],
    [{ psk: "right", security: { rsne: Uint8Array.of(1) } }, 13, "invalid-element"],
    [{}, 13, "invalid-element"],
    [{ psk: "right", ht: false }, 1, "no-ht-support"],
  ];
  for (const [options, reason, status] of cases) {
    const station = network.station(options);
    station.associate();
    assert.deepEqual(network.kernel.dismissals.splice(0), [dismissal(station.address, "disassociation", reason)]);
    const event = network.events.at(-1);
    assert.ok(event?.type === "station-refused" && event.station === station.address, JSON.stringify(event));
    assert.deepEqual([event.at, event.status], ["association", status]);
    assert.notEqual(event.explanation, "");
  }
  const broken = network.station({ psk: "right" });
  broken.associate(Uint8Array.of(48, 20, 1));
  assert.deepEqual(network.kernel.dismissals.splice(0), [dismissal(broken.address, "disassociation", 1)]);
  assert.equal(network.bss.stations.size, 0);
  assert.equal(network.kernel.stations.size, 0);
  expectNoFramesOfOurs(network);
  network.stop();
  assert.deepEqual(network.clock.armed, []);
});

test("address lists and the greatest number of stations count", async () => {
  const network = await start(
    `${psk}\nmax_num_sta=1\nmacaddr_acl=0\ndeny_mac_file=/deny`,
    {},
    { "/deny": "02:00:00:00:00:66\n" },
  );
  const denied = network.station({ psk: "right", address: "02:00:00:00:00:66" as MacAddress });
  denied.associate();
  assert.deepEqual(network.eventsOf(denied), ["rejected-blocked-station", "station-refused"]);
  assert.deepEqual(network.kernel.dismissals.splice(0), [dismissal(denied.address, "disassociation", 1)]);
  const one = network.station({ psk: "right" });
  const two = network.station({ psk: "right" });
  one.associate();
  two.associate();
  assert.deepEqual(network.eventsOf(two), ["rejected-max-stations", "station-refused"]);
  assert.deepEqual(network.kernel.dismissals, [dismissal(two.address, "disassociation", 5)]);
  // Whoever is in may associate anew.
  one.associate();
  assert.equal(network.eventsOf(one).filter((type) => type === "station-connected").length, 2);
  network.stop();
});

test("a wrong passphrase: told, and sent away when the handshake has taken too long", async () => {
  const network = await start();
  const wrong = network.station({ psk: "wrong" });
  wrong.associate();
  network.pass(10_000);
  const types = new Set(network.eventsOf(wrong));
  assert.ok(types.has("psk-mismatch") && types.has("handshake-timeout") && !types.has("station-connected"));
  assert.deepEqual(network.kernel.dismissals, [dismissal(wrong.address, "deauthentication", 15)]);
  assert.equal(network.bss.stations.size, 0);
  expectNoFramesOfOurs(network);
  network.stop();
});

test("sent away, with either frame, it may come back at once", async () => {
  const network = await start();
  const station = network.station({ psk: "right" });
  for (const subtype of ["deauthentication", "disassociation"] as const) {
    station.associate();
    expectConnected(network, station);
    network.bss.deauthenticate(station.address, "inactivity", subtype);
    assert.equal(network.bss.stations.size, 0);
    // The firmware's own report follows.
    network.pass(10_000);
    assert.deepEqual(network.kernel.dismissals.splice(0), [dismissal(station.address, subtype, 4)]);
    assert.deepEqual(network.eventsOf(station).slice(-2), ["station-left", "station-disconnected"]);
  }
  station.associate();
  network.bss.deauthenticate(station.address, "inactivity", "deauthentication");
  // It is back before the report of its dismissal is read: both are, in their order.
  station.associate();
  expectConnected(network, station);
  expectNoFramesOfOurs(network);
  network.stop();
});

test("all are sent away by name too, where the firmware takes the broadcast address for a stranger", async () => {
  const network = await start();
  const stations = [network.station({ psk: "right" }), network.station({ psk: "right" })];
  for (const station of stations) station.associate();
  network.bss.deauthenticate(broadcast, "leaving-network-deauthentication", "deauthentication");
  assert.deepEqual(
    network.kernel.dismissals,
    [broadcast, ...stations.map(({ address }) => address)].map((address) => dismissal(address, "deauthentication", 3)),
  );
  assert.equal(network.bss.stations.size, 0);
  network.stop();
});

test("it associates anew while it is associated: the port closes until it has proved itself again", async () => {
  const network = await start();
  const station = network.station({ psk: "right" });
  station.associate();
  const before = station.tk;
  station.isDeaf = true;
  station.associate();
  assert.equal(network.kernel.stations.get(station.address)?.authorized, false);
  assert.equal(network.bss.stations.get(station.address)?.isAuthorized, false);
  station.isDeaf = false;
  network.pass(2000);
  expectConnected(network, station);
  assert.notDeepEqual(station.tk, before);
  assert.equal(network.bss.associatedCount, 1);
  network.stop();
});

test("the group key changes under its feet", async () => {
  const network = await start(`${psk}\nwpa_group_rekey=60`);
  const station = network.station({ psk: "right" });
  station.associate();
  network.pass(3 * minute, 1000);
  assert.ok(network.events.filter(({ type }) => type === "group-key-changed").length >= 2);
  assert.deepEqual(station.groupKeys, network.kernel.groupKeys);
  assert.equal(network.bss.associatedCount, 1);
  network.stop();
});

test("silent for too long it is sent away, since the driver can't be asked to poll it; one that is heard stays", async () => {
  const network = await start(`${psk}\nap_max_inactivity=60`);
  const silent = network.station({ psk: "right" });
  const active = network.station({ psk: "right" });
  silent.associate();
  active.associate();
  const entry = network.kernel.stations.get(silent.address) ?? assert.fail();
  entry.idle = 61;
  network.pass(minute + 5000, 1000);
  assert.equal(network.kernel.count(commands.PROBE_CLIENT), 1);
  assert.deepEqual(network.kernel.dismissals, [dismissal(silent.address, "disassociation", 4)]);
  assert.deepEqual([...network.bss.stations.keys()], [active.address]);
  // It comes back, and the old timers leave it alone.
  silent.associate();
  network.pass(5000, 1000);
  assert.equal(network.bss.stations.size, 2);
  assert.equal(network.kernel.dismissals.length, 1);
  expectNoFramesOfOurs(network);
  network.stop();
  assert.deepEqual(network.clock.armed, []);
});

test("a firmware that watches inactivity is told the time, and left to it", async () => {
  const network = await start(`${psk}\nap_max_inactivity=60`, { features: inactivityTimer });
  assert.equal(network.kernel.running?.inactivityTimeout, 60);
  const station = network.station({ psk: "right" });
  station.associate();
  const entry = network.kernel.stations.get(station.address) ?? assert.fail();
  entry.idle = 1000;
  network.pass(10 * minute, 1000);
  assert.deepEqual([...network.bss.stations.keys()], [station.address]);
  station.depart();
  assert.equal(network.bss.stations.size, 0);
  network.stop();
});

test("after events were lost: who is gone is forgotten, who has come unseen has to come again", async () => {
  const network = await start();
  const [staying, gone, unseen] = [1, 2, 3].map(() => network.station({ psk: "right" }));
  assert.ok(staying && gone && unseen);
  staying.associate();
  gone.associate();
  network.kernel.stations.delete(gone.address);
  network.kernel.stations.set(unseen.address, { authorized: false, key: undefined, idle: 0 });
  network.kernel.overrun("mlme");
  network.pass(10);
  assert.deepEqual([...network.bss.stations.keys()], [staying.address]);
  assert.deepEqual(network.kernel.dismissals, [dismissal(unseen.address, "deauthentication", 2)]);
  network.stop();
});

test("firmware that can't list its stations loses none of them", async () => {
  const network = await start(psk, { listsStations: false });
  const station = network.station({ psk: "right" });
  station.associate();
  network.kernel.overrun("mlme");
  network.pass(10);
  assert.equal(network.bss.stations.get(station.address)?.isAuthorized, true);
  network.stop();
});

test("what the firmware has answered already is not answered again", async () => {
  const network = await start();
  const stranger = "02:00:00:00:00:99" as MacAddress;
  const header = (type: number) =>
    concat(
      Uint8Array.of(type, 0, 0, 0),
      encodeMacAddress(ownAddress),
      encodeMacAddress(stranger),
      encodeMacAddress(ownAddress),
      Uint8Array.of(0, 0),
    );
  const ssid = bytesOfHex("0008736f6d656e616d65010402040b16") ?? assert.fail();
  const frames = [
    concat(header(0xb0), Uint8Array.of(0, 0, 1, 0, 0, 0)),
    concat(header(0x00), Uint8Array.of(0x11, 0, 5, 0), ssid),
    concat(header(0x40), ssid),
  ];
  for (const frame of frames) {
    network.kernel.emitTo(commands.REGISTER_FRAME, receivedFrame.build({ ifIndex: 3, frame, frequency: 2412 }));
  }
  network.pass(10);
  assert.equal(network.events.filter(({ type }) => type === "probe-request").length, 1);
  assert.equal(network.bss.stations.size, 0);
  expectNoFramesOfOurs(network);
  network.stop();
});

test("an event in nobody's name, or before the access point is up, makes no station", async () => {
  const network = await start(`${psk}\nstart_disabled=1`);
  const early = network.station({ psk: "right" });
  early.associate();
  assert.equal(network.bss.stations.size, 0);
  network.stop();
  const other = await start();
  for (const address of [ownAddress, broadcast, "00:00:00:00:00:00" as MacAddress]) {
    other.station({ psk: "right", address }).associate();
  }
  assert.equal(other.bss.stations.size, 0);
  assert.deepEqual(other.kernel.dismissals, []);
  other.stop();
});

test("it begins and ends by sending everybody away, and leaves nothing behind", async () => {
  const network = new FullMacNetwork(psk);
  await network.start();
  const all = network.kernel.requests.filter(({ command }) => command === commands.DEL_STATION).length;
  assert.equal(all, 2);
  const station = network.station({ psk: "right" });
  station.associate();
  network.stop();
  assert.deepEqual(network.kernel.dismissals[0], dismissal(broadcast, "deauthentication", 3));
  assert.equal(network.kernel.running, undefined);
  assert.equal(network.kernel.openSockets, 0);
  assert.deepEqual(network.clock.armed, []);
});

test("whatever the firmware tells, and in whatever order: no station but those it has, and nothing left armed", async () => {
  const addresses = [1, 2, 3].map((last) => `02:00:00:00:01:0${last}` as MacAddress);
  const happening = fc.oneof(
    fc.record({ what: fc.constant("associate" as const), who: fc.nat(2), elements: fc.uint8Array({ maxLength: 60 }) }),
    fc.record({ what: fc.constantFrom("join" as const, "depart" as const, "kick" as const), who: fc.nat(2) }),
    fc.record({ what: fc.constantFrom("lose" as const, "wait" as const), who: fc.nat(2) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 30 }), async (happenings) => {
      const network = await start();
      const stations = addresses.map((address) => network.station({ psk: "right", address }));
      for (const event of happenings) {
        const station = stations[event.who] ?? assert.fail();
        if (event.what === "associate") station.associate(event.elements);
        else if (event.what === "join") station.associate();
        else if (event.what === "depart") station.depart();
        else if (event.what === "kick") network.bss.deauthenticate(station.address, "unspecified", "deauthentication");
        else if (event.what === "lose") network.kernel.overrun("mlme");
        else network.pass(1000, 500);
        network.pass(10);
        const known = [...network.bss.stations.keys()].toSorted();
        assert.deepEqual(known, [...network.kernel.stations.keys()].toSorted());
        for (const { address, isAuthorized } of network.bss.stations.values()) {
          assert.equal(network.kernel.stations.get(address)?.authorized, isAuthorized);
        }
      }
      expectNoFramesOfOurs(network);
      network.stop();
      assert.deepEqual(network.clock.armed, []);
    }),
    { numRuns: 60 },
  );
});
