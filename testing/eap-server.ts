/** The EAP server behind the RADIUS server on a port of this machine. */

import { createSocket } from "node:dgram";
import { textOf, utf8 } from "../src/base/bytes.ts";
import { Log } from "../src/base/log.ts";
import { parseRadiusClients } from "../src/config/radius-clients.ts";
import type { EapAnswer, EapServer } from "../src/eap/contract.ts";
import type { Credential, EapMethod } from "../src/eap/method.ts";
import { plainMethods } from "../src/eap/methods.ts";
import { createEapServer } from "../src/eap/server.ts";
import type { EapUser, TtlsAuthentication } from "../src/eap/users.ts";
import { systemClock } from "../src/linux/clock.ts";
import { systemEntropy } from "../src/linux/entropy.ts";
import { AuthenticationServer } from "../src/radius/server/authentication.ts";
import { ClientTable } from "../src/radius/server/clients.ts";
import { ServerCounters } from "../src/radius/server/counters.ts";
import { Strangers } from "../src/radius/server/strangers.ts";
import { type EapMethodName, eapTypes } from "../src/wire/eap/types.ts";
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
  /** Conversations are abandoned when so many responses are answered. */
  readonly abandonAfter?: number;
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

export async function serveEap({
  outer,
  inner = {},
  methods,
  abandonAfter,
}: TestEapServerOptions): Promise<TestEapServer> {
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
        // A copy: whoever has used the keys overwrites them.
        if (settled.kind === "success" || settled.kind === "failure") ends.push(structuredClone(settled));
        return settled;
      };
      let responses = 0;
      const respond = async (packet: Uint8Array): Promise<EapAnswer> => {
        const answer = await conversation.respond(packet);
        responses += 1;
        if (responses !== abandonAfter || answer.kind !== "request") return answer;
        conversation.abandon();
        return { kind: "failure", packet: Uint8Array.of(4, packet[1] ?? 0, 0, 4), reason: "abandoned" };
      };
      return {
        begin: (identifier) => note(conversation.begin(identifier)),
        respond: (packet) => note(respond(packet)),
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
