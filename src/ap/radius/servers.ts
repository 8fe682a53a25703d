/** From a BSS's settings to a RADIUS client's. */

import { seconds } from "../../base/duration.ts";
import { faultOf, type RadiusServer, secretOf } from "../../config/radius-servers.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { ClientSettings } from "../../radius/client/client.ts";
import type { RequestKind } from "../../radius/client/request-kind.ts";
import type { Server } from "../../radius/client/server-pool.ts";

export function clientSettings(settings: BssSettings, kind: RequestKind): ClientSettings {
  const { auth_server_addr, acct_server_addr } = settings;
  const configured = kind === "Authentication" ? auth_server_addr : acct_server_addr;
  return {
    servers: configured.flatMap((server) => serverOf(settings, server) ?? []),
    retryPrimary: seconds(settings.radius_retry_primary_interval),
    probesPrimary: settings.radius_retry_primary_probe,
    requireMessageAuthenticator: settings.radius_require_message_authenticator,
  };
}

/** @returns undefined for one that nobody would recognise */
function serverOf(settings: BssSettings, server: RadiusServer): Server | undefined {
  const { host, port, transport } = server;
  const secret = secretOf(server);
  if (secret === undefined || faultOf(server) !== undefined) return undefined;
  const { caCertificate, clientCertificate, privateKey, privateKeyPassword } = server;
  return {
    secret,
    endpoint: {
      host,
      port,
      tls: transport === "TLS" ? { caCertificate, clientCertificate, privateKey, privateKeyPassword } : undefined,
      localAddress: settings.radius_client_addr,
      device: settings.radius_client_dev,
    },
  };
}
