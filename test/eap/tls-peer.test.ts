/** EAP-TLS with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tlsMethod, unauthTlsMethod } from "../../src/eap/methods/tls.ts";
import type { EapTlsSettings } from "../../src/eap/tls/service.ts";
import { createAuthority } from "../../testing/certificates.ts";
import { assertSameKeys } from "../../testing/eap-keys.ts";
import { assertRefused, authenticateOverTls, tlsVersions } from "../../testing/eap-over-tls.ts";
import { pkiForTests } from "../../testing/eap-pki.ts";
import type { Authenticated } from "../../testing/eap-server.ts";

const pki = pkiForTests();

const network = (phase1: string, issued = pki.user): string[] => [
  "eap=TLS",
  'identity="user"',
  `ca_cert="${pki.authority.certificate}"`,
  `client_cert="${issued.certificate}"`,
  `private_key="${issued.key}"`,
  `phase1="${phase1}"`,
];

const run = (
  settings: Partial<EapTlsSettings>,
  network: readonly string[],
  reauthentications = 0,
): Promise<Authenticated> =>
  authenticateOverTls(
    { pki, settings, outer: { "*": { methods: ["TLS"] } }, methods: (service) => [tlsMethod(service)] },
    { network, reauthentications },
  );

for (const { tls, settings, phase1, protocol } of tlsVersions) {
  describe(`EAP-TLS, ${tls}`, () => {
    test("is let in, and both ends have the same keys", async () => {
      const result = await run(settings, network(phase1));
      assertSameKeys(result, "EAP-TLS");
      assert.match(result.output, new RegExp(`Using TLS version ${protocol}`));
    });

    test("in small fragments both ways", async () => {
      const result = await run({ ...settings, fragment_size: 100 }, [...network(phase1), "fragment_size=120"]);
      assertSameKeys(result, "EAP-TLS");
    });

    test("a session goes on, four times", async () => {
      const result = await run({ ...settings, tls_session_lifetime: 60 }, network(phase1), 4);
      assertSameKeys(result, "EAP-TLS");
      assert.equal(result.ends.length, 5);
      assert.ok((result.output.match(/Handshake finished - resumed=1/g)?.length ?? 0) >= 4);
    });

    test("a certificate of another authority is refused, and the peer hears why", async () => {
      const stranger = createAuthority(`${pki.folder}/stranger-${protocol}`);
      const result = await run(settings, network(phase1, stranger.issue("user", { usage: "client" })));
      assertRefused(result, /unable to get local issuer certificate|self-signed/);
      assert.match(result.output, /alert: read.*unknown CA/);
    });

    test("a server that the peer does not trust: its alert is told", async () => {
      const elsewhere = createAuthority(`${pki.folder}/elsewhere-${protocol}`);
      const lines = network(phase1).map((line) =>
        line.startsWith("ca_cert") ? `ca_cert="${elsewhere.certificate}"` : line,
      );
      assertRefused(await run(settings, lines), /the peer says: .*unknown ca/);
    });

    test("a peer that insists on an OCSP response gets one, and believes what is in it", async () => {
      const insistent = [...network(phase1), "ocsp=2"];
      const good = { ...settings, ocsp_stapling_response: pki.authority.ocspResponse(pki.server) };
      const result = await run(good, insistent);
      assertSameKeys(result, "EAP-TLS");
      assert.match(result.output, /OpenSSL: OCSP status for server certificate: good/);
      assert.ok(!(await run(settings, insistent)).succeeded, "without a response");
      const replaced = pki.authority.issue("radius.example.com");
      const identity = { server_cert: replaced.certificate, private_key: replaced.key };
      pki.authority.revoke(replaced);
      const revoked = { ...settings, ...identity, ocsp_stapling_response: pki.authority.ocspResponse(replaced) };
      const refused = await run(revoked, insistent);
      assert.ok(!refused.succeeded, refused.output);
      assert.match(refused.output, /OCSP status for server certificate: revoked/);
    });

    test("a peer that has to find the server's host, and one that looks for another", async () => {
      assertSameKeys(await run(settings, [...network(phase1), 'domain_match="radius.example.com"']), "EAP-TLS");
      const other = await run(settings, [...network(phase1), 'domain_match="other.example.com"']);
      assert.ok(!other.succeeded);
      assert.match(other.output, /Domain mismatch/i);
      assert.ok(other.ends[0]?.kind === "failure");
    });
  });
}

test("without a client's certificate: WFA's UNAUTH-TLS", async () => {
  const result = await authenticateOverTls(
    {
      pki,
      outer: { "*": { methods: ["WFA-UNAUTH-TLS"] } },
      methods: (service) => [unauthTlsMethod(service, "WFA-UNAUTH-TLS")],
    },
    { network: ["eap=WFA-UNAUTH-TLS", 'identity="user"', `ca_cert="${pki.authority.certificate}"`] },
  );
  assert.ok(result.succeeded, result.output);
});
