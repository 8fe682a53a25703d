/** What of RADIUS can't be together, or leaves somebody out. */

import type { Finding } from "./check.ts";
import type { RadiusServer } from "./radius-servers.ts";
import type { BssSettings } from "./registry.ts";

/** Somebody can be asked. */
export const hasAuthenticationServer = ({ auth_server_addr }: BssSettings): boolean => auth_server_addr.some(isUsable);

/** Without a secret there is nothing to recognise it by. */
const isUsable = ({ secret, transport }: RadiusServer): boolean => secret !== undefined || transport === "TLS";

/** Pre-shared keys come from a server. */
export const hasServedPsks = ({ wpa_psk_radius, macaddr_acl }: BssSettings): boolean =>
  wpa_psk_radius === "during-4-way-handshake" || (wpa_psk_radius === "required" && macaddr_acl === "radius");

export function* radiusFindings(bss: BssSettings): Generator<Omit<Finding, "bss">> {
  for (const key of ["auth_server_addr", "acct_server_addr"] as const) {
    const prefix = key.slice(0, -"addr".length);
    for (const server of bss[key]) {
      const { host, transport, caCertificate } = server;
      if (!isUsable(server)) {
        const message = `${host} is not asked: ${prefix}shared_secret is missing`;
        yield { severity: "warning", property: key, message, missing: [`${prefix}shared_secret`] };
      }
      if (transport === "TLS" && caCertificate === undefined) {
        const message = `anybody may be ${host}: without ${prefix}ca_cert, its certificate is not checked`;
        yield { severity: "warning", property: key, message, missing: [`${prefix}ca_cert`] };
      }
    }
  }
  const asks = bss.macaddr_acl === "radius" || bss.wpa_psk_radius === "during-4-way-handshake";
  if (asks && !hasAuthenticationServer(bss)) {
    const property = bss.macaddr_acl === "radius" ? "macaddr_acl" : "wpa_psk_radius";
    const message = `nobody is let in who has to be asked about: ${property} wants auth_server_addr`;
    yield { severity: "warning", property, message, missing: ["auth_server_addr"] };
  }
  const needsAddresses = bss.wpa_psk_radius === "accepted" || bss.wpa_psk_radius === "required";
  if (bss.wpa.size > 0 && needsAddresses && bss.macaddr_acl !== "radius") {
    const hostapd = "WPA-PSK using RADIUS enabled, but no RADIUS checking (macaddr_acl=2) enabled.";
    const message = "pre-shared keys come with what a server says of an address, and macaddr_acl=2 is missing";
    yield { severity: "error", property: "wpa_psk_radius", message, hostapd };
  }
  if (bss.radius_das_port !== 0 && bss.radius_das_client === undefined) {
    const message = "nobody may send dynamic authorization requests: radius_das_client is missing";
    yield { severity: "warning", property: "radius_das_port", message, missing: ["radius_das_client"] };
  }
}
