/** PEAP with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { textOf } from "../../src/base/bytes.ts";
import { peapMethod } from "../../src/eap/methods/peap/peap.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import type { EapTlsSettings } from "../../src/eap/tls/service.ts";
import { assertSameKeys } from "../../testing/eap-keys.ts";
import {
  type Authenticated,
  authenticate,
  createPki,
  type Pki,
  passwordOf,
  type TestUsers,
  tlsServiceWith,
} from "../../testing/eap-server.ts";

let pki: Pki;
before(() => {
  pki = createPki("rsa");
});
after(() => pki.remove());

const inner: TestUsers = {
  user: { methods: ["MSCHAPV2", "GTC", "MD5"], credential: passwordOf("password") },
  certified: { methods: ["TLS"] },
};

const network = (phase1: string, ...more: readonly string[]): string[] => [
  "eap=PEAP",
  'anonymous_identity="outer"',
  `ca_cert="${pki.authority.certificate}"`,
  `phase1="${phase1}"`,
  ...more,
];
const mschap = ['identity="user"', 'password="password"', 'phase2="auth=MSCHAPV2"'];

async function run(
  settings: Partial<EapTlsSettings>,
  lines: readonly string[],
  more: { readonly reauthentications?: number; readonly peapVersion?: 0 | 1; readonly inner?: TestUsers } = {},
): Promise<Authenticated> {
  const { peapVersion } = more;
  const service = tlsServiceWith(pki, settings);
  const outer: TestUsers = { "*": { methods: ["PEAP"], ...(peapVersion === undefined ? {} : { peapVersion }) } };
  try {
    return await authenticate(
      { outer, inner: more.inner ?? inner, methods: [peapMethod(service), tlsMethod(service)] },
      { network: lines, reauthentications: more.reauthentications ?? 0 },
    );
  } finally {
    service.close();
  }
}

for (const [tls, settings, phase1] of [
  ["TLS 1.2", {}, ""],
  ["TLS 1.3", { tls_flags: "[ENABLE-TLSv1.3]" }, "tls_disable_tlsv1_3=0"],
] as const) {
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
          assert.ok(result.ends[0]?.kind === "success" && textOf(result.ends[0].identity) === "user");
        });
      }

      test("with EAP-TLS inside, in small fragments", async () => {
        const { user } = pki;
        const certified = [
          'identity="certified"',
          'phase2="auth=TLS"',
          `ca_cert2="${pki.authority.certificate}"`,
          `client_cert2="${user.certificate}"`,
          `private_key2="${user.key}"`,
          "fragment_size=300",
        ];
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
        assert.ok(!result.succeeded);
        assert.ok(result.ends[0]?.kind === "failure", result.output);
        assert.match(result.ends[0].reason, /password is wrong/);
      });

      test("nobody of that name", async () => {
        const result = await run(settings, network(chosen, 'identity="nobody"', 'password="password"'));
        assert.ok(!result.succeeded);
        assert.ok(result.ends[0]?.kind === "failure", result.output);
        assert.match(result.ends[0].reason, /no user 'nobody'/);
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
