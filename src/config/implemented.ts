/** What of the values of supported keys is done. The checks read it, so that a file never promises more. */

import type { AkmName, CipherName } from "./keys/security.ts";

export const implementedAkms: ReadonlySet<AkmName> = new Set<AkmName>([
  "WPA-PSK",
  "WPA-PSK-SHA256",
  "SAE",
  "SAE-EXT-KEY",
  "OWE",
  "WPA-EAP",
  "WPA-EAP-SHA256",
  "WPA-EAP-SUITE-B",
  "WPA-EAP-SUITE-B-192",
  "WPA-EAP-SHA384",
]);

export const implementedCiphers: ReadonlySet<CipherName> = new Set<CipherName>([
  "CCMP-256",
  "GCMP-256",
  "CCMP",
  "GCMP",
  "TKIP",
]);
