/** The RADIUS client: whom it asks, what it tells, and who may tell it something. */

import { type Entry, ofBss } from "../entry.ts";
import { boolean, integer, ipAddress, type Kind, name, numbered, octets, path, word } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { dynamicAuthorizationClient, requestAttributes } from "../radius-attributes.ts";
import { newServer, ofLastServer, type RadiusServer, serverHost } from "../radius-servers.ts";

const seconds = integer(0);

type Servers = readonly RadiusServer[];
type ServerEntry = Entry<"bss", Servers, Servers>;

/** Each line of `addr` begins a server, and the others say more of the one that was begun last. */
type ServerKeys<P extends "auth" | "acct"> = Record<
  | `${P}_server_addr`
  | `${P}_server_addr_replace`
  | `${P}_server_port`
  | `${P}_server_shared_secret`
  | `${P}_server_type`
  | `${P}_server_ca_cert`
  | `${P}_server_client_cert`
  | `${P}_server_private_key`
  | `${P}_server_private_key_passwd`,
  ServerEntry
>;

/** @param purpose what the server is for @param verb what is done with it */
function serverKeys<P extends "auth" | "acct">(prefix: P, purpose: string, verb: string, port: number): ServerKeys<P> {
  const first = `${prefix}_server_addr` as const;
  const more = (kind: Kind<Servers>, doc: string, { secret = false } = {}): ServerEntry =>
    ofBss({ kind, initial: [], cost: "live", doc, aliasOf: first, after: first, ...(secret && { secret }) });
  const keys: Record<string, ServerEntry> = {
    [first]: ofBss({
      kind: newServer(port),
      initial: [],
      cost: "live",
      doc: `RADIUS ${purpose} server; each line begins another, to be ${verb} when those before don't answer.`,
    }),
    [`${prefix}_server_addr_replace`]: more(
      ofLastServer("host", serverHost),
      "Another address in place of the one that was set last.",
    ),
    [`${prefix}_server_port`]: more(
      ofLastServer("port", integer(1, 65535)),
      `Port of that ${purpose} server; ${port}.`,
    ),
    [`${prefix}_server_shared_secret`]: more(ofLastServer("secret", octets(1)), "Secret shared with that server.", {
      secret: true,
    }),
    [`${prefix}_server_type`]: more(
      ofLastServer("transport", word("UDP", "TLS")),
      "Transport to that server: UDP, or TLS over TCP (RFC 6614).",
    ),
    [`${prefix}_server_ca_cert`]: more(
      ofLastServer("caCertificate", path),
      "Certificates of authorities that its certificate has to be of, for TLS.",
    ),
    [`${prefix}_server_client_cert`]: more(ofLastServer("clientCertificate", path), "Own certificate, for TLS."),
    [`${prefix}_server_private_key`]: more(ofLastServer("privateKey", path), "Own private key, for TLS."),
    [`${prefix}_server_private_key_passwd`]: more(
      ofLastServer("privateKeyPassword", octets()),
      "Passphrase of that key.",
      { secret: true },
    ),
  };
  return keys as ServerKeys<P>;
}

export const radiusClientKeys = {
  own_ip_addr: ofBss({
    kind: ipAddress,
    initial: undefined,
    cost: "live",
    doc: "Address of this access point, as RADIUS servers are told (NAS-IP-Address, NAS-IPv6-Address).",
  }),
  radius_client_addr: ofBss({
    kind: ipAddress,
    initial: undefined,
    cost: "live",
    doc: "Address that RADIUS messages come from.",
  }),
  radius_client_dev: ofBss({
    kind: name(15),
    initial: undefined,
    cost: "live",
    doc: "Interface that RADIUS messages leave by.",
  }),
  ...serverKeys("auth", "authentication", "asked", 1812),
  ...serverKeys("acct", "accounting", "told", 1813),
  radius_retry_primary_interval: ofBss({
    kind: seconds,
    initial: 0,
    cost: "live",
    doc: "Seconds after which the first servers are asked again; 0: when those that are asked don't answer.",
  }),
  radius_retry_primary_probe: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Beacond's own: at radius_retry_primary_interval, go back only to a server that answers Status-Server (RFC 5997).",
  }),
  radius_require_message_authenticator: ofBss({
    kind: boolean,
    initial: true,
    cost: "live",
    doc: "Drop answers to Access-Request without Message-Authenticator, which may be forged (BlastRADIUS). With EAP they are dropped always.",
  }),
  radius_acct_interim_interval: ofBss({
    kind: seconds,
    initial: 0,
    cost: "live",
    doc: "Seconds between interim updates of accounting; 0: what the server asks for, if anything.",
  }),
  radius_acct_journal: ofBss({
    kind: path,
    initial: undefined,
    cost: "live",
    doc: "Beacond's own: file in which accounting records wait for the server, so that they outlive the daemon; what it was killed over is told at the next start.",
  }),
  radius_request_cui: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Ask for the Chargeable-User-Identity (RFC 4372).",
  }),
  radius_auth_req_attr: ofBss({
    kind: requestAttributes,
    initial: [],
    cost: "live",
    doc: "Attribute to add to Access-Request, or to take the place of one that is there anyway; each line adds one.",
  }),
  radius_acct_req_attr: ofBss({
    kind: requestAttributes,
    initial: [],
    cost: "live",
    doc: "The same for Accounting-Request.",
  }),
  radius_req_attr_sqlite: ofBss({
    kind: path,
    initial: undefined,
    cost: "live",
    doc: "SQLite database of attributes to add to requests about single stations, in its table radius_attributes(sta, reqtype, attr).",
  }),
  radius_das_port: ofBss({
    kind: integer(0, 65535),
    initial: 0,
    cost: "live",
    doc: "Port for dynamic authorization (Disconnect and CoA, RFC 5176); 0 for none.",
  }),
  radius_das_client: ofBss({
    kind: dynamicAuthorizationClient,
    initial: undefined,
    cost: "live",
    doc: "Who may send such requests, and the secret shared with them.",
    secret: true,
  }),
  radius_das_time_window: ofBss({
    kind: seconds,
    initial: 300,
    cost: "live",
    doc: "Seconds that their Event-Timestamp may be off.",
  }),
  radius_das_require_event_timestamp: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Drop such requests without Event-Timestamp.",
  }),
  radius_das_require_message_authenticator: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Drop such requests without Message-Authenticator.",
  }),
  wpa_psk_radius: ofBss({
    kind: numbered({ 0: "ignored", 1: "accepted", 2: "required", 3: "during-4-way-handshake" }),
    initial: "ignored",
    cost: "live",
    doc: "Pre-shared keys from RADIUS (Tunnel-Password): with the address, which macaddr_acl=2 asks for, or during the handshake.",
    inHostapd: (value) => `unknown wpa_psk_radius ${leadingInteger(value).value}`,
  }),
} as const;
