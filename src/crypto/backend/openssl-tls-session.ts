/** A session of OpenSSL's over memory BIOs: records in, records out. */

import { utf8 } from "../../base/bytes.ts";
import type {
  MasterSecret,
  PeerCertificate,
  TlsProgress,
  TlsServerSettings,
  TlsSession,
  TlsSessionSettings,
  TlsState,
  TlsVersion,
} from "../tls/port.ts";
import { describePeer } from "./certificates.ts";
import { type Called, callbacks, calling, certificateOctets, randomsOf, verifyError } from "./openssl-tls-callbacks.ts";
import { versions } from "./openssl-tls-context.ts";
import { drain, must, type OpenSsl, octetsAt, type Pointer, takeErrors } from "./openssl-tls-library.ts";

/** Of openssl/ssl.h: SSL_VERIFY_..., SSL_ERROR_... */
const verify = { none: 0, peer: 1, required: 1 | 2, once: 4 } as const;
const outcome = { wantRead: 2, wantWrite: 3, closed: 6 } as const;
const secretLength = 48;
const none = new Uint8Array(0);

/** Application data are read through this; nothing of them stays in it. */
const scratch = new Uint8Array(16_384);

/**
 * @param onOpened is called once, when OpenSSL keeps the context for the session's sake, or nobody will need it for that
 * @throws ConfigurationError where the cipher list is none
 */
export function newSession(
  openssl: OpenSsl,
  context: Pointer,
  settings: TlsServerSettings,
  options: TlsSessionSettings,
  onOpened: () => void,
): TlsSession {
  let ssl: Pointer = null;
  let input: Pointer = null;
  let output: Pointer = null;
  const called: Called = { settings, session: options, ticket: undefined };
  /** OpenSSL's part is made with the peer's first octets: many a peer wants another method, or never answers. */
  let isUnopened = true;
  const opened = (): void => {
    if (isUnopened) onOpened();
    isUnopened = false;
  };
  const open = (): void => {
    try {
      [ssl, input, output] = openSession(openssl, context, settings, options);
    } finally {
      opened();
    }
  };
  // What can be wrong about a list of ciphers is the caller's to hear.
  if (options.ciphers !== undefined) open();

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
      if (isUnopened) open();
      if (ssl === null || state.kind === "failed") return { output: none, state };
      openssl.clearErrors();
      if (octets.length > 0) openssl.writeBio(input, octets, octets.length);
      calling(called, step);
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
      opened();
      if (state.kind !== "failed") state = { kind: "failed", reason: "the session is closed" };
      if (ssl === null) return;
      // A session that isn't ended in order goes from OpenSSL's memory: those that are to be resumed have to look like it.
      if (isRemembered) openssl.endInOrder(ssl, 1 | 2);
      // Frees the BIOs too; OpenSSL overwrites keys and buffers as it frees them.
      openssl.freeSession(ssl);
      ssl = null;
      for (const part of received) part.fill(0);
      received = [];
      openssl.clearErrors();
    },
  };
}

/** @returns the session and what it reads from and writes to, which are its own */
function openSession(
  openssl: OpenSsl,
  context: Pointer,
  settings: TlsServerSettings,
  options: TlsSessionSettings,
): [ssl: Pointer, input: Pointer, output: Pointer] {
  openssl.clearErrors();
  const ssl = openssl.newSession(context);
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
  try {
    prepare(openssl, ssl, settings, options);
  } catch (error) {
    openssl.freeSession(ssl);
    throw error;
  }
  return [ssl, input, output];
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
