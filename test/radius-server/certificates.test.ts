/** What the daemon says at its start of certificates that can't work, or that clients will refuse; and what to do. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Issued } from "../../testing/certificates.ts";
import { pkiForTests } from "../../testing/eap-pki.ts";
import { startRadiusDaemon } from "../../testing/radius-daemon.ts";

const pki = pkiForTests();
const { authority } = pki;

/** @returns what the daemon says until it serves, with all its threads */
async function saidAtStart(name: string, { certificate, key }: Issued): Promise<string> {
  const daemon = await startRadiusDaemon({
    folder: join(pki.folder, name),
    users: "* TLS\n",
    lines: [`ca_cert=${authority.certificate}`, `server_cert=${certificate}`, `private_key=${key}`],
  });
  // Each thread has read the files when it is there.
  await sleep(700);
  await daemon.kill("SIGKILL");
  return daemon.log();
}

const expired = { notBefore: "20200101000000Z", notAfter: "20210101000000Z" };
const early = { notBefore: "20400101000000Z", notAfter: "20410101000000Z" };

test("each of what clients will refuse, once, however many threads there are", async () => {
  const cases: readonly (readonly [string, Issued, RegExp])[] = [
    ["expired", authority.issue("old", expired), /\(CN=old\) has expired, \d+ days ago; .*: get a new one/g],
    ["early", authority.issue("early", early), /\(CN=early\) is not valid for another \d+ days; look at the clock/g],
    ["nameless", authority.issue("x", { alternativeName: "none" }), /names no host .*; get one that does/g],
    ["gap", authority.subordinate("Between").issue("y"), /'CN=Between', .* put it behind the server's own/g],
  ];
  for (const [name, issued, words] of cases) {
    const said = await saidAtStart(name, issued);
    assert.equal(said.match(words)?.length, 1, `${name}:\n${said}`);
  }
  assert.doesNotMatch(await saidAtStart("good", pki.server), /certificate.*(refuse|expire|valid)/);
});

test("another key than the certificate's: no start, and why", async () => {
  const { certificate } = pki.server;
  await assert.rejects(
    saidAtStart("mismatch", { certificate, key: pki.user.key }),
    /the private key in '.*' is not that of the certificate in '.*' \(CN=.*\); the server's own certificate has/,
  );
});
