import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../../base/bytes.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { describe as inWords, isError } from "../../config/problem.ts";
import { files } from "../../daemon/read-configuration.ts";
import { beacon } from "../beacon.ts";
import { mobileconfig, networkConf, windowsEapTls, windowsPeap, wpaSupplicantConf } from "./profiles.ts";
import type { PkiSettings } from "./settings.ts";

async function run(args: readonly string[], typed = "") {
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  terminal.input.end(typed);
  const status = await beacon(["pki", ...args], terminal);
  return { status, output: `${terminal.output.read() ?? ""}`, errors: `${terminal.errors.read() ?? ""}` };
}

function openssl(folder: string, args: readonly string[], input = ""): string {
  const { stdout, stderr, status } = spawnSync("openssl", args, { cwd: folder, input, encoding: "utf8" });
  return status === 0 ? stdout : `${stdout}${stderr}`;
}

const outer = mkdtempSync(join(tmpdir(), "pki-"));
after(() => rmSync(outer, { recursive: true }));
const settings: PkiSettings = { domain: "radius.example.org", ssid: "castle", organization: "Example", key: "ec" };
const init = (folder: string, ...more: string[]) =>
  run(["init", folder, "--domain", "radius.example.org", "--ssid", "castle", ...more]);

/** Whether each element is closed in order, and & and < stand for themselves nowhere. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  for (const [, text = "", tag = ""] of xml.matchAll(/([^<]*)<([^>]*)>/g)) {
    assert.doesNotMatch(text, /&(?!(amp|lt|gt|quot);)/);
    if (/^[?!]/.test(tag) || tag.endsWith("/")) continue;
    const [name = ""] = tag.split(/\s/);
    if (name.startsWith("/")) assert.equal(open.pop(), name.slice(1));
    else open.push(name);
  }
  assert.deepEqual(open, []);
}

for (const key of ["ec", "rsa"] as const) {
  describe(`an authority with ${key}`, () => {
    const folder = join(outer, key);

    test("certificates are what devices want, and nobody else can read anything", async () => {
      const { status, output, errors } = await init(folder, "--key", key, "--organization", "Anna's & Söhne", "--json");
      assert.deepEqual([status, errors], [0, ""]);
      const made = output
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        made.map(({ kind, name }) => [kind, name]),
        [
          ["authority", "Anna's & Söhne"],
          ["server", "radius.example.org"],
        ],
      );
      assert.match(
        openssl(folder, ["verify", "-CAfile", "trust.pem", "-crl_check", "-purpose", "sslserver", "server.pem"]),
        /OK/,
      );
      const text = openssl(folder, ["x509", "-in", "server.pem", "-noout", "-text", "-nameopt", "utf8"]);
      assert.match(text, /DNS:radius\.example\.org\n/);
      assert.match(text, /Extended Key Usage: \n +TLS Web Server Authentication\n/);
      assert.match(text, key === "ec" ? /NIST CURVE: P-256/ : /Public-Key: \(3072 bit\)/);
      assert.match(text, /Signature Algorithm: (ecdsa-with-SHA256|sha256WithRSAEncryption)/);
      assert.match(text, /Subject: O ?= ?Anna's & Söhne, OU ?= ?Server, CN ?= ?radius\.example\.org/);
      const [, from = "", until = ""] = /Not Before: (.*)\n +Not After : (.*)\n/.exec(text) ?? [];
      const days = (Date.parse(until) - Date.parse(from)) / 86_400_000;
      assert.ok(days > 800 && days <= 825, `${days} days`);
      assert.ok(Date.parse(from) < Date.now() - 3_600_000, "clocks of devices may be behind");
      assert.match(
        openssl(folder, ["x509", "-in", "ca.pem", "-noout", "-text"]),
        /CA:TRUE, pathlen:0[\s\S]*Certificate Sign, CRL Sign/,
      );
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
    });

    test("hostapd.conf's lines are right, also to the daemon", async () => {
      const text = `interface=wlan0\nhw_mode=g\nchannel=1\n${readFileSync(join(folder, "network.conf"), "utf8")}`;
      const { problems } = parseConfiguration(utf8(text), "x", files);
      assert.deepEqual(problems.map(inWords), []);
    });

    test("a client's files", async () => {
      const { output } = await run(["client", "anna@example.org", "-d", folder, "--json"]);
      const { directory, passphrase, serial, kind } = JSON.parse(output);
      assert.deepEqual([directory, kind], [join(folder, "clients", "anna@example.org"), "client"]);
      assert.match(passphrase, /^\w{4}(-\w{4}){4}$/);
      assert.match(openssl(directory, ["verify", "-CAfile", "ca.pem", "-purpose", "sslclient", "client.pem"]), /OK/);
      const text = openssl(directory, ["x509", "-in", "client.pem", "-noout", "-text", "-serial"]);
      assert.match(text, new RegExp(`serial=${serial}`));
      assert.match(text, /email:anna@example\.org/);
      const pkcs12 = ["pkcs12", "-in", "anna@example.org.p12", "-passin", "stdin", "-nodes"];
      assert.match(
        openssl(directory, pkcs12, `${passphrase}\n`),
        /friendlyName: anna@example\.org[\s\S]*BEGIN PRIVATE KEY/,
      );
      assert.match(openssl(directory, pkcs12, "wrong\n"), /invalid password|mac verify/i);
      for (const name of readdirSync(directory))
        assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name);
      const apple = readFileSync(join(directory, "anna@example.org.mobileconfig"), "utf8");
      assertWellFormed(apple);
      const [root = "", identity = ""] = [...apple.matchAll(/<data>([^<]*)<\/data>/g)].map(([, data = ""]) => data);
      assert.deepEqual(Buffer.from(root, "base64"), readFileSync(join(directory, "ca.crt")));
      assert.deepEqual(Buffer.from(identity, "base64"), readFileSync(join(directory, "anna@example.org.p12")));
      assert.equal(new Set(apple.match(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/g)).size, 4);
      const windows = readFileSync(join(directory, "windows-eap-tls.xml"), "utf8");
      assertWellFormed(windows);
      const sha1 = openssl(folder, ["x509", "-in", "ca.pem", "-noout", "-fingerprint", "-sha1"])
        .split("=")[1]
        ?.trim()
        .toLowerCase()
        .replaceAll(":", " ");
      assert.ok(windows.includes(`<TrustedRootCA>${sha1}</TrustedRootCA>`));
    });
  });
}

test("whatever a network and an organization are called, profiles are well-formed and say it", () => {
  const words = fc
    .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
    .filter((text) => !/\p{Cc}/u.test(text) && Buffer.byteLength(text) <= 32);
  fc.assert(
    fc.property(words, words, (ssid, organization) => {
      const named = { ...settings, ssid, organization };
      const octets = new Uint8Array(16);
      const profile = {
        settings: named,
        name: "anna",
        authority: Uint8Array.of(1),
        authoritySha1: "AB".repeat(20),
        pkcs12: Uint8Array.of(2),
        uuids: [octets, octets, octets, octets] as const,
      };
      for (const xml of [mobileconfig(profile), windowsEapTls(profile), windowsPeap(profile)]) assertWellFormed(xml);
      const hex = Buffer.from(ssid).toString("hex");
      assert.ok(windowsPeap(profile).includes(`<hex>${hex.toUpperCase()}</hex>`));
      const written = /ssid=(.*)\n/.exec(wpaSupplicantConf(profile))?.[1] ?? "";
      assert.equal(/^"(.*)"$/.exec(written)?.[1] ?? Buffer.from(written, "hex").toString(), ssid);
      const conf = `interface=wlan0\nhw_mode=g\nchannel=1\n${networkConf(named, "/nowhere")}`;
      const { problems } = parseConfiguration(utf8(conf), "x", () => new Uint8Array());
      assert.deepEqual(
        problems
          .filter(isError)
          .map(({ message }) => message)
          .filter((each) => /ssid/i.test(each)),
        [],
      );
    }),
    { numRuns: 50 },
  );
});

describe("the life of certificates", () => {
  const folder = join(outer, "life");
  const pki = (...args: string[]) => run([...args, "-d", folder]);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  test("renewing keeps names, authority and the old keys; revoking ends all of somebody's", async () => {
    await init(folder);
    const [before, authority] = [read("server.pem"), read("ca.pem")];
    assert.match((await pki("renew")).output, /The server's certificate for radius\.example\.org is new/);
    assert.notEqual(read("server.pem"), before);
    assert.equal(read("ca.pem"), authority);
    assert.deepEqual(
      readdirSync(join(folder, "old")).map((name) => read(join("old", name))),
      [before],
    );
    assert.match(openssl(folder, ["verify", "-CAfile", "trust.pem", "-crl_check", "server.pem"]), /OK/);

    const secret = join(folder, "secret");
    writeFileSync(secret, "correct horse\n");
    const made = await pki("client", "anna", "--passphrase-file", secret);
    assert.doesNotMatch(made.output, /Passphrase|correct/);
    const first = read("clients/anna/client.pem");
    assert.match(
      openssl(
        join(folder, "clients/anna"),
        ["pkcs12", "-in", "anna.p12", "-passin", "stdin", "-nodes"],
        "correct horse\n",
      ),
      /BEGIN/,
    );
    const again = await pki("client", "anna");
    assert.deepEqual([again.status, /has a certificate already/.test(again.errors)], [1, true]);
    assert.equal(read("clients/anna/client.pem"), first);
    assert.equal((await pki("renew", "anna")).status, 0);
    const second = read("clients/anna/client.pem");
    assert.notEqual(second, first);
    await pki("client", "carl");

    assert.match((await pki("revoke", "ana")).errors, /ana has no certificate here; did you mean 'anna'\?/);
    const { output } = await pki("revoke", "anna", "--json");
    assert.equal(output.trimEnd().split("\n").length, 2);
    for (const certificate of [first, second]) {
      writeFileSync(join(folder, "check.pem"), certificate);
      assert.match(
        openssl(folder, ["verify", "-CAfile", "trust.pem", "-crl_check", "check.pem"]),
        /certificate revoked/,
      );
    }
    assert.match(openssl(folder, ["verify", "-CAfile", "trust.pem", "-crl_check", "clients/carl/client.pem"]), /OK/);
    assert.ok(!existsSync(join(folder, "clients/anna")));
    assert.equal((await pki("revoke", "anna")).status, 1);
    assert.equal((await pki("client", "anna")).status, 0, "somebody who was revoked may have another one");
  });

  test("show lists them all", async () => {
    const { status, output, errors } = await pki("show", "--json");
    assert.deepEqual([status, errors], [0, ""]);
    const rows = output
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map(({ kind, name, state }) => `${kind} ${name} ${state}`),
      [
        "authority radius.example.org valid",
        "server radius.example.org valid",
        "server radius.example.org valid",
        "client anna revoked",
        "client anna revoked",
        "client carl valid",
        "client anna valid",
      ],
    );
    assert.match((await pki("show")).output, /^revoked {2}client {5}anna/m);
    await pki("renew", "--days", "5");
    const soon = await pki("show");
    assert.deepEqual(
      [soon.status, soon.errors],
      [1, "The server's certificate ends soon, or has ended: beacon pki renew\n"],
    );
  });

  test("nothing is left of work, and nothing is overwritten", async () => {
    const left = readdirSync(folder, { recursive: true }).map(String);
    assert.deepEqual(
      left.filter((name) => /work-|making|lock|\.new$/.test(name)),
      [],
    );
    const before = read("ca.key");
    const again = await init(folder);
    assert.deepEqual([again.status, /is there already, and is not overwritten/.test(again.errors)], [1, true]);
    assert.equal(read("ca.key"), before);
  });

  test("a lock of a process that is gone is nobody's; of one that lives it counts", async () => {
    writeFileSync(join(folder, "lock"), "99999999");
    assert.equal((await pki("client", "dora")).status, 0);
    writeFileSync(join(folder, "lock"), "1");
    assert.match((await pki("client", "eva")).errors, /process 1 is at work/);
    rmSync(join(folder, "lock"));
  });

  test("without openssl nothing is made, and it is said what to do", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const where = join(outer, "none");
      const { status, errors } = await init(where);
      assert.deepEqual([status, /openssl is not there: sudo apt install openssl/.test(errors)], [1, true]);
      assert.deepEqual(
        readdirSync(outer).filter((name) => name.startsWith("none")),
        [],
      );
    } finally {
      process.env["PATH"] = path;
    }
  });

  for (const [args, complaint] of [
    [[], /what is to be done\?/],
    [["innit"], /did you mean 'init'\?/],
    [["init", "/nowhere", "--ssid", "x"], /--domain NAME is missing/],
    [["init", "/nowhere", "--domain", "localhost", "--ssid", "x"], /no domain name/],
    [["init", "/nowhere", "--domain", "a.example.org", "--ssid", "x".repeat(33)], /1 to 32 octets/],
    [["init", "/nowhere", "--domain", "a.example.org", "--ssid", "x", "--days", "900"], /no number from 1 to 824/],
    [
      ["init", "/nowhere", "--domain", "a.example.org", "--ssid", "x", "--organization", "$HOME"],
      /organization's name/,
    ],
    [["client"], /NAME is missing/],
    [["client", "../x"], /a name has up to 64/],
    [["client", '-"'], /there is no option/],
  ] as const) {
    test(`refused: ${args.join(" ")}`, async () => {
      const { status, errors } = await run(args);
      assert.equal(status, 2);
      assert.match(errors, complaint);
      assert.match(errors, /usage: beacon pki/);
    });
  }

  test("no authority, or one that is spoilt", async () => {
    assert.match(
      (await run(["show", "-d", join(outer, "nothing")])).errors,
      /there is no authority in .*beacon pki init makes one/,
    );
    writeFileSync(join(folder, "pki.json"), "{");
    assert.match((await pki("show")).errors, /can't be read/);
    writeFileSync(join(folder, "pki.json"), "[]");
    assert.match((await pki("show")).errors, /not what beacon pki init has written/);
    assert.equal((await run(["init", "/proc/x", "--domain", "a.example.org", "--ssid", "x"])).status, 1);
  });
});
