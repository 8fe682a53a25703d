import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ConnectionOptions } from "node:tls";
import { createAuthority, derOf } from "../../../testing/certificates.ts";
import {
  authority,
  failureOf,
  folder,
  handshake,
  peerOf,
  required,
  serverEc,
  withContext,
} from "../../../testing/tls-handshake.ts";

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  describe(version, () => {
    const only = { minVersion: version, maxVersion: version };

    test("no certificate where one is required, and none where it isn't", async () => {
      await withContext({}, async (context) => {
        const anonymous = { ...only, cert: undefined, key: undefined };
        const refused = await handshake(context, anonymous);
        assert.match(failureOf(refused.session), /peer did not return a certificate/);
        assert.match(refused.peer.error() ?? "", /alert/);
        for (const clientCertificate of ["requested", "unwanted"] as const) {
          const { session } = await handshake(context, anonymous, { ...required, clientCertificate });
          assert.equal(failureOf(session), "established");
          assert.equal(session.peerCertificate(), undefined);
          assert.equal(session.peerSerial(), undefined);
          session.close();
        }
        refused.session.close();
      });
    });

    test("a client of another authority", async () => {
      const other = createAuthority(join(folder, `other-${version}`), "Another CA");
      const stranger = other.issue("user", { usage: "client" });
      await withContext({}, async (context) => {
        const { session, peer } = await handshake(context, {
          ...only,
          cert: readFileSync(stranger.certificate),
          key: readFileSync(stranger.key),
        });
        assert.match(failureOf(session), /certificate verify failed: unable to get local issuer certificate/);
        assert.match(peer.error() ?? "", /unknown ca/);
        session.close();
      });
    });

    test("OCSP response", async () => {
      const path = authority.ocspResponse(serverEc);
      await withContext({ ocspResponse: () => Uint8Array.from(readFileSync(path)) }, async (context) => {
        const session = context.session(required);
        const peer = peerOf(session, { ...only, requestOCSP: true } as ConnectionOptions);
        const stapled: Buffer[] = [];
        peer.socket.on("OCSPResponse", (response: Buffer) => stapled.push(response));
        await peer.run();
        assert.deepEqual(stapled, [readFileSync(path)]);
        session.close();
      });
      await withContext(
        {
          ocspResponse: () => {
            throw new Error("unreadable");
          },
        },
        async (context) => {
          const { session } = await handshake(context, { ...only, requestOCSP: true } as ConnectionOptions);
          assert.equal(failureOf(session), "established");
          session.close();
        },
      );
    });

    test("revoked certificates", async () => {
      const revoked = authority.issue("revoked", { usage: "client" });
      const before = derOf(authority.revocationList());
      authority.revoke(revoked);
      const afterwards = derOf(authority.revocationList());
      const trust = (list: Uint8Array) => ({ authorities: [derOf(authority.certificate)], revocationLists: [list] });
      const client = { ...only, cert: readFileSync(revoked.certificate), key: readFileSync(revoked.key) };
      await withContext({ revocation: "chain", trust: trust(before) }, async (context) => {
        assert.equal(failureOf((await handshake(context, client)).session), "established");
      });
      await withContext({ revocation: "chain", trust: trust(afterwards) }, async (context) => {
        const { session, peer } = await handshake(context, client);
        assert.match(failureOf(session), /certificate revoked/);
        assert.match(peer.error() ?? "", /revoked/);
        assert.equal(failureOf((await handshake(context, only)).session), "established");
        session.close();
      });
      await withContext({ revocation: "client" }, async (context) => {
        assert.match(failureOf((await handshake(context, only)).session), /unable to get certificate CRL/);
      });
    });

    test("who else is accepted", async () => {
      const asked: string[] = [];
      const accepts = (answer: boolean) => ({
        accepts: ({ subject }: { readonly subject: readonly string[] }) => {
          asked.push(subject.join("/"));
          return answer;
        },
      });
      await withContext(accepts(true), async (context) => {
        assert.equal(failureOf((await handshake(context, only)).session), "established");
      });
      await withContext(accepts(false), async (context) => {
        assert.match(failureOf((await handshake(context, only)).session), /certificate verify failed/);
      });
      assert.deepEqual(asked, ["CN=user", "CN=user"]);
    });
  });
}
