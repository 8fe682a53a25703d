/** The EAP server behind the RADIUS server on a port of this machine, and certificates for it. */

import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf, utf8 } from "../src/base/bytes.ts";
import { ConfigurationError, messageOf } from "../src/base/errors.ts";
import { Log } from "../src/base/log.ts";
import { parseRadiusClients } from "../src/config/radius-clients.ts";
import { defaultBss } from "../src/config/settings.ts";
import { tlsEngine } from "../src/crypto/tls/engine.ts";
import type { EapAnswer, EapServer } from "../src/eap/contract.ts";
import type { Credential, EapMethod } from "../src/eap/method.ts";
import { plainMethods } from "../src/eap/methods.ts";
import { createEapServer } from "../src/eap/server.ts";
import { createTlsService, type EapTlsSettings, type ReloadableTlsService } from "../src/eap/tls/service.ts";
import type { EapUser, TtlsAuthentication } from "../src/eap/users.ts";
import { systemClock } from "../src/linux/clock.ts";
import { systemEntropy } from "../src/linux/entropy.ts";
import { AuthenticationServer } from "../src/radius/server/authentication.ts";
import { ClientTable } from "../src/radius/server/clients.ts";
import { ServerCounters } from "../src/radius/server/counters.ts";
import { Strangers } from "../src/radius/server/strangers.ts";
import { type EapMethodName, eapTypes } from "../src/wire/eap/types.ts";
import { type Authority, createAuthority, type Issued } from "./certificates.ts";
import { radiusSecret } from "./eap-radius-server.ts";
import { type EapolTestOptions, type EapolTestResult, runEapolTest } from "./eapol-test.ts";

export interface TestUser {
  readonly methods: readonly EapMethodName[];
  readonly ttls?: readonly TtlsAuthentication[];
  readonly credential?: Credential;
  readonly peapVersion?: 0 | 1;
}

/** By identity; `*` is anybody else. */
export type TestUsers = Readonly<Record<string, TestUser>>;

export const passwordOf = (text: string): Credential => ({ kind: "password", password: utf8(text) });

export interface TestEapServer {
  readonly port: number;
  /** How conversations ended, in their order. */
  readonly ends: readonly (EapAnswer & { kind: "success" | "failure" })[];
  /** What the server said. */
  readonly lines: readonly string[];
  close(): void;
}

export interface TestEapServerOptions {
  readonly outer: TestUsers;
  readonly inner?: TestUsers;
  readonly methods: readonly EapMethod<unknown>[];
}

const userIn = (users: TestUsers, identity: Uint8Array): EapUser | undefined => {
  const user = users[textOf(identity)] ?? users["*"];
  if (user === undefined) return undefined;
  return {
    methods: user.methods.map((name) => eapTypes[name]),
    ttls: user.ttls ?? [],
    credential: user.credential,
    peapVersion: user.peapVersion,
    macAcl: false,
    attributes: [],
  };
};

export async function serveEap({ outer, inner = {}, methods }: TestEapServerOptions): Promise<TestEapServer> {
  const lines: string[] = [];
  const ends: (EapAnswer & { kind: "success" | "failure" })[] = [];
  const eap = createEapServer({
    users: { find: (identity, phase) => userIn(phase === 1 ? outer : inner, identity) },
    methods: [...methods, ...plainMethods],
    entropy: systemEntropy,
    serverId: utf8("authenticator.example"),
    tell: (event) =>
      void lines.push(event.type === "mistake" ? `mistake ${(event.error as Error).stack}` : JSON.stringify(event)),
  });
  const noting: EapServer = {
    close: () => eap.close(),
    converse(peer) {
      const conversation = eap.converse(peer);
      const note = async (answer: Promise<EapAnswer>): Promise<EapAnswer> => {
        const settled = await answer;
        if (settled.kind === "success" || settled.kind === "failure") ends.push(settled);
        return settled;
      };
      return {
        begin: (identifier) => note(conversation.begin(identifier)),
        respond: (packet) => note(conversation.respond(packet)),
        abandon: () => conversation.abandon(),
      };
    },
  };
  const socket = createSocket("udp4");
  const { clients } = parseRadiusClients(utf8(`127.0.0.1 ${radiusSecret}`), "clients");
  const log = new Log(({ text }) => void lines.push(text));
  const server = new AuthenticationServer({
    clients: new ClientTable(clients),
    eap: noting,
    findAddressUser: () => undefined,
    counters: new ServerCounters(clients.length),
    strangers: new Strangers(systemClock, log, "the test's port"),
    clock: systemClock,
    entropy: systemEntropy,
    log,
    send: (octets, to) => socket.send(octets, to.port, to.address),
  });
  socket.on("message", (octets, from) => server.receive(Uint8Array.from(octets), from));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    port: socket.address().port,
    ends,
    lines,
    close() {
      socket.close();
      server.close();
      eap.close();
    },
  };
}

/** An authority, the server's certificate and a user's, in a folder that goes with them. */
export interface Pki {
  readonly folder: string;
  readonly authority: Authority;
  readonly server: Issued;
  readonly user: Issued;
  remove(): void;
}

export function createPki(key: "ec" | "rsa" = "ec"): Pki {
  const folder = mkdtempSync(join(tmpdir(), "beacond-pki-"));
  const authority = createAuthority(join(folder, "ca"), "Test CA", key);
  return {
    folder,
    authority,
    server: authority.issue("radius.example.com", { key, alternativeName: "DNS:radius.example.com" }),
    user: authority.issue("user", { key, usage: "client", organization: "/C=FI/O=Example" }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** @throws ConfigurationError where the file can't be read */
export const readTestFile = (path: string): Uint8Array => {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (error) {
    throw new ConfigurationError(`can't read '${path}': ${messageOf(error)}`);
  }
};

/** TLS with the certificates of a {@link Pki} and settings by their names in the configuration. */
export function tlsServiceWith(
  pki: Pki,
  settings: Partial<EapTlsSettings> = {},
  log: (text: string) => void = () => undefined,
): ReloadableTlsService {
  return createTlsService(
    {
      ...defaultBss("test"),
      ca_cert: pki.authority.certificate,
      server_cert: pki.server.certificate,
      private_key: pki.server.key,
      ...settings,
    },
    { engine: tlsEngine(), read: readTestFile, clock: systemClock, log: new Log(({ text }) => log(text)) },
  );
}

export interface Authenticated extends EapolTestResult {
  readonly ends: TestEapServer["ends"];
  readonly lines: readonly string[];
}

/** One run of eapol_test against a server of its own. */
export async function authenticate(
  server: TestEapServerOptions,
  peer: Omit<EapolTestOptions, "port">,
): Promise<Authenticated> {
  const running = await serveEap(server);
  try {
    const result = await runEapolTest({ ...peer, port: running.port });
    return { ...result, ends: running.ends, lines: running.lines };
  } finally {
    running.close();
  }
}
