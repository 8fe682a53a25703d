/** What of a RADIUS server's settings doesn't go together. */

import { type Found, warning } from "./found.ts";
import type { BssSettings } from "./registry.ts";

const isOfIpv6 = ({ address }: { readonly address: Uint8Array }): boolean => address.length === 16;

export function* radiusServerFindings(bss: BssSettings): Generator<Found> {
  const { radius_server_clients: file, radius_server_auth_port: port } = bss;
  if (bss.dump_msk_file !== undefined) {
    yield warning(
      "dump_msk_file",
      file
        ? `the keys of all sessions go into '${bss.dump_msk_file}': whoever reads it can decrypt what these stations send; it is for tests`
        : "without radius_server_clients no keys are written: dump_msk_file is the RADIUS server's",
    );
  }
  if (!file) {
    for (const key of ["radius_server_auth_port", "radius_server_acct_port", "radius_server_tls_port"] as const) {
      if (bss.given.has(key)) yield warning(key, "without radius_server_clients there is no RADIUS server");
    }
    return;
  }
  if (port === bss.radius_server_acct_port) {
    yield {
      severity: "error",
      property: "radius_server_acct_port",
      message: `port ${port} is for authentication already`,
    };
  }
  if (file.clients.length === 0) {
    const message = `there are no clients in '${file.path}': the RADIUS server would hear nobody`;
    const hostapd = "No RADIUS clients configured";
    yield { severity: "error", property: "radius_server_clients", message, hostapd };
  }
  if (!bss.radius_server_ipv6 && file.clients.some(isOfIpv6)) {
    yield warning(
      "radius_server_clients",
      `'${file.path}' has clients of IPv6, and without radius_server_ipv6=1 none of them is heard`,
    );
  }
  if (bss.radius_server_acct_port === 0 && bss.radius_server_acct_file !== undefined) {
    yield warning("radius_server_acct_file", "without radius_server_acct_port there is no accounting to write down");
  }
  if (bss.radius_server_tls_port !== 0) yield* overTlsFindings(bss);
}

/** Whose certificate is not checked is a stranger, and the secret over TLS is known to all. */
function* overTlsFindings(bss: BssSettings): Generator<Found> {
  const identity = bss.radius_server_tls_cert ?? bss.radius_server_tls_private_key;
  const missing = [
    ...(identity === undefined ? ["radius_server_tls_cert"] : []),
    ...(bss.radius_server_tls_ca_cert === undefined ? ["radius_server_tls_ca_cert"] : []),
  ];
  if (missing.length === 0) return;
  const message = `RADIUS over TLS wants certificates at both ends: ${missing.join(" and ")} missing`;
  yield { severity: "error", property: "radius_server_tls_port", message, missing };
}
