import type { AkmName } from "../wire/ieee80211/suites.ts";

/**
 * Which of several key managements a station gets that offers more than one: the first of these that the network has too,
 * in whatever order either of them names them. hostapd's order, but that what withstands guessing comes before what doesn't.
 */
const order = [
  "WPA-EAP-SUITE-B-192",
  "WPA-EAP-SUITE-B",
  "FT-FILS-SHA384",
  "FT-FILS-SHA256",
  "FILS-SHA384",
  "FILS-SHA256",
  "FT-EAP-SHA384",
  "FT-EAP",
  "WPA-EAP-SHA384",
  "WPA-EAP-SHA256",
  "SAE",
  "SAE-EXT-KEY",
  "FT-SAE",
  "FT-SAE-EXT-KEY",
  "FT-PSK-SHA384",
  "FT-PSK",
  "WPA-PSK-SHA384",
  "WPA-PSK-SHA256",
  "WPA-EAP",
  "OWE",
  "DPP",
  "PASN",
  "WPA-PSK",
  "TDLS",
] as const satisfies readonly AkmName[];

/** @returns undefined where nothing of what is offered is taken */
export const preferredAkm = (offered: readonly string[], taken: ReadonlySet<AkmName>): AkmName | undefined =>
  order.find((name) => taken.has(name) && offered.includes(name));
