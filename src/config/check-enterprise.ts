/** What of IEEE 802.1X can't be together. */

import type { Finding } from "./check.ts";
import type { AkmName } from "./keys/security.ts";
import type { BssSettings } from "./registry.ts";
import { wepOf } from "./settings.ts";

/** Their PMK comes of EAP. */
export const eapAkms: readonly AkmName[] = [
  "WPA-EAP",
  "WPA-EAP-SHA256",
  "WPA-EAP-SUITE-B",
  "WPA-EAP-SUITE-B-192",
  "WPA-EAP-SHA384",
];

const keyless = "nobody can join: ieee8021x=1 and nobody to authenticate (auth_server_addr, or eap_server=1)";

export function* enterpriseFindings(bss: BssSettings, hasRadius: boolean): Generator<Omit<Finding, "bss">> {
  const akms = eapAkms.filter((akm) => bss.wpa_key_mgmt.has(akm));
  const needsEap = bss.wpa.size > 0 && akms.length > 0;
  if (!bss.ieee8021x) {
    if (needsEap && bss.given.has("wpa_key_mgmt")) {
      const message = `nobody can join with ${akms.join(", ")} without ieee8021x=1`;
      yield { severity: "warning", property: "wpa_key_mgmt", message, missing: ["ieee8021x"] };
    }
    return;
  }
  if (!bss.eap_server && !hasRadius) {
    const hostapd = "Invalid IEEE 802.1X configuration (no EAP authenticator configured).";
    const missing = ["eap_server", "eap_authenticator", "auth_server_addr"];
    yield { severity: "error", property: "ieee8021x", message: keyless, hostapd, missing };
  }
  if (bss.wpa.size > 0 && !needsEap) {
    const message = "ieee8021x=1 has no effect: wpa_key_mgmt names no way to prove oneself by it, as WPA-EAP";
    yield { severity: "warning", property: "ieee8021x", message };
  }
  if (bss.wpa.size === 0 && wepOf(bss) === undefined && bss.ssid.length > 0) {
    const message = "ieee8021x=1 without wpa=2 lets everybody hear all frames, and take the address of whoever is in";
    yield { severity: "warning", property: "ieee8021x", message };
  }
  if (bss.wpa_key_mgmt.has("WPA-EAP-SUITE-B-192") && bss.wpa.has("rsn")) yield* suiteB192Findings(bss);
}

/** RFC 6460's 192-bit level, as WPA3-Enterprise has it. */
function* suiteB192Findings(bss: BssSettings): Generator<Omit<Finding, "bss">> {
  const weak = [...bss.rsn_pairwise].filter((cipher) => cipher !== "GCMP-256" && cipher !== "CCMP-256");
  if (weak.length > 0) {
    const message = `the 192-bit level wants rsn_pairwise=GCMP-256, and ${weak.join(", ")} is below it`;
    yield { severity: "warning", property: "rsn_pairwise", message };
  }
}
