/** Stations: the VLANs that they are put in, those that bridge, and those that had better be elsewhere. */

import { ofBss, ofRadio } from "../entry.ts";
import { boolean, integer, interfaceName, name, numbered, optionalInterfaceName } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { vlanFileKind } from "../vlan-file.ts";

export const vlanKeys = {
  dynamic_vlan: ofBss({
    kind: numbered({ 0: "no", 1: "optional", 2: "required" }),
    initial: "no",
    cost: "stations",
    doc: "VLANs for single stations, each with an interface and a group key of its own, as accept_mac_file, wpa_psk_file and RADIUS servers name them; with 2, a server has to.",
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

export const steeringKeys = {
  bss_max_idle: ofBss({
    kind: numbered({ 0: "no", 1: "any-frame", 2: "protected-frames" }),
    initial: "any-frame",
    cost: "live",
    doc: "Tell stations how long they may be silent (ap_max_inactivity), and whether only protected frames count.",
    inHostapd: () => "Invalid bss_max_idle value",
  }),
  max_acceptable_idle_period: ofBss({
    kind: integer(0, 65535),
    initial: 0,
    cost: "live",
    doc: "Longest silence that a station may ask for instead, in units of 1000 time units; 0 for none.",
  }),
  no_probe_resp_if_seen_on: ofBss({
    kind: optionalInterfaceName,
    initial: undefined,
    cost: "live",
    doc: "Don't answer probes to all of stations that the radio of another BSS has heard (track_sta_max_num).",
  }),
  no_auth_if_seen_on: ofBss({
    kind: optionalInterfaceName,
    initial: undefined,
    cost: "live",
    doc: "Refuse stations that the radio of another BSS has heard, with that BSS as a suggestion.",
  }),
  track_sta_max_num: ofRadio({
    kind: integer(0),
    initial: 0,
    cost: "live",
    doc: "How many stations to remember that were heard, associated or not; TRACK_STA_LIST shows them.",
  }),
  track_sta_max_age: ofRadio({
    kind: integer(0),
    initial: 180,
    cost: "live",
    doc: "Seconds that such a station is remembered.",
  }),
  rssi_reject_assoc_rssi: ofRadio({
    kind: integer(),
    initial: 0,
    cost: "live",
    doc: "Signal below which association is refused, in dBm; 0 for none.",
  }),
  rssi_reject_assoc_timeout: ofRadio({
    kind: integer(0),
    initial: 30,
    cost: "live",
    doc: "Seconds before such a station may try again, as it is told.",
  }),
  rssi_ignore_probe_request: ofRadio({
    kind: integer(),
    initial: 0,
    cost: "live",
    doc: "Signal below which probes are ignored, in dBm; 0 for none.",
  }),
} as const;
