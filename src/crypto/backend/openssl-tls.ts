/**
 * TLS by the OpenSSL that runs inside Node, over memory BIOs. This file owns every object of OpenSSL's that outlives a call: a context and
 * a session are closures over an address that nobody else sees, and that is forgotten in the moment it is freed. OpenSSL counts references
 * itself: a session keeps its context alive, whatever becomes of ours.
 *
 * OpenSSL calls back synchronously, from inside a handshake or read of the same thread. So there is one set of callbacks for the thread, which
 * is never unregistered, and `current` says whose call is on the stack: no address of ours is ever kept by OpenSSL.
 */

import koffi from "koffi";
import { utf8 } from "../../base/bytes.ts";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import type {
  MasterSecret,
  PeerCertificate,
  TlsEngine,
  TlsProgress,
  TlsServerContext,
  TlsServerSettings,
  TlsSession,
  TlsSessionSettings,
  TlsState,
  TlsVersion,
} from "../tls/port.ts";
import { describePeer } from "./certificates.ts";
import { openPkcs12 } from "./openssl-pkcs12.ts";
import {
  drain,
  loadOpenSsl,
  type OpenSsl,
  octetsAt,
  type Pointer,
  takeErrors,
  withBio,
} from "./openssl-tls-library.ts";

/** Of openssl/ssl.h, openssl/tls1.h and openssl/x509_vfy.h; the macros there are calls of SSL_CTX_ctrl with these. */
const control = {
  mode: 33,
  sessionCacheMode: 44,
  statusCallback: 63,
  statusResponse: 71,
  chainCertificate: 89,
  groups: 92,
  signatureAlgorithms: 98,
  automaticDh: 118,
  oldestVersion: 123,
} as const;

const option = {
  noTicket: 0x4000,
  noCompression: 0x2_0000,
  middleboxCompatibility: 0x10_0000,
  noRenegotiation: 0x4000_0000,
} as const;

const versions: Readonly<Record<TlsVersion, { readonly number: number; readonly exclude: number }>> = {
  TLSv1: { number: 0x0301, exclude: 0x0400_0000 },
  "TLSv1.1": { number: 0x0302, exclude: 0x1000_0000 },
  "TLSv1.2": { number: 0x0303, exclude: 0x0800_0000 },
  "TLSv1.3": { number: 0x0304, exclude: 0x2000_0000 },
};

/** Without the second, OpenSSL looks for the server's own chain anew, and verifies it, in each handshake. */
const modes = { releaseBuffers: 0x10, noAutomaticChain: 0x8 } as const;
const cacheOff = 0;
const cacheServer = 2;
const verify = { none: 0, peer: 1, required: 1 | 2, once: 4 } as const;
const storeFlag = { list: 0x4, wholeChain: 0x8, noTimes: 0x20_0000 } as const;
const verifyError = { ok: 0, listNotYetValid: 11, listExpired: 12, rejected: 28, keyTooSmall: 67 } as const;
const outcome = { wantRead: 2, wantWrite: 3, closed: 6 } as const;

const none = new Uint8Array(0);

/** Who is called: what callbacks may need of the session whose handshake or read is going on. */
interface Current {
  readonly settings: TlsServerSettings;
  readonly session: TlsSessionSettings;
  ticket: Uint8Array | undefined;
}

let current: Current | undefined;

/** @returns undefined, and why, where the process has no OpenSSL whose functions can be called by name */
export function opensslTls(): TlsEngine | { readonly missing: string } {
  const openssl = loadOpenSsl();
  if (openssl instanceof Error) return { missing: messageOf(openssl) };
  return {
    server: (settings) => server(openssl, settings),
    openPkcs12: (octets, passphrase) => openPkcs12(openssl, octets, passphrase),
  };
}

interface Callbacks {
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

function callbacks(openssl: OpenSsl): Callbacks {
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
  openssl.sessionControl(session, control.statusResponse, response.length, copy as never);
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

function randomsOf(openssl: OpenSsl, session: Pointer): { client: Uint8Array; server: Uint8Array } {
  const [client, server] = [new Uint8Array(32), new Uint8Array(32)];
  openssl.clientRandom(session, client, client.length);
  openssl.serverRandom(session, server, server.length);
  return { client, server };
}

function certificateOctets(openssl: OpenSsl, certificate: Pointer): Uint8Array {
  return withBio(openssl, none, (bio) => {
    openssl.writeCertificate(bio, certificate);
    return drain(openssl, bio);
  });
}

/** @throws ConfigurationError with OpenSSL's reasons unless `succeeded` */
function must(openssl: OpenSsl, succeeded: boolean, what: string): void {
  const reasons = takeErrors(openssl);
  if (succeeded) return;
  throw new ConfigurationError(reasons.length === 0 ? what : `${what}: ${reasons.join(", ")}`);
}

/** Reads DER, uses the object, and frees it: OpenSSL's lists count references of their own. */
function withObject(
  openssl: OpenSsl,
  octets: Uint8Array,
  what: string,
  read: (bio: Pointer, none: null) => Pointer,
  free: (object: Pointer) => void,
  use: (object: Pointer) => void,
): void {
  const object = withBio(openssl, octets, (bio) => read(bio, null));
  must(openssl, object !== null, `OpenSSL can't read ${what}`);
  try {
    use(object);
  } finally {
    free(object);
  }
}

function newStore(openssl: OpenSsl, settings: TlsServerSettings): Pointer {
  const { trust } = settings;
  const store = openssl.newStore();
  must(openssl, store !== null, "OpenSSL is out of memory");
  try {
    for (const authority of trust.authorities) {
      withObject(
        openssl,
        authority,
        "a CA certificate",
        openssl.readCertificate,
        openssl.freeCertificate,
        (certificate) =>
          must(openssl, openssl.addCertificate(store, certificate) === 1, "OpenSSL refuses a CA certificate"),
      );
    }
    for (const list of trust.revocationLists) {
      withObject(openssl, list, "a revocation list", openssl.readList, openssl.freeList, (crl) =>
        must(openssl, openssl.addList(store, crl) === 1, "OpenSSL refuses a revocation list"),
      );
    }
    const lists = { unchecked: 0, client: storeFlag.list, chain: storeFlag.list | storeFlag.wholeChain };
    openssl.setStoreFlags(store, lists[settings.revocation] | (settings.ignoreTimes ? storeFlag.noTimes : 0));
    return store;
  } catch (error) {
    openssl.freeStore(store);
    throw error;
  }
}

function server(openssl: OpenSsl, settings: TlsServerSettings): TlsServerContext {
  openssl.clearErrors();
  let context = openssl.newContext(openssl.serverMethod());
  must(openssl, context !== null, "OpenSSL makes no TLS context");
  const close = (): void => {
    if (context !== null) openssl.freeContext(context);
    context = null;
  };
  try {
    // The context owns the store.
    openssl.setStore(context, newStore(openssl, settings));
    configure(openssl, context, settings);
  } catch (error) {
    close();
    throw error;
  }
  return {
    close,
    session(options) {
      if (context === null) throw new Error("the TLS context is closed");
      return session(openssl, context, settings, options);
    },
  };
}

function configure(openssl: OpenSsl, context: Pointer, settings: TlsServerSettings): void {
  const text = (command: number, value: string | undefined, what: string): void => {
    if (value === undefined) return;
    must(openssl, openssl.contextText(context, command, 0, value) === 1, `OpenSSL knows nothing of ${what} '${value}'`);
  };
  let options = option.noTicket | option.noCompression | option.noRenegotiation;
  for (const version of settings.excluded) options |= versions[version].exclude;
  openssl.setContextOptions(context, options);
  // Records that look like TLS 1.2's to a middlebox: there is none in EAP.
  openssl.clearContextOptions(context, option.middleboxCompatibility);
  openssl.contextControl(context, control.mode, modes.releaseBuffers | modes.noAutomaticChain, null);
  openssl.contextControl(context, control.oldestVersion, versions[settings.oldest].number, null);
  // OpenSSL 3 signs nothing in TLS 1.0 and 1.1 that its level 1 would call strong.
  if (settings.oldest === "TLSv1" || settings.oldest === "TLSv1.1") openssl.setContextLevel(context, 0);
  text(control.groups, settings.groups, "the groups");
  text(control.signatureAlgorithms, settings.signatureAlgorithms, "the signature algorithms");
  if (settings.ciphers !== undefined) {
    must(openssl, openssl.contextCiphers(context, settings.ciphers) === 1, `no cipher is called '${settings.ciphers}'`);
  }
  for (const identity of settings.identities) useIdentity(openssl, context, identity);
  if (settings.dhParameters === undefined) openssl.contextControl(context, control.automaticDh, 1, null);
  else useDhParameters(openssl, context, settings.dhParameters);

  openssl.contextControl(
    context,
    control.sessionCacheMode,
    settings.sessionLifetime > 0 ? cacheServer : cacheOff,
    null,
  );
  openssl.setTicketCount(context, settings.sessionLifetime > 0 ? 1 : 0);
  if (settings.sessionLifetime > 0) openssl.setLifetime(context, settings.sessionLifetime);
  for (const authority of settings.trust.authorities) {
    withObject(
      openssl,
      authority,
      "a CA certificate",
      openssl.readCertificate,
      openssl.freeCertificate,
      (certificate) => openssl.addClientAuthority(context, certificate),
    );
  }
  if (settings.ocspResponse !== undefined) {
    openssl.contextCallback(context, control.statusCallback, callbacks(openssl).status);
  }
  openssl.clearErrors();
}

function useIdentity(openssl: OpenSsl, context: Pointer, identity: TlsServerSettings["identities"][number]): void {
  const { readCertificate, freeCertificate } = openssl;
  const key = withBio(openssl, identity.privateKey, (bio) => openssl.readKey(bio, null));
  must(openssl, key !== null, "OpenSSL can't read the private key");
  try {
    withObject(
      openssl,
      identity.certificate,
      "the server's certificate",
      readCertificate,
      freeCertificate,
      (certificate) =>
        must(
          openssl,
          openssl.useIdentity(context, certificate, key, null, 1) === 1,
          "OpenSSL refuses the server's certificate and key",
        ),
    );
  } finally {
    openssl.freeKey(key);
  }
  for (const authority of identity.chain) {
    withObject(openssl, authority, "a certificate of the chain", readCertificate, freeCertificate, (certificate) =>
      // The 1 has OpenSSL count a reference of its own.
      must(
        openssl,
        openssl.contextControl(context, control.chainCertificate, 1, certificate as never) === 1,
        "OpenSSL refuses a certificate of the chain",
      ),
    );
  }
}

function useDhParameters(openssl: OpenSsl, context: Pointer, pem: Uint8Array): void {
  const parameters = withBio(openssl, pem, (bio) => openssl.readParameters(bio, null));
  must(openssl, parameters !== null, "OpenSSL can't read the DH parameters");
  const isTaken = openssl.setDhKey(context, parameters) === 1;
  if (!isTaken) openssl.freeKey(parameters);
  must(openssl, isTaken, "OpenSSL refuses the DH parameters");
}

/** Application data are read through this; nothing of them stays in it. */
const scratch = new Uint8Array(16_384);

function session(
  openssl: OpenSsl,
  context: Pointer,
  settings: TlsServerSettings,
  options: TlsSessionSettings,
): TlsSession {
  openssl.clearErrors();
  let ssl = openssl.newSession(context);
  const input = openssl.newBio(openssl.bioMemory());
  const output = openssl.newBio(openssl.bioMemory());
  if (ssl === null || input === null || output === null) {
    if (ssl !== null) openssl.freeSession(ssl);
    if (input !== null) openssl.freeBio(input);
    if (output !== null) openssl.freeBio(output);
    throw new Error("OpenSSL is out of memory");
  }
  // From here on the session owns both BIOs.
  openssl.setBios(ssl, input, output);
  openssl.acceptState(ssl);
  const called: Current = { settings, session: options, ticket: undefined };
  try {
    prepare(openssl, ssl, settings, options);
  } catch (error) {
    openssl.freeSession(ssl);
    throw error;
  }

  let state: TlsState = { kind: "handshaking" };
  let received: Uint8Array[] = [];
  let isRemembered = false;

  const failed = (): TlsState => {
    const verified = openssl.verifyResult(ssl);
    // The first error is the cause; behind it comes what failed for its sake.
    const [why = "the peer ends it"] = takeErrors(openssl);
    const cause = verified === verifyError.ok ? why : `${why}: ${openssl.verifyErrorText(verified)}`;
    return { kind: "failed", reason: / alert /.test(why) ? `the peer says: ${why}` : cause };
  };
  /** Reads what has come as application data, or finds out that the session is over. */
  const collect = (): void => {
    for (;;) {
      const length = openssl.read(ssl, scratch, scratch.length);
      if (length > 0) {
        received.push(scratch.slice(0, length));
        scratch.fill(0, 0, length);
        continue;
      }
      const why = openssl.outcome(ssl, length);
      if (why !== outcome.wantRead && why !== outcome.wantWrite) state = failed();
      return;
    }
  };
  const step = (): void => {
    if (state.kind === "handshaking") {
      const returned = openssl.handshake(ssl);
      if (returned === 1) state = { kind: "established" };
      else {
        const why = openssl.outcome(ssl, returned);
        if (why !== outcome.wantRead && why !== outcome.wantWrite) state = failed();
      }
    }
    if (state.kind === "established" && openssl.pendingBio(input) > 0) collect();
  };
  const established = (): boolean => ssl !== null && state.kind === "established";

  return {
    get state() {
      return state;
    },
    feed(octets): TlsProgress {
      if (ssl === null || state.kind === "failed") return { output: none, state };
      openssl.clearErrors();
      if (octets.length > 0) openssl.writeBio(input, octets, octets.length);
      const outer = current;
      current = called;
      try {
        step();
      } finally {
        current = outer;
      }
      return { output: drain(openssl, output), state };
    },
    read() {
      const [first = none, ...others] = received;
      received = [];
      if (others.length === 0) return first;
      const all = new Uint8Array(others.reduce((sum, part) => sum + part.length, first.length));
      let offset = 0;
      for (const part of [first, ...others]) {
        all.set(part, offset);
        offset += part.length;
        part.fill(0);
      }
      return all;
    },
    write(plain) {
      if (!established()) return undefined;
      openssl.clearErrors();
      if (plain.length > 0 && openssl.write(ssl, plain, plain.length) !== plain.length) {
        state = failed();
        return undefined;
      }
      return drain(openssl, output);
    },
    export(label, exportContext, length) {
      if (!established()) throw new Error("a TLS session that isn't established has no keys");
      const octets = new Uint8Array(length);
      const name = utf8(label);
      const withContext = exportContext !== undefined && exportContext.length > 0 ? exportContext : null;
      openssl.clearErrors();
      const isDone =
        openssl.exportKeys(
          ssl,
          octets,
          length,
          name,
          name.length,
          withContext,
          withContext?.length ?? 0,
          exportContext === undefined ? 0 : 1,
        ) === 1;
      openssl.clearErrors();
      if (!isDone) throw new Error(`OpenSSL exports nothing for '${label}'`);
      return octets;
    },
    get version() {
      const name = ssl === null || openssl.cipher(ssl) === null ? undefined : openssl.version(ssl);
      return name !== undefined && name in versions ? (name as TlsVersion) : undefined;
    },
    get cipher() {
      const cipher = ssl === null ? null : openssl.cipher(ssl);
      return cipher === null ? undefined : openssl.cipherName(cipher);
    },
    get prf() {
      const cipher = ssl === null ? null : openssl.cipher(ssl);
      const digest = cipher === null ? null : openssl.cipherDigest(cipher);
      const size = digest === null ? 0 : openssl.digestSize(digest);
      if (size === 48) return "sha384";
      // Of older suites OpenSSL tells what they had before TLS 1.2.
      return size === 36 && this.version !== "TLSv1.2" ? "md5-sha1" : "sha256";
    },
    unique() {
      if (!established()) return undefined;
      const finished = new Uint8Array(64);
      // The client's is the first one, but where a session goes on.
      const read = openssl.wasResumed(ssl) === 1 ? openssl.ownFinished : openssl.peerFinished;
      return finished.slice(0, Number(read(ssl, finished, finished.length)));
    },
    randoms: () =>
      ssl === null ? { client: new Uint8Array(32), server: new Uint8Array(32) } : randomsOf(openssl, ssl),
    masterSecret() {
      if (!established() || this.version === "TLSv1.3") return undefined;
      return masterSecretOf(openssl, ssl, this.cipher ?? "");
    },
    get resumed() {
      return ssl !== null && openssl.wasResumed(ssl) === 1;
    },
    peerSerial() {
      const certificate = ssl === null ? null : openssl.peer(ssl);
      if (certificate === null) return undefined;
      const serial = openssl.certificateSerial(certificate);
      const octets = octetsAt(openssl, openssl.stringOctets(serial), openssl.stringLength(serial));
      return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0"))
        .join("")
        .toUpperCase();
    },
    peerCertificate(): PeerCertificate | undefined {
      const certificate = ssl === null ? null : openssl.peer(ssl);
      return certificate === null ? undefined : describePeer(certificateOctets(openssl, certificate)).peer;
    },
    remember(data) {
      const resumable = established() ? openssl.resumable(ssl) : null;
      if (resumable === null) return;
      isRemembered = openssl.setData(resumable, data, data.length) === 1;
    },
    remembered() {
      const resumable = established() ? openssl.resumable(ssl) : null;
      if (resumable === null || openssl.wasResumed(ssl) !== 1) return undefined;
      const [address, length] = [[null] as Pointer[], [0]];
      if (openssl.data(resumable, address, length) !== 1) return undefined;
      const [octets = null, size = 0] = [address[0], Number(length[0])];
      if (octets === null || size === 0) return undefined;
      isRemembered = true;
      return octetsAt(openssl, octets, size);
    },
    forget() {
      isRemembered = false;
      const resumable = ssl === null ? null : openssl.resumable(ssl);
      if (resumable !== null) openssl.removeSession(context, resumable);
    },
    close() {
      if (ssl === null) return;
      // A session that isn't ended in order goes from OpenSSL's memory: those that are to be resumed have to look like it.
      if (isRemembered) openssl.endInOrder(ssl, 1 | 2);
      // Frees the BIOs too; OpenSSL overwrites keys and buffers as it frees them.
      openssl.freeSession(ssl);
      ssl = null;
      for (const part of received) part.fill(0);
      received = [];
      if (state.kind !== "failed") state = { kind: "failed", reason: "the session is closed" };
      openssl.clearErrors();
    },
  };
}

function prepare(openssl: OpenSsl, ssl: Pointer, settings: TlsServerSettings, options: TlsSessionSettings): void {
  const needsCallback = settings.accepts !== undefined || !settings.strictLists || settings.leastRsaBits > 0;
  const verification = {
    required: verify.required | verify.once,
    requested: verify.peer | verify.once,
    unwanted: verify.none,
  };
  openssl.setVerify(ssl, verification[options.clientCertificate], needsCallback ? callbacks(openssl).verify : null);
  const purpose = utf8(`beacond ${options.purpose}`);
  openssl.setIdContext(ssl, purpose, purpose.length);
  if (options.ciphers !== undefined || options.newest !== undefined) {
    openssl.setSessionOptions(ssl, versions["TLSv1.3"].exclude);
  }
  if (options.ciphers !== undefined) {
    openssl.setSessionLevel(ssl, 0);
    must(openssl, openssl.sessionCiphers(ssl, options.ciphers) === 1, `no cipher is called '${options.ciphers}'`);
  }
  if (options.tickets !== undefined) {
    openssl.setTicketCallback(ssl, callbacks(openssl).ticket, null);
    openssl.setSecretCallback(ssl, callbacks(openssl).secret, null);
  }
}

/**
 * Octets of TLS's key block as EAP-FAST counts them: MAC keys, keys and vectors for both directions, also where TLS 1.2 takes no vectors
 * from it. For the ciphers with SHA-1 only, which are EAP-FAST's.
 */
function keyBlockLength(cipher: string): number {
  const key = cipher.includes("AES256") ? 32 : 16;
  return 2 * (20 + key + 16);
}

function masterSecretOf(openssl: OpenSsl, ssl: Pointer, cipher: string): MasterSecret | undefined {
  const resumable = openssl.resumable(ssl);
  if (resumable === null) return undefined;
  const masterSecret = new Uint8Array(secretLength);
  if (Number(openssl.masterSecret(resumable, masterSecret, masterSecret.length)) !== secretLength) return undefined;
  const { client, server } = randomsOf(openssl, ssl);
  return { masterSecret, clientRandom: client, serverRandom: server, keyBlockLength: keyBlockLength(cipher) };
}
