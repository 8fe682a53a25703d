/** What of RADIUS can't be together, or leaves somebody out. */

import type { Finding } from "./check.ts";
import { faultOf } from "./radius-servers.ts";
import type { BssSettings } from "./registry.ts";

/** Somebody can be asked. */
export const hasAuthenticationServer = ({ auth_server_addr }: BssSettings): boolean =>
  auth_server_addr.some((server) => faultOf(server) === undefined);

/** Pre-shared keys come from a server. */
export const hasServedPsks = ({ wpa_psk_radius, macaddr_acl }: BssSettings): boolean =>
  wpa_psk_radius === "during-4-way-handshake" || (wpa_psk_radius === "required" && macaddr_acl === "radius");

export function* radiusFindings(bss: BssSettings): Generator<Omit<Finding, "bss">> {
  for (const key of ["auth_server_addr", "acct_server_addr"] as const) {
    const prefix = key.slice(0, -"addr".length);
    for (const server of bss[key]) {
      const { host, transport, caCertificate } = server;
      const finding = (severity: Finding["severity"], message: string, missing: string) => ({
        severity,
        property: key,
        message,
        missing: [`${prefix}${missing}`],
      });
      switch (faultOf(server)) {
        case "no-secret":
          yield finding("warning", `${host} is not asked: ${prefix}shared_secret is missing`, "shared_secret");
          break;
        case "unrecognisable": {
          const why = `over TLS anybody could say to be ${host}, and would be believed`;
          yield finding("error", `${why}: ${prefix}ca_cert has to name the authority of its certificate`, "ca_cert");
          break;
        }
        case undefined:
          if (transport === "UDP" || caCertificate !== undefined) break;
          yield finding(
            "warning",
            `without ${prefix}ca_cert the certificate of ${host} is not checked: only the shared secret says who it is`,
            "ca_cert",
          );
      }
    }
  }
  const overTls = [...bss.auth_server_addr, ...bss.acct_server_addr].find(({ transport }) => transport === "TLS");
  if (overTls && bss.radius_client_dev !== undefined) {
    const message = `to ${overTls.host}, over TLS, messages leave by the interface that the routes say`;
    yield { severity: "warning", property: "radius_client_dev", message };
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
