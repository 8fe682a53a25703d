/** What can't be together of HT, VHT, HE, EHT and 6 GHz. */

import { error, type Found, note, warning } from "./found.ts";
import type { CipherName } from "./keys/security.ts";
import type { BssSettings, RadioSettings } from "./registry.ts";
import { groupCipherOf, hasHtCipher, is6GHz, wepOf } from "./settings.ts";

export function* radioModeFindings(radio: RadioSettings): Generator<Found> {
  if (radio.ieee80211n && radio.hw_mode === "b") {
    const hostapd = "HT (IEEE 802.11n) in 11b mode is not allowed, disabling HT capabilities";
    yield warning(
      "ieee80211n",
      "there is no HT in hw_mode=b, so ieee80211n=1 has no effect; hw_mode=g has it",
      hostapd,
    );
  }
  if (radio.ht_capab.has("HT40+") && radio.ht_capab.has("HT40-")) {
    yield note("ht_capab", "HT40+ and HT40- are both given: HT40+ is tried first");
  }
  yield* withoutMode(radio, "ieee80211n", ["require_ht", "ht_capab"]);
  yield* withoutMode(radio, "ieee80211ac", ["require_vht", "vht_capab", "vht_oper_chwidth"]);
  yield* withoutMode(radio, "ieee80211ax", ["require_he", "he_oper_chwidth", "he_bss_color"]);
  yield* withoutMode(radio, "ieee80211be", ["require_eht", "eht_oper_chwidth"]);
  if (radio.ieee80211ac && !radio.ieee80211n && !is6GHz(radio.op_class)) {
    yield warning("ieee80211ac", "no station joins with VHT where there is no HT: ieee80211n=1 goes with it");
  }
  if (radio.ieee80211be && !radio.ieee80211ax) {
    const hostapd = "Cannot set ieee80211be without ieee80211ax";
    yield error("ieee80211be", "EHT needs HE: ieee80211ax=1", hostapd);
  }
  if (radio.punct_bitmap !== 0 && !radio.ieee80211be) {
    yield error("punct_bitmap", "puncturing is EHT's: ieee80211be=1");
  }
  if (is6GHz(radio.op_class)) {
    if (!radio.ieee80211ax) yield error("op_class", `operating class ${radio.op_class} is 6 GHz: ieee80211ax=1`);
    if (radio.hw_mode !== "a" && radio.hw_mode !== "any") {
      yield error("hw_mode", `operating class ${radio.op_class} is 6 GHz, which goes with hw_mode=a`);
    }
  }
}

/** Keys that were given a value of some effect, without the mode that they belong to. */
function* withoutMode(
  radio: RadioSettings,
  mode: "ieee80211n" | "ieee80211ac" | "ieee80211ax" | "ieee80211be",
  keys: readonly (keyof RadioSettings)[],
): Generator<Found> {
  if (radio[mode]) return;
  for (const key of keys) {
    const value = radio[key];
    const isIdle = value === false || value === 0 || value === undefined || (value instanceof Set && value.size === 0);
    if (!isIdle && radio.given.has(key)) yield warning(key, `${key} has no effect without ${mode}=1`);
  }
}

export function* bssModeFindings(radio: RadioSettings, bss: BssSettings): Generator<Found> {
  if (radio.ieee80211n && !bss.disable_11n && !bss.wmm_enabled) {
    yield warning("wmm_enabled", "HT needs WMM: with wmm_enabled=0 stations join without it");
  }
  if (!hasHtCipher(bss) && radio.hw_mode !== "b") yield* slowCipherFindings(radio, wepOf(bss) !== undefined);
  if (is6GHz(radio.op_class)) yield* security6GHz(bss);
  if (bss.fils_discovery_max_interval > 0 && (!radio.ieee80211ax || bss.disable_11ax)) {
    const hostapd = "Currently IEEE 802.11ax support is mandatory to enable FILS discovery transmission.";
    yield error("fils_discovery_max_interval", "FILS Discovery frames go with HE: ieee80211ax=1", hostapd);
  }
  if (bss.fils_discovery_max_interval > 0 && bss.unsol_bcast_probe_resp_interval > 0) {
    const hostapd = "Cannot enable both FILS discovery and unsolicited broadcast Probe Response at the same time";
    const message = "FILS Discovery frames and unasked Probe Responses: one of the two is enough, both are not allowed";
    yield error("unsol_bcast_probe_resp_interval", message, hostapd);
  }
  if (bss.fils_discovery_min_interval > bss.fils_discovery_max_interval && bss.fils_discovery_max_interval > 0) {
    yield error("fils_discovery_min_interval", "fils_discovery_min_interval is above fils_discovery_max_interval");
  }
  if (bss.bss_require_eht && (!radio.ieee80211be || bss.disable_11be)) {
    yield warning("bss_require_eht", "bss_require_eht has no effect where there is no EHT");
  }
}

const modes = [
  ["ieee80211n", "HT (IEEE 802.11n)", "HT"],
  ["ieee80211ac", "VHT (IEEE 802.11ac)", "VHT"],
  ["ieee80211ax", "HE (IEEE 802.11ax)", "HE"],
] as const;

/** IEEE Std 802.11-2020, 12.6.1.1.2. */
function* slowCipherFindings(radio: RadioSettings, isWep: boolean): Generator<Found> {
  for (const [key, name, short] of modes) {
    if (!radio[key]) continue;
    if (isWep) {
      const hostapd = `${name} with WEP is not allowed, disabling ${short} capabilities`;
      yield warning(key, `${short} is not allowed with WEP, so ${key}=1 has no effect here`, hostapd);
      continue;
    }
    const hostapd = `${name} with WPA/WPA2 requires CCMP/GCMP to be enabled, disabling ${short} capabilities`;
    const message = `${short} is not allowed with TKIP alone, so ${key}=1 has no effect here; rsn_pairwise=CCMP allows it`;
    yield { ...warning(key, message, hostapd), missing: ["rsn_pairwise", "wpa_pairwise"] };
  }
}

/** IEEE Std 802.11ax-2021, 12.12.2. */
function* security6GHz(bss: BssSettings): Generator<Found> {
  if (!bss.wpa.has("rsn") || bss.wpa.has("wpa")) {
    const hostapd = "Pre-RSNA security methods are not allowed in 6 GHz";
    return yield error("wpa", "6 GHz is for WPA3 only: wpa=2 with SAE or OWE", hostapd);
  }
  if (bss.ieee80211w !== "required") {
    const hostapd = "Management frame protection is required in 6 GHz";
    return yield error("ieee80211w", "6 GHz needs protected management frames: ieee80211w=2", hostapd);
  }
  if (["WPA-PSK", "FT-PSK", "WPA-PSK-SHA256"].some((akm) => [...bss.wpa_key_mgmt].some((own) => own === akm))) {
    return yield error("wpa_key_mgmt", "6 GHz has no WPA-PSK: SAE takes its place", "Invalid AKM suite for 6 GHz");
  }
  if (bss.given.has("sae_pwe") && bss.sae_pwe !== "hash-to-element" && bss.wpa_key_mgmt.has("SAE")) {
    yield warning("sae_pwe", "in 6 GHz SAE hashes to the element, as with sae_pwe=1, whatever sae_pwe says");
  }
  const old: readonly CipherName[] = ["TKIP"];
  if (old.some((cipher) => bss.rsn_pairwise.has(cipher))) {
    return yield error("rsn_pairwise", "6 GHz has no TKIP", "Invalid pairwise cipher suite for 6 GHz");
  }
  if (old.some((cipher) => cipher === groupCipherOf(bss))) {
    yield error("group_cipher", "6 GHz has no TKIP", "Invalid group cipher suite for 6 GHz");
  }
}
