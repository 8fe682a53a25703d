import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { after, before, describe, test } from "node:test";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { type Authority, createAuthority, derOf, type Issued } from "../../../testing/certificates.ts";
import { ConfigurationError } from "../../base/errors.ts";
import type { TlsEngine, TlsServerContext, TlsServerSettings, TlsSession, TlsSessionSettings } from "../tls/port.ts";
import { opensslTls } from "./openssl-tls.ts";

const engine: TlsEngine = (() => {
  const loaded = opensslTls();
  if ("missing" in loaded) throw new Error(loaded.missing);
  return loaded;
})();

let folder: string;
let authority: Authority;
let serverEc: Issued;
let serverRsa: Issued;
let user: Issued;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "beacond-tls-"));
  authority = createAuthority(join(folder, "ca"));
  serverEc = authority.issue("radius.example.com", { alternativeName: "DNS:radius.example.com" });
  serverRsa = authority.issue("radius.example.com", { key: "rsa" });
  user = authority.issue("user", { usage: "client", alternativeName: "email:user@example.com,DNS:host.example.com" });
});
after(() => rmSync(folder, { recursive: true }));

const identityOf = (issued: Issued) => ({
  certificate: derOf(issued.certificate),
  chain: [],
  privateKey: derOf(issued.key),
});

const settingsOf = (changes: Partial<TlsServerSettings> = {}): TlsServerSettings => ({
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

const required: TlsSessionSettings = { clientCertificate: "required", purpose: "TLS" };
const unwanted: TlsSessionSettings = { clientCertificate: "unwanted", purpose: "PEAP" };

/** Node's own TLS client, whose records go to the session and back. */
interface Peer {
  readonly socket: TLSSocket;
  readonly error: () => string | undefined;
  readonly secure: () => boolean;
  readonly received: () => Buffer;
  /** Lets both talk until nobody has anything to say. */
  run(): Promise<void>;
}

function peerOf(
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

async function handshake(
  context: TlsServerContext,
  options: ConnectionOptions = {},
  session: TlsSessionSettings = required,
): Promise<{ session: TlsSession; peer: Peer }> {
  const made = context.session(session);
  const peer = peerOf(made, options);
  await peer.run();
  return { session: made, peer };
}

const withContext = async (
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

const failureOf = (session: TlsSession): string =>
  session.state.kind === "failed" ? session.state.reason : session.state.kind;

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  describe(version, () => {
    const only = { minVersion: version, maxVersion: version };

    test("a handshake, keys that both have, data both ways", async () => {
      await withContext({}, async (context) => {
        const { session, peer } = await handshake(context, only);
        assert.equal(failureOf(session), "established");
        assert.equal(session.version, version);
        assert.equal(peer.secure(), true);
        const context64 = Uint8Array.of(13);
        for (const label of ["client EAP encryption", "EXPORTER_EAP_TLS_Key_Material"]) {
          assert.deepEqual(
            Buffer.from(session.export(label, context64, 128)),
            peer.socket.exportKeyingMaterial(128, label, Buffer.from(context64)),
          );
        }
        assert.deepEqual(
          Buffer.from(session.export("ttls keying material", undefined, 64)),
          // Node's types want a context where OpenSSL does without.
          (peer.socket.exportKeyingMaterial as (length: number, label: string) => Buffer)(64, "ttls keying material"),
        );
        assert.equal(session.peerSerial(), session.peerCertificate()?.serial);
        assert.deepEqual(session.peerCertificate()?.subject, ["CN=user"]);
        assert.deepEqual(session.peerCertificate()?.alternativeNames, [
          "email:user@example.com",
          "DNS:host.example.com",
        ]);
        peer.socket.write("from the client");
        await peer.run();
        assert.equal(Buffer.from(session.read()).toString(), "from the client");
        assert.equal(session.read().length, 0);
        const records = session.write(Buffer.from("from the server")) ?? new Uint8Array();
        assert.ok(records.length > 15);
        session.close();
      });
    });

    test("records in pieces of one octet", async () => {
      await withContext({}, async (context) => {
        const session = context.session(required);
        const peer = peerOf(session, only, (octets) => Array.from(octets, (octet) => Uint8Array.of(octet)));
        await peer.run();
        assert.equal(failureOf(session), "established");
        peer.socket.write("in pieces");
        await peer.run();
        assert.equal(Buffer.from(session.read()).toString(), "in pieces");
        session.close();
      });
    });

    test("no certificate where one is required, and none where it isn't", async () => {
      await withContext({}, async (context) => {
        const anonymous = { ...only, cert: undefined, key: undefined };
        const refused = await handshake(context, anonymous);
        assert.match(failureOf(refused.session), /peer did not return a certificate/);
        assert.match(refused.peer.error() ?? "", /alert/);
        for (const clientCertificate of ["requested", "unwanted"] as const) {
          const { session } = await handshake(context, anonymous, { ...required, clientCertificate });
          assert.equal(failureOf(session), "established");
          assert.equal(session.peerCertificate(), undefined);
          assert.equal(session.peerSerial(), undefined);
          session.close();
        }
        refused.session.close();
      });
    });

    test("a client of another authority", async () => {
      const other = createAuthority(join(folder, `other-${version}`), "Another CA");
      const stranger = other.issue("user", { usage: "client" });
      await withContext({}, async (context) => {
        const { session, peer } = await handshake(context, {
          ...only,
          cert: readFileSync(stranger.certificate),
          key: readFileSync(stranger.key),
        });
        assert.match(failureOf(session), /certificate verify failed: unable to get local issuer certificate/);
        assert.match(peer.error() ?? "", /unknown ca/);
        session.close();
      });
    });

    test("the peer's alert is told", async () => {
      await withContext({}, async (context) => {
        const session = context.session(required);
        session.feed(await clientHello(only));
        // A fatal alert, unknown_ca; TLS 1.3 takes one in the clear as long as nothing encrypted has come.
        const { state } = session.feed(Uint8Array.of(21, 3, 3, 0, 2, 2, 48));
        assert.deepEqual(state, { kind: "failed", reason: "the peer says: tlsv1 alert unknown ca" });
        session.close();
      });
    });

    test("a session goes on, with what was kept; not for another purpose, nor after it was forgotten", async () => {
      await withContext({ sessionLifetime: 60 }, async (context) => {
        const sessions: Buffer[] = [];
        const once = async (ticket: Buffer | undefined, purpose = "TLS") => {
          const session = context.session({ ...required, purpose });
          const peer = peerOf(session, ticket === undefined ? only : { ...only, session: ticket });
          peer.socket.on("session", (made: Buffer) => sessions.push(made));
          await peer.run();
          assert.equal(failureOf(session), "established");
          return session;
        };
        const first = await once(undefined);
        assert.equal(first.resumed, false);
        assert.equal(first.remembered(), undefined);
        first.remember(Uint8Array.of(13, 1, 2, 3));
        first.close();
        const second = await once(sessions.at(-1));
        assert.equal(second.resumed, true);
        assert.deepEqual(second.remembered(), Uint8Array.of(13, 1, 2, 3));
        assert.deepEqual(second.peerCertificate()?.subject, ["CN=user"]);
        second.close();
        const ticket = sessions.at(-1);
        const third = await once(ticket);
        assert.equal(third.resumed, true);
        third.forget();
        third.close();

        const unfinished = await once(undefined);
        const unfinishedTicket = sessions.at(-1);
        unfinished.close();
        assert.equal((await once(unfinishedTicket)).resumed, false);
      });
    });

    test("no session goes on where that is switched off", async () => {
      await withContext({}, async (context) => {
        const sessions: Buffer[] = [];
        const first = context.session(required);
        const peer = peerOf(first, only);
        peer.socket.on("session", (made: Buffer) => sessions.push(made));
        await peer.run();
        first.remember(Uint8Array.of(1));
        first.close();
        const again = context.session(required);
        const ticket = sessions.at(-1);
        await peerOf(again, ticket === undefined ? only : { ...only, session: ticket }).run();
        assert.equal(failureOf(again), "established");
        assert.equal(again.resumed, false);
        again.close();
      });
    });

    test("OCSP response", async () => {
      const path = authority.ocspResponse(serverEc);
      await withContext({ ocspResponse: () => Uint8Array.from(readFileSync(path)) }, async (context) => {
        const session = context.session(required);
        const peer = peerOf(session, { ...only, requestOCSP: true } as ConnectionOptions);
        const stapled: Buffer[] = [];
        peer.socket.on("OCSPResponse", (response: Buffer) => stapled.push(response));
        await peer.run();
        assert.deepEqual(stapled, [readFileSync(path)]);
        session.close();
      });
      await withContext(
        {
          ocspResponse: () => {
            throw new Error("unreadable");
          },
        },
        async (context) => {
          const { session } = await handshake(context, { ...only, requestOCSP: true } as ConnectionOptions);
          assert.equal(failureOf(session), "established");
          session.close();
        },
      );
    });

    test("revoked certificates", async () => {
      const revoked = authority.issue("revoked", { usage: "client" });
      const before = derOf(authority.revocationList());
      authority.revoke(revoked);
      const afterwards = derOf(authority.revocationList());
      const trust = (list: Uint8Array) => ({ authorities: [derOf(authority.certificate)], revocationLists: [list] });
      const client = { ...only, cert: readFileSync(revoked.certificate), key: readFileSync(revoked.key) };
      await withContext({ revocation: "chain", trust: trust(before) }, async (context) => {
        assert.equal(failureOf((await handshake(context, client)).session), "established");
      });
      await withContext({ revocation: "chain", trust: trust(afterwards) }, async (context) => {
        const { session, peer } = await handshake(context, client);
        assert.match(failureOf(session), /certificate revoked/);
        assert.match(peer.error() ?? "", /revoked/);
        assert.equal(failureOf((await handshake(context, only)).session), "established");
        session.close();
      });
      await withContext({ revocation: "client" }, async (context) => {
        assert.match(failureOf((await handshake(context, only)).session), /unable to get certificate CRL/);
      });
    });

    test("who else is accepted", async () => {
      const asked: string[] = [];
      const accepts = (answer: boolean) => ({
        accepts: ({ subject }: { readonly subject: readonly string[] }) => {
          asked.push(subject.join("/"));
          return answer;
        },
      });
      await withContext(accepts(true), async (context) => {
        assert.equal(failureOf((await handshake(context, only)).session), "established");
      });
      await withContext(accepts(false), async (context) => {
        assert.match(failureOf((await handshake(context, only)).session), /certificate verify failed/);
      });
      assert.deepEqual(asked, ["CN=user", "CN=user"]);
    });

    test("whatever comes, the process goes on", async () => {
      await withContext({ sessionLifetime: 60 }, async (context) => {
        fc.assert(
          fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (pieces) => {
            const session = context.session(required);
            for (const piece of pieces) session.feed(piece);
            session.read();
            session.remember(Uint8Array.of(1));
            session.remembered();
            session.write(Uint8Array.of(1));
            session.close();
            session.close();
            session.forget();
            assert.equal(session.feed(Uint8Array.of(22)).output.length, 0);
            assert.equal(session.write(Uint8Array.of(1)), undefined);
            assert.equal(session.peerCertificate(), undefined);
            assert.throws(() => session.export("x", undefined, 16));
          }),
          { numRuns: 300 },
        );
        // A handshake of which one octet is another.
        for (let at = 0; at < 600; at += 7) {
          const session = context.session(required);
          let passed = 0;
          const peer = peerOf(session, only, (octets) => {
            const changed = octets.slice();
            if (at >= passed && at < passed + changed.length) changed[at - passed] = (changed[at - passed] ?? 0) ^ 0x41;
            passed += octets.length;
            return [changed];
          });
          await peer.run();
          session.close();
        }
      });
    });
  });
}

test("two kinds of certificate: the client's choice", async () => {
  await withContext({ identities: [identityOf(serverEc), identityOf(serverRsa)] }, async (context) => {
    for (const [ciphers, expected] of [
      ["ECDHE-RSA-AES128-GCM-SHA256", /RSA/],
      ["ECDHE-ECDSA-AES128-GCM-SHA256", /ECDSA/],
      ["DHE-RSA-AES256-GCM-SHA384", /^DHE-RSA/],
    ] as const) {
      const { session } = await handshake(context, { maxVersion: "TLSv1.2", ciphers });
      assert.equal(failureOf(session), "established");
      assert.match(session.cipher ?? "", expected);
      assert.equal(session.prf, ciphers.endsWith("384") ? "sha384" : "sha256");
      assert.equal(session.masterSecret()?.masterSecret.length, 48);
      session.close();
    }
  });
});

test("versions that are left out", async () => {
  await withContext({ excluded: new Set(["TLSv1.3"]) }, async (context) => {
    const { session } = await handshake(context);
    assert.equal(session.version, "TLSv1.2");
    const newer = await handshake(context, { minVersion: "TLSv1.3" });
    assert.match(failureOf(newer.session), /unsupported protocol|protocol version/);
  });
  await withContext({ oldest: "TLSv1" }, async (context) => {
    const { session } = await handshake(context, {
      minVersion: "TLSv1",
      maxVersion: "TLSv1",
      ciphers: "DEFAULT:@SECLEVEL=0",
    });
    assert.equal(failureOf(session), "established");
    assert.equal(session.version, "TLSv1");
    assert.equal(session.prf, "md5-sha1");
  });
});

test("settings that OpenSSL refuses are refused in words", () => {
  const refused = (changes: Partial<TlsServerSettings>, words: RegExp) =>
    assert.throws(
      () => engine.server(settingsOf(changes)),
      (error) => error instanceof ConfigurationError && words.test(error.message),
    );
  refused({ ciphers: "NO-SUCH-CIPHER" }, /NO-SUCH-CIPHER/);
  refused({ groups: "P-0" }, /P-0/);
  refused({ dhParameters: Uint8Array.of(1, 2, 3) }, /DH parameters/);
  refused({ identities: [{ ...identityOf(serverEc), privateKey: derOf(user.key) }] }, /mismatch/);
  refused({ identities: [{ ...identityOf(serverEc), certificate: Uint8Array.of(0x30) }] }, /certificate/);
  refused({ trust: { authorities: [Uint8Array.of(1)], revocationLists: [] } }, /CA certificate/);
});

test("a context is closed while its sessions run", async () => {
  const context = engine.server(settingsOf({ sessionLifetime: 60 }));
  const session = context.session(required);
  context.close();
  context.close();
  assert.throws(() => context.session(required), /closed/);
  const peer = peerOf(session);
  await peer.run();
  assert.equal(failureOf(session), "established");
  session.remember(Uint8Array.of(1));
  session.forget();
  session.close();
});

test("thousands of sessions leave nothing behind", async () => {
  await withContext({ sessionLifetime: 60 }, async (context) => {
    const { session, peer } = await handshake(context);
    assert.equal(failureOf(session), "established");
    peer.socket.destroy();
    // A recorded ClientHello makes a server write its certificate; half-open ones are the costliest.
    const hello = await clientHello({ maxVersion: "TLSv1.2" });
    const many = (count: number): void => {
      for (let i = 0; i < count; i++) {
        const half = context.session(unwanted);
        assert.ok(half.feed(hello).output.length > 500);
        half.close();
      }
    };
    many(500);
    const before = process.memoryUsage.rss();
    many(3000);
    const grown = process.memoryUsage.rss() - before;
    assert.ok(grown < 24 * 1024 * 1024, `${grown} octets more`);
  });
});

/** What Node's client says first. */
async function clientHello(options: ConnectionOptions): Promise<Uint8Array> {
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

test("in threads that come and go", async () => {
  const hello = await clientHello({ maxVersion: "TLSv1.2" });
  const code = `
    import { parentPort, workerData } from "node:worker_threads";
    const { opensslTls } = await import(workerData.module);
    const context = opensslTls().server(workerData.settings);
    const sessions = Array.from({ length: 50 }, () => context.session({ clientCertificate: "required", purpose: "TLS" }));
    let length = 0;
    for (const session of sessions) length += session.feed(workerData.hello).output.length;
    parentPort.postMessage(length);
  `;
  const lengths = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
            workerData: { module: new URL("./openssl-tls.js", import.meta.url).href, settings: settingsOf(), hello },
          });
          worker.once("error", reject);
          let length = 0;
          worker.once("message", (value: number) => {
            length = value;
          });
          worker.once("exit", () => resolve(length));
        }),
    ),
  );
  for (const length of lengths) assert.ok(length > 50 * 500, `${length} octets`);
});
