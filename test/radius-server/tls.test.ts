/** RADIUS over TLS, the server's end and the client's: with radsecproxy between, and directly. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectionOptions, connect } from "node:tls";
import { utf8 } from "../../src/base/bytes.ts";
import { seconds } from "../../src/base/duration.ts";
import { Log } from "../../src/base/log.ts";
import { radiusNetwork } from "../../src/daemon/radius-network.ts";
import { systemClock } from "../../src/linux/clock.ts";
import { systemEntropy } from "../../src/linux/entropy.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { RadiusClient } from "../../src/radius/client/client.ts";
import type { TlsFiles } from "../../src/radius/client/port.ts";
import type { RadiusRequest, Sealing } from "../../src/radius/client/request.ts";
import type { RequestKind } from "../../src/radius/client/request-kind.ts";
import { hidePassword } from "../../src/radius/hiding.ts";
import { sealAccessRequest, sealChecksummedRequest } from "../../src/radius/sealing.ts";
import { acctStatusTypes, radius } from "../../src/wire/radius/attributes.ts";
import { secretOverTls } from "../../src/wire/radius/over-tls.ts";
import { radiusCodes } from "../../src/wire/radius/packet.ts";
import { AttributeList } from "../../src/wire/radius/values.ts";
import type { Issued } from "../../testing/certificates.ts";
import { createPki, type Pki } from "../../testing/eap-pki.ts";
import { runEapolTest } from "../../testing/eapol-test.ts";
import { freePort, type RadiusDaemon, radclient, startRadiusDaemon } from "../../testing/radius-daemon.ts";
import { type Radsecproxy, startRadsecproxy } from "../../testing/radsecproxy.ts";

const users = `
"tls" TLS
"peap" PEAP
"02:00:00:00:00:01" MACACL "02:00:00:00:00:01"
"inner" MSCHAPV2 "password" [2]
`;

const reactor = new Reactor();
let pki: Pki;
let stranger: Pki;
let daemon: RadiusDaemon;
let proxy: Radsecproxy;
let tlsPort = 0;
/** What the access points' end shows. */
let accessPoint: Issued;
before(async () => {
  pki = createPki();
  stranger = createPki();
  const { certificate, key } = pki.authority.issue("radius.example.com", { alternativeName: "DNS:localhost" });
  accessPoint = pki.authority.issue("ap.example.com", { usage: "client" });
  tlsPort = await freePort();
  copyFileSync(certificate, join(pki.folder, "shown.pem"));
  copyFileSync(key, join(pki.folder, "shown.key"));
  daemon = await startRadiusDaemon({
    folder: join(pki.folder, "daemon"),
    users,
    clients: "127.0.0.0/8 the secret over UDP is another\n::1 the same",
    lines: [
      "radius_server_ipv6=1",
      `radius_server_acct_file=${pki.folder}/accounting`,
      `ca_cert=${pki.authority.certificate}`,
      `server_cert=${certificate}`,
      `private_key=${key}`,
      `radius_server_tls_port=${tlsPort}`,
      `radius_server_tls_ca_cert=${pki.authority.certificate}`,
      `radius_server_tls_cert=${pki.folder}/shown.pem`,
      `radius_server_tls_private_key=${pki.folder}/shown.key`,
    ],
  });
  proxy = await startRadsecproxy({
    folder: join(pki.folder, "proxy"),
    authority: pki.authority.certificate,
    identity: pki.authority.issue("proxy.example.com", { usage: "any" }),
    server: tlsPort,
  });
});
after(async () => {
  await proxy.stop();
  await daemon.kill("SIGKILL");
  reactor.close();
  pki.remove();
  stranger.remove();
});

const records = (): Record<string, unknown>[] =>
  readFileSync(join(pki.folder, "accounting"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("access point, UDP, radsecproxy, TLS, beacond", () => {
  const network = (eap: string, ...more: string[]): string[] => [
    `eap=${eap}`,
    `ca_cert="${pki.authority.certificate}"`,
    ...more,
  ];
  test("EAP-TLS, with keys", async () => {
    const { succeeded, output } = await runEapolTest({
      network: network(
        "TLS",
        'identity="tls"',
        `client_cert="${pki.user.certificate}"`,
        `private_key="${pki.user.key}"`,
      ),
      port: proxy.udpPort,
      reauthentications: 1,
    });
    assert.ok(succeeded, output);
    assert.match(output, /MPPE keys OK: 2 {2}mismatch: 0/);
  });

  test("PEAP, and a wrong password", async () => {
    const peap = (password: string): Promise<{ succeeded: boolean }> =>
      runEapolTest({
        network: network(
          "PEAP",
          'identity="inner"',
          'anonymous_identity="peap"',
          `password="${password}"`,
          'phase2="auth=MSCHAPV2"',
        ),
        port: proxy.udpPort,
      });
    assert.ok((await peap("password")).succeeded);
    assert.ok(!(await peap("another")).succeeded);
  });

  test("accounting is written down; radsecproxy's Status-Server is answered", async () => {
    const request = ["Acct-Status-Type = Start", "Acct-Session-Id = proxied", "User-Name = user"];
    const { codes, output } = radclient(`127.0.0.1:${proxy.udpPort}`, "acct", [request]);
    assert.deepEqual(codes, ["Accounting-Response"], output);
    assert.equal(records().at(-1)?.["Acct-Session-Id"], "proxied");
    assert.doesNotMatch(proxy.log(), /lost/i);
  });
});

/** The daemon says it, soon. */
async function said(pattern: RegExp): Promise<void> {
  for (let i = 0; i < 100 && !pattern.test(daemon.log()); i++) await sleep(20);
  assert.match(daemon.log(), pattern);
}

/** What a client of ours gets for one request. */
async function ask(
  kind: RequestKind,
  { host = "127.0.0.1", port = tlsPort, tls }: { host?: string; port?: number; tls: Partial<TlsFiles> },
): Promise<string> {
  let tell: (text: string) => void = () => undefined;
  const client = new RadiusClient({
    kind,
    clock: systemClock,
    entropy: systemEntropy,
    // Such as "Authentication server 127.0.0.1: the connection was closed".
    log: new Log(({ text }) => void (/server \S+: /.test(text) && tell(text))),
    network: radiusNetwork(reactor),
  });
  const files: TlsFiles = {
    caCertificate: pki.authority.certificate,
    clientCertificate: accessPoint.certificate,
    privateKey: accessPoint.key,
    privateKeyPassword: undefined,
    ...tls,
  };
  const endpoint = { host, port, tls: files, localAddress: undefined, device: undefined };
  client.configure({
    servers: [{ endpoint, secret: secretOverTls }],
    retryPrimary: seconds(0),
    probesPrimary: false,
    requireMessageAuthenticator: true,
  });
  const name = utf8("02:00:00:00:00:01");
  const access = ({ secret, authenticator }: Sealing): AttributeList =>
    new AttributeList().add(radius.userName, name).add(radius.userPassword, hidePassword(secret, authenticator, name));
  const accounting = (): AttributeList =>
    new AttributeList().add(radius.acctStatusType, acctStatusTypes.start).add(radius.acctSessionId, utf8(`to ${port}`));
  const answer = await new Promise<string>((resolve) => {
    tell = resolve;
    const request: RadiusRequest = {
      station: undefined,
      persistence: "one-round",
      carriesEap: false,
      isBound: false,
      attributes: (sealing) => (kind === "Authentication" ? access(sealing) : accounting()).list,
      answered: ({ code }) => resolve(code),
      failed: resolve,
    };
    client.send(request);
  });
  client.close();
  return answer;
}

describe("our client", () => {
  test("to beacond: by address, by name, over IPv6; asked and told", async () => {
    assert.equal(await ask("Authentication", { tls: {} }), "Access-Accept");
    assert.equal(await ask("Authentication", { tls: {}, host: "localhost" }), "Access-Accept");
    assert.equal(await ask("Authentication", { tls: {}, host: "::1" }), "Access-Accept");
    assert.equal(await ask("Accounting", { tls: {} }), "Accounting-Response");
    assert.equal(records().at(-1)?.["Acct-Session-Id"], `to ${tlsPort}`);
  });

  test("to radsecproxy, and from there to beacond", async () => {
    assert.equal(await ask("Authentication", { tls: {}, port: proxy.tlsPort }), "Access-Accept");
    assert.equal(await ask("Accounting", { tls: {}, port: proxy.tlsPort }), "Accounting-Response");
  });

  test("a server of another authority is not believed", async () => {
    const tls = { caCertificate: stranger.authority.certificate };
    assert.match(await ask("Authentication", { tls }), /certificate/);
  });

  test("nor one with the certificate of another name, where it is configured by name", async () => {
    const to = { tls: {}, host: "localhost", port: proxy.tlsPort };
    assert.match(await ask("Authentication", to), /does not match certificate's altnames/);
  });
});

describe("who is not a client", () => {
  test("without a certificate, or with one of another authority, that has expired, or is for servers: nothing is heard", async () => {
    const none = { clientCertificate: undefined, privateKey: undefined };
    assert.notEqual(await ask("Authentication", { tls: none }), "Access-Accept");
    await said(/connection from \S+ ended: it shows no certificate/);
    const others: readonly (readonly [Issued, RegExp])[] = [
      [stranger.user, /ended: its certificate is not accepted: UNABLE_TO_/],
      [
        pki.authority.issue("old", { usage: "client", notBefore: "20200101000000Z", notAfter: "20210101000000Z" }),
        /ended: its certificate is not accepted: CERT_HAS_EXPIRED/,
      ],
      [pki.authority.issue("server only"), /ended: its certificate is not accepted: INVALID_PURPOSE/],
    ];
    for (const [{ certificate: clientCertificate, key: privateKey }, words] of others) {
      assert.notEqual(await ask("Authentication", { tls: { clientCertificate, privateKey } }), "Access-Accept");
      await said(words);
    }
  });
});

/** A connection by hand. @returns what came back until the server hung up, or `open` */
function exchange(octets: readonly Uint8Array[], wanted: number): Promise<Buffer | "closed"> {
  const read = (file: string): Buffer => readFileSync(file);
  const options: ConnectionOptions = {
    host: "127.0.0.1",
    port: tlsPort,
    ca: read(pki.authority.certificate),
    cert: read(accessPoint.certificate),
    key: read(accessPoint.key),
    checkServerIdentity: () => undefined,
  };
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      for (const part of octets) socket.write(part);
    });
    let heard = Buffer.alloc(0);
    socket.on("data", (data: Buffer) => {
      heard = Buffer.concat([heard, data]);
      if (heard.length < wanted) return;
      socket.destroy();
      resolve(heard);
    });
    socket.setTimeout(20_000, () => reject(new Error("neither an answer nor an end")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve("closed"));
  });
}

describe("what comes over a connection", () => {
  const status = { code: radiusCodes["Status-Server"], identifier: 7, attributes: [] };
  const seal = (secret: Uint8Array): Uint8Array => sealAccessRequest(secret, systemEntropy.bytes(16), status);

  test("packets octet by octet, and two in one record", async () => {
    const [first, second] = [seal(secretOverTls), seal(secretOverTls)];
    const pieces = [...first].map((octet) => Uint8Array.of(octet));
    const heard = await exchange([...pieces, Buffer.concat([second, seal(secretOverTls)])], 3 * 38);
    assert.ok(heard !== "closed");
    assert.deepEqual(
      [0, 38, 76].map((at) => heard[at]),
      Array(3).fill(radiusCodes["Access-Accept"]),
    );
  });

  test("what is no packet, or not its sender's, ends it: RFC 6613, section 2.6.4", async () => {
    const noPacket = Uint8Array.of(1, 0, 0, 19);
    const shortAttribute = Uint8Array.from([1, 0, 0, 22, ...new Uint8Array(16), 1, 1]);
    const accounting = { code: radiusCodes["Accounting-Request"], identifier: 1, attributes: [] };
    const wrong = [seal(utf8("another")), sealChecksummedRequest(utf8("another"), accounting, false)];
    for (const octets of [noPacket, shortAttribute, ...wrong]) assert.equal(await exchange([octets], 20), "closed");
    await said(/connection from \S+ ended: a packet with a wrong authenticator/);
  });

  test("dynamic authorization is for access points: refused with its cause, RFC 6614, section 2.5", async () => {
    for (const [code, answer] of [
      ["CoA-Request", "CoA-NAK"],
      ["Disconnect-Request", "Disconnect-NAK"],
    ] as const) {
      const contents = { code: radiusCodes[code], identifier: 9, attributes: [] };
      const heard = await exchange([sealChecksummedRequest(secretOverTls, contents, false)], 20);
      assert.ok(heard !== "closed");
      assert.equal(heard[0], radiusCodes[answer]);
      assert.deepEqual(heard.subarray(-6), Buffer.from([101, 6, 0, 0, 1, 150]));
    }
  });
});

test("a renewed certificate is shown after a reload; one that is broken changes nothing", async () => {
  const shown = (): string => {
    const end = ["-CAfile", pki.authority.certificate, "-cert", accessPoint.certificate, "-key", accessPoint.key];
    const session = execFileSync("openssl", ["s_client", "-connect", `127.0.0.1:${tlsPort}`, ...end], {
      input: "",
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    return /^subject=.*$/m.exec(session)?.[0] ?? session;
  };
  assert.match(shown(), /radius\.example\.com/);
  const put = ({ certificate, key }: Issued): void => {
    copyFileSync(certificate, join(pki.folder, "shown.pem"));
    copyFileSync(key, join(pki.folder, "shown.key"));
  };
  put({ ...accessPoint, key: pki.user.key });
  await daemon.reload();
  await said(/RADIUS over TLS: the certificates from before stay in use: the private key in/);
  assert.match(shown(), /radius\.example\.com/);
  put(pki.authority.issue("renewed.example.com"));
  await daemon.reload();
  assert.match(shown(), /renewed\.example\.com/);
  assert.doesNotMatch(daemon.log(), /RADIUS over TLS: the certificate of/, "its chain is in the file of authorities");
});

test("a server that begins anew has its port again, and the connections of before have ended", async () => {
  const configuration = join(daemon.folder, "as.conf");
  const connections = (): number => daemon.log().match(/connection \d+ over TLS from/g)?.length ?? 0;
  const before = connections();
  const open = exchange([], 1);
  for (let i = 0; i < 200 && connections() === before; i++) await sleep(20);
  assert.ok(connections() > before);
  writeFileSync(configuration, `${readFileSync(configuration, "utf8")}radius_server_acct_log=1\n`);
  await daemon.reload();
  assert.equal(await open, "closed");
  assert.equal(await ask("Authentication", { tls: {} }), "Access-Accept");
});
