import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { derOf } from "../../../testing/certificates.ts";
import {
  clientHello,
  engine,
  failureOf,
  handshake,
  identityOf,
  peerOf,
  required,
  serverEc,
  serverRsa,
  settingsOf,
  unwanted,
  user,
  withContext,
} from "../../../testing/tls-handshake.ts";
import { ConfigurationError } from "../../base/errors.ts";
import type { TlsServerSettings } from "../tls/port.ts";

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
