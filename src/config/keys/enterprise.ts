/** Later: RADIUS, the EAP server. */

import { dynamicAuthorizationClient, radiusAttribute } from "../checked-kinds.ts";
import { bssLater } from "../entry.ts";
import { boolean, integer, ipAddress, name, numbered, octets, path, word } from "../kinds.ts";

const port = integer(1, 65535);
const portOrNone = integer(0, 65535);
const seconds = integer(0);
const secret = { secret: true } as const;
const ofAuthServer = { after: "auth_server_addr" } as const;
const ofAcctServer = { after: "acct_server_addr" } as const;

export const enterpriseKeys = {
  own_ip_addr: bssLater(ipAddress, undefined, "NAS-IP-Address for RADIUS."),
  radius_client_addr: bssLater(ipAddress, undefined, "Address that RADIUS messages come from."),
  radius_client_dev: bssLater(name(15), undefined, "Interface that RADIUS messages leave by."),
  auth_server_addr: bssLater(ipAddress, undefined, "RADIUS authentication server; each line begins another."),
  auth_server_addr_replace: bssLater(ipAddress, undefined, "Another address for the server above.", ofAuthServer),
  auth_server_port: bssLater(port, 1812, "Port of the authentication server.", ofAuthServer),
  auth_server_shared_secret: bssLater(octets(1), undefined, "Secret shared with that server.", {
    ...secret,
    ...ofAuthServer,
  }),
  auth_server_type: bssLater(word("UDP", "TLS"), "UDP", "Transport to the authentication server.", ofAuthServer),
  auth_server_ca_cert: bssLater(path, undefined, "CA certificate for RADIUS over TLS.", ofAuthServer),
  auth_server_client_cert: bssLater(path, undefined, "Own certificate for RADIUS over TLS.", ofAuthServer),
  auth_server_private_key: bssLater(path, undefined, "Own private key for RADIUS over TLS.", ofAuthServer),
  auth_server_private_key_passwd: bssLater(octets(), undefined, "Passphrase of that key.", {
    ...secret,
    ...ofAuthServer,
  }),
  acct_server_addr: bssLater(ipAddress, undefined, "RADIUS accounting server; each line begins another."),
  acct_server_addr_replace: bssLater(ipAddress, undefined, "Another address for the server above.", ofAcctServer),
  acct_server_port: bssLater(port, 1813, "Port of the accounting server.", ofAcctServer),
  acct_server_shared_secret: bssLater(octets(1), undefined, "Secret shared with that server.", {
    ...secret,
    ...ofAcctServer,
  }),
  acct_server_type: bssLater(word("UDP", "TLS"), "UDP", "Transport to the accounting server.", ofAcctServer),
  acct_server_ca_cert: bssLater(path, undefined, "CA certificate for accounting over TLS.", ofAcctServer),
  acct_server_client_cert: bssLater(path, undefined, "Own certificate for accounting over TLS.", ofAcctServer),
  acct_server_private_key: bssLater(path, undefined, "Own private key for accounting over TLS.", ofAcctServer),
  acct_server_private_key_passwd: bssLater(octets(), undefined, "Passphrase of that key.", {
    ...secret,
    ...ofAcctServer,
  }),
  radius_retry_primary_interval: bssLater(seconds, 0, "Seconds until the first server is tried again."),
  radius_require_message_authenticator: bssLater(boolean, true, "Drop RADIUS answers without Message-Authenticator."),
  radius_acct_interim_interval: bssLater(seconds, 0, "Seconds between interim accounting updates."),
  radius_request_cui: bssLater(boolean, false, "Ask for the Chargeable-User-Identity."),
  radius_auth_req_attr: bssLater(radiusAttribute, undefined, "Attribute to add to Access-Request."),
  radius_acct_req_attr: bssLater(radiusAttribute, undefined, "Attribute to add to Accounting-Request."),
  radius_req_attr_sqlite: bssLater(path, undefined, "Database of attributes for single stations."),
  radius_das_port: bssLater(portOrNone, 0, "Port for dynamic authorization (RFC 5176), 0 for none."),
  radius_das_client: bssLater(
    dynamicAuthorizationClient,
    undefined,
    "Who may send dynamic authorization requests.",
    secret,
  ),
  radius_das_time_window: bssLater(seconds, 300, "Seconds that an Event-Timestamp may be off."),
  radius_das_require_event_timestamp: bssLater(boolean, false, "Demand Event-Timestamp in dynamic authorization."),
  radius_das_require_message_authenticator: bssLater(
    boolean,
    false,
    "Demand Message-Authenticator in dynamic authorization.",
  ),
  wpa_psk_radius: bssLater(
    numbered({ 0: "ignored", 1: "accepted", 2: "required", 3: "during-4-way-handshake" }),
    "ignored",
    "Pre-shared keys from RADIUS.",
    { refuse: (use) => (use === "ignored" || use === "accepted" ? undefined : "no key would come from RADIUS") },
  ),
  dump_msk_file: bssLater(path, undefined, "File for master session keys (for tests).", secret),

  tnc: bssLater(boolean, false, "Trusted Network Connect."),
} as const;
