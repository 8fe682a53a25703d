/** A session of OpenSSL's over memory BIOs: records in, records out. */

import { concat, hexOf, utf8 } from "../../base/bytes.ts";
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
const handshaking: TlsState = { kind: "handshaking" };
const established: TlsState = { kind: "established" };

/** Application data are read through this; nothing of them stays in it. */
const scratch = new Uint8Array(16_384);

/** Whoever makes one closes it: nothing is freed by itself. */
export class OpenSslSession implements TlsSession {
  readonly #openssl: OpenSsl;
  readonly #context: Pointer;
  readonly #options: TlsSessionSettings;
  readonly #onOpened: () => void;
  readonly #called: Called;
  #ssl: Pointer = null;
  #input: Pointer = null;
  #output: Pointer = null;
  /** OpenSSL's part is made with the peer's first octets: many a peer wants another method, or never answers. */
  #isUnopened = true;
  #state: TlsState = handshaking;
  #received: Uint8Array[] = [];
  #isRemembered = false;

  /**
   * @param onOpened is called once, when OpenSSL keeps the context for the session's sake, or nobody will need it for that
   * @throws ConfigurationError where the cipher list is none
   */
  constructor(
    openssl: OpenSsl,
    context: Pointer,
    settings: TlsServerSettings,
    options: TlsSessionSettings,
    onOpened: () => void,
  ) {
    this.#openssl = openssl;
    this.#context = context;
    this.#options = options;
    this.#onOpened = onOpened;
    this.#called = { settings, session: options, ticket: undefined };
    // What can be wrong about a list of ciphers is the caller's to hear.
    if (options.ciphers !== undefined) this.#open();
  }

  get state(): TlsState {
    return this.#state;
  }

  feed(octets: Uint8Array): TlsProgress {
    if (this.#isUnopened) this.#open();
    if (this.#ssl === null || this.#state.kind === "failed") return { output: none, state: this.#state };
    const openssl = this.#openssl;
    openssl.clearErrors();
    if (octets.length > 0) openssl.writeBio(this.#input, octets, octets.length);
    calling(this.#called, () => this.#step());
    return { output: drain(openssl, this.#output), state: this.#state };
  }

  read(): Uint8Array {
    const [first = none, ...others] = this.#received;
    this.#received = [];
    if (others.length === 0) return first;
    const all = concat(first, ...others);
    for (const part of [first, ...others]) part.fill(0);
    return all;
  }

  write(plain: Uint8Array): Uint8Array | undefined {
    if (!this.#isEstablished()) return undefined;
    const openssl = this.#openssl;
    openssl.clearErrors();
    if (plain.length > 0 && openssl.write(this.#ssl, plain, plain.length) !== plain.length) {
      this.#state = this.#failure();
      return undefined;
    }
    return drain(openssl, this.#output);
  }

  export(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    if (!this.#isEstablished()) throw new Error("a TLS session that isn't established has no keys");
    const openssl = this.#openssl;
    const octets = new Uint8Array(length);
    const name = utf8(label);
    const given = context !== undefined && context.length > 0 ? context : null;
    const hasContext = context === undefined ? 0 : 1;
    openssl.clearErrors();
    const isDone =
      openssl.exportKeys(this.#ssl, octets, length, name, name.length, given, given?.length ?? 0, hasContext) === 1;
    openssl.clearErrors();
    if (!isDone) throw new Error(`OpenSSL exports nothing for '${label}'`);
    return octets;
  }

  get version(): TlsVersion | undefined {
    const name = this.#cipher() === null ? undefined : this.#openssl.version(this.#ssl);
    return name !== undefined && name in versions ? (name as TlsVersion) : undefined;
  }

  get cipher(): string | undefined {
    const cipher = this.#cipher();
    return cipher === null ? undefined : this.#openssl.cipherName(cipher);
  }

  get prf(): "sha256" | "sha384" | "md5-sha1" {
    const cipher = this.#cipher();
    const digest = cipher === null ? null : this.#openssl.cipherDigest(cipher);
    const size = digest === null ? 0 : this.#openssl.digestSize(digest);
    if (size === 48) return "sha384";
    // Of older suites OpenSSL tells what they had before TLS 1.2.
    return size === 36 && this.version !== "TLSv1.2" ? "md5-sha1" : "sha256";
  }

  unique(): Uint8Array | undefined {
    if (!this.#isEstablished()) return undefined;
    const openssl = this.#openssl;
    const finished = new Uint8Array(64);
    // The client's is the first one, but where a session goes on.
    const read = this.resumed ? openssl.ownFinished : openssl.peerFinished;
    return finished.slice(0, Number(read(this.#ssl, finished, finished.length)));
  }

  randoms(): { readonly client: Uint8Array; readonly server: Uint8Array } {
    return this.#ssl === null
      ? { client: new Uint8Array(32), server: new Uint8Array(32) }
      : randomsOf(this.#openssl, this.#ssl);
  }

  masterSecret(): MasterSecret | undefined {
    if (!this.#isEstablished() || this.version === "TLSv1.3") return undefined;
    return masterSecretOf(this.#openssl, this.#ssl, this.cipher ?? "");
  }

  get resumed(): boolean {
    return this.#ssl !== null && this.#openssl.wasResumed(this.#ssl) === 1;
  }

  peerSerial(): string | undefined {
    const openssl = this.#openssl;
    const certificate = this.#peer();
    if (certificate === null) return undefined;
    const serial = openssl.certificateSerial(certificate);
    return hexOf(octetsAt(openssl, openssl.stringOctets(serial), openssl.stringLength(serial))).toUpperCase();
  }

  peerCertificate(): PeerCertificate | undefined {
    const certificate = this.#peer();
    return certificate === null ? undefined : describePeer(certificateOctets(this.#openssl, certificate)).peer;
  }

  remember(data: Uint8Array): void {
    const resumable = this.#resumable();
    if (resumable === null) return;
    this.#isRemembered = this.#openssl.setData(resumable, data, data.length) === 1;
  }

  remembered(): Uint8Array | undefined {
    const resumable = this.#resumable();
    if (resumable === null || !this.resumed) return undefined;
    const [address, length] = [[null] as Pointer[], [0]];
    if (this.#openssl.data(resumable, address, length) !== 1) return undefined;
    const [octets = null, size = 0] = [address[0], Number(length[0])];
    if (octets === null || size === 0) return undefined;
    this.#isRemembered = true;
    return octetsAt(this.#openssl, octets, size);
  }

  forget(): void {
    this.#isRemembered = false;
    const resumable = this.#ssl === null ? null : this.#openssl.resumable(this.#ssl);
    if (resumable !== null) this.#openssl.removeSession(this.#context, resumable);
  }

  close(): void {
    this.#opened();
    if (this.#state.kind !== "failed") this.#state = { kind: "failed", reason: "the session is closed" };
    if (this.#ssl === null) return;
    // A session that isn't ended in order goes from OpenSSL's memory: those that are to be resumed have to look like it.
    if (this.#isRemembered) this.#openssl.endInOrder(this.#ssl, 1 | 2);
    // Frees the BIOs too; OpenSSL overwrites keys and buffers as it frees them.
    this.#openssl.freeSession(this.#ssl);
    this.#ssl = null;
    for (const part of this.#received) part.fill(0);
    this.#received = [];
    this.#openssl.clearErrors();
  }

  #open(): void {
    try {
      const { ssl, input, output } = openSession(this.#openssl, this.#context, this.#called.settings, this.#options);
      this.#ssl = ssl;
      this.#input = input;
      this.#output = output;
    } finally {
      this.#opened();
    }
  }

  #opened(): void {
    if (this.#isUnopened) this.#onOpened();
    this.#isUnopened = false;
  }

  #step(): void {
    const openssl = this.#openssl;
    if (this.#state.kind === "handshaking") {
      const returned = openssl.handshake(this.#ssl);
      if (returned === 1) this.#state = established;
      else if (!this.#isWaiting(returned)) this.#state = this.#failure();
    }
    if (this.#state.kind === "established" && openssl.pendingBio(this.#input) > 0) this.#collect();
  }

  /** Reads what has come as application data, or finds out that the session is over. */
  #collect(): void {
    for (;;) {
      const length = this.#openssl.read(this.#ssl, scratch, scratch.length);
      if (length <= 0) {
        if (!this.#isWaiting(length)) this.#state = this.#failure();
        return;
      }
      this.#received.push(scratch.slice(0, length));
      scratch.fill(0, 0, length);
    }
  }

  /** Whether a call ended because there was nothing more to read. */
  #isWaiting(returned: number): boolean {
    const why = this.#openssl.outcome(this.#ssl, returned);
    return why === outcome.wantRead || why === outcome.wantWrite;
  }

  #failure(): TlsState {
    const verified = this.#openssl.verifyResult(this.#ssl);
    // The first error is the cause; behind it comes what failed for its sake.
    const [why = "the peer ends it"] = takeErrors(this.#openssl);
    const cause = verified === verifyError.ok ? why : `${why}: ${this.#openssl.verifyErrorText(verified)}`;
    return { kind: "failed", reason: / alert /.test(why) ? `the peer says: ${why}` : cause };
  }

  #isEstablished(): boolean {
    return this.#ssl !== null && this.#state.kind === "established";
  }

  #cipher(): Pointer {
    return this.#ssl === null ? null : this.#openssl.cipher(this.#ssl);
  }

  #peer(): Pointer {
    return this.#ssl === null ? null : this.#openssl.peer(this.#ssl);
  }

  #resumable(): Pointer {
    return this.#isEstablished() ? this.#openssl.resumable(this.#ssl) : null;
  }
}

/** @returns the session and what it reads from and writes to, which are its own */
function openSession(
  openssl: OpenSsl,
  context: Pointer,
  settings: TlsServerSettings,
  options: TlsSessionSettings,
): { readonly ssl: Pointer; readonly input: Pointer; readonly output: Pointer } {
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
  return { ssl, input, output };
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
