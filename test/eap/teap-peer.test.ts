/**
 * TEAP with eapol_test for a peer, where it knows TEAP: Debian's does not, EAPOL_TEST may name one that does. src/eap/methods/teap/teap.test.ts
 * has a peer of our own.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type TeapOptions, teapMethod } from "../../src/eap/methods/teap/teap.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import type { EapTlsSettings } from "../../src/eap/tls/service.ts";
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
import { runEapolTest } from "../../testing/eapol-test.ts";

const pki = pkiForTests("rsa");

const inner: TestUsers = {
  user: { methods: ["MSCHAPV2", "GTC", "MD5"], credential: passwordOf("password") },
  machine: { methods: ["MSCHAPV2", "GTC"], credential: passwordOf("machine-password") },
  certified: { methods: ["TLS"] },
  "/C=FI/O=Example/CN=user": { methods: [] },
};

const plain: TeapOptions = {
  authorityId: Uint8Array.from({ length: 16 }, (_, i) => i + 16),
  authentication: "eap",
  identities: "any",
  separateResult: false,
  sequence: "merged",
};

const network = (...more: readonly string[]): string[] => tunnelNetwork(pki, "TEAP", "", more);
const asUser = ['identity="user"', 'password="password"'];
const asMachine = ['machine_identity="machine"', 'machine_password="machine-password"'];

const run = (
  options: Partial<TeapOptions>,
  network: readonly string[],
  settings: Partial<EapTlsSettings> = {},
): Promise<Authenticated> =>
  authenticateOverTls(
    {
      pki,
      settings,
      outer: { "*": { methods: ["TEAP"] } },
      inner,
      methods: (service) => [teapMethod(service, { ...plain, ...options }), tlsMethod(service)],
    },
    { network },
  );

const suite = (): void => {
  for (const method of ["MSCHAPV2", "GTC", "MD5"]) {
    test(`with ${method} inside`, async () => {
      const result = await run({}, network(...asUser, `phase2="auth=${method}"`));
      assertSameKeys(result, "EAP-TEAP");
      assertLetInAs(result, "user");
    });
  }

  for (const ciphers of ["ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"]) {
    test(`with the hashes of ${ciphers}`, async () => {
      assertSameKeys(await run({}, network(...asUser, 'phase2="auth=GTC"'), { openssl_ciphers: ciphers }), "EAP-TEAP");
    });
  }

  test("with EAP-TLS inside, in small fragments: MACs by the EMSK too", async () => {
    const certified = [...certifiedInside(pki, "auth=TLS"), "fragment_size=300"];
    assertSameKeys(await run({}, network(...certified), { fragment_size: 400 }), "EAP-TEAP");
  });

  test("the result in a message of its own", async () => {
    assertSameKeys(await run({ separateResult: true }, network(...asUser, 'phase2="auth=GTC"')), "EAP-TEAP");
  });

  test("without an authority's identity", async () => {
    assertSameKeys(await run({ authorityId: undefined }, network(...asUser, 'phase2="auth=GTC"')), "EAP-TEAP");
  });

  test("a password in place of EAP", async () => {
    const result = await run({ authentication: "password" }, network(...asUser));
    assertSameKeys(result, "EAP-TEAP");
    assertLetInAs(result, "user");
    const wrong = await run({ authentication: "password" }, network('identity="user"', 'password="wrong"'));
    assertRefused(wrong, /password is wrong/);
    const nobody = await run({ authentication: "password" }, network('identity="nobody"', 'password="wrong"'));
    assertRefused(nobody, /no user 'nobody'/);
  });

  test("a client's certificate in place of anything inside", async () => {
    const certificate = [`client_cert="${pki.user.certificate}"`, `private_key="${pki.user.key}"`];
    const result = await run({ authentication: "certificate" }, network('identity="user"', ...certificate));
    assertSameKeys(result, "EAP-TEAP");
    assertLetInAs(result, "/C=FI/O=Example/CN=user");
    const without = await run({ authentication: "certificate" }, network(...asUser, 'phase2="auth=GTC"'));
    assertSameKeys(without, "EAP-TEAP");
  });

  test("identities of users and of machines", async () => {
    const gtc = ['phase2="auth=GTC"', 'machine_phase2="auth=GTC"'];
    for (const identities of ["user", "user-or-machine"] as const) {
      const result = await run({ identities }, network(...asUser, ...gtc));
      assert.ok(result.succeeded, result.output);
    }
    for (const identities of ["machine", "machine-or-user"] as const) {
      const result = await run({ identities }, network(...asUser, ...asMachine, ...gtc));
      assert.ok(result.succeeded, result.output);
      assertLetInAs(result, "machine");
    }
    for (const sequence of ["merged", "one-by-one"] as const) {
      for (const separateResult of [false, true]) {
        const options = { identities: "user-and-machine", sequence, separateResult } as const;
        const result = await run(options, network(...asUser, ...asMachine, ...gtc));
        assertSameKeys(result, "EAP-TEAP");
        assertLetInAs(result, "machine");
      }
    }
    const both = { identities: "user-and-machine", authentication: "password" } as const;
    assertSameKeys(await run(both, network(...asUser, ...asMachine)), "EAP-TEAP");
    assertRefused(await run({ identities: "machine" }, network(...asUser, ...gtc)), /not of the kind/);
  });

  test("TLS 1.3 switched on: wpa_supplicant stays with TLS 1.2 by itself", async () => {
    const result = await run({}, network(...asUser, 'phase2="auth=GTC"'), { tls_flags: "[ENABLE-TLSv1.3]" });
    assertSameKeys(result, "EAP-TEAP");
  });

  test("the wrong password, and nobody", async () => {
    const wrong = await run({}, network('identity="user"', 'password="wrong"', 'phase2="auth=GTC"'));
    assertRefused(wrong, /password is wrong/);
    const nobody = await run({}, network('identity="nobody"', 'password="wrong"', 'phase2="auth=GTC"'));
    assertRefused(nobody, /no user 'nobody'/);
  });
};

/** What it says to the method alone, without a server. */
const { output } = await runEapolTest({ network: ["eap=TEAP", 'identity="user"'], port: 9, timeout: 1 });
if (output.includes("unknown EAP method 'TEAP'")) {
  test("eapol_test knows no TEAP", () => assert.match(output, /failed to parse eap 'TEAP'/));
} else describe("TEAP", suite);
