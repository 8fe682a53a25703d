import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import { messageOf } from "../base/errors.ts";

export interface ConnectTls {
  /** An IP address, or a name; the certificate has to be of that name. */
  readonly host: string;
  readonly port: number;
  readonly localAddress: string | undefined;
  /** Files in PEM. Without the first, the other end may be anybody. */
  readonly caCertificate: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly privateKeyPassword: Uint8Array | undefined;
}

export interface TlsListener {
  onOpen(): void;
  onData(data: Uint8Array): void;
  /** Once, at the end, unless we have closed it; never before the connection is returned. @param reason for people */
  onFailure(reason: string): void;
}

export interface TlsConnection {
  send(data: Uint8Array): void;
  close(): void;
}

/** How long an end may take that says nothing. */
const openWithin = 10_000;

/** TLS 1.2 or later over TCP. Files are read anew each time. */
export function connectTls(options: ConnectTls, listener: TlsListener): TlsConnection {
  let isOver = false;
  const fail = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    listener.onFailure(reason);
  };
  const over: TlsConnection = {
    send: () => undefined,
    close: () => {
      isOver = true;
    },
  };
  let prepared: ConnectionOptions;
  try {
    prepared = connectionOptions(options);
  } catch (thrown) {
    setImmediate(() => fail(messageOf(thrown)));
    return over;
  }
  let socket: ReturnType<typeof connect>;
  try {
    socket = connect(prepared);
  } catch (thrown) {
    // A key that is none, or not the certificate's.
    setImmediate(() => fail(messageOf(thrown)));
    return over;
  }
  socket.setTimeout(openWithin, () => {
    fail("no answer to the TLS handshake");
    socket.destroy();
  });
  socket.once("secureConnect", () => {
    socket.setTimeout(0);
    socket.setKeepAlive(true, 30_000);
    if (!isOver) listener.onOpen();
  });
  socket.on("data", (data: Buffer) => {
    if (!isOver) listener.onData(Uint8Array.from(data));
  });
  socket.on("error", (error) => fail(error.message));
  socket.on("close", () => fail("the connection was closed"));
  return {
    send: (data) => void socket.write(data),
    close: () => {
      isOver = true;
      socket.destroy();
    },
  };
}

function connectionOptions(options: ConnectTls): ConnectionOptions {
  const { host, port, localAddress, caCertificate, clientCertificate, privateKey, privateKeyPassword } = options;
  const read = (file: string | undefined): Buffer | undefined => (file === undefined ? undefined : readFileSync(file));
  const [ca, cert, key] = [read(caCertificate), read(clientCertificate), read(privateKey)];
  const isName = isIP(host) === 0;
  return {
    host,
    port,
    minVersion: "TLSv1.2",
    rejectUnauthorized: ca !== undefined,
    ...(isName ? { servername: host } : { checkServerIdentity: () => undefined }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(privateKeyPassword ? { passphrase: Buffer.from(privateKeyPassword).toString() } : {}),
  };
}
