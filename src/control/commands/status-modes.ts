/** What STATUS says of VHT, HE and EHT, in hostapd's words and order. */

import { operatingWidth } from "../../ap/channel-width.ts";
import type { Radio } from "../../ap/radio.ts";
import { vhtInformationOf } from "../../ap/vht.ts";
import type { BssSettings } from "../../config/registry.ts";
import { encodeVhtCapabilityInformation } from "../../wire/ieee80211/vht-capabilities.ts";

/** The modes that are on for a BSS, whether it is up or not. */
export function modesOn({ settings }: Radio, bss: BssSettings | undefined) {
  return {
    ht: settings.ieee80211n && bss?.disable_11n !== true,
    vht: settings.ieee80211ac && bss?.disable_11ac !== true,
    he: settings.ieee80211ax && bss?.disable_11ax !== true,
    eht: settings.ieee80211be && bss?.disable_11be !== true,
  } as const;
}

export function* modeLines(radio: Radio, bss: BssSettings | undefined): Generator<string> {
  const { settings, plan, running } = radio;
  const on = modesOn(radio, bss);
  const { width, segment0, segment1 } = plan ? operatingWidth(plan.definition) : configured(radio);
  if (on.eht) {
    yield `eht_oper_chwidth=${width}`;
    yield `eht_oper_centr_freq_seg0_idx=${segment0}`;
    if (width === 9) yield `eht_bw320_offset=${settings.eht_bw320_offset}`;
    const punctured = plan?.definition.punctured ?? 0;
    if (punctured !== 0) yield `punct_bitmap=0x${punctured.toString(16)}`;
  }
  if (on.he) {
    yield `he_oper_chwidth=${width}`;
    yield `he_oper_centr_freq_seg0_idx=${segment0}`;
    yield `he_oper_centr_freq_seg1_idx=${segment1}`;
    const { color, disabled } = running?.bssColor ?? { color: 0, disabled: true };
    if (!disabled && color > 0) yield `he_bss_color=${color}`;
  }
  if (!on.vht) return;
  yield `vht_oper_chwidth=${width}`;
  yield `vht_oper_centr_freq_seg0_idx=${segment0}`;
  yield `vht_oper_centr_freq_seg1_idx=${segment1}`;
  yield `vht_caps_info=${encodeVhtCapabilityInformation(vhtInformationOf(settings)).toString(16).padStart(8, "0")}`;
  const mcsSet = plan?.modes.vht?.mcsSet;
  if (mcsSet) yield* vhtMcsMaps(mcsSet);
}

/** Supported VHT-MCS and NSS Set: receive map, rate, transmit map, rate. IEEE Std 802.11-2020, 9.4.2.157.3. */
export function* vhtMcsMaps(mcsSet: Uint8Array): Generator<string> {
  const map = (at: number): string => ((mcsSet[at] ?? 0) | ((mcsSet[at + 1] ?? 0) << 8)).toString(16).padStart(4, "0");
  yield `rx_vht_mcs_map=${map(0)}`;
  yield `tx_vht_mcs_map=${map(4)}`;
}

const configured = ({ settings }: Radio) => ({
  width: settings.vht_oper_chwidth,
  segment0: settings.vht_oper_centr_freq_seg0_idx,
  segment1: settings.vht_oper_centr_freq_seg1_idx,
});
