import assert from "node:assert/strict";
import { test } from "node:test";
import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import { defaultBss } from "../config/settings.ts";
import { admit } from "./admission.ts";

const friend = "02:00:00:00:00:01" as MacAddress;
const foe = "02:00:00:00:00:02" as MacAddress;
const both = "02:00:00:00:00:03" as MacAddress;
const stranger = "02:00:00:00:00:04" as MacAddress;

const file = (...entries: readonly [MacAddress, number][]) => ({ path: "/list", entries: new Map(entries) });
const settings = (macaddr_acl: BssSettings["macaddr_acl"]): BssSettings => ({
  ...defaultBss("wlan0"),
  macaddr_acl,
  dynamic_vlan: "optional",
  accept_mac_file: file([friend, 7], [both, 0]),
  deny_mac_file: file([foe, 0], [both, 0]),
});

const nobodyAsked = (): undefined => undefined;

const outcome = (acl: BssSettings["macaddr_acl"], station: MacAddress): string => {
  const admission = admit(settings(acl), station, nobodyAsked);
  if (admission.admitted === "unknown") return "asked about";
  return admission.admitted ? `in, VLAN ${admission.vlanId}` : admission.because;
};

test("without lists, everybody may try", () => {
  assert.deepEqual(admit(defaultBss("wlan0"), stranger, nobodyAsked), { admitted: true, vlanId: 0 });
});

test("each list and each policy", () => {
  const table = [friend, foe, both, stranger].map((station) =>
    (["accept-unless-denied", "deny-unless-accepted", "radius"] as const).map((acl) => outcome(acl, station)),
  );
  assert.deepEqual(table, [
    ["in, VLAN 7", "in, VLAN 7", "in, VLAN 7"],
    ["denied", "denied", "denied"],
    ["in, VLAN 0", "in, VLAN 0", "in, VLAN 0"],
    ["in, VLAN 0", "not-accepted", "asked about"],
  ]);
});

test("who is listed with a VLAN that isn't there stays out: anywhere else would be the wrong place", () => {
  const without = { ...settings("accept-unless-denied"), dynamic_vlan: "no" as const };
  assert.deepEqual(admit(without, friend, nobodyAsked), { admitted: false, because: "no-vlan" });
  assert.equal(admit(without, both, nobodyAsked).admitted, true);
  const entries = new Map([[7, { interfaceName: "seven", bridge: undefined }]]);
  assert.equal(
    admit({ ...without, vlan_file: { path: "/vlan", entries, wildcard: undefined } }, friend, nobodyAsked).admitted,
    true,
  );
});
