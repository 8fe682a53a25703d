/**
 * TLS by the OpenSSL that runs inside Node, over memory BIOs. Every object of OpenSSL's that outlives a call belongs to one of ours, which shows
 * nobody its address and forgets it in the moment in which it is freed: a context here, a session in openssl-tls-session.ts. OpenSSL counts
 * references itself: a session keeps its context alive, whatever becomes of ours.
 */

import { messageOf } from "../../base/errors.ts";
import type { TlsEngine, TlsServerContext, TlsServerSettings } from "../tls/port.ts";
import { openPkcs12 } from "./openssl-pkcs12.ts";
import { newContext } from "./openssl-tls-context.ts";
import { loadOpenSsl, type OpenSsl } from "./openssl-tls-library.ts";
import { OpenSslSession } from "./openssl-tls-session.ts";

/** @returns undefined, and why, where the process has no OpenSSL whose functions can be called by name */
export function opensslTls(): TlsEngine | { readonly missing: string } {
  const openssl = loadOpenSsl();
  if (openssl instanceof Error) return { missing: messageOf(openssl) };
  return {
    server: (settings) => server(openssl, settings),
    openPkcs12: (octets, passphrase) => openPkcs12(openssl, octets, passphrase),
  };
}

function server(openssl: OpenSsl, settings: TlsServerSettings): TlsServerContext {
  let context = newContext(openssl, settings);
  let isClosed = false;
  /** Sessions that OpenSSL doesn't know yet, and so doesn't keep the context for. */
  let unopened = 0;
  const freeIfUnused = (): void => {
    if (!isClosed || unopened > 0) return;
    if (context !== null) openssl.freeContext(context);
    context = null;
  };
  return {
    close() {
      isClosed = true;
      freeIfUnused();
    },
    session(options) {
      if (isClosed) throw new Error("the TLS context is closed");
      unopened += 1;
      return new OpenSslSession(openssl, context, settings, options, () => {
        unopened -= 1;
        freeIfUnused();
      });
    },
  };
}
