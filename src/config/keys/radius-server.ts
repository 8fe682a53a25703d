/** The RADIUS server: with an access point, or alone (driver=none). */

import { ofBss } from "../entry.ts";
import { boolean, integer, octets, path } from "../kinds.ts";
import { radiusClientsFile } from "../radius-clients.ts";

const live = { cost: "live" } as const;

export const radiusServerKeys = {
  radius_server_clients: ofBss({
    ...live,
    kind: radiusClientsFile,
    initial: undefined,
    doc: "Clients of the built-in RADIUS server, which is there where they are named: a file of addresses and shared secrets.",
  }),
  radius_server_auth_port: ofBss({
    ...live,
    kind: integer(1, 65535),
    initial: 1812,
    doc: "UDP port of the built-in RADIUS server.",
  }),
  radius_server_acct_port: ofBss({
    ...live,
    kind: integer(0, 65535),
    initial: 0,
    doc: "UDP port of the built-in accounting server, 0 for none.",
  }),
  radius_server_acct_log: ofBss({
    ...live,
    kind: boolean,
    initial: false,
    doc: "Log what the built-in accounting server is told.",
  }),
  radius_server_acct_file: ofBss({
    ...live,
    kind: path,
    initial: undefined,
    doc: "Beacond's own: file that the accounting server writes what it is told to, a line of JSON for each request; the client hears of it when it is written.",
  }),
  radius_server_acct_file_size: ofBss({
    ...live,
    kind: integer(0, 1_000_000),
    initial: 64,
    doc: "Beacond's own: size in MiB at which that file gets a number and a new one is begun, 0 for never.",
  }),
  radius_server_acct_files: ofBss({
    ...live,
    kind: integer(0, 1000),
    initial: 16,
    doc: "Beacond's own: how many numbered files are kept, 0 for all.",
  }),
  radius_server_ipv6: ofBss({
    ...live,
    kind: boolean,
    initial: false,
    doc: "The RADIUS server hears IPv6 as well as IPv4.",
  }),
  radius_server_tls_port: ofBss({
    ...live,
    kind: integer(0, 65535),
    initial: 0,
    doc: "Beacond's own: TCP port on which the RADIUS server is asked and told over TLS (RFC 6614, which says 2083), 0 for none.",
  }),
  radius_server_tls_cert: ofBss({
    ...live,
    kind: path,
    initial: undefined,
    doc: "Beacond's own: certificate that the RADIUS server shows there, in PEM with those behind it that lead to the root, or in DER.",
  }),
  radius_server_tls_private_key: ofBss({
    ...live,
    kind: path,
    initial: undefined,
    doc: "Beacond's own: private key of that certificate, in PEM or DER; or PKCS #12 with both.",
  }),
  radius_server_tls_private_key_passwd: ofBss({
    ...live,
    kind: octets(),
    initial: undefined,
    secret: true,
    doc: "Beacond's own: passphrase of that key.",
  }),
  radius_server_tls_ca_cert: ofBss({
    ...live,
    kind: path,
    initial: undefined,
    doc: "Beacond's own: certificates of the authorities that certificates of clients over TLS come from, with their revocation lists; all whom they vouch for are clients.",
  }),
  radius_server_dictionary: ofBss({
    ...live,
    kind: path,
    initial: undefined,
    doc: "Beacond's own: dictionary of attributes, in FreeRADIUS's form, for the names in logs and accounting.",
  }),
  radius_server_workers: ofBss({
    ...live,
    kind: integer(-1, 64),
    initial: -1,
    doc: "Beacond's own: threads of the RADIUS server; 0 for none of its own, -1 for one on each processor.",
  }),
} as const;
