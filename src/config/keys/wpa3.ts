/** SAE and OWE: networks without a handshake that can be guessed from outside. */

import { ofBss } from "../entry.ts";
import { boolean, flag, hex, integer, integers, interfaceName, macAddress, numbered } from "../kinds.ts";
import { saePasswordFileKind, saePasswordKind } from "../sae-passwords.ts";
import { quotedSsid } from "./bss.ts";

export const wpa3Keys = {
  sae_password: ofBss({
    kind: saePasswordKind,
    initial: [],
    cost: "keys",
    secret: true,
    doc: "A password for SAE, with a station, a VLAN, a key pair of SAE-PK or an identifier where it has them. Once for each.",
    inHostapd: () => "Invalid sae_password",
  }),
  sae_password_file: ofBss({
    kind: saePasswordFileKind,
    initial: undefined,
    cost: "keys",
    doc: "File with a line like sae_password for each password.",
  }),
  sae_password_psk: ofBss({
    kind: boolean,
    initial: false,
    cost: "keys",
    doc: "Without a fitting sae_password, don't take wpa_passphrase for SAE.",
  }),
  sae_track_password: ofBss({
    kind: integer(0),
    initial: 0,
    cost: "live",
    doc: "How many stations to remember for each password without identifier; any number turns trying them one by one on.",
  }),
  anti_clogging_threshold: ofBss({
    kind: integer(0),
    initial: 5,
    cost: "live",
    doc: "So many unfinished SAE exchanges, and newcomers have to show that they receive what is sent to their address.",
  }),
  sae_anti_clogging_threshold: ofBss({
    kind: integer(0),
    initial: 5,
    aliasOf: "anti_clogging_threshold",
    cost: "live",
    doc: "Old name of anti_clogging_threshold.",
  }),
  sae_sync: ofBss({
    kind: integer(0),
    initial: 3,
    cost: "live",
    doc: "How often a lost message of an SAE exchange is sent again.",
  }),
  sae_groups: ofBss({
    kind: integers(),
    initial: undefined,
    cost: "live",
    doc: "Groups for SAE, 19 (and 20 with SAE-EXT-KEY) where absent: 19, 20, 21 (elliptic curves), 15 to 18 (modulo a prime).",
  }),
  sae_require_mfp: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "Demand protected management frames of SAE stations, where others go without.",
  }),
  sae_confirm_immediate: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Send SAE Confirm along with Commit.",
  }),
  sae_pwe: ofBss({
    kind: numbered({ 0: "looping", 1: "hash-to-element", 2: "both", 3: "looping-even-with-identifiers" }),
    initial: "looping",
    cost: "stations",
    doc: "How SAE makes the password an element of its group.",
  }),
  sae_pw_id_num: ofBss({
    kind: integer(0),
    initial: 0,
    cost: "live",
    doc: "So many other identifiers for its password are told to a station that has named one, for a time each.",
  }),
  sae_pw_id_key: ofBss({
    kind: hex(),
    initial: undefined,
    cost: "live",
    secret: true,
    doc: "Key that those identifiers are encrypted with, 32 octets, the same for all access points of the network.",
  }),
  ssid_protection: ofBss({
    kind: flag,
    initial: false,
    cost: "stations",
    doc: "Tell stations the SSID under protection in the 4-way handshake, so that nobody pretends another one.",
  }),
  owe_ptk_workaround: ofBss({
    kind: numbered({ 0: "no", 1: "accept", 2: "only" }),
    initial: "no",
    cost: "live",
    doc: "Take the hash that old OWE stations use with the groups 20 and 21: 1 beside the right one, 2 instead.",
  }),
  owe_transition_bssid: ofBss({
    kind: macAddress,
    initial: undefined,
    cost: "beacon",
    doc: "OWE transition mode: BSSID of the partner, the open network of the same name or the encrypted one.",
  }),
  owe_transition_ssid: ofBss({
    kind: quotedSsid,
    initial: undefined,
    cost: "beacon",
    doc: "OWE transition mode: SSID of the partner.",
  }),
  owe_transition_ifname: ofBss({
    kind: interfaceName,
    initial: undefined,
    cost: "beacon",
    doc: "OWE transition mode: interface of the partner, where this process has it.",
  }),
  owe_groups: ofBss({
    kind: integers(),
    initial: undefined,
    cost: "live",
    doc: "Groups for OWE: 19, 20, 21; all of them where absent.",
  }),
} as const;
