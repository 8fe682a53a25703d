/** EAP-TTLS with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesOfHex, textOf } from "../../src/base/bytes.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import { ttlsMethod } from "../../src/eap/methods/ttls/ttls.ts";
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

const pki = pkiForTests();

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

const network = (phase1: string, ...more: readonly string[]): string[] => tunnelNetwork(pki, "TTLS", phase1, more);
const credentials = (user: string, phase2: string, password = "password"): string[] => [
  `identity="${user}"`,
  `password="${password}"`,
  `phase2="${phase2}"`,
];

const run = (
  settings: Partial<EapTlsSettings>,
  network: readonly string[],
  reauthentications = 0,
): Promise<Authenticated> =>
  authenticateOverTls(
    {
      pki,
      settings,
      outer: { "*": { methods: ["TTLS"] } },
      inner,
      methods: (service) => [ttlsMethod(service), tlsMethod(service)],
    },
    { network, reauthentications },
  );

for (const { tls, settings, phase1 } of tlsVersions) {
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
        assertLetInAs(result, user);
        const wrong = await run(settings, network(phase1, ...credentials(user, phase2, "wrong")));
        assertRefused(wrong, /password is wrong|hash is another/);
      });
    }

    test("EAP-TLS inside, in small fragments", async () => {
      const certified = [...certifiedInside(pki, "autheap=TLS"), "fragment_size=300"];
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
        assertRefused(await run(settings, network(phase1, ...credentials(user, phase2))), words);
      }
    });
  });
}
