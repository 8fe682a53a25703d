/** What settings can't be together, and what of them isn't done yet. */

import { textOf } from "../base/bytes.ts";
import { eapFindings } from "./check-eap.ts";
import { enterpriseFindings } from "./check-enterprise.ts";
import { bssModeFindings, radioModeFindings } from "./check-modes.ts";
import { hasServedPsks, radiusFindings } from "./check-radius.ts";
import { radiusServerFindings } from "./check-radius-server.ts";
import { oweTransitionFindings, wpa3Findings } from "./check-wpa3.ts";
import { implementedAkms, implementedCiphers } from "./implemented.ts";
import { misbehaviourKeys } from "./keys/misbehaviour.ts";
import type { AkmName, CipherName } from "./keys/security.ts";
import type { Problem, Severity } from "./problem.ts";
import type { BssSettings, Configuration, RadioSettings } from "./registry.ts";
import { groupCipherOf, is6GHz, pairwiseCiphersOf, wepOf } from "./settings.ts";

/** Something about the value of a key; the parser knows which line that is. */
export interface Finding {
  readonly severity: Severity;
  /** Place of the BSS in the configuration; undefined for the radio. */
  readonly bss?: number;
  /** The property it is about; one that nobody set stands for the whole. */
  readonly property: string;
  readonly message: string;
  readonly fix?: string;
  readonly hostapd?: string;
  /** Keys that are wanted; no news where one of them was given, but refused. */
  readonly missing?: readonly string[];
}

export type Found = Omit<Finding, "bss">;

/** @param configuration settled */
export function findings(configuration: Configuration): Finding[] {
  const { radio, bsses } = configuration;
  if (radio.driver === "none")
    return [...bsses.flatMap((bss, index) => withBss(serviceFindings(bss), index)), ...duplicates(bsses)];
  if (radio.driver === "wired")
    return [...bsses.flatMap((bss, index) => withBss(wiredFindings(bss, index), index)), ...duplicates(bsses)];
  return [
    ...radioFindings(radio),
    ...bsses.flatMap((bss, index) => withBss(bssFindings(radio, bss), index)),
    ...bsses.flatMap((bss, index) => withBss(oweTransitionFindings(bss, bsses), index)),
    ...duplicates(bsses),
  ];
}

const withBss = (found: Iterable<Found>, bss: number): Finding[] => Array.from(found, (each) => ({ ...each, bss }));

/** For configurations that no file stands for: problems without a place. @param configuration settled */
export const checkConfiguration = (configuration: Configuration): Problem[] =>
  findings(configuration).map((found) => problemOf(found, configuration.bsses[found.bss ?? 0]?.interface ?? ""));

export const problemOf = ({ severity, property, message, fix, hostapd }: Finding, file: string): Problem => ({
  severity,
  file,
  line: 0,
  column: 0,
  length: 0,
  key: property,
  message,
  ...(fix === undefined ? {} : { fix }),
  ...(hostapd === undefined ? {} : { hostapd }),
});

const error = (property: string, message: string, hostapd?: string): Found =>
  hostapd === undefined ? { severity: "error", property, message } : { severity: "error", property, message, hostapd };
const warning = (property: string, message: string, hostapd?: string): Found =>
  hostapd === undefined
    ? { severity: "warning", property, message }
    : { severity: "warning", property, message, hostapd };
const note = (property: string, message: string): Found => ({ severity: "note", property, message });

function* radioFindings(radio: RadioSettings): Generator<Found> {
  yield* channelFindings(radio);
  yield* misbehaviourFindings(radio.given);
  if (radio.ieee80211d && radio.country_code === undefined) {
    const hostapd = "Cannot enable IEEE 802.11d without setting the country_code";
    yield error("ieee80211d", "ieee80211d=1 tells stations the country, and country_code is missing", hostapd);
  }
  yield* radioModeFindings(radio);
  if (radio.ieee80211h && !radio.ieee80211d) {
    const hostapd = "Cannot enable IEEE 802.11h without IEEE 802.11d enabled";
    yield error("ieee80211h", "ieee80211h=1 needs ieee80211d=1", hostapd);
  }
  if (radio.local_pwr_constraint !== undefined && !radio.ieee80211d) {
    const hostapd = "Cannot add Power Constraint element without Country element";
    yield error("local_pwr_constraint", "local_pwr_constraint needs ieee80211d=1", hostapd);
  }
  if (radio.spectrum_mgmt_required && radio.local_pwr_constraint === undefined) {
    const hostapd = "Cannot set Spectrum Management bit without Country and Power Constraint elements";
    yield error("spectrum_mgmt_required", "spectrum_mgmt_required=1 needs local_pwr_constraint", hostapd);
  }
  if ((radio.airtime_mode === "dynamic" || radio.airtime_mode === "limit") && radio.airtime_update_interval === 0) {
    const hostapd = "Airtime update interval cannot be zero";
    yield error("airtime_update_interval", "airtime_mode=2 and 3 need an airtime_update_interval", hostapd);
  }
  for (const [name, queue] of Object.entries(radio.tx_queue)) {
    if (queue.cwmin <= queue.cwmax) continue;
    const hostapd = `Invalid TX queue cwMin/cwMax values. cwMin(${queue.cwmin}) greater than cwMax(${queue.cwmax})`;
    yield error("tx_queue", `tx_queue_${name}: cwmin ${queue.cwmin} is above cwmax ${queue.cwmax}`, hostapd);
  }
  for (const [name, category] of Object.entries(radio.wmm_ac)) {
    if (category.cwmin <= category.cwmax) continue;
    const hostapd = `Invalid WMM AC cwMin/cwMax values. cwMin(${category.cwmin}) greater than cwMax(${category.cwmax})`;
    yield error("wmm_ac", `wmm_ac_${name}: cwmin ${category.cwmin} is above cwmax ${category.cwmax}`, hostapd);
  }
}

function* channelFindings(radio: RadioSettings): Generator<Found> {
  const { channel, hw_mode: mode } = radio;
  if (is6GHz(radio.op_class)) {
    const isChannel = channel === "automatic" || (radio.op_class === 136 ? channel === 2 : channel % 4 === 1);
    if (!isChannel)
      yield error("channel", `6 GHz has no channel ${channel} of 20 MHz in operating class ${radio.op_class}`);
    return;
  }
  if (mode === "ad") {
    yield error("hw_mode", "60 GHz (hw_mode=ad) is known to hostapd, but not supported yet");
    return;
  }
  if (!radio.given.has("hw_mode") && mode !== "b") {
    const why =
      mode === "a" ? `channel ${channel} is not one of 2.4 GHz` : "there is no HT or HE in hostapd's default, b";
    yield note(mode === "a" ? "channel" : "ieee80211n", `hw_mode is missing: hw_mode=${mode} is taken, because ${why}`);
  }
  if (channel === "automatic" || mode === "any") return;
  if (mode === "a") {
    if (channel <= 14) {
      yield error(
        "channel",
        `channel ${channel} is one of 2.4 GHz, and hw_mode=a is 5 GHz; hw_mode=g would go with it`,
      );
    } else if (!isChannelOf5GHz(channel)) {
      yield error("channel", `5 GHz has no channel ${channel}`);
    }
    return;
  }
  if (channel > 14) {
    yield error(
      "channel",
      `channel ${channel} is not one of 2.4 GHz, and hw_mode=${mode} is; hw_mode=a would go with it`,
    );
  } else if (channel === 14 && mode === "g") {
    yield error("channel", "channel 14 is for hw_mode=b only");
  }
}

/** Centres of 20 MHz channels. IEEE Std 802.11-2020, annex E, and Japan's 4.9 GHz. */
const isChannelOf5GHz = (channel: number): boolean =>
  (channel >= 34 && channel <= 64 && channel % 2 === 0) ||
  (channel >= 96 && channel <= 144 && channel % 4 === 0) ||
  (channel >= 149 && channel <= 177 && channel % 4 === 1) ||
  (channel >= 183 && channel <= 196);

/** Of what needs no radio. */
function* serviceFindings(bss: BssSettings): Generator<Found> {
  if (bss.interface === "") yield { ...error("interface", "no interface is named"), missing: ["interface"] };
  yield* radiusServerFindings(bss);
  yield* eapFindings(bss);
}

/** Of an Ethernet port. */
function* wiredFindings(bss: BssSettings, index: number): Generator<Found> {
  yield* serviceFindings(bss);
  if (index > 0) yield error("interface", "with driver=wired there is one port, and no bss=");
  if (!bss.ieee8021x) {
    const message = "driver=wired without ieee8021x=1 does nothing: there is no other way to prove oneself on a wire";
    yield { ...warning("driver", message), missing: ["ieee8021x"] };
  }
  if (bss.wpa.size > 0) yield error("wpa", "there is no WPA on a wire (driver=wired)");
  yield* enterpriseFindings(bss, bss.given.has("auth_server_addr"));
}

function* bssFindings(radio: RadioSettings, bss: BssSettings): Generator<Found> {
  yield* serviceFindings(bss);
  if (bss.ssid.length === 0) yield { ...error("ssid", "the network has no name: ssid is missing"), missing: ["ssid"] };
  if (bss.utf8_ssid && textOf(bss.ssid).includes("\ufffd")) {
    yield warning("utf8_ssid", "utf8_ssid=1 claims that the SSID is UTF-8, and it isn't");
  }
  if (bss.interface !== "" && bss.bridge === bss.interface)
    yield error("bridge", "an interface can't be its own bridge");
  const missing = bss.basic_rates.filter(
    (rate) => bss.supported_rates.length > 0 && !bss.supported_rates.includes(rate),
  );
  if (missing.length > 0) {
    yield warning("basic_rates", `basic_rates has ${missing.join(", ")}, which supported_rates leaves out`);
  }
  yield* admissionFindings(bss);
  yield* misbehaviourFindings(bss.given);
  yield* securityFindings(radio, bss);
  yield* enterpriseFindings(bss, bss.given.has("auth_server_addr"));
  yield* bssModeFindings(radio, bss);
}

function* misbehaviourFindings(given: ReadonlySet<string>): Generator<Found> {
  for (const key of Object.keys(misbehaviourKeys)) {
    if (given.has(key)) yield warning(key, `${key} makes the access point misbehave, to test stations with`);
  }
}

function* admissionFindings(bss: BssSettings): Generator<Found> {
  yield* radiusFindings(bss);
  if (bss.macaddr_acl === "deny-unless-accepted" && (bss.accept_mac_file?.entries.size ?? 0) === 0) {
    yield warning("macaddr_acl", "macaddr_acl=1 lets nobody in, because accept_mac_file names nobody");
  }
  if (!bss.auth_algs.has("open") && wepOf(bss) === undefined) {
    yield warning("auth_algs", "nobody can join: shared key authentication is for WEP, and there is no WEP key");
  }
}

const pskAkms: readonly AkmName[] = ["WPA-PSK", "FT-PSK", "WPA-PSK-SHA256"];

function* securityFindings(radio: RadioSettings, bss: BssSettings): Generator<Found> {
  const secrets = (["wpa_passphrase", "wpa_psk", "wpa_psk_file"] as const).filter((key) => bss[key] !== undefined);
  if (bss.wpa.size === 0) {
    const asked = secrets[0] ?? (bss.given.has("wpa_key_mgmt") ? "wpa_key_mgmt" : undefined);
    if (asked !== undefined) {
      yield warning(asked, `this network is open: ${asked} has no effect without wpa; wpa=2 protects it`);
    }
    if (bss.ieee80211w === "required") yield error("ieee80211w", "ieee80211w=2 has no effect without wpa=2");
    yield* wepFindings(bss);
    return;
  }
  const wepKey = wepKeyNames.find((key) => bss[key] !== undefined);
  if (wepKey !== undefined) {
    const hostapd = "WEP configuration in a WPA network is not supported";
    yield error(wepKey, `${wepKey}: there is no WEP in a network with WPA`, hostapd);
  }
  yield* managementProtection(bss);
  yield* akmFindings(bss);
  yield* cipherFindings(bss);
  yield* wpa3Findings(radio, bss);
  if (pskAkms.some((akm) => bss.wpa_key_mgmt.has(akm)) && secrets.length === 0 && !hasServedPsks(bss)) {
    const hostapd = "WPA-PSK enabled, but PSK or passphrase is not configured.";
    const property = bss.given.has("wpa_key_mgmt") ? "wpa_key_mgmt" : "wpa";
    const message = "the network's password is missing: wpa_passphrase, wpa_psk or wpa_psk_file";
    yield { ...error(property, message, hostapd), missing: ["wpa_passphrase", "wpa_psk", "wpa_psk_file"] };
  }
}

const wepKeyNames = ["wep_key0", "wep_key1", "wep_key2", "wep_key3"] as const;

function* wepFindings(bss: BssSettings): Generator<Found> {
  const wep = wepOf(bss);
  if (!wep) return;
  const [first = 0] = wep.keys.keys();
  const weak = "WEP protects nothing: anybody can find out its keys within minutes; wpa=2 with wpa_passphrase protects";
  yield warning(`wep_key${first}`, weak);
  if (!wep.keys.has(wep.defaultKey)) {
    const property = bss.given.has("wep_default_key") ? "wep_default_key" : `wep_key${first}`;
    const message = `there is no wep_key${wep.defaultKey} to send with; wep_default_key says which key is`;
    yield error(property, message);
  }
}

function* managementProtection(bss: BssSettings): Generator<Found> {
  const { ieee80211w: use, rsn_pairwise: pairwise } = bss;
  if (use === "no") {
    if (bss.beacon_prot)
      yield warning("beacon_prot", "beacon_prot=1 has no effect without ieee80211w=1 or ieee80211w=2");
    return;
  }
  if (!bss.wpa.has("rsn")) {
    const message = `ieee80211w=${use === "required" ? 2 : 1} has no effect without WPA2: wpa=2, or wpa=3 for both`;
    yield use === "required" ? error("ieee80211w", message) : warning("ieee80211w", message);
    return;
  }
  if (use === "required" && bss.wpa.has("wpa")) {
    yield warning("ieee80211w", "ieee80211w=2 doesn't concern stations of the first WPA, which wpa=3 lets in");
  }
  if (pairwise.size === 1 && pairwise.has("TKIP")) {
    const message = "protected management frames don't go with TKIP: rsn_pairwise=CCMP";
    yield use === "required" ? error("ieee80211w", message) : warning("ieee80211w", message);
  }
}

function* akmFindings(bss: BssSettings): Generator<Found> {
  const later = [...bss.wpa_key_mgmt].filter((akm) => !implementedAkms.has(akm));
  if (later.length === bss.wpa_key_mgmt.size) {
    yield error(
      "wpa_key_mgmt",
      `${later.join(", ")}: known to hostapd, but not supported yet, and nothing else is allowed`,
    );
    return;
  }
  if (later.length > 0) {
    yield warning("wpa_key_mgmt", `${later.join(", ")}: known to hostapd, but not supported yet, so not offered`);
  }
  if (bss.wpa.has("wpa") && !bss.wpa_key_mgmt.has("WPA-PSK") && !bss.wpa_key_mgmt.has("WPA-EAP")) {
    yield error("wpa_key_mgmt", "wpa=1 has only WPA-PSK and WPA-EAP to prove oneself", "Invalid key management type");
  }
}

function* cipherFindings(bss: BssSettings): Generator<Found> {
  const known: readonly CipherName[] = ["CCMP", "TKIP"];
  if (bss.wpa.has("wpa") && !known.some((cipher) => bss.wpa_pairwise.has(cipher))) {
    yield error("wpa_pairwise", "wpa=1 has no ciphers but CCMP and TKIP");
  }
  const group = groupCipherOf(bss);
  if (bss.wpa.has("wpa") && group !== undefined && !known.includes(group)) {
    const property = bss.given.has("group_cipher") ? "group_cipher" : "wpa";
    yield error(property, `wpa=1 has no ciphers but CCMP and TKIP, and the group cipher is ${group}`);
  }
  if (bss.given.has("rsn_pairwise") && !bss.wpa.has("rsn")) {
    yield warning("rsn_pairwise", "rsn_pairwise has no effect without WPA2: wpa=2, or wpa=3 for both");
  }
  if (bss.wpa.has("rsn") && !bss.given.has("rsn_pairwise") && !bss.given.has("wpa_pairwise")) {
    const message =
      "no cipher is named, so it is hostapd's default, the broken TKIP; rsn_pairwise=CCMP is what you want";
    yield { ...warning("wpa", message), missing: ["rsn_pairwise", "wpa_pairwise"] };
  }
  const later = [...pairwiseCiphersOf(bss)].filter((cipher) => !implementedCiphers.has(cipher));
  if (later.length > 0) {
    yield error("rsn_pairwise", `${later.join(", ")}: known to hostapd, but not supported yet`);
  }
}

function* duplicates(bsses: readonly BssSettings[]): Generator<Finding> {
  const interfaces = new Map<string, BssSettings>();
  const addresses = new Map<string, BssSettings>();
  for (const [index, bss] of bsses.entries()) {
    const sameName = interfaces.get(bss.interface);
    if (sameName !== undefined && bss.interface !== "") {
      const zero = "00:00:00:00:00:00";
      const hostapd = `Duplicate interface '${bss.interface}' for BSSID ${bss.bssid ?? zero} and ${sameName.bssid ?? zero}`;
      yield { ...error("interface", `two BSSs have the interface ${bss.interface}`, hostapd), bss: index };
    }
    interfaces.set(bss.interface, bss);
    if (bss.bssid === undefined) continue;
    const sameAddress = addresses.get(bss.bssid);
    if (sameAddress !== undefined) {
      const hostapd = `Duplicate BSSID ${bss.bssid} on interface '${bss.interface}' and '${sameAddress.interface}'.`;
      yield { ...error("bssid", `two BSSs have the BSSID ${bss.bssid}`, hostapd), bss: index };
    }
    addresses.set(bss.bssid, bss);
  }
}
