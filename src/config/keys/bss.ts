/** A BSS: its name, who may join, how stations are looked after. */

import { hexOf } from "../../base/bytes.ts";
import { decodeString } from "../encoded-string.ts";
import { ofBss } from "../entry.ts";
import { boolean, flag, hex, integer, type Kind, numbered, octets } from "../kinds.ts";
import { macListKind } from "../mac-list.ts";
import { leadingInteger } from "../numbers.ts";
import { readable } from "../octets.ts";

/** `"text"`, `P"printf escapes"` or hexadecimal. */
export const quotedSsid: Kind<Uint8Array> = {
  shape: '1..32 octets as "text", P"text with escapes" or hexadecimal',
  freeText: true,
  parse(line) {
    const value = decodeString(line);
    if (value === undefined) return { error: 'neither "text", nor P"text with escapes", nor hexadecimal' };
    if (value.length < 1 || value.length > 32) return { error: `${value.length} octets, where 1..32 have to be` };
    return { value };
  },
  format: (value) => hexOf(value),
};

/** In units of 100 kb/s; empty for the mode's own. What is no rate is left out, as hostapd leaves it out later. */
const rates: Kind<readonly number[]> = {
  shape: "list of rates in units of 100 kb/s",
  parse(text) {
    const given = Array.from(text.matchAll(/[^ ]+/g), (match) => ({ match, rate: leadingInteger(match[0]).value }));
    const isRate = ({ rate }: { readonly rate: number }): boolean => rate >= 10 && rate <= 540;
    const value = given.filter(isRate).map(({ rate }) => rate);
    const odd = given.find((item) => !isRate(item))?.match;
    if (odd === undefined) return { value };
    const warning = `'${readable(odd[0])}' is no rate in units of 100 kb/s (10..540) and is left out`;
    return { value, warning, at: odd.index, length: odd[0].length };
  },
  format: (value) => value.join(" "),
};

/** Elements as on the air, each with its id and length. IEEE Std 802.11-2020, 9.4.2.1. */
const elements: Kind<Uint8Array> = {
  ...hex(),
  shape: "elements in hexadecimal",
  parse(digits, context) {
    const parsed = hex().parse(digits, context);
    if ("error" in parsed) return parsed;
    let next = 0;
    while (next < parsed.value.length) next += 2 + (parsed.value[next + 1] ?? 0);
    if (next === parsed.value.length) return parsed;
    return { ...parsed, warning: "the lengths in these elements don't add up" };
  },
};

export const bssKeys = {
  ssid: ofBss({
    kind: octets(1, 32),
    initial: new Uint8Array(),
    cost: "stations",
    doc: "Name of the network.",
    inHostapd: (value) => `invalid SSID '${value}'`,
  }),
  ssid2: ofBss({
    kind: quotedSsid,
    initial: new Uint8Array(),
    aliasOf: "ssid",
    cost: "stations",
    doc: "Name of the network in another notation.",
    inHostapd: (value) => `invalid SSID '${value}'`,
  }),
  utf8_ssid: ofBss({ kind: boolean, initial: false, cost: "beacon", doc: "Tell stations that the SSID is UTF-8." }),
  ignore_broadcast_ssid: ofBss({
    kind: numbered({ 0: "no", 1: "empty", 2: "zeroed" }, "empty"),
    initial: "no",
    cost: "beacon",
    doc: "Hide the SSID in beacons: as an empty one, or as zeros of the same length.",
  }),
  dtim_period: ofBss({
    kind: integer(1, 255),
    initial: 2,
    cost: "stations",
    doc: "Every which beacon announces buffered group traffic.",
    inHostapd: (value) => `invalid dtim_period ${leadingInteger(value).value}`,
  }),
  max_num_sta: ofBss({
    kind: integer(0, 2007),
    initial: 2007,
    cost: "live",
    doc: "How many stations may be there at once.",
    inHostapd: (value) => `Invalid max_num_sta=${leadingInteger(value).value}; allowed range 0..2007`,
  }),
  no_probe_resp_if_max_sta: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Don't answer probes while no further station is taken.",
  }),
  send_probe_response: ofBss({
    kind: flag,
    initial: true,
    cost: "live",
    doc: "Whether probe requests are answered at all.",
    inHostapd: (value) => `invalid send_probe_response ${leadingInteger(value).value} (expected 0 or 1)`,
  }),
  supported_rates: ofBss({
    kind: rates,
    initial: [],
    cost: "stations",
    doc: "Rates to offer; all of the mode's where there are none.",
    inHostapd: () => "invalid rate list",
  }),
  basic_rates: ofBss({
    kind: rates,
    initial: [],
    cost: "stations",
    doc: "Rates that every station has to know; the mode's where there are none.",
    inHostapd: () => "invalid rate list",
  }),
  macaddr_acl: ofBss({
    kind: numbered({ 0: "accept-unless-denied", 1: "deny-unless-accepted", 2: "radius" }),
    initial: "accept-unless-denied",
    cost: "admission",
    doc: "Who may join by MAC address; 2 asks a RADIUS server about those that no list names.",
    inHostapd: (value) => `unknown macaddr_acl ${leadingInteger(value).value}`,
  }),
  accept_mac_file: ofBss({
    kind: macListKind,
    initial: undefined,
    cost: "admission",
    doc: "File of the addresses that may join, each with a VLAN if it has one.",
    inHostapd: (value) => `Failed to read accept_mac_file '${value}'`,
  }),
  deny_mac_file: ofBss({
    kind: macListKind,
    initial: undefined,
    cost: "admission",
    doc: "File of the addresses that may not join.",
    inHostapd: (value) => `Failed to read deny_mac_file '${value}'`,
  }),
  wmm_enabled: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Priorities (WMM); HT needs them. On with HT, else off, where absent.",
  }),
  wme_enabled: ofBss({
    kind: boolean,
    initial: false,
    aliasOf: "wmm_enabled",
    cost: "stations",
    doc: "Old name of wmm_enabled.",
  }),
  uapsd_advertisement_enabled: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Offer automatic power save delivery (U-APSD), where the driver does it.",
  }),
  disable_11n: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "No HT in this BSS. On by itself where HT can't be: with hw_mode=b, or with TKIP alone.",
  }),
  ap_max_inactivity: ofBss({
    kind: integer(0),
    initial: 300,
    cost: "live",
    doc: "Seconds of silence after which a station is asked, and then let go.",
  }),
  skip_inactivity_poll: ofBss({
    kind: numbered({ 0: "no", 1: "yes", [-1]: "even-heard" }, "yes"),
    initial: "no",
    cost: "live",
    doc: "Let silent stations go without asking them; with -1, for tests of stations, those too that are not silent.",
  }),
  disassoc_low_ack: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Let stations go that acknowledge almost nothing.",
  }),
  max_listen_interval: ofBss({
    kind: integer(0, 65535),
    initial: 65535,
    cost: "live",
    doc: "Longest sleep that a station may ask for, in beacon intervals.",
  }),
  ap_isolate: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Keep stations from reaching each other through this access point.",
    yet: "Linux can't do so among the stations of one VLAN; per_sta_vif=1 gives each an interface of its own.",
  }),
  broadcast_deauth: ofBss({
    kind: boolean,
    initial: true,
    cost: "live",
    doc: "Send everybody away with one broadcast frame at start and end.",
  }),
  bss_load_update_period: ofBss({
    kind: integer(0, 100),
    initial: 0,
    cost: "beacon",
    doc: "Beacons between two updates of the BSS Load element; 0 leaves it out.",
    inHostapd: (value) => `invalid bss_load_update_period ${leadingInteger(value).value}`,
  }),
  vendor_elements: ofBss({
    kind: elements,
    initial: new Uint8Array(),
    cost: "beacon",
    doc: "Elements to add to beacons and probe responses.",
    inHostapd: (value) => `Invalid vendor_elements '${value}'`,
  }),
  assocresp_elements: ofBss({
    kind: elements,
    initial: new Uint8Array(),
    cost: "beacon",
    doc: "Elements to add to association responses.",
    inHostapd: (value) => `Invalid assocresp_elements '${value}'`,
  }),
  bridge_hairpin: ofBss({
    kind: boolean,
    initial: false,
    cost: "bridge",
    doc: "Let the bridge send frames back to stations' interface: with ap_isolate, stations reach each other through it.",
  }),
  bridge_multicast_to_unicast: ofBss({
    kind: boolean,
    initial: false,
    cost: "bridge",
    doc: "Have the bridge send multicast to each member of its group by itself.",
  }),
  notify_mgmt_frames: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Report received management frames on the control socket (AP-MGMT-FRAME-RECEIVED).",
  }),
  ext_capa: ofBss({
    kind: hex(0, 15),
    initial: new Uint8Array(),
    cost: "beacon",
    doc: "Bits to set in the Extended Capabilities element, whatever is done here; from the first octet on.",
  }),
  ext_capa_mask: ofBss({
    kind: hex(0, 15),
    initial: new Uint8Array(),
    cost: "beacon",
    doc: "Bits to leave out of the Extended Capabilities element.",
  }),
  manage_p2p: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell Wi-Fi Direct devices that they are managed here (P2P Manageability).",
  }),
  allow_cross_connection: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "With manage_p2p: they may connect this network to their own.",
  }),
  tdls_prohibit: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell stations not to talk to each other directly (TDLS).",
  }),
  tdls_prohibit_chan_switch: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell stations not to take direct links to other channels.",
  }),
} as const;
