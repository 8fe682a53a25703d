/** Protection of management frames and of beacons, and validation of the channel. IEEE Std 802.11-2020, 12.2.7, 11.13, 12.2.9. */

import { ofBss } from "../entry.ts";
import { boolean, flag, integer, type Kind, numbered, word } from "../kinds.ts";

/** Ciphers for group-addressed management frames, as hostapd names them. IEEE Std 802.11-2020, table 9-149. */
export const managementCipherNames = ["AES-128-CMAC", "BIP-GMAC-128", "BIP-GMAC-256", "BIP-CMAC-256"] as const;
export type ManagementCipherName = (typeof managementCipherNames)[number];

const timeUnits: Kind<number> = { ...integer(1), shape: "time units of 1.024 ms, from 1" };

export const managementProtectionKeys = {
  ieee80211w: ofBss({
    kind: numbered({ 0: "no", 1: "optional", 2: "required" }),
    initial: "no",
    cost: "stations",
    doc: "Protection of management frames (PMF): none, for stations that can, or for all, which keeps out those that can't.",
  }),
  group_mgmt_cipher: ofBss({
    kind: word(...managementCipherNames),
    initial: "AES-128-CMAC",
    cost: "stations",
    doc: "Cipher for management frames to all stations; older stations know AES-128-CMAC only.",
    inHostapd: (value) => `invalid group_mgmt_cipher: ${value}`,
  }),
  assoc_sa_query_max_timeout: ofBss({
    kind: timeUnits,
    initial: 1000,
    cost: "live",
    doc: "How long a protected station is asked whether it is still there, before a request in its name counts; in time units.",
    inHostapd: () => "invalid assoc_sa_query_max_timeout",
  }),
  assoc_sa_query_retry_timeout: ofBss({
    kind: timeUnits,
    initial: 201,
    cost: "live",
    doc: "Time units until it is asked again.",
    inHostapd: () => "invalid assoc_sa_query_retry_timeout",
  }),
  beacon_prot: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Protect beacons, so that stations can tell forged ones; needs ieee80211w.",
  }),
  ocv: ofBss({
    kind: numbered({ 0: "no", 1: "yes", 2: "lenient" }),
    initial: "no",
    cost: "stations",
    doc: "Operating channel validation against a relay on another channel; 2 bears with stations that claim it and don't do it. Brings ieee80211w=1 with it.",
  }),
  known_sta_identification: ofBss({
    kind: flag,
    initial: false,
    cost: "stations",
    doc: "Let a protected station that has lost its association come back at once where it proves that it knows its key.",
  }),
} as const;
