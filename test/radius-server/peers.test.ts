/** The RADIUS server against programs that others wrote: eapol_test, radclient. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { hexOf } from "../../src/base/bytes.ts";
import { Dictionary } from "../../src/radius/dictionary.ts";
import { readDictionary } from "../../src/radius/dictionary-file.ts";
import { createPki, type Pki } from "../../testing/eap-pki.ts";
import { radiusSecret } from "../../testing/eap-radius-server.ts";
import { hexDump, runEapolTest } from "../../testing/eapol-test.ts";
import { type RadiusDaemon, radclient, startRadiusDaemon } from "../../testing/radius-daemon.ts";

const users = `
"md5" MD5 "password"
"gtc" GTC "password"
"mschapv2" MSCHAPV2 "password"
"psk" PSK 0123456789abcdef0123456789abcdef
radius_accept_attr=27:d:300
radius_accept_attr=25:x:0011
"gpsk" GPSK "abcdefghijklmnop0123456789abcdef"
"pax" PAX 0123456789abcdef0123456789abcdef
"sake" SAKE 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
"pwd" PWD "password"
"tls" TLS
"peap" PEAP
"ttls" TTLS
"02:00:00:00:00:01" MACACL "02:00:00:00:00:01"
"inner" MSCHAPV2,TTLS-PAP "password" [2]
`;

let pki: Pki;
let daemon: RadiusDaemon;
before(async () => {
  pki = createPki();
  const { certificate, key } = pki.authority.issue("radius.example.com");
  daemon = await startRadiusDaemon({
    folder: join(pki.folder, "daemon"),
    users,
    clients: `127.0.0.0/8 ${radiusSecret}\n::1 ${radiusSecret}`,
    lines: [
      "radius_server_ipv6=1",
      `radius_server_acct_file=${pki.folder}/accounting`,
      `dump_msk_file=${pki.folder}/keys`,
      `ca_cert=${pki.authority.certificate}`,
      `server_cert=${certificate}`,
      `private_key=${key}`,
    ],
  });
});
after(async () => {
  await daemon.kill("SIGKILL");
  pki.remove();
});

const count = (name: string): number =>
  Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(daemon.ask("mib radius_server"))?.[1]);

describe("eapol_test", () => {
  const tunnel = (eap: string, phase2: string): string[] => [
    `eap=${eap}`,
    `identity="inner"`,
    `anonymous_identity="${eap.toLowerCase()}"`,
    'password="password"',
    `ca_cert="${pki.authority.certificate}"`,
    `phase2="${phase2}"`,
  ];
  const plain = (eap: string, password: string): string[] => [
    `eap=${eap}`,
    `identity="${eap.toLowerCase()}"`,
    `password=${password}`,
  ];
  const networks: Readonly<Record<string, { readonly lines: () => string[]; readonly keyless?: boolean }>> = {
    MD5: { lines: () => plain("MD5", '"password"'), keyless: true },
    GTC: { lines: () => plain("GTC", '"password"'), keyless: true },
    MSCHAPv2: { lines: () => plain("MSCHAPV2", '"password"'), keyless: true },
    PSK: { lines: () => plain("PSK", "0123456789abcdef0123456789abcdef") },
    GPSK: { lines: () => plain("GPSK", '"abcdefghijklmnop0123456789abcdef"') },
    PAX: { lines: () => plain("PAX", "0123456789abcdef0123456789abcdef") },
    SAKE: { lines: () => plain("SAKE", "0123456789abcdef".repeat(4)) },
    pwd: { lines: () => plain("PWD", '"password"') },
    TLS: {
      lines: () => [
        "eap=TLS",
        'identity="tls"',
        `ca_cert="${pki.authority.certificate}"`,
        `client_cert="${pki.user.certificate}"`,
        `private_key="${pki.user.key}"`,
      ],
    },
    "PEAP with MSCHAPv2": { lines: () => tunnel("PEAP", "auth=MSCHAPV2") },
    "TTLS with PAP": { lines: () => tunnel("TTLS", "auth=PAP") },
  };
  for (const [name, { lines, keyless = false }] of Object.entries(networks)) {
    test(`${name}: in, with the keys that RADIUS carries; twice`, async () => {
      const options = { network: lines(), port: daemon.port, reauthentications: 1 };
      const { succeeded, output } = await runEapolTest({ ...options, arguments: keyless ? ["-n"] : [] });
      assert.ok(succeeded, output);
      assert.match(output, keyless ? /MPPE keys OK: 0 {2}mismatch: 0/ : /MPPE keys OK: 2 {2}mismatch: 0/);
    });
  }

  test("a wrong password is refused", async () => {
    const { succeeded, output } = await runEapolTest({ network: plain("MD5", '"wrong"'), port: daemon.port });
    assert.ok(!succeeded);
    assert.match(output, /Access-Reject/);
    await daemon.hears(/EAP authentication failed/);
  });

  test("a user's attributes come with the acceptance", async () => {
    const { output } = await runEapolTest({
      network: plain("PSK", "0123456789abcdef0123456789abcdef"),
      port: daemon.port,
    });
    const accept = output.slice(output.lastIndexOf("code=2 (Access-Accept)"));
    assert.match(accept, /Attribute 27 \(Session-Timeout\)[\s\S]*?Value: 300/);
    assert.match(accept, /Attribute 25 \(Class\)[\s\S]*?Value: 0011/);
    assert.match(accept, /Attribute 102 \(EAP-Key-Name\)/);
  });
});

test("dump_msk_file: the keys that stations have, for the owner only", async () => {
  const path = join(pki.folder, "keys");
  rmSync(path, { force: true });
  const network = ["eap=PSK", 'identity="psk"', "password=0123456789abcdef0123456789abcdef"];
  const { output } = await runEapolTest({ network, port: daemon.port });
  const pmk = hexOf(hexDump(output, "PMK from EAPOL") ?? assert.fail(output));
  assert.match(readFileSync(path, "utf8"), new RegExp(`^${pmk}[0-9a-f]{64}\n$`));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(daemon.log(), /the keys of all sessions go into/);
});

describe("radclient", () => {
  const address = [
    "User-Name = 02:00:00:00:00:01",
    "User-Password = 02:00:00:00:00:01",
    "Message-Authenticator = 0x00",
  ];

  test("a station by its address, over IPv4 and IPv6", () => {
    for (const host of ["127.0.0.1", "[::1]"]) {
      assert.deepEqual(radclient(`${host}:${daemon.port}`, "auth", [address]).codes, ["Access-Accept"], host);
    }
    const wrong = [...address.slice(0, 1), "User-Password = wrong", "Message-Authenticator = 0x00"];
    assert.deepEqual(radclient(`127.0.0.1:${daemon.port}`, "auth", [wrong]).codes, ["Access-Reject"]);
  });

  test("another secret, or no Message-Authenticator: no answer, counted and said", async () => {
    const before = count("radiusAuthServTotalBadAuthenticators");
    assert.deepEqual(radclient(`127.0.0.1:${daemon.port}`, "auth", [address], "wrong").codes, []);
    assert.ok(count("radiusAuthServTotalBadAuthenticators") > before);
    await daemon.hears(/shared secret is another/);
  });

  test("Status-Server on both ports", () => {
    const request = [["Message-Authenticator = 0x00"]];
    assert.deepEqual(radclient(`127.0.0.1:${daemon.port}`, "status", request).codes, ["Access-Accept"]);
    assert.deepEqual(radclient(`127.0.0.1:${daemon.accountingPort}`, "status", request).codes, ["Accounting-Response"]);
  });

  test("accounting is written down with names", () => {
    const request = [
      "Acct-Status-Type = Stop",
      "Acct-Session-Id = first",
      "User-Name = user",
      "NAS-Port-Type = Wireless-802.11",
    ];
    assert.deepEqual(radclient(`127.0.0.1:${daemon.accountingPort}`, "acct", [request]).codes, ["Accounting-Response"]);
    const records = readFileSync(join(pki.folder, "accounting"), "utf8").trim().split("\n");
    const record = JSON.parse(records.at(-1) ?? "") as Record<string, unknown>;
    assert.equal(record["Acct-Status-Type"], "Stop");
    assert.equal(record["NAS-Port-Type"], "Wireless-802.11");
    assert.equal(count("radiusAccServTotalResponses") > 0, true);
  });
});

test("SIGHUP: new users, and those under way go on", async () => {
  writeFileSync(join(daemon.folder, "users"), `${users}"new" MD5 "password"\n`);
  await daemon.reload();
  const network = ["eap=MD5", 'identity="new"', 'password="password"'];
  const { succeeded, output } = await runEapolTest({ network, port: daemon.port, arguments: ["-n"] });
  assert.ok(succeeded, output);
  writeFileSync(join(daemon.folder, "users"), '"new" NOMETHOD "x"\n');
  await daemon.reload();
  const again = await runEapolTest({ network, port: daemon.port, arguments: ["-n"] });
  assert.ok(again.succeeded, "a file with errors changes nothing");
  writeFileSync(join(daemon.folder, "users"), users);
});

test("DISABLE and ENABLE: the server goes and comes back", async () => {
  const network = ["eap=MD5", 'identity="md5"', 'password="password"'];
  const attempt = async (timeout: number): Promise<boolean> =>
    (await runEapolTest({ network, port: daemon.port, arguments: ["-n"], timeout })).succeeded;
  assert.match(daemon.ask("disable"), /OK/);
  assert.equal(await attempt(2), false);
  assert.match(daemon.ask("enable"), /OK/);
  assert.equal(await attempt(10), true);
});

test("accounting: what was answered is on the disk after kill -9", async () => {
  const requests = Array.from({ length: 300 }, (_, i) => ["Acct-Status-Type = Start", `Acct-Session-Id = killed-${i}`]);
  const { codes, output } = radclient(`127.0.0.1:${daemon.accountingPort}`, "acct", requests);
  await daemon.kill("SIGKILL");
  assert.ok(codes.length > 0, output);
  const text = readFileSync(join(pki.folder, "accounting"), "utf8");
  const written = new Set(text.match(/killed-\d+/g));
  assert.ok(written.size >= codes.length, `${codes.length} answered, ${written.size} written`);
  for (const line of text.trim().split("\n")) JSON.parse(line);
});

test("Debian's FreeRADIUS 3.2 dictionary is understood", () => {
  const path = "/usr/share/freeradius/dictionary";
  assert.ok(existsSync(path));
  const dictionary = new Dictionary();
  assert.deepEqual(
    readDictionary(dictionary, path, (file) => readFileSync(file)),
    [],
  );
  assert.ok(dictionary.size > 2000, `${dictionary.size} attributes`);
  assert.equal(dictionary.attribute(0, 1)?.name, "User-Name");
  assert.equal(dictionary.attribute(311, 16)?.name, "MS-MPPE-Send-Key");
  assert.equal(dictionary.valueName("Acct-Status-Type", 2), "Stop");
  assert.deepEqual(dictionary.attribute(9, 1), { name: "Cisco-AVPair", shownAs: "text" });
});
