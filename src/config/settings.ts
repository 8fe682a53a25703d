/** Settings: their defaults, and what follows from other settings where nothing was said. */

import { implementedAkms } from "./implemented.ts";
import type { HwMode } from "./keys/radio.ts";
import type { AkmName, CipherName } from "./keys/security.ts";
import { type BssSettings, type Configuration, propertyOf, type RadioSettings, settingKeys } from "./registry.ts";

function defaultsOf(scope: "bss" | "radio"): Record<string, unknown> {
  const values: Record<string, unknown> = { given: new Set<string>() };
  for (const [key, entry] of Object.entries(settingKeys)) {
    if (entry.scope === scope && entry.aliasOf === undefined) values[propertyOf(key)] = entry.initial;
  }
  return values;
}

export const defaultRadio = (): RadioSettings => defaultsOf("radio") as unknown as RadioSettings;

export const defaultBss = (interfaceName: string): BssSettings =>
  settleBss(defaultRadio(), { ...(defaultsOf("bss") as unknown as BssSettings), interface: interfaceName });

/**
 * The cipher for broadcast frames: what was asked for, else one that every station allowed here has.
 * @returns undefined in an open network
 */
export function groupCipherOf(bss: BssSettings): CipherName | undefined {
  if (bss.wpa.size === 0) return undefined;
  if (bss.group_cipher !== undefined) return bss.group_cipher;
  // What stations see in the override elements they have beside what all have.
  const pairwise = new Set([
    ...(bss.wpa.has("wpa") ? bss.wpa_pairwise : []),
    ...(bss.wpa.has("rsn") ? bss.rsn_pairwise : []),
  ]);
  if (pairwise.has("TKIP")) return "TKIP";
  if (pairwise.has("CCMP")) return "CCMP";
  if (pairwise.has("GCMP")) return "GCMP";
  if (pairwise.has("GCMP-256")) return "GCMP-256";
  return pairwise.has("CCMP-256") ? "CCMP-256" : "CCMP";
}

/** Those that are done; about the others there is a warning. */
export const implementedOf = (akms: ReadonlySet<AkmName>): ReadonlySet<AkmName> =>
  new Set([...akms].filter((akm) => implementedAkms.has(akm)));

/** All AKM suites that are offered, in the RSNE or in what overrides it. */
export const offeredAkmsOf = (bss: BssSettings): ReadonlySet<AkmName> =>
  implementedOf(new Set([...bss.wpa_key_mgmt, ...bss.rsn_override_key_mgmt, ...bss.rsn_override_key_mgmt_2]));

/** The ciphers that any station may use here. */
export function pairwiseCiphersOf(bss: BssSettings): ReadonlySet<CipherName> {
  const { wpa, wpa_pairwise, rsn_pairwise, rsn_override_pairwise, rsn_override_pairwise_2 } = bss;
  return new Set([
    ...(wpa.has("wpa") ? wpa_pairwise : []),
    ...(wpa.has("rsn") ? rsn_pairwise : []),
    ...(bss.rsn_override_key_mgmt.size > 0 ? rsn_override_pairwise : []),
    ...(bss.rsn_override_key_mgmt_2.size > 0 ? rsn_override_pairwise_2 : []),
  ]);
}

const htCiphersOfRsn: readonly CipherName[] = ["CCMP", "GCMP", "CCMP-256", "GCMP-256"];

export interface WepSettings {
  /** By key ID. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** ID of the one to send with. */
  readonly defaultKey: number;
}

/** @returns undefined where the network is open or has WPA */
export function wepOf(bss: BssSettings): WepSettings | undefined {
  if (bss.wpa.size > 0) return undefined;
  const given = [bss.wep_key0, bss.wep_key1, bss.wep_key2, bss.wep_key3];
  const keys = new Map(given.flatMap((key, id) => (key === undefined ? [] : [[id, key] as const])));
  return keys.size === 0 ? undefined : { keys, defaultKey: bss.wep_default_key };
}

/** HT stations may use neither WEP nor TKIP, so a network that has nothing better can't be one. IEEE Std 802.11-2020, 12.6.1.1.2. */
export const hasHtCipher = (bss: BssSettings): boolean =>
  (bss.wpa.size === 0 && wepOf(bss) === undefined) ||
  bss.wpa_pairwise.has("CCMP") ||
  htCiphersOfRsn.some((cipher) => bss.rsn_pairwise.has(cipher));

/** Operating classes of 6 GHz. IEEE Std 802.11-2020, table E-4. */
export const is6GHz = (operatingClass: number): boolean => operatingClass >= 131 && operatingClass <= 137;

/** The mode where none was named: hostapd's `b`, unless the channel or HT rules that out. */
function modeOf(radio: RadioSettings): HwMode {
  if (radio.given.has("hw_mode")) return radio.hw_mode;
  if (is6GHz(radio.op_class)) return "a";
  if (radio.channel !== "automatic" && radio.channel > 14) return "a";
  return (radio.ieee80211n || radio.ieee80211ax) && radio.channel !== 14 ? "g" : "b";
}

/** Fills in what nobody set and what therefore depends on the rest. */
export const settleRadio = (radio: RadioSettings): RadioSettings =>
  radio.driver === "wired" ? { ...radio, ...noChannel } : { ...radio, hw_mode: modeOf(radio) };

/** An Ethernet port has none: what stands for it needs no choice. */
const noChannel = { hw_mode: "b", channel: 1, ieee80211n: false } as const;

/** @param radio settled before */
export function settleBss(radio: RadioSettings, bss: BssSettings): BssSettings {
  const given = (key: keyof BssSettings): boolean => bss.given.has(key);
  const unset: ReadonlySet<CipherName> = settingKeys.rsn_pairwise.initial;
  const settled: BssSettings = {
    ...bss,
    rsn_pairwise: given("rsn_pairwise") ? bss.rsn_pairwise : bss.wpa.has("rsn") ? bss.wpa_pairwise : unset,
    wmm_enabled: given("wmm_enabled") ? bss.wmm_enabled : radio.ieee80211n || radio.ieee80211ax,
    // What validates the channel has to be protected itself.
    ieee80211w: bss.ocv !== "no" && bss.ieee80211w === "no" ? "optional" : bss.ieee80211w,
  };
  const rsnPairwise = settled.rsn_pairwise;
  const noFastCipher = !hasHtCipher(settled);
  const disabled = (key: "disable_11n" | "disable_11ac" | "disable_11ax" | "disable_11be"): boolean =>
    given(key) && bss[key];
  const noHe = disabled("disable_11ax") || (radio.ieee80211ax && noFastCipher);
  const bothAlgorithms = !given("auth_algs") && wepOf(bss) !== undefined;
  return {
    ...settled,
    auth_algs: bothAlgorithms ? new Set(["open", "shared"]) : bss.auth_algs,
    disable_11n: disabled("disable_11n") || (radio.ieee80211n && (radio.hw_mode === "b" || noFastCipher)),
    disable_11ac: disabled("disable_11ac") || (radio.ieee80211ac && noFastCipher),
    disable_11ax: noHe,
    disable_11be: disabled("disable_11be") || noHe,
    rsn_override_pairwise: given("rsn_override_pairwise") ? bss.rsn_override_pairwise : rsnPairwise,
    rsn_override_pairwise_2: given("rsn_override_pairwise_2") ? bss.rsn_override_pairwise_2 : rsnPairwise,
    wpa_group_rekey: given("wpa_group_rekey") ? bss.wpa_group_rekey : groupCipherOf(settled) === "TKIP" ? 600 : 86400,
  };
}

export function settle({ radio, bsses }: Configuration): Configuration {
  const settled = settleRadio(radio);
  return { radio: settled, bsses: bsses.map((bss) => settleBss(settled, bss)) };
}
