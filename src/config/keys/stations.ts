/** Stations: the VLANs that they are put in, and those that bridge. */

import { ofBss } from "../entry.ts";
import { boolean, interfaceName, name, numbered, optionalInterfaceName } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { vlanFileKind } from "../vlan-file.ts";

export const vlanKeys = {
  dynamic_vlan: ofBss({
    kind: numbered({ 0: "no", 1: "optional", 2: "required" }),
    initial: "no",
    cost: "stations",
    doc: "VLANs for single stations, each with an interface and a group key of its own, as accept_mac_file and wpa_psk_file name them.",
    yet: "2 means the same as 1 until a RADIUS server can name them.",
  }),
  per_sta_vif: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "An interface, and a group key, for each station.",
  }),
  vlan_file: ofBss({
    kind: vlanFileKind,
    initial: undefined,
    cost: "stations",
    doc: "File of the VLANs' interfaces and bridges: `ID INTERFACE [BRIDGE]`, * for all others.",
    inHostapd: (value) => `failed to read VLAN file '${value}'`,
  }),
  vlan_naming: ofBss({
    kind: numbered({ 0: "id", 1: "device-and-id" }),
    initial: "id",
    cost: "stations",
    doc: "Names of tagged interfaces: vlan5, or eth0.5 for VLAN 5 on eth0.",
    inHostapd: (value) => `invalid naming scheme ${leadingInteger(value).value}`,
  }),
  vlan_tagged_interface: ofBss({
    kind: interfaceName,
    initial: undefined,
    cost: "stations",
    doc: "Interface by which the VLANs' frames leave, tagged (802.1Q).",
  }),
  vlan_bridge: ofBss({
    kind: name(15),
    initial: undefined,
    cost: "stations",
    doc: "Beginning of the names of the VLANs' bridges; brvlan, or br and the tagged interface's name, where absent.",
  }),
  wds_sta: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Stations may bridge: frames with four addresses (WDS). Each that does has an interface of its own.",
  }),
  wds_bridge: ofBss({
    kind: optionalInterfaceName,
    initial: undefined,
    cost: "stations",
    doc: "Bridge for the interfaces of stations that bridge; the BSS's own where absent.",
  }),
} as const;
