import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bundlePkcs12, derOf, encryptKey, type Issued } from "../../../testing/certificates.ts";
import { pkiForTests, readTestFile } from "../../../testing/eap-pki.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { utf8 } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { ConfigurationError } from "../../base/errors.ts";
import { Log } from "../../base/log.ts";
import { defaultBss } from "../../config/settings.ts";
import { tlsEngine } from "../../crypto/tls/engine.ts";
import type { TlsIdentity } from "../../crypto/tls/port.ts";
import { systemClock } from "../../linux/clock.ts";
import { withChain } from "./credentials.ts";
import { createTlsService, type EapTlsSettings, type ReloadableTlsService } from "./service.ts";
import { subjectMatcher } from "./subject-match.ts";

const pki = pkiForTests();

interface Opened {
  readonly service: ReloadableTlsService;
  readonly lines: string[];
  readonly read: string[];
}

function open(settings: Partial<EapTlsSettings>, clock = systemClock): Opened {
  const lines: string[] = [];
  const read: string[] = [];
  const service = createTlsService(
    {
      ...defaultBss("test"),
      ca_cert: pki.authority.certificate,
      server_cert: pki.server.certificate,
      private_key: pki.server.key,
      ...settings,
    },
    {
      engine: tlsEngine(),
      read: (path) => {
        read.push(path);
        return readTestFile(path);
      },
      clock,
      log: new Log(({ text }) => void lines.push(text)),
    },
  );
  return { service, lines, read };
}

const session = { clientCertificate: "required", purpose: "TLS" } as const;
const refused = (settings: Partial<EapTlsSettings>, words: RegExp): void =>
  assert.throws(
    () => open(settings),
    (error) => {
      assert.ok(error instanceof ConfigurationError, String(error));
      assert.match(error.message, words);
      return true;
    },
  );
/** What is said of files that are taken. */
const said = (settings: Partial<EapTlsSettings>): string => {
  const { service, lines } = open(settings);
  service.session(session).close();
  service.close();
  return lines.join("\n");
};
const identity = ({ certificate, key }: Issued): Partial<EapTlsSettings> => ({
  server_cert: certificate,
  private_key: key,
});
const file = (name: string, ...contents: readonly (string | Uint8Array)[]): string => {
  const path = join(pki.folder, name);
  writeFileSync(path, "");
  for (const part of contents) appendFileSync(path, part);
  return path;
};
const pem = (path: string): string => readFileSync(path, "latin1");

describe("files that are taken", () => {
  test("PEM, DER, one file for both, encrypted keys, PKCS #12: without a word", () => {
    const { server, authority } = pki;
    assert.equal(said({}), "");
    const der = identity({
      certificate: file("server.der", derOf(server.certificate)),
      key: file("server-key.der", derOf(server.key)),
    });
    assert.equal(said({ ...der, ca_cert: file("ca.der", derOf(authority.certificate)) }), "");
    const both = file("both.pem", pem(server.key), pem(server.certificate));
    assert.equal(said({ server_cert: both, private_key: undefined }), "");
    assert.equal(said({ server_cert: both, private_key: both }), "");
    const encrypted = encryptKey(server, "secret");
    assert.equal(said({ private_key: encrypted, private_key_passwd: utf8("secret") }), "");
    const encryptedDer = file("encrypted.der", derOf(encrypted));
    assert.equal(said({ private_key: encryptedDer, private_key_passwd: utf8("secret") }), "");
    refused(
      { private_key: encryptedDer, private_key_passwd: utf8("wrong") },
      /private_key_passwd is not the passphrase/,
    );
    const pkcs12 = bundlePkcs12(server, authority, "secret");
    const bundled = { private_key: pkcs12, private_key_passwd: utf8("secret") };
    assert.equal(said({ server_cert: undefined, ...bundled }), "");
    assert.equal(said(bundled), "");
  });

  test("two sets of keys, DH parameters, curves, ciphers, no set at all", () => {
    const rsa = pki.authority.issue("radius.example.com", { key: "rsa" });
    assert.equal(said({ server_cert2: rsa.certificate, private_key2: rsa.key }), "");
    assert.equal(said({ openssl_ecdh_curves: "P-521:P-384", openssl_ciphers: "DEFAULT:!SHA1" }), "");
    assert.equal(said({ server_cert: undefined, private_key: undefined }), "");
    assert.equal(
      said({ tls_flags: "[SUITEB][ENABLE-TLSv1.3]", ...identity(pki.authority.issue("b", { key: "rsa3072" })) }),
      "",
    );
  });
});

describe("files that are refused, with what to do", () => {
  test("keys", () => {
    const encrypted = encryptKey(pki.server, "secret");
    const { user, server, authority } = pki;
    refused({ private_key: user.key }, /is not that of the certificate in .*CN=radius.example.com/);
    refused({ private_key: encrypted }, /is encrypted: private_key_passwd has to tell its passphrase/);
    refused({ private_key: encrypted, private_key_passwd: utf8("wrong") }, /private_key_passwd is not the passphrase/);
    refused({ private_key: authority.certificate }, /no private key in .*private_key wants PEM, DER or PKCS #12/);
    refused({ private_key: file("empty") }, /no private key/);
    refused({ private_key: undefined }, /no private key in .*server_cert/);
    refused({ private_key: join(pki.folder, "nowhere") }, /can't read/);
    const bundle = { server_cert: undefined, private_key: bundlePkcs12(server, authority, "secret") };
    refused({ ...bundle, private_key_passwd: utf8("wrong") }, /private_key_passwd is not the passphrase/);
    refused({ server_cert: undefined }, /server_cert has to name the certificate/);
    refused({ server_cert2: server.certificate, private_key2: encrypted }, /private_key_passwd2/);
  });

  test("certificates and the rest", () => {
    refused({ server_cert: pki.server.key }, /no certificate in .*server_cert wants PEM or DER/);
    refused({ server_cert: file("none.pem", "nothing") }, /no certificate/);
    const broken = pem(pki.server.certificate).replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
    refused({ server_cert: file("broken.pem", broken) }, /certificate 1 in .* is broken/);
    refused({ ca_cert: pki.server.key }, /no certificate in .*ca_cert/);
    refused({ ca_cert: undefined, check_crl: "client" }, /check_crl needs/);
    refused({ dh_file: pki.server.key }, /DH parameters/);
    refused({ openssl_ciphers: "NONSENSE" }, /no cipher is called 'NONSENSE'/);
    refused({ openssl_ecdh_curves: "P-1" }, /groups 'P-1'/);
    refused({ tls_flags: "[DISABLE-TLSv1.2]" }, /leave no version/);
    const crl = "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n";
    refused(
      { ca_cert: file("bad-crl.pem", pem(pki.authority.certificate), crl), check_crl: "client" },
      /list .* is broken/,
    );
  });
});

describe("what clients will not like", () => {
  test("times", () => {
    const { authority } = pki;
    const expired = authority.issue("old", { notBefore: "20200101000000Z", notAfter: "20210101000000Z" });
    assert.match(
      said(identity(expired)),
      /'.*' \(CN=old\) has expired, \d+ days ago; clients will refuse it: get a new one/,
    );
    const early = authority.issue("early", { notBefore: "20400101000000Z", notAfter: "20410101000000Z" });
    assert.match(said(identity(early)), /\(CN=early\) is not valid for another \d+ days; look at the clock/);
    const soon = new Date((systemClock.unixTime() + 3 * 86_400) * 1000);
    const stamp = `${soon.toISOString().replaceAll(/[-:T]|\.\d+/g, "")}`;
    assert.match(said(identity(authority.issue("soon", { notAfter: stamp }))), /expires in [23] days?; get a new one/);
  });

  test("a certificate for clients", () => {
    assert.match(said(identity(pki.user)), /is not for servers .* get one that is/);
    assert.equal(said(identity(pki.authority.issue("any", { usage: "any" }))), "");
  });

  test("a certificate that names no host", () => {
    const nameless = pki.authority.issue("radius.example.com", { alternativeName: "none" });
    assert.match(
      said(identity(nameless)),
      /names no host .* its domain, which Android insists on, .* get one that does/,
    );
    const mail = pki.authority.issue("mail", { alternativeName: "email:radius@example.com" });
    assert.match(said(identity(mail)), /names no host/);
  });

  test("a chain with a gap", () => {
    const between = pki.authority.subordinate("Between");
    const server = between.issue("radius.example.com");
    assert.match(
      said(identity(server)),
      /the certificate of 'CN=Between', which has signed the server's, is neither in/,
    );
    const whole = file("whole.pem", pem(server.certificate), pem(between.certificate));
    assert.equal(said({ ...identity(server), server_cert: whole }), "");
    const trusted = file("trusted.pem", pem(pki.authority.certificate), pem(between.certificate));
    assert.equal(said({ ...identity(server), ca_cert: trusted }), "");
  });

  test("the root goes along, for those who pin it", () => {
    const between = pki.authority.subordinate("Between");
    const certificate = derOf(between.issue("radius.example.com").certificate);
    const authorities = [derOf(pki.authority.certificate), derOf(between.certificate)];
    const identity: TlsIdentity = { certificate, privateKey: new Uint8Array(), chain: [] };
    const sources = { read: readTestFile, engine: tlsEngine(), now: 0, warn: (text: string) => assert.fail(text) };
    const { chain } = withChain(identity, { authorities, revocationLists: [] }, "server.pem", sources);
    assert.deepEqual(chain, authorities.toReversed());
  });

  test("revocation lists", () => {
    const { authority } = pki;
    const certificate = pem(authority.certificate);
    assert.match(said({ check_crl: "client" }), /no revocation list in .* every client's certificate will be refused/);
    const list = pem(authority.revocationList());
    assert.equal(said({ check_crl: "chain", ca_cert: file("crl.pem", certificate, list) }), "");
    const path = file("late.pem", certificate, list);
    const later = new VirtualClock();
    const clock = { ...systemClock, now: () => later.now(), unixTime: () => systemClock.unixTime() + 5 * 86_400 };
    for (const [check_crl_strict, words] of [
      [true, /outdated since 4 days: clients will be refused/],
      [false, /outdated since 4 days: check_crl_strict=0 uses it/],
    ] as const) {
      const { service, lines } = open({ check_crl: "client", check_crl_strict, ca_cert: path }, clock);
      assert.match(lines.join("\n"), words);
      service.close();
    }
  });
});

describe("reading again", () => {
  const copy = (): Issued => {
    const at = { certificate: join(pki.folder, "live.pem"), key: join(pki.folder, "live.key") };
    copyFileSync(pki.server.certificate, at.certificate);
    copyFileSync(pki.server.key, at.key);
    return at;
  };

  test("the same files change nothing, others count for new sessions, wrong ones for none", () => {
    const live = copy();
    const { service, lines } = open(identity(live));
    const before = service.session(session);
    assert.equal(service.reload(), true);
    assert.deepEqual(lines, []);

    const next = pki.authority.issue("next");
    copyFileSync(next.certificate, live.certificate);
    assert.equal(service.reload(), false);
    assert.match(lines.pop() ?? "", /the certificates from before stay in use: the private key .* is not that of/);
    service.session(session).close();

    copyFileSync(next.key, live.key);
    assert.equal(service.reload(), true);
    assert.match(lines.pop() ?? "", /read again/);
    assert.equal(before.state.kind, "handshaking");
    before.feed(Uint8Array.of(22, 3, 1, 0, 0));
    before.close();
    service.session(session).close();
    service.close();
  });

  test("each crl_reload_interval, when the next client comes", () => {
    const clock = new VirtualClock();
    const trusted = file(
      "interval.pem",
      pem(pki.authority.certificate),
      pem(pki.authority.revocationList(10 * 365 * 86_400)),
    );
    const settings = { check_crl: "client", crl_reload_interval: 300, ca_cert: trusted } as const;
    const at = { after: clock.after.bind(clock), now: () => clock.now(), unixTime: () => systemClock.unixTime() };
    const { service, read } = open(settings, at);
    const first = read.length;
    service.session(session).close();
    clock.advance(seconds(299));
    service.session(session).close();
    assert.equal(read.length, first);
    clock.advance(seconds(1));
    service.session(session).close();
    assert.ok(read.length > first);
    service.close();
  });
});

test("what has to be in a certificate's subject", () => {
  const subject = ["C=FI", "O=Example", "OU=A", "OU=Production Unit", "CN=a\\,b"];
  for (const [pattern, expected] of [
    ["*", true],
    ["C=FI", true],
    ["C=FI/O=Example/OU=A/OU=Production*", true],
    ["OU=Production*", false],
    ["OU=A/OU=B*", false],
    ["OU=*/OU=*", true],
    ["OU=*/OU=*/OU=*", false],
    ["CN=a,b", true],
    ["CN=a", false],
    ["C=FI/*", true],
    ["L=Helsinki", false],
    ["XX=Example", false],
    ["C", false],
    ["C=", false],
  ] as const) {
    assert.equal(subjectMatcher(pattern)(subject), expected, pattern);
  }
});
