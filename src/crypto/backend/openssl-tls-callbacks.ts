/**
 * What OpenSSL asks in the midst of a handshake. It calls back synchronously, from inside a handshake or read of the same thread. So there is
 * one set of callbacks for the thread, which is never unregistered, and `current` says whose call is on the stack: no address of ours is ever
 * kept by OpenSSL.
 */

import koffi from "koffi";
import type { TlsServerSettings, TlsSessionSettings } from "../tls/port.ts";
import { describePeer } from "./certificates.ts";
import { drain, type OpenSsl, octetsAt, type Pointer, withBio } from "./openssl-tls-library.ts";

/** Of openssl/x509_vfy.h: X509_V_... */
export const verifyError = { ok: 0, listNotYetValid: 11, listExpired: 12, rejected: 28, keyTooSmall: 67 } as const;
/** SSL_CTRL_SET_TLSEXT_STATUS_REQ_OCSP_RESP of openssl/ssl.h. */
const setStatusResponse = 71;

/** Who is called: what callbacks may need of the session whose handshake or read is going on. */
export interface Called {
  readonly settings: TlsServerSettings;
  readonly session: TlsSessionSettings;
  ticket: Uint8Array | undefined;
}

let current: Called | undefined;

/** Makes a call of OpenSSL's in which it may call back. */
export function calling(called: Called, call: () => void): void {
  const outer = current;
  current = called;
  try {
    call();
  } finally {
    current = outer;
  }
}

export interface Callbacks {
  readonly verify: Pointer;
  readonly status: Pointer;
  readonly ticket: Pointer;
  readonly secret: Pointer;
}

let registered: Callbacks | undefined;

/** What is thrown inside a callback can't go through OpenSSL: it refuses instead. */
const guarded =
  <A extends readonly unknown[]>(refusal: number, callback: (...args: A) => number) =>
  (...args: A): number => {
    try {
      return callback(...args);
    } catch {
      return refusal;
    }
  };

/** Addresses of functions, for OpenSSL. */
export function callbacks(openssl: OpenSsl): Callbacks {
  registered ??= {
    verify: register(
      "int TlsVerify(int, void *)",
      guarded(0, (ok: number, store: Pointer) => onVerify(openssl, ok, store)),
    ),
    status: register(
      "int TlsStatus(void *, void *)",
      guarded(3, (session: Pointer) => onStatus(openssl, session)),
    ),
    ticket: register(
      "int TlsTicket(void *, void *, int, void *)",
      guarded(1, (_session: Pointer, ticket: Pointer, length: number) => {
        if (current !== undefined) current.ticket = octetsAt(openssl, ticket, length);
        return 1;
      }),
    ),
    secret: register(
      "int TlsSecret(void *, void *, void *, void *, void *, void *)",
      guarded(0, (session: Pointer, secret: Pointer, length: Pointer) => onSecret(openssl, session, secret, length)),
    ),
  };
  return registered;
}

const register = (prototype: string, callback: (...args: never[]) => number): Pointer =>
  koffi.register(callback, koffi.pointer(koffi.proto(prototype))) as Pointer;

/** Of each certificate in a client's chain, the root first. @returns 1 to go on */
function onVerify(openssl: OpenSsl, ok: number, store: Pointer): number {
  if (current === undefined) return 0;
  const { settings } = current;
  if (ok !== 1) {
    const error = openssl.verifyError(store);
    const outdated = error === verifyError.listExpired || error === verifyError.listNotYetValid;
    if (settings.strictLists || !outdated) return 0;
    openssl.setVerifyError(store, verifyError.ok);
  }
  const isClient = openssl.verifyDepth(store) === 0;
  if (settings.leastRsaBits === 0 && (!isClient || settings.accepts === undefined)) return 1;
  const { peer, rsaBits } = describePeer(certificateOctets(openssl, openssl.verifiedCertificate(store)));
  if (rsaBits !== undefined && rsaBits < settings.leastRsaBits) {
    openssl.setVerifyError(store, verifyError.keyTooSmall);
    return 0;
  }
  if (!isClient || settings.accepts === undefined || settings.accepts(peer)) return 1;
  openssl.setVerifyError(store, verifyError.rejected);
  return 0;
}

/** A client asks for the state of the server's certificate. @returns 0: sent, 3: nothing to send */
function onStatus(openssl: OpenSsl, session: Pointer): number {
  const response = current?.settings.ocspResponse?.();
  if (response === undefined || response.length === 0) return 3;
  const copy = openssl.allocate(response.length, "", 0);
  if (copy === null) return 3;
  openssl.copyIn(copy, response, response.length);
  // OpenSSL owns the copy from here on.
  openssl.sessionControl(session, setStatusResponse, response.length, copy as never);
  return 0;
}

const secretLength = 48;

function onSecret(openssl: OpenSsl, session: Pointer, secret: Pointer, length: Pointer): number {
  const ticket = current?.ticket;
  if (current === undefined || ticket === undefined) return 0;
  current.ticket = undefined;
  const { client, server } = randomsOf(openssl, session);
  const master = current.session.tickets?.masterSecret(ticket, client, server);
  if (master === undefined || master.length !== secretLength) return 0;
  openssl.copyIn(secret, master, secretLength);
  openssl.copyIn(length, new Uint8Array(Int32Array.of(secretLength).buffer), 4);
  master.fill(0);
  return 1;
}

/** Client random and server random, 32 octets each. */
export function randomsOf(openssl: OpenSsl, session: Pointer): { client: Uint8Array; server: Uint8Array } {
  const [client, server] = [new Uint8Array(32), new Uint8Array(32)];
  openssl.clientRandom(session, client, client.length);
  openssl.serverRandom(session, server, server.length);
  return { client, server };
}

/** DER. */
export function certificateOctets(openssl: OpenSsl, certificate: Pointer): Uint8Array {
  return withBio(openssl, new Uint8Array(), (bio) => {
    openssl.writeCertificate(bio, certificate);
    return drain(openssl, bio);
  });
}
