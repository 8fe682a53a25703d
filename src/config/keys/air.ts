/** The time on the air: how full it is, who has how much of it, at which rate and how loud. */

import type { MacAddress } from "../../base/mac-address.ts";
import { parseMacAddress } from "../../base/mac-address.ts";
import { bssLoad } from "../checked-kinds.ts";
import { ofBss, ofRadio, withoutEffect } from "../entry.ts";
import { boolean, flag, integer, type Kind, numbered, text } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { readable } from "../octets.ts";

/** `rate` in units of 100 kb/s; else the index of a modulation and coding scheme. */
export type BeaconRate =
  | { readonly kind: "legacy"; readonly rate: number }
  | { readonly kind: "ht" | "vht" | "he"; readonly mcs: number };

const highestMcs = { ht: 31, vht: 9, he: 11 } as const;

const beaconRate: Kind<BeaconRate | undefined> = {
  shape: "rate in units of 100 kb/s (10..10000), or ht:0..31, vht:0..9, he:0..11",
  parse(octets) {
    const [, kind, digits = ""] = /^(ht|vht|he):(.*)$/s.exec(octets) ?? [];
    if (kind === "ht" || kind === "vht" || kind === "he") {
      const { value: mcs } = leadingInteger(digits);
      if (mcs < 0 || mcs > highestMcs[kind]) return { error: `${kind} has no MCS ${mcs}` };
      return { value: { kind, mcs } };
    }
    const { value: rate } = leadingInteger(octets);
    if (rate === 0) return { value: undefined };
    if (rate < 10 || rate > 10000) return { error: `${rate} is no rate in units of 100 kb/s` };
    return { value: { kind: "legacy", rate } };
  },
  format: (value) =>
    value === undefined ? "0" : value.kind === "legacy" ? `${value.rate}` : `${value.kind}:${value.mcs}`,
};

/** Shares by address. Each line adds one. */
const stationWeights: Kind<ReadonlyMap<MacAddress, number>> = {
  shape: "MAC address and a number",
  addsUp: true,
  parse(octets, { previous }) {
    const [, address = "", digits = ""] = /^(\S+) +(\d+)\s*$/.exec(octets) ?? [];
    const station = parseMacAddress(address);
    const weight = Number(digits);
    if (station === undefined || weight < 1 || weight > 65535) {
      return { error: `'${readable(octets)}' is not an address and a weight of 1..65535` };
    }
    return { value: new Map([...(previous ?? []), [station, weight]]) };
  },
  format: (value) => [...value].map(([address, weight]) => `${address} ${weight}`).join(", "),
};

export const airKeys = {
  ieee80211h: ofRadio({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Transmit power control and radar detection (802.11h). Needs ieee80211d.",
    yet: "Channels with radar detection are still refused.",
  }),
  local_pwr_constraint: ofRadio({
    kind: integer(0, 255),
    initial: undefined,
    cost: "beacon",
    doc: "How much less than the country allows stations may transmit in 5 GHz, in dB (Power Constraint element). Needs ieee80211d.",
    inHostapd: (value) => `Invalid local_pwr_constraint ${leadingInteger(value).value} (expected 0..255)`,
  }),
  spectrum_mgmt_required: ofRadio({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell 5 GHz stations that they have to know spectrum management. Needs local_pwr_constraint.",
  }),
  beacon_rate: ofBss({
    kind: beaconRate,
    initial: undefined,
    cost: "stations",
    doc: "Rate of beacons, where the driver lets it be chosen; the lowest basic rate where absent.",
    inHostapd: (value) => {
      const [, kind = "", digits] = /^(ht|vht|he):(.*)$/s.exec(value) ?? [];
      if (digits === undefined) return `invalid legacy beacon_rate ${leadingInteger(value).value}`;
      return `invalid beacon_rate ${kind.toUpperCase()}-MCS ${leadingInteger(digits).value}`;
    },
  }),
  chan_util_avg_period: ofBss({
    kind: integer(0),
    initial: 0,
    cost: "live",
    doc: "Beacons over which the channel's use is averaged for STATUS; a multiple of bss_load_update_period.",
  }),
  bss_load_test: ofBss({
    kind: bssLoad,
    initial: undefined,
    cost: "beacon",
    doc: "For tests: a BSS Load element with these numbers.",
  }),
  multicast_to_unicast: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Send multicast to each station by itself, at its own rate, where the driver can.",
  }),
  airtime_mode: ofRadio({
    kind: numbered({ 0: "off", 1: "static", 2: "dynamic", 3: "limit" }),
    initial: "off",
    cost: "stations",
    doc: "How airtime is shared out, where the driver can: each station its weight; each BSS its weight; or that only for BSSs with a limit.",
    inHostapd: () => "Unknown airtime_mode",
  }),
  airtime_update_interval: ofRadio({
    kind: integer(0),
    initial: 200,
    cost: "live",
    doc: "Milliseconds between two new shares.",
  }),
  airtime_bss_weight: ofBss({ kind: integer(0), initial: 0, cost: "live", doc: "Share of this BSS or its stations." }),
  airtime_bss_limit: ofBss({
    kind: flag,
    initial: false,
    cost: "live",
    doc: "Whether that share is also the most that it may have.",
    inHostapd: () => "Invalid airtime_bss_limit (must be 0 or 1)",
  }),
  airtime_sta_weight: ofBss({
    kind: stationWeights,
    initial: new Map<MacAddress, number>(),
    cost: "stations",
    doc: "Share of one station; a line for each.",
    inHostapd: (value) => `Invalid airtime weight '${value}'`,
  }),
  wowlan_triggers: withoutEffect(
    "it is the machine's own affair what wakes it",
    ofBss({ kind: text(), initial: undefined, cost: "live", doc: "What wakes the machine." }),
  ),
} as const;
