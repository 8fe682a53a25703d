/** TLS 1.2 and later over TCP, the end that is connected to. Whoever connects has to show a certificate. */

import { createServer as createTcpServer } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from "node:tls";
import { KernelRefusal, messageOf } from "../base/errors.ts";

/** All of it in PEM. */
export interface TlsServerCredentials {
  /** The server's own first, then those that lead to its root. */
  readonly certificates: readonly string[];
  readonly privateKey: string;
  /** Whose certificates those have to be who connect. */
  readonly authorities: readonly string[];
  /** Where there are any, no certificate may be in them. */
  readonly revocationLists: readonly string[];
}

export interface TlsPeer {
  readonly address: string;
  readonly port: number;
  /** Common name of its certificate, as it says it. */
  readonly name: string;
  /** Octets that it hasn't taken yet. */
  readonly backlog: number;
  send(data: Uint8Array): void;
  /** Nothing of it is heard any more. */
  close(): void;
}

export interface TlsPeerListener {
  onData(data: Uint8Array): void;
  onClose(): void;
}

export interface TlsServerListener {
  /** Before anything is read. @returns false to hang up */
  admits(address: string): boolean;
  /** Asked for each connection; another object is other credentials. */
  credentials(): TlsServerCredentials;
  onPeer(peer: TlsPeer): TlsPeerListener;
  /** Somebody has come no further. @param reason for people */
  onRefused(address: string, reason: string): void;
}

export interface TlsServer {
  close(): void;
}

/** How long a handshake may take. */
const handshakeWithin = 10_000;
/** Between probes of a connection that says nothing. */
const keepAlive = 30_000;

/** @throws KernelRefusal EADDRINUSE and the like */
export async function listenTls(
  { port, bothFamilies }: { readonly port: number; readonly bothFamilies: boolean },
  listener: TlsServerListener,
): Promise<TlsServer> {
  let current = listener.credentials();
  const open = new Set<TLSSocket>();
  const tls = createTlsServer({
    ...contextOf(current),
    requestCert: true,
    // Refused below, with a reason.
    rejectUnauthorized: false,
    handshakeTimeout: handshakeWithin,
  });
  tls.on("secureConnection", (socket) => {
    const address = socket.remoteAddress;
    if (address === undefined) return void socket.destroy();
    const reason = refusalOf(socket);
    if (reason !== undefined) {
      socket.destroy();
      return listener.onRefused(address, reason);
    }
    open.add(socket);
    serve(socket, address, listener);
    socket.once("close", () => open.delete(socket));
  });
  tls.on("tlsClientError", (error, socket) => {
    // Of who has hung up there is no address any more.
    if (socket.remoteAddress !== undefined) listener.onRefused(socket.remoteAddress, error.message);
    socket.destroy();
  });
  const tcp = createTcpServer((socket) => {
    const { remoteAddress: address } = socket;
    socket.on("error", () => undefined);
    if (address === undefined || !listener.admits(address)) return void socket.destroy();
    const wanted = listener.credentials();
    if (wanted !== current) {
      try {
        tls.setSecureContext(contextOf(wanted));
        current = wanted;
      } catch (thrown) {
        listener.onRefused(address, messageOf(thrown));
      }
    }
    tls.emit("connection", socket);
  });
  await new Promise<void>((resolve, reject) => {
    tcp.once("error", (error: NodeJS.ErrnoException) => reject(new KernelRefusal("listen", error.code ?? "EIO")));
    tcp.listen(port, bothFamilies ? "::" : "0.0.0.0", () => resolve());
  });
  tcp.on("error", (error) => listener.onRefused("", error.message));
  return {
    close: () => {
      tcp.close();
      tls.removeAllListeners();
      for (const socket of open) socket.destroy();
    },
  };
}

const contextOf = (credentials: TlsServerCredentials): SecureContextOptions => ({
  minVersion: "TLSv1.2",
  cert: credentials.certificates.join(""),
  key: credentials.privateKey,
  ca: [...credentials.authorities],
  ...(credentials.revocationLists.length > 0 ? { crl: [...credentials.revocationLists] } : {}),
});

function refusalOf(socket: TLSSocket): string | undefined {
  if (socket.getPeerX509Certificate() === undefined) return "it shows no certificate";
  return socket.authorized ? undefined : `its certificate is not accepted: ${String(socket.authorizationError)}`;
}

function serve(socket: TLSSocket, address: string, listener: TlsServerListener): void {
  let isOver = false;
  const name = socket.getPeerCertificate().subject?.CN;
  const peer: TlsPeer = {
    address,
    port: socket.remotePort ?? 0,
    name: typeof name === "string" ? name : "",
    get backlog() {
      return socket.writableLength;
    },
    send: (data) => {
      if (!isOver) socket.write(data);
    },
    close: () => {
      isOver = true;
      socket.destroy();
    },
  };
  socket.setKeepAlive(true, keepAlive);
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  const heard = listener.onPeer(peer);
  socket.on("data", (data: Buffer) => {
    if (!isOver) heard.onData(Uint8Array.from(data));
  });
  socket.once("close", () => {
    isOver = true;
    heard.onClose();
  });
}
