/** PEAP with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { textOf } from "../../src/base/bytes.ts";
import { peapMethod } from "../../src/eap/methods/peap/peap.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import type { EapTlsSettings } from "../../src/eap/tls/service.ts";
import { assertSameKeys } from "../../testing/eap-keys.ts";
import {
  assertLetInAs,
  assertRefused,
  authenticateOverTls,
  certifiedInside,
  tlsVersions,
  tunnelNetwork,
} from "../../testing/eap-over-tls.ts";
import { pkiForTests } from "../../testing/eap-pki.ts";
import { type Authenticated, passwordOf, type TestUsers } from "../../testing/eap-server.ts";

const pki = pkiForTests("rsa");

const inner: TestUsers = {
  user: { methods: ["MSCHAPV2", "GTC", "MD5"], credential: passwordOf("password") },
  certified: { methods: ["TLS"] },
};

const network = (phase1: string, ...more: readonly string[]): string[] => tunnelNetwork(pki, "PEAP", phase1, more);
const mschap = ['identity="user"', 'password="password"', 'phase2="auth=MSCHAPV2"'];

function run(
  settings: Partial<EapTlsSettings>,
  lines: readonly string[],
  more: { readonly reauthentications?: number; readonly peapVersion?: 0 | 1 } = {},
): Promise<Authenticated> {
  const { peapVersion, reauthentications = 0 } = more;
  const outer: TestUsers = { "*": { methods: ["PEAP"], ...(peapVersion === undefined ? {} : { peapVersion }) } };
  return authenticateOverTls(
    { pki, settings, outer, inner, methods: (service) => [peapMethod(service), tlsMethod(service)] },
    { network: lines, reauthentications },
  );
}

for (const { tls, settings, phase1 } of tlsVersions) {
  for (const version of [0, 1] as const) {
    const chosen = `peapver=${version} ${phase1}`;
    describe(`PEAPv${version}, ${tls}`, () => {
      for (const method of ["MSCHAPV2", "GTC", "MD5"]) {
        test(`with ${method} inside`, async () => {
          const result = await run(
            settings,
            network(chosen, 'identity="user"', 'password="password"', `phase2="auth=${method}"`),
          );
          assertSameKeys(result, "EAP-PEAP");
          assertLetInAs(result, "user");
        });
      }

      test("with EAP-TLS inside, in small fragments", async () => {
        const certified = [...certifiedInside(pki, "auth=TLS"), "fragment_size=300"];
        const result = await run({ ...settings, fragment_size: 400 }, network(chosen, ...certified));
        assertSameKeys(result, "EAP-PEAP");
      });

      test("a session goes on, three times", async () => {
        const result = await run({ ...settings, tls_session_lifetime: 60 }, network(chosen, ...mschap), {
          reauthentications: 3,
        });
        assertSameKeys(result, "EAP-PEAP");
        assert.equal(result.ends.length, 4);
        assert.ok((result.output.match(/Handshake finished - resumed=1/g)?.length ?? 0) >= 3);
        assert.ok(result.ends.every((end) => end.kind === "success" && textOf(end.identity) === "user"));
      });

      test("the wrong password", async () => {
        const result = await run(
          settings,
          network(chosen, ...mschap.map((line) => line.replace(/password="\w+"/, 'password="wrong"'))),
        );
        assertRefused(result, /password is wrong/);
      });

      test("nobody of that name", async () => {
        const result = await run(settings, network(chosen, 'identity="nobody"', 'password="password"'));
        assertRefused(result, /no user 'nobody'/);
      });
    });
  }

  test(`cryptographic binding that the peer insists on, ${tls}`, async () => {
    assertSameKeys(await run(settings, network(`peapver=0 crypto_binding=2 ${phase1}`, ...mschap)), "EAP-PEAP");
    assertSameKeys(await run(settings, network(`peapver=0 crypto_binding=0 ${phase1}`, ...mschap)), "EAP-PEAP");
  });
}

test("a version that the user's entry demands", async () => {
  assertSameKeys(await run({}, network("peapver=0", ...mschap), { peapVersion: 0 }), "EAP-PEAP");
  assertSameKeys(await run({}, network("", ...mschap), { peapVersion: 1 }), "EAP-PEAP");
  const refused = await run({}, network("peapver=0", ...mschap), { peapVersion: 1 });
  assert.ok(refused.ends[0]?.kind === "failure", refused.output);
});
