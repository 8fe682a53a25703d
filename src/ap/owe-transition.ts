/**
 * OWE transition mode: an open BSS for those who know nothing else, and a hidden encrypted one beside it, each of which says where the other is.
 * Wi-Fi Alliance, OWE Specification 1.1, 2.2.
 */

import type { OweTransition } from "../wire/ieee80211/owe-transition.ts";
import type { Bss } from "./bss.ts";

/** @returns undefined where there is none, or it is not on the air yet */
export function owePartnerOf({ settings, radio }: Pick<Bss, "settings" | "radio">): OweTransition | undefined {
  const { owe_transition_bssid: bssid, owe_transition_ssid: ssid, owe_transition_ifname: name } = settings;
  if (bssid !== undefined && ssid !== undefined) return { bssid, ssid };
  const partner = name === undefined ? undefined : radio.neighbourhood.find(name);
  return partner && { bssid: partner.address, ssid: partner.settings.ssid };
}

/** This one has come to the air: those whose partner it is can say so now. */
export function announceAsPartner({ name, radio }: Bss): void {
  for (const bss of radio.neighbourhood.all()) {
    if (bss.settings.owe_transition_ifname === name) bss.refreshBeacon();
  }
}
