/** GET_CONFIG, GET and SET: what the BSS is told to be. */

import type { Bss } from "../../ap/bss.ts";
import { sendAwayDenied, sendAwayUnaccepted } from "../../ap/expulsion.ts";
import { saePasswordKeys } from "../../ap/sae.ts";
import { printable } from "../../ap/ssid-text.ts";
import { zeroAddress } from "../../base/mac-address.ts";
import { applySetting, getSetting, isApplied } from "../../config/apply.ts";
import { formatSetting } from "../../config/change.ts";
import type { Cost } from "../../config/entry.ts";
import { leadingInteger } from "../../config/numbers.ts";
import { type OctetText, octetsOf, octetTextOfString } from "../../config/octets.ts";
import { describe } from "../../config/problem.ts";
import { type BssSettings, type Configuration, findKey } from "../../config/registry.ts";
import { groupCipherOf } from "../../config/settings.ts";
import { bssOf, done, fail, type GlobalContext, type InterfaceContext, ok, onGlobal, onInterface } from "../command.ts";

/** As hostapd lists them, whatever order the file has. */
const akmOrder = [
  "WPA-PSK",
  "WPA-EAP",
  "FT-PSK",
  "FT-EAP",
  "FT-EAP-SHA384",
  "FT-SAE",
  "FT-SAE-EXT-KEY",
  "FT-FILS-SHA256",
  "FT-FILS-SHA384",
  "WPA-PSK-SHA256",
  "WPA-EAP-SHA256",
  "SAE",
  "SAE-EXT-KEY",
  "WPA-EAP-SUITE-B",
  "WPA-EAP-SUITE-B-192",
  "FILS-SHA256",
  "FILS-SHA384",
  "OWE",
  "DPP",
  "WPA-EAP-SHA384",
] as const;

const cipherOrder = ["CCMP-256", "GCMP-256", "CCMP", "GCMP", "TKIP"] as const;

const inOrder = (order: readonly string[], present: ReadonlySet<string>): string =>
  order.filter((name) => present.has(name)).join(" ");

function getConfig(context: InterfaceContext): string {
  const { radio, index, wanted } = context;
  const settings = wanted.of(radio).bsses[index];
  if (!settings) return fail;
  const address = bssOf(context)?.port?.address ?? zeroAddress;
  return [...configLines(settings, address)].map((line) => `${line}\n`).join("");
}

function* configLines(settings: BssSettings, address: string): Generator<OctetText> {
  const { wpa } = settings;
  yield `bssid=${address}`;
  yield `ssid=${printable(settings.ssid)}`;
  if (settings.config_id !== undefined) yield `config_id=${octetTextOfString(settings.config_id)}`;
  yield "wps_state=disabled";
  if (wpa.size === 0) return;
  yield `wpa=${(wpa.has("wpa") ? 1 : 0) + (wpa.has("rsn") ? 2 : 0)}`;
  yield `key_mgmt=${inOrder(akmOrder, settings.wpa_key_mgmt)}`;
  yield `group_cipher=${groupCipherOf(settings) ?? "UNKNOWN"}`;
  if (wpa.has("rsn")) yield `rsn_pairwise_cipher=${inOrder(cipherOrder, settings.rsn_pairwise)}`;
  if (wpa.has("wpa")) yield `wpa_pairwise_cipher=${inOrder(cipherOrder, settings.wpa_pairwise)}`;
  const denies = numberOf(settings, "wpa_deny_ptk0_rekey");
  if (denies !== "0") yield `wpa_deny_ptk0_rekey=${denies}`;
  const extended = numberOf(settings, "extended_key_id");
  if (wpa.has("rsn") && extended !== "0") yield `extended_key_id=${extended}`;
}

function numberOf(settings: BssSettings, name: string): OctetText {
  const key = findKey(name);
  return (key && formatSetting(settings, key)) ?? "0";
}

function get({ daemon, radio, index, wanted }: InterfaceContext, name: OctetText): string {
  switch (name) {
    case "version":
      return daemon.version;
    case "tls_library":
      return daemon.tlsLibrary;
    default: {
      const value = getSetting(wanted.of(radio), index, name);
      return value === undefined ? fail : octetTextOfString(value);
    }
  }
}

function set(context: InterfaceContext, args: OctetText): string {
  const space = args.indexOf(" ");
  if (space === -1) return fail;
  const name = args.slice(0, space);
  const value = args.slice(space + 1);
  const forTests = setForTests(context, name.toLowerCase(), value);
  return forTests ?? done(setKey(context, name, value));
}

/** What has no place in a file. @returns undefined for all else */
function setForTests(context: InterfaceContext, name: string, value: OctetText): string | undefined {
  const { memory } = context;
  const wants = leadingInteger(value).value !== 0;
  switch (name) {
    case "ext_mgmt_frame_handling":
      memory.diversions.management = wants;
      break;
    case "ext_eapol_frame_io":
      memory.diversions.eapol = wants;
      break;
    case "force_backlog_bytes":
      context.radio.airtime.forcesBacklog = wants;
      return ok;
    case "setband":
      // the kernel has no such order; hostapd finds that out and doesn't mind either
      return done(/AUTO|2G|5G|6G/.test(value));
    default:
      return undefined;
  }
  const bss = bssOf(context);
  if (bss) Object.assign(bss.diversions, memory.diversions);
  return ok;
}

/** With the driver and the beacon left as they are; RELOAD_WPA_PSK reads another file. */
const countsAtOnce: ReadonlySet<Cost> = new Set(["live", "admission"]);

/** Who may join, and what beacons say of it. */
const demands: ReadonlySet<string> = new Set(["require_ht", "require_vht", "require_he"]);

function setKey(context: InterfaceContext, name: OctetText, value: OctetText): boolean {
  const { radio, index, wanted, daemon, log } = context;
  const apply = (to: typeof radio.configuration) => applySetting(to, index, name, octetsOf(value), daemon.files);
  const result = apply(wanted.of(radio));
  for (const problem of result.problems) {
    log.write(
      problem.severity === "error" ? "error" : problem.severity === "warning" ? "warning" : "info",
      describe(problem),
    );
    if (problem.hostapd !== undefined) log.error(problem.hostapd);
  }
  if (!isApplied(result) || !hasGroup(context, result.configuration)) return false;

  const isUp = radio.bsses.length > 0;
  const isPriority = /^wm[me]_ac_/.test(name);
  if (!isUp) {
    radio.configure(result.configuration);
  } else if (countsAtOnce.has(result.cost) || isPriority || name === "wpa_psk_file" || demands.has(name)) {
    const inForce = apply(radio.configuration);
    if (isApplied(inForce)) radio.configure(inForce.configuration);
  }
  wanted.set(radio, result.configuration);

  const bss = bssOf(context);
  const settings = result.configuration.bsses[index];
  // As in hostapd they count from the next exchange on.
  if (bss && settings && (saePasswordKeys as readonly string[]).includes(name)) bss.sae.usePasswordsOf(settings);
  if (bss) afterSetting(bss, name.toLowerCase(), isPriority, radio.bsses);
  return true;
}

/** Files are read before the groups are looked for; here there is nobody else to notice. */
function hasGroup({ isGroup, index }: InterfaceContext, { bsses }: Configuration): boolean {
  const group = bsses[index]?.ctrl_interface_group;
  return group === undefined || isGroup(group);
}

function afterSetting(bss: Bss, name: string, isPriority: boolean, all: readonly Bss[]): void {
  if (isPriority || demands.has(name)) for (const each of all) each.refreshBeacon();
  if (name === "deny_mac_file") sendAwayDenied(bss);
  if (name === "accept_mac_file") sendAwayUnaccepted(bss);
}

const duplicable = ["wpa", "wpa_key_mgmt", "wpa_pairwise", "rsn_pairwise", "wpa_passphrase", "wpa_psk"];

function duplicate(context: GlobalContext, args: OctetText): string {
  const { wanted, daemon } = context;
  const [, from = "", to = "", name = ""] = /^([^ ]*) ([^ ]*) (.*)$/s.exec(args) ?? [];
  const source = context.find(from);
  const target = context.find(to);
  const key = findKey(name);
  if (!source || !target || !key || !duplicable.includes(name)) return fail;
  const settings = wanted.of(source.radio).bsses[source.index];
  const text = settings && formatSetting(settings, key);
  if (text === undefined || text === "") return fail;
  const result = applySetting(wanted.of(target.radio), target.index, name, octetsOf(text), daemon.files);
  if (!isApplied(result)) return fail;
  if (target.radio.bsses.length === 0) target.radio.configure(result.configuration);
  wanted.set(target.radio, result.configuration);
  return ok;
}

export const configurationCommands = [
  onInterface("GET_CONFIG", "", "Shows the network's name and protection.", getConfig),
  onInterface("GET", "<name>", "Shows the version (version), the TLS library (tls_library) or a key's value.", get),
  onInterface(
    "SET",
    "<name> <value>",
    "Sets a key of the configuration. What can't change at once comes into force with UPDATE_BEACON, RELOAD or ENABLE.",
    set,
  ),
  onGlobal(
    "DUP_NETWORK",
    "<from interface> <to interface> <key>",
    `Copies a key's value between interfaces: ${duplicable.join(", ")}.`,
    duplicate,
  ),
] as const;
