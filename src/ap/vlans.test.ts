/** VLANs of a whole access point in virtual time: who hears whom, which interfaces there are, and when. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ObservedStation, VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { VirtualBss } from "../driver/virtual/bss.ts";
import type { Bss } from "./bss.ts";
import type { VlanDescription } from "./vlan-plan.ts";

const ssid = utf8("somename");
const open = "ssid=somename\nhw_mode=g\nchannel=1";
const psk = `${open}\nwpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_passphrase=somepassword`;
const secured = (passphrase = "somepassword") => ({ security: { secret: { passphrase } } });

const addressOf = (number: number): MacAddress => `02:00:00:00:0a:0${number}` as MacAddress;
const listed = (...vlanIds: readonly number[]): string =>
  vlanIds.map((vlanId, i) => `${addressOf(i + 1)} ${vlanId === 0 ? "" : vlanId}\n`).join("");

const bssOf = (network: VirtualNetwork): Bss => network.radio.bsses[0] ?? assert.fail("the radio is down");
const interfacesOf = (network: VirtualNetwork): readonly string[] =>
  (bssOf(network).port as VirtualBss | undefined)?.vlans ?? [];

function join(
  network: VirtualNetwork,
  number: number,
  more: Parameters<VirtualNetwork["station"]>[0] | object = {},
): ObservedStation {
  const observed = network.station({ ssid, address: addressOf(number), ip: `10.0.0.${number}`, ...more });
  observed.station.join();
  network.pass(500);
  return observed;
}

/** Which of the others answer a ping: it begins with a broadcast question. */
function reached(network: VirtualNetwork, from: ObservedStation, numbers: readonly number[]): number[] {
  return numbers.filter((number) => {
    from.events.length = 0;
    from.station.ping(`10.0.0.${number}`);
    network.pass(3000);
    return from.events.some(({ type }) => type === "ping-answered");
  });
}

const vlanNotes = (network: VirtualNetwork): (number | undefined)[] =>
  network.events.flatMap((event) => (event.type === "station-connected" ? [event.vlanId] : []));

for (const [name, config, security] of [
  ["an open network", open, {}],
  ["WPA2-PSK", psk, secured()],
] as const) {
  test(`${name}: stations of one VLAN hear each other, those of another and of none don't`, async () => {
    const files = { "/accept": listed(1, 1, 2, 0) };
    const network = await new VirtualNetwork(`${config}\ndynamic_vlan=1\naccept_mac_file=/accept`, { files }).start();
    const [one, two, other, nowhere] = [1, 2, 3, 4].map((number) => join(network, number, security));
    assert.ok(one && two && other && nowhere);
    assert.deepEqual(vlanNotes(network), [1, 1, 2, undefined]);
    assert.deepEqual(interfacesOf(network), ["wlan0.1", "wlan0.2"]);
    assert.deepEqual(reached(network, one, [2, 3, 4]), [2]);
    assert.deepEqual(reached(network, other, [1, 2, 4]), []);
    assert.deepEqual(reached(network, nowhere, [1, 2, 3]), []);
    const ways = new Set(network.leaving.map(({ by }) => by));
    assert.deepEqual([...ways].sort(), ["wlan0", "wlan0.1", "wlan0.2"]);

    one.station.leave();
    network.pass(100);
    assert.deepEqual(interfacesOf(network), ["wlan0.1", "wlan0.2"], "somebody is still in it");
    two.station.leave();
    other.station.leave();
    network.pass(100);
    assert.deepEqual(interfacesOf(network), []);
    network.stop();
  });
}

test("each VLAN has a group key of its own, and changes it by itself", async () => {
  const files = { "/accept": listed(1, 2) };
  const config = `${psk}\ndynamic_vlan=1\naccept_mac_file=/accept\nwpa_group_rekey=60`;
  const network = await new VirtualNetwork(config, { files }).start();
  const stations = [1, 2].map((number) => join(network, number, secured()));
  const keys = () => [0, 1, 2].map((vlanId) => String(bssOf(network).authenticator?.groupOf(vlanId)?.current.key));
  const before = keys();
  assert.equal(new Set(before).size, 3);
  network.pass(70_000);
  const after = keys();
  assert.equal(new Set([...before, ...after]).size, 6);
  for (const station of stations) assert.ok(station.types().includes("group-key-changed"));
  network.stop();
});

test("vlanid= of wpa_psk_file: the key says where its owner belongs, and no other key does", async () => {
  const files = {
    "/psk": "vlanid=1 00:00:00:00:00:00 passphrase one\nvlanid=2 00:00:00:00:00:00 passphrase two\n",
    "/accept": listed(0, 0, 3),
  };
  const config = `${psk}\ndynamic_vlan=1\nwpa_psk_file=/psk\naccept_mac_file=/accept`;
  const network = await new VirtualNetwork(config, { files }).start();
  const one = join(network, 1, secured("passphrase one"));
  join(network, 2, secured("passphrase two"));
  // Its address has a VLAN too, and counts less.
  const also = join(network, 3, secured("passphrase one"));
  assert.deepEqual(vlanNotes(network), [1, 2, 1]);
  assert.deepEqual(interfacesOf(network).toSorted(), ["wlan0.1", "wlan0.2"]);
  assert.deepEqual(reached(network, one, [2, 3]), [3]);
  also.station.leave();
  network.pass(100);
  const plain = join(network, 3, secured());
  assert.equal(vlanNotes(network).at(-1), 3);
  assert.deepEqual(reached(network, plain, [1, 2]), []);
  network.stop();
});

test("a key with a VLAN that isn't there lets nobody in", async () => {
  const files = { "/psk": "vlanid=9 00:00:00:00:00:00 passphrase nine\n", "/vlan": "1 one\n" };
  const config = `${psk}\ndynamic_vlan=1\nwpa_psk_file=/psk\nvlan_file=/vlan`;
  const network = await new VirtualNetwork(config, { files }).start();
  const station = join(network, 1, secured("passphrase nine"));
  assert.ok(station.types().includes("told-to-leave"));
  assert.deepEqual(vlanNotes(network), []);
  assert.deepEqual(interfacesOf(network), ["one"]);
  assert.ok(network.records.some(({ text }) => /no VLAN 9 for it: there is no such VLAN here/.test(text)));
  network.stop();
});

test("who is listed with a VLAN that isn't there is refused", async () => {
  const files = { "/accept": listed(9, 1), "/vlan": "1 one\n" };
  const config = `${open}\ndynamic_vlan=1\naccept_mac_file=/accept\nvlan_file=/vlan`;
  const network = await new VirtualNetwork(config, { files }).start();
  assert.ok(!join(network, 1).types().includes("connected"));
  join(network, 2);
  assert.deepEqual(vlanNotes(network), [1]);
  network.stop();
});

describe("vlan_file", () => {
  test("the interfaces that it names are there from the start to the end", async () => {
    const files = { "/vlan": "1 guests br-guests\n2 staff\n*\tother#\n", "/accept": listed(1, 7) };
    const config = `${psk}\nvlan_file=/vlan\naccept_mac_file=/accept`;
    const network = await new VirtualNetwork(config, { files }).start();
    assert.deepEqual(interfacesOf(network), ["guests", "staff"]);
    const guest = join(network, 1, secured());
    const other = join(network, 2, secured());
    assert.deepEqual(interfacesOf(network), ["guests", "staff", "other7"]);
    guest.station.leave();
    other.station.leave();
    network.pass(100);
    assert.deepEqual(interfacesOf(network), ["guests", "staff"]);
    network.stop();
  });
});

describe("per_sta_vif", () => {
  test("an interface for each station: nobody hears anybody", async () => {
    const network = await new VirtualNetwork(`${open}\nper_sta_vif=1`).start();
    const [one, two] = [join(network, 1), join(network, 2)];
    assert.deepEqual(vlanNotes(network), [4096, 4097]);
    assert.deepEqual(interfacesOf(network), ["wlan0.4096", "wlan0.4097"]);
    assert.deepEqual(reached(network, one, [2]), []);
    one.station.leave();
    network.pass(100);
    join(network, 3);
    assert.deepEqual(interfacesOf(network).toSorted(), ["wlan0.4096", "wlan0.4097"], "numbers come again");
    two.station.leave();
    network.pass(100);
    assert.deepEqual(interfacesOf(network), ["wlan0.4096"]);
    network.stop();
  });

  test("in a protected network, only for who has proved a key", async () => {
    const network = await new VirtualNetwork(`${psk}\nper_sta_vif=1`).start();
    const stranger = join(network, 1, secured("wrong password"));
    assert.deepEqual(interfacesOf(network), []);
    stranger.station.leave();
    join(network, 2, secured());
    join(network, 3, secured());
    assert.deepEqual(vlanNotes(network), [4096, 4097]);
    const groups = [0, 4096, 4097].map((id) => String(bssOf(network).authenticator?.groupOf(id)?.current.key));
    assert.equal(new Set(groups).size, 3);
    network.stop();
  });
});

describe("changes", () => {
  const setting = { "/accept": listed(1, 1, 2) };
  const start = (config = psk) =>
    new VirtualNetwork(`${config}\ndynamic_vlan=1\naccept_mac_file=/accept`, { files: setting }).start();

  test("a station that associates again keeps its VLAN's interface", async () => {
    const network = await start(open);
    const one = join(network, 1);
    const port = bssOf(network).stations.get(addressOf(1))?.vlan?.port;
    one.station.reassociate();
    network.pass(500);
    assert.equal(one.events.filter(({ type }) => type === "associated").length, 2);
    assert.equal(bssOf(network).stations.get(addressOf(1))?.vlan?.port, port);
    assert.deepEqual(interfacesOf(network), ["wlan0.1"]);
    one.station.leave();
    network.pass(100);
    assert.deepEqual(interfacesOf(network), []);
    network.stop();
  });

  test("somebody removes the interface: its stations are gone, and may come back", async () => {
    const network = await start();
    const one = join(network, 1, secured());
    const other = join(network, 3, secured());
    (bssOf(network).port as VirtualBss).removeVlan("wlan0.1");
    assert.ok(!bssOf(network).stations.has(one.station.address));
    assert.deepEqual(interfacesOf(network), ["wlan0.2"]);
    assert.equal(bssOf(network).authenticator?.groupOf(1), undefined);
    one.station.leave();
    network.pass(100);
    one.station.join();
    network.pass(500);
    assert.deepEqual(interfacesOf(network).toSorted(), ["wlan0.1", "wlan0.2"]);
    assert.ok(other.station.isConnected);
    network.stop();
  });

  test("a server may move a station, to tagged VLANs too", async () => {
    const network = await start();
    const one = join(network, 1, secured());
    const two = join(network, 2, secured());
    const { vlans, stations } = bssOf(network);
    const entry = stations.get(one.station.address) ?? assert.fail();
    const moved = (to: VlanDescription | undefined): boolean => {
      const isDone = vlans.assign(entry, to);
      network.pass(500);
      return isDone;
    };
    assert.ok(moved({ untagged: 2, tagged: [] }));
    assert.deepEqual(reached(network, one, [2]), []);
    assert.deepEqual(interfacesOf(network).toSorted(), ["wlan0.1", "wlan0.2"]);
    assert.ok(moved({ untagged: 0, tagged: [5, 6] }));
    assert.deepEqual(interfacesOf(network).toSorted(), ["wlan0.1", "wlan0.4096"]);
    assert.ok(moved({ untagged: 1, tagged: [] }));
    assert.deepEqual(reached(network, one, [2]), [2]);
    assert.ok(moved(undefined));
    assert.deepEqual(reached(network, one, [2]), []);
    assert.ok(!moved({ untagged: 5000, tagged: [] }));
    assert.ok(two.station.isConnected);
    two.station.leave();
    network.pass(100);
    assert.deepEqual(interfacesOf(network), []);
    network.stop();
  });

  test("the access point ends, and comes up again", async () => {
    const network = await start();
    join(network, 1, secured());
    const before = bssOf(network).port as VirtualBss;
    network.driver.setLink("wlan0", "down");
    assert.deepEqual(before.vlans, []);
    network.driver.setLink("wlan0", "up");
    network.pass(100);
    join(network, 3, secured());
    assert.deepEqual(before.vlans, ["wlan0.2"]);
    network.stop();
    assert.deepEqual(before.vlans, []);
  });
});
