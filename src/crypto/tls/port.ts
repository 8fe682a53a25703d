/**
 * TLS for EAP, the server's end: octets go in and out as messages of another protocol carry them, and nothing waits. One backend fills this
 * port (backend/openssl-tls.ts). Certificates and keys come as DER; where they are from, and whether they fit together, is told elsewhere.
 */

/** A certificate that the server shows, and what goes with it. */
export interface TlsIdentity {
  /** DER, X.509 (RFC 5280). */
  readonly certificate: Uint8Array;
  /** DER, the authorities behind it in order, up to the root where that is to go along. */
  readonly chain: readonly Uint8Array[];
  /** DER, PKCS #8. The context copies it. */
  readonly privateKey: Uint8Array;
}

/** Whom the server believes. */
export interface TlsTrust {
  /** DER, certificates of authorities. */
  readonly authorities: readonly Uint8Array[];
  /** DER, their revocation lists. */
  readonly revocationLists: readonly Uint8Array[];
}

export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** What a client has shown itself with. */
export interface PeerCertificate {
  /** DER. */
  readonly der: Uint8Array;
  /** Attributes of the subject's name in its order: `CN=user`, `O=Example`. */
  readonly subject: readonly string[];
  /** As OpenSSL writes them: `DNS:a.example`, `email:user@example.com`. */
  readonly alternativeNames: readonly string[];
  /** Hexadecimal in capital letters. */
  readonly serial: string;
}

export interface TlsServerSettings {
  /** At least one; of different kinds of key where there are two. */
  readonly identities: readonly TlsIdentity[];
  readonly trust: TlsTrust;
  /** Which certificates of a client's chain have to be in no revocation list. */
  readonly revocation: "unchecked" | "client" | "chain";
  /** Whether a revocation list that isn't valid any more, or not yet, refuses. */
  readonly strictLists: boolean;
  /** Whether validity periods are left out of account. */
  readonly ignoreTimes: boolean;
  readonly oldest: TlsVersion;
  readonly excluded: ReadonlySet<TlsVersion>;
  /** In OpenSSL's notation; its own choice where absent. */
  readonly ciphers: string | undefined;
  readonly groups: string | undefined;
  readonly signatureAlgorithms: string | undefined;
  /** PEM, of a DH group; one that is as strong as the rest where absent. */
  readonly dhParameters: Uint8Array | undefined;
  /** Seconds that a session may be resumed, 0 for never. */
  readonly sessionLifetime: number;
  /** Whether a client that is otherwise believed may be one; asked for its own certificate. */
  readonly accepts: ((certificate: PeerCertificate) => boolean) | undefined;
  /** Least bits of an RSA key in a client's chain. */
  readonly leastRsaBits: number;
  /** A DER OCSPResponse for the server's certificate, asked for at each handshake that wants one. */
  readonly ocspResponse: (() => Uint8Array | undefined) | undefined;
}

/** What a client may bring instead of a certificate of the server's: RFC 5077's ticket with a meaning of its own. RFC 4851, 3.2.2. */
export interface TicketSecret {
  /** @returns the master secret, 48 octets; undefined where the ticket says nothing to us */
  masterSecret(ticket: Uint8Array, clientRandom: Uint8Array, serverRandom: Uint8Array): Uint8Array | undefined;
}

export interface TlsSessionSettings {
  readonly clientCertificate: "required" | "requested" | "unwanted";
  /** Sessions are resumed by what has the same purpose only: `TLS`, `PEAP`. Up to 20 ASCII characters. */
  readonly purpose: string;
  /** Of those that the context allows. */
  readonly newest?: "TLSv1.2";
  /** Another choice of ciphers, for TLS up to 1.2 and without a least strength. */
  readonly ciphers?: string;
  readonly tickets?: TicketSecret;
}

export type TlsState =
  | { readonly kind: "handshaking" }
  | { readonly kind: "established" }
  /** @property reason for people: `certificate verify failed: certificate revoked` */
  | { readonly kind: "failed"; readonly reason: string };

export interface TlsProgress {
  /** Records for the peer; an alert may be among them when it failed. */
  readonly output: Uint8Array;
  readonly state: TlsState;
}

/** What the PRF of TLS up to 1.2 works with; secret. RFC 5246, 6.3. */
export interface MasterSecret {
  readonly masterSecret: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** Octets of the key block. */
  readonly keyBlockLength: number;
}

/**
 * One handshake and what follows it. Octets of the peer never make a method throw. After close() nothing does anything any more: the state
 * is a failed one.
 */
export interface TlsSession {
  readonly state: TlsState;
  /** Takes records of the peer, in pieces of any length. */
  feed(octets: Uint8Array): TlsProgress;
  /** What the peer has sent as application data since the last time; wipe it. */
  read(): Uint8Array;
  /** Records with these application data. @returns undefined where the session isn't established */
  write(plain: Uint8Array): Uint8Array | undefined;
  /**
   * Keying material. RFC 5705; RFC 8446, 7.5.
   * @param context undefined where there is none, which for TLS 1.2 isn't the same as an empty one
   * @throws Error where the session isn't established
   */
  export(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /** undefined as long as none is agreed on. */
  readonly version: TlsVersion | undefined;
  /** OpenSSL's name, `ECDHE-RSA-AES256-GCM-SHA384`. */
  readonly cipher: string | undefined;
  /** Of the cipher suite: what TLS itself derives keys with. */
  readonly prf: "sha256" | "sha384" | "md5-sha1";
  /** The first Finished message of the handshake, `tls-unique`. RFC 5929, section 3. @returns undefined before the handshake's end */
  unique(): Uint8Array | undefined;
  /** Client random and server random, 32 octets each. */
  randoms(): { readonly client: Uint8Array; readonly server: Uint8Array };
  /** @returns undefined in TLS 1.3 and before the handshake's end */
  masterSecret(): MasterSecret | undefined;
  /** Whether an earlier session goes on. */
  readonly resumed: boolean;
  /** Of the session that is resumed too. Serial number alone, which is cheap. */
  peerSerial(): string | undefined;
  peerCertificate(): PeerCertificate | undefined;
  /** Lets the session be resumed, and keeps these octets with it for then. */
  remember(data: Uint8Array): void;
  /** What was kept with the session that is resumed. */
  remembered(): Uint8Array | undefined;
  /** The session can't be resumed. */
  forget(): void;
  /** Wipes and frees; harmless the second time. */
  close(): void;
}

export interface TlsServerContext {
  /** @throws ConfigurationError where the cipher list is none */
  session(settings: TlsSessionSettings): TlsSession;
  /** No more sessions; those that run go on. Harmless the second time. */
  close(): void;
}

export interface TlsEngine {
  /** @throws ConfigurationError in words for whoever wrote the configuration */
  server(settings: TlsServerSettings): TlsServerContext;
  /** Opens PKCS #12 (RFC 7292). */
  openPkcs12(
    octets: Uint8Array,
    passphrase: string,
  ):
    | {
        readonly kind: "opened";
        /** DER, PKCS #8 or the kind's own format; wipe it. */
        readonly privateKey: Uint8Array | undefined;
        readonly certificates: readonly Uint8Array[];
      }
    | { readonly kind: "not-pkcs12" }
    | { readonly kind: "refused"; readonly reason: string };
}
