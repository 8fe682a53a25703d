/** TLS of the server's without a network, with Node's own client at the other end, and certificates for both. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { opensslTls } from "../src/crypto/backend/openssl-tls.ts";
import type {
  TlsEngine,
  TlsServerContext,
  TlsServerSettings,
  TlsSession,
  TlsSessionSettings,
} from "../src/crypto/tls/port.ts";
import { createAuthority, derOf, type Issued } from "./certificates.ts";

export const engine: TlsEngine = (() => {
  const loaded = opensslTls();
  if ("missing" in loaded) throw new Error(loaded.missing);
  return loaded;
})();

/** Where certificates are; gone with the process. */
export const folder = mkdtempSync(join(tmpdir(), "beacond-tls-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

export const authority = createAuthority(join(folder, "ca"));
export const serverEc = authority.issue("radius.example.com");
export const serverRsa = authority.issue("radius.example.com", { key: "rsa" });
export const user = authority.issue("user", {
  usage: "client",
  alternativeName: "email:user@example.com,DNS:host.example.com",
});

export const identityOf = (issued: Issued) => ({
  certificate: derOf(issued.certificate),
  chain: [],
  privateKey: derOf(issued.key),
});

export const settingsOf = (changes: Partial<TlsServerSettings> = {}): TlsServerSettings => ({
  identities: [identityOf(serverEc)],
  trust: { authorities: [derOf(authority.certificate)], revocationLists: [] },
  revocation: "unchecked",
  strictLists: true,
  ignoreTimes: false,
  oldest: "TLSv1.2",
  excluded: new Set(),
  ciphers: undefined,
  groups: undefined,
  signatureAlgorithms: undefined,
  dhParameters: undefined,
  sessionLifetime: 0,
  accepts: undefined,
  leastRsaBits: 0,
  ocspResponse: undefined,
  ...changes,
});

export const required: TlsSessionSettings = { clientCertificate: "required", purpose: "TLS" };
export const unwanted: TlsSessionSettings = { clientCertificate: "unwanted", purpose: "PEAP" };

/** Node's own TLS client, whose records go to the session and back. */
export interface Peer {
  readonly socket: TLSSocket;
  readonly error: () => string | undefined;
  readonly secure: () => boolean;
  readonly received: () => Buffer;
  /** Lets both talk until nobody has anything to say. */
  run(): Promise<void>;
}

export function peerOf(
  session: TlsSession,
  options: ConnectionOptions = {},
  cut: (octets: Uint8Array) => Uint8Array[] = (o) => [o],
): Peer {
  let sent: Uint8Array[] = [];
  const wire = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      sent.push(Uint8Array.from(chunk));
      done();
    },
  });
  let error: string | undefined;
  let isSecure = false;
  const received: Buffer[] = [];
  const socket = connect({
    socket: wire,
    ca: readFileSync(authority.certificate),
    cert: readFileSync(user.certificate),
    key: readFileSync(user.key),
    checkServerIdentity: () => undefined,
    ...options,
  });
  socket.on("error", (e) => {
    error ??= e.message;
  });
  socket.on("secureConnect", () => {
    isSecure = true;
  });
  socket.on("data", (data: Buffer) => received.push(data));
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    socket,
    error: () => error,
    secure: () => isSecure,
    received: () => Buffer.concat(received),
    async run() {
      for (let idle = 0; idle < 8; ) {
        await turn();
        const batch = sent;
        sent = [];
        idle = batch.length === 0 ? idle + 1 : 0;
        for (const octets of batch.flatMap(cut)) {
          const { output } = session.feed(octets);
          if (output.length > 0) wire.push(Buffer.from(output));
        }
      }
    },
  };
}

export async function handshake(
  context: TlsServerContext,
  options: ConnectionOptions = {},
  session: TlsSessionSettings = required,
): Promise<{ session: TlsSession; peer: Peer }> {
  const made = context.session(session);
  const peer = peerOf(made, options);
  await peer.run();
  return { session: made, peer };
}

export const withContext = async (
  changes: Partial<TlsServerSettings>,
  use: (context: TlsServerContext) => Promise<void>,
): Promise<void> => {
  const context = engine.server(settingsOf(changes));
  try {
    await use(context);
  } finally {
    context.close();
  }
};

export const failureOf = (session: TlsSession): string =>
  session.state.kind === "failed" ? session.state.reason : session.state.kind;

/** What Node's client says first. */
export async function clientHello(options: ConnectionOptions): Promise<Uint8Array> {
  return await new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        resolve(Uint8Array.from(chunk));
        done();
      },
    });
    connect({ socket: wire, ...options }).on("error", () => undefined);
  });
}
