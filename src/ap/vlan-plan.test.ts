import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BssSettings } from "../config/registry.ts";
import { defaultBss } from "../config/settings.ts";
import { isPermitted, planOfEntry, planOfWildcard, untagged } from "./vlan-plan.ts";

const settings = (more: Partial<BssSettings> = {}): BssSettings => ({
  ...defaultBss("wlan0"),
  dynamic_vlan: "optional",
  ...more,
});

const file = (
  entries: readonly [number, string, string?][],
  wildcard?: string,
  bridge?: string,
): Pick<BssSettings, "vlan_file"> => ({
  vlan_file: {
    path: "/vlan",
    entries: new Map(entries.map(([id, interfaceName, br]) => [id, { interfaceName, bridge: br }])),
    wildcard: wildcard === undefined ? undefined : { interfaceName: wildcard, bridge },
  },
});

const openOf = (plan: ReturnType<typeof planOfWildcard>) => ("open" in plan ? plan.open : plan.impossible);

describe("hostapd's names", () => {
  test("without vlan_file: the interface's own with the ID, and brvlan", () => {
    assert.deepEqual(openOf(planOfWildcard(settings(), 5, untagged(5))), {
      interfaceName: "wlan0.5",
      network: { bridge: "brvlan5" },
    });
  });

  test("bridges: the file's, vlan_bridge's, the tagged interface's, in this order", () => {
    const parent = "eth0";
    const bridgeOf = (more: Partial<BssSettings>): unknown => {
      const open = openOf(planOfWildcard(settings(more), 5, untagged(5)));
      return typeof open === "string" ? open : open.network?.bridge;
    };
    assert.equal(bridgeOf({ vlan_bridge: "lan" }), "lan5");
    assert.equal(bridgeOf({ vlan_tagged_interface: parent }), "breth0.5");
    assert.equal(bridgeOf({ vlan_tagged_interface: parent, vlan_bridge: "lan" }), "lan5");
    assert.equal(bridgeOf({ ...file([], "w#", "one"), vlan_tagged_interface: parent, vlan_bridge: "lan" }), "one");
  });

  test("vlan_naming says how the tagged interface is called", () => {
    const tagged = { vlan_tagged_interface: "eth0" };
    const uplinkOf = (more: Partial<BssSettings>): unknown => {
      const open = openOf(planOfWildcard(settings({ ...tagged, ...more }), 7, untagged(7)));
      return typeof open === "string" ? open : open.network?.uplink;
    };
    assert.deepEqual(uplinkOf({}), { name: "vlan7", parent: "eth0", vlanId: 7 });
    assert.deepEqual(uplinkOf({ vlan_naming: "device-and-id" }), { name: "eth0.7", parent: "eth0", vlanId: 7 });
  });

  test("a line of vlan_file names interface and bridge", () => {
    assert.deepEqual(openOf(planOfEntry(settings(), 3, { interfaceName: "guests", bridge: "br-g" })), {
      interfaceName: "guests",
      network: { bridge: "br-g" },
    });
    assert.deepEqual(openOf(planOfEntry(settings(), 3, { interfaceName: "guests", bridge: undefined })), {
      interfaceName: "guests",
      network: { bridge: "brvlan3" },
    });
  });

  test("per_sta_vif without a VLAN: into the bridge of the BSS, if there is one", () => {
    const own = settings({ dynamic_vlan: "no", per_sta_vif: true });
    assert.deepEqual(openOf(planOfWildcard(own, 4096, undefined)), { interfaceName: "wlan0.4096" });
    assert.deepEqual(openOf(planOfWildcard({ ...own, bridge: "br0" }, 4096, undefined)), {
      interfaceName: "wlan0.4096",
      network: { bridge: "br0" },
    });
  });

  test("tagged VLANs: an interface upon the station's own for each, in that VLAN's bridge", () => {
    const both = { untagged: 1, tagged: [1, 2, 3] };
    assert.deepEqual(openOf(planOfWildcard(settings({ vlan_tagged_interface: "eth0" }), 4096, both)), {
      interfaceName: "wlan0.4096",
      network: { bridge: "breth0.1", uplink: { name: "vlan1", parent: "eth0", vlanId: 1 } },
      tagged: [
        {
          name: "wlan0.4096.2",
          vlanId: 2,
          bridge: "breth0.2",
          uplink: { name: "vlan2", parent: "eth0", vlanId: 2 },
        },
        {
          name: "wlan0.4096.3",
          vlanId: 3,
          bridge: "breth0.3",
          uplink: { name: "vlan3", parent: "eth0", vlanId: 3 },
        },
      ],
    });
    assert.equal(
      JSON.stringify(openOf(planOfWildcard(settings(), 4096, { untagged: 0, tagged: [2] }))).includes("network"),
      false,
    );
  });
});

describe("what can't be", () => {
  test("names that Linux would cut short, because they might be another VLAN's then", () => {
    const long = { ...settings(), interface: "wlp0s20f3u1u2" };
    assert.ok("open" in planOfWildcard(long, 5, untagged(5)));
    assert.match(String(openOf(planOfWildcard(long, 50, untagged(50)))), /'wlp0s20f3u1u2.50' is longer than the 15/);
    assert.match(
      String(openOf(planOfWildcard(settings({ vlan_bridge: "averyverylong" }), 500, untagged(500)))),
      /longer/,
    );
    const uplink = settings({
      vlan_tagged_interface: "enp0s31f6u1u2",
      vlan_naming: "device-and-id",
      vlan_bridge: "br",
    });
    assert.match(String(openOf(planOfWildcard(uplink, 500, untagged(500)))), /'enp0s31f6u1u2.500'/);
  });

  test("a wildcard without #", () => {
    assert.ok("impossible" in planOfWildcard({ ...settings(), ...file([], "same") }, 5, untagged(5)));
  });

  test("VLANs that are none, and those that nothing names", () => {
    const named = { ...settings(), ...file([[3, "three"]]) };
    const asked = [0, 3, 4, 4094, 4095].map((id) => isPermitted(named, untagged(id)));
    assert.deepEqual(asked, [false, true, false, false, false]);
    assert.deepEqual(
      [0, 3, 4094, 4095].map((id) => isPermitted(settings(), untagged(id))),
      [false, true, true, false],
    );
    assert.ok(!isPermitted(settings({ dynamic_vlan: "no" }), untagged(3)), "nobody asked for VLANs");
    assert.ok(isPermitted({ ...named, dynamic_vlan: "no" }, untagged(3)), "but for this one");
    assert.ok(!isPermitted(named, { untagged: 3, tagged: [4] }));
    assert.ok(isPermitted(settings(), { untagged: 0, tagged: [4, 5] }));
    assert.ok(!isPermitted(settings(), { untagged: 0, tagged: [4, 4095] }));
  });
});
