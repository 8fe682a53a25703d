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
  const partner = name === undefined ? undefined : radio.findBss(name);
  return partner && { bssid: partner.address, ssid: partner.settings.ssid };
}

/** The partner has come to the air, or is another one now. */
export function onPartner(bss: Bss, interfaceName: string): void {
  if (bss.settings.owe_transition_ifname === interfaceName && bss.isBeaconing) bss.refreshBeacon();
}
