/** EAP-TTLS with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { bytesOfHex, textOf } from "../../src/base/bytes.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import { ttlsMethod } from "../../src/eap/methods/ttls/ttls.ts";
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
  pki = createPki();
});
after(() => pki.remove());

const inner: TestUsers = {
  pap: { methods: [], ttls: ["PAP"], credential: passwordOf("password") },
  chap: { methods: [], ttls: ["CHAP"], credential: passwordOf("password") },
  mschap: { methods: [], ttls: ["MSCHAP"], credential: passwordOf("password") },
  "DOMAIN\\mschapv2": { methods: [], ttls: ["MSCHAPV2"], credential: passwordOf("password") },
  /** NtPasswordHash of `password`: printf password | iconv -t utf16le | openssl md4, OpenSSL 3.0. */
  hashed: {
    methods: ["MSCHAPV2"],
    ttls: ["PAP", "MSCHAP", "MSCHAPV2"],
    credential: { kind: "nt-hash", hash: bytesOfHex("8846f7eaee8fb117ad06bdd830b7586c") ?? new Uint8Array() },
  },
  eap: { methods: ["MSCHAPV2", "GTC", "MD5"], credential: passwordOf("password") },
  certified: { methods: ["TLS"] },
};

const network = (phase1: string, ...more: readonly string[]): string[] => [
  "eap=TTLS",
  'anonymous_identity="outer"',
  `ca_cert="${pki.authority.certificate}"`,
  `phase1="${phase1}"`,
  ...more,
];
const credentials = (user: string, phase2: string, password = "password"): string[] => [
  `identity="${user}"`,
  `password="${password}"`,
  `phase2="${phase2}"`,
];

async function run(
  settings: Partial<EapTlsSettings>,
  lines: readonly string[],
  reauthentications = 0,
): Promise<Authenticated> {
  const service = tlsServiceWith(pki, settings);
  try {
    return await authenticate(
      { outer: { "*": { methods: ["TTLS"] } }, inner, methods: [ttlsMethod(service), tlsMethod(service)] },
      { network: lines, reauthentications },
    );
  } finally {
    service.close();
  }
}

for (const [tls, settings, phase1] of [
  ["TLS 1.2", {}, ""],
  ["TLS 1.3", { tls_flags: "[ENABLE-TLSv1.3]" }, "tls_disable_tlsv1_3=0"],
] as const) {
  describe(`EAP-TTLS, ${tls}`, () => {
    for (const [user, phase2] of [
      ["pap", "auth=PAP"],
      ["chap", "auth=CHAP"],
      ["mschap", "auth=MSCHAP"],
      ["DOMAIN\\mschapv2", "auth=MSCHAPV2"],
      ["hashed", "auth=PAP"],
      ["hashed", "auth=MSCHAP"],
      ["hashed", "auth=MSCHAPV2"],
      ["hashed", "autheap=MSCHAPV2"],
      ["eap", "autheap=MSCHAPV2"],
      ["eap", "autheap=GTC"],
      ["eap", "autheap=MD5"],
    ] as const) {
      test(`${user}, ${phase2}`, async () => {
        const result = await run(settings, network(phase1, ...credentials(user, phase2)));
        assertSameKeys(result, "EAP-TTLS");
        assert.ok(result.ends[0]?.kind === "success" && textOf(result.ends[0].identity) === user);
        const wrong = await run(settings, network(phase1, ...credentials(user, phase2, "wrong")));
        assert.ok(!wrong.succeeded);
        assert.ok(wrong.ends[0]?.kind === "failure", wrong.output);
        assert.match(wrong.ends[0].reason, /password is wrong|hash is another/);
      });
    }

    test("EAP-TLS inside, in small fragments", async () => {
      const { user } = pki;
      const certified = [
        'identity="certified"',
        'phase2="autheap=TLS"',
        `ca_cert2="${pki.authority.certificate}"`,
        `client_cert2="${user.certificate}"`,
        `private_key2="${user.key}"`,
        "fragment_size=300",
      ];
      assertSameKeys(await run({ ...settings, fragment_size: 400 }, network(phase1, ...certified)), "EAP-TTLS");
    });

    test("a session goes on, three times", async () => {
      const result = await run(
        { ...settings, tls_session_lifetime: 60 },
        network(phase1, ...credentials("pap", "auth=PAP")),
        3,
      );
      assertSameKeys(result, "EAP-TTLS");
      assert.ok((result.output.match(/Handshake finished - resumed=1/g)?.length ?? 0) >= 3);
      assert.ok(
        result.ends.length === 4 &&
          result.ends.every((end) => end.kind === "success" && textOf(end.identity) === "pap"),
      );
    });

    test("what the entry does not allow, and nobody", async () => {
      for (const [user, phase2, words] of [
        ["pap", "auth=CHAP", /does not allow TTLS-CHAP/],
        ["nobody", "auth=PAP", /no user 'nobody'/],
        ["nobody", "autheap=MSCHAPV2", /no user 'nobody'/],
      ] as const) {
        const { ends, output } = await run(settings, network(phase1, ...credentials(user, phase2)));
        assert.ok(ends[0]?.kind === "failure", output);
        assert.match(ends[0].reason, words);
      }
    });
  });
}
