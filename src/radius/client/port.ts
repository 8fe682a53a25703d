/** What the client asks of the network. */

/** How a server is reached. */
export interface Endpoint {
  /** An IP address, or a host's name. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  /** Address and interface that messages leave by; the system's choice where undefined. */
  readonly localAddress: string | undefined;
  readonly device: string | undefined;
}

/** RADIUS over TLS, RFC 6614. */
export interface TlsFiles {
  /** Without it, nobody but the shared secret says who the server is. */
  readonly caCertificate: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly privateKeyPassword: Uint8Array | undefined;
}

export interface ChannelListener {
  /** One datagram, or what lies between two packets of a stream: a whole RADIUS packet, if its length is right. */
  onPacket(packet: Uint8Array): void;
  /** Nobody is there, or the connection is gone; the channel is of no more use. @param reason for people */
  onFailure(reason: string): void;
}

/** A source port towards a server, with identifiers of its own. */
export interface Channel {
  /** What is sent arrives, or the channel fails. */
  readonly isReliable: boolean;
  /** What is sent before it is open goes out then. Failure is told to the listener, never before this returns. */
  send(packet: Uint8Array): void;
  close(): void;
}

export interface RadiusNetwork {
  /** Failure is told to the listener, never before this returns. */
  open(endpoint: Endpoint, listener: ChannelListener): Channel;
  /**
   * A port that requests come in by, on all addresses.
   * @throws KernelRefusal EADDRINUSE and the like
   */
  listen(port: number, onRequest: (request: IncomingRequest) => void): { close(): void };
}

export interface IncomingRequest {
  readonly packet: Uint8Array;
  /** Address and port that it came from. */
  readonly address: string;
  readonly port: number;
  answer(packet: Uint8Array): void;
}
