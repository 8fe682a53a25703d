/** Certificates of the EAP server and what TLS in EAP is like: EAP-TLS, PEAP, TTLS, TEAP, FAST. */

import { tlsFlags } from "../checked-kinds.ts";
import { ofBss, withoutEffect } from "../entry.ts";
import { boolean, hex, integer, numbered, octets, path, text } from "../kinds.ts";

const seconds = integer(0);

/** Another server for the same network: nobody has to go. */
const server = { cost: "live" } as const;

export const tlsKeys = {
  ca_cert: ofBss({
    ...server,
    kind: path,
    initial: undefined,
    doc: "Certificates of the authorities that clients' certificates come from, in PEM or DER; their revocation lists too.",
  }),
  server_cert: ofBss({
    ...server,
    kind: path,
    initial: undefined,
    doc: "Certificate of the EAP server in PEM, with the authorities below the root behind it; or in DER.",
  }),
  private_key: ofBss({
    ...server,
    kind: path,
    initial: undefined,
    doc: "Its private key, in PEM or DER; or PKCS #12 with the certificate, where server_cert is not set.",
  }),
  private_key_passwd: ofBss({
    ...server,
    kind: octets(),
    initial: undefined,
    secret: true,
    doc: "Passphrase of that key.",
  }),
  server_cert2: ofBss({
    ...server,
    kind: path,
    initial: undefined,
    doc: "Second certificate, with another kind of key (RSA and ECDSA): each client gets the one that suits it.",
  }),
  private_key2: ofBss({ ...server, kind: path, initial: undefined, doc: "Private key of the second certificate." }),
  private_key_passwd2: ofBss({
    ...server,
    kind: octets(),
    initial: undefined,
    secret: true,
    doc: "Passphrase of the second key.",
  }),
  check_cert_subject: ofBss({
    ...server,
    kind: text(Number.POSITIVE_INFINITY, 1),
    initial: undefined,
    doc: "What clients' certificates must have in their subject: C=US/O=XX/OU=A*; * for anything.",
  }),
  check_crl: ofBss({
    ...server,
    kind: numbered({ 0: "unchecked", 1: "client", 2: "chain" }),
    initial: "unchecked",
    doc: "Look for the client's certificate in the revocation lists of ca_cert, or for all of its chain.",
  }),
  check_crl_strict: ofBss({
    ...server,
    kind: boolean,
    initial: true,
    doc: "Refuse clients where the revocation list is outdated.",
  }),
  crl_reload_interval: ofBss({
    ...server,
    kind: seconds,
    initial: 0,
    doc: "Seconds after which the files are read again when the next client comes; 0 for a reload only.",
  }),
  tls_session_lifetime: ofBss({
    ...server,
    kind: seconds,
    initial: 0,
    doc: "Seconds that a client may come back within without authenticating in full; 0 for never.",
  }),
  tls_flags: ofBss({
    ...server,
    kind: tlsFlags,
    initial: "[DISABLE-TLSv1.3]",
    doc: "Versions of TLS (1.2 unless told; [ENABLE-TLSv1.3] for 1.3 too) and Suite B.",
  }),
  ocsp_stapling_response: ofBss({
    ...server,
    kind: path,
    initial: undefined,
    doc: "OCSP response about the server's certificate, in DER; read again for each client that asks for it.",
  }),
  ocsp_stapling_response_multi: withoutEffect(
    "OpenSSL, with which hostapd does nothing with it either, has no such responses",
    ofBss({ ...server, kind: path, initial: undefined, doc: "OCSP responses about the whole chain." }),
  ),
  dh_file: ofBss({
    ...server,
    kind: path,
    initial: undefined,
    doc: "DH parameters in PEM; a standard group that is as strong as the certificate where it is not set.",
  }),
  openssl_ciphers: ofBss({
    ...server,
    kind: text(),
    initial: undefined,
    doc: "Ciphers for TLS 1.2, in OpenSSL's notation.",
  }),
  openssl_ecdh_curves: ofBss({
    ...server,
    kind: text(),
    initial: undefined,
    doc: "Groups for the key exchange, in OpenSSL's notation: P-521:P-384.",
  }),
  fragment_size: ofBss({
    ...server,
    kind: integer(0),
    initial: 0,
    doc: "Longest EAP-TLS fragment, in octets; 0 for 1398.",
  }),
  eap_skip_prot_success: ofBss({
    ...server,
    kind: boolean,
    initial: false,
    doc: "Leave out TLS 1.3's protected success indication (for tests).",
  }),

  eap_fast_a_id: ofBss({
    ...server,
    kind: hex(),
    initial: undefined,
    doc: "Identity of the authority, for EAP-FAST and TEAP; 16 octets suit all clients.",
  }),
  eap_fast_a_id_info: ofBss({
    ...server,
    kind: text(),
    initial: undefined,
    doc: "Name of the authority for people, for EAP-FAST and TEAP.",
  }),
  eap_fast_prov: ofBss({
    ...server,
    kind: numbered({ 0: "no", 1: "anonymous", 2: "authenticated", 3: "both" }),
    initial: "both",
    doc: "How EAP-FAST clients get their first credential (PAC): not at all, without or with the server's certificate.",
  }),
  pac_opaque_encr_key: ofBss({
    ...server,
    kind: hex(16, 16),
    initial: undefined,
    secret: true,
    doc: "Key that EAP-FAST credentials (PAC) are sealed with.",
  }),
  pac_key_lifetime: ofBss({
    ...server,
    kind: seconds,
    initial: 604800,
    doc: "Seconds that an EAP-FAST credential is valid.",
  }),
  pac_key_refresh_time: ofBss({
    ...server,
    kind: seconds,
    initial: 86400,
    doc: "Seconds before its end from which on the client gets a new one.",
  }),
  eap_teap_auth: ofBss({
    ...server,
    kind: numbered({ 0: "eap", 1: "password", 2: "certificate" }),
    initial: "eap",
    doc: "What TEAP authenticates with inside the tunnel: EAP, a password, or nothing where the client's certificate was good.",
  }),
  eap_teap_separate_result: ofBss({
    ...server,
    kind: boolean,
    initial: false,
    doc: "Send TEAP's Result TLV in a message of its own (for tests).",
  }),
  eap_teap_id: ofBss({
    ...server,
    kind: numbered({
      0: "any",
      1: "user",
      2: "machine",
      3: "user-or-machine",
      4: "machine-or-user",
      5: "user-and-machine",
    }),
    initial: "any",
    doc: "Whose identity TEAP asks for.",
  }),
  eap_teap_method_sequence: ofBss({
    ...server,
    kind: numbered({ 0: "merged", 1: "one-by-one" }),
    initial: "merged",
    doc: "Whether TEAP begins the next method together with the end of the one before.",
  }),
} as const;
