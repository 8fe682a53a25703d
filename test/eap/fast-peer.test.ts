/** EAP-FAST with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { utf8 } from "../../src/base/bytes.ts";
import { type FastOptions, fastMethod } from "../../src/eap/methods/fast/fast.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import { systemClock } from "../../src/linux/clock.ts";
import { assertSameKeys } from "../../testing/eap-keys.ts";
import {
  assertLetInAs,
  assertRefused,
  authenticateOverTls,
  certifiedInside,
  tunnelNetwork,
} from "../../testing/eap-over-tls.ts";
import { pkiForTests } from "../../testing/eap-pki.ts";
import { type Authenticated, passwordOf, type TestUsers } from "../../testing/eap-server.ts";

const inner: TestUsers = {
  user: { methods: ["MSCHAPV2", "GTC", "MD5"], credential: passwordOf("password") },
  other: { methods: ["GTC"], credential: passwordOf("password") },
  certified: { methods: ["TLS"] },
};

const plain: FastOptions = {
  authorityId: Uint8Array.from({ length: 16 }, (_, i) => i + 16),
  authorityInfo: utf8("test server"),
  encryptionKey: Uint8Array.from({ length: 16 }, (_, i) => i),
  provisioning: "both",
  lifetime: 604_800,
  refresh: 86_400,
  clock: systemClock,
};

const pki = pkiForTests("rsa");
const pacFile = join(pki.folder, "pac");
beforeEach(() => rmSync(pacFile, { force: true }));

const network = (phase1: string, ...more: readonly string[]): string[] =>
  tunnelNetwork(pki, "FAST", phase1, [`pac_file="${pacFile}"`, ...more]);
const asUser = (method: string, password = "password"): string[] => [
  'identity="user"',
  `password="${password}"`,
  `phase2="auth=${method}"`,
];

const run = (options: Partial<FastOptions>, network: readonly string[]): Promise<Authenticated> =>
  authenticateOverTls(
    {
      pki,
      settings: { fragment_size: 500 },
      outer: { "*": { methods: ["FAST"] } },
      inner,
      methods: (service) => [fastMethod(service, { ...plain, ...options }), tlsMethod(service)],
    },
    { network },
  );

test("a first PAC from nobody knows whom, then in with it", async () => {
  const first = await run({}, network("fast_provisioning=1", ...asUser("MSCHAPV2")));
  assertRefused(first, /it has its PAC now/);
  assert.match(readFileSync(pacFile, "utf8"), /PAC-Opaque/);
  for (const method of ["MSCHAPV2", "GTC", "MD5"]) {
    const result = await run({}, network("fast_provisioning=1", ...asUser(method)));
    assertSameKeys(result, "EAP-FAST");
    assertLetInAs(result, "user");
    assert.match(result.output, /resumed=1/);
  }
  const wrong = await run({}, network("fast_provisioning=1", ...asUser("MSCHAPV2", "wrong")));
  assertRefused(wrong, /password is wrong/);
});

test("a first PAC from the server that its certificate shows, and in at once", async () => {
  for (let time = 0; time < 2; time++) {
    const result = await run({}, network("fast_provisioning=2", ...asUser("MSCHAPV2")));
    assertSameKeys(result, "EAP-FAST");
    assert.match(result.output, time === 0 ? /resumed=0/ : /resumed=1/);
  }
});

test("PACs in binary form, and EAP-TLS inside", async () => {
  const certified = certifiedInside(pki, "auth=TLS");
  for (let time = 0; time < 2; time++) {
    const result = await run({}, network("fast_provisioning=2 fast_pac_format=binary", ...certified));
    assertSameKeys(result, "EAP-FAST");
  }
});

test("a PAC that ends soon is replaced, one that has ended too", async () => {
  const lines = network("fast_provisioning=2", ...asUser("MSCHAPV2"));
  assertSameKeys(await run({ lifetime: 100 }, lines), "EAP-FAST");
  const before = readFileSync(pacFile, "utf8");
  assertSameKeys(await run({ refresh: 1000 }, lines), "EAP-FAST");
  assert.notEqual(readFileSync(pacFile, "utf8"), before);

  const later = { ...systemClock, unixTime: () => systemClock.unixTime() + 1_000_000 };
  assertRefused(await run({ clock: later }, lines), /had expired; it has another now/);
  assertSameKeys(await run({ clock: later }, lines), "EAP-FAST");
});

test("a PAC of another server means nothing", async () => {
  const lines = network("fast_provisioning=2", ...asUser("MSCHAPV2"));
  assertSameKeys(await run({}, lines), "EAP-FAST");
  const result = await run({ encryptionKey: new Uint8Array(16).fill(7) }, lines);
  assertSameKeys(result, "EAP-FAST");
  assert.match(result.output, /resumed=0/);
});

test("a PAC of somebody else", async () => {
  assertSameKeys(await run({}, network("fast_provisioning=2", ...asUser("GTC"))), "EAP-FAST");
  const other = ['identity="other"', 'password="password"', 'phase2="auth=GTC"'];
  assertRefused(
    await run({}, network("fast_provisioning=2", ...other)),
    /its PAC is of 'user', and inside it is 'other'/,
  );
});

test("provisioning that is not allowed", async () => {
  for (const [provisioning, phase1] of [
    ["no", 1],
    ["no", 2],
    ["anonymous", 2],
    ["authenticated", 1],
  ] as const) {
    const result = await run({ provisioning }, network(`fast_provisioning=${phase1}`, ...asUser("MSCHAPV2")));
    assertRefused(result, phase1 === 1 ? /no shared cipher/ : /eap_fast_prov/);
  }
});
