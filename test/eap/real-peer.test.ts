/** Each EAP method with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hexOf } from "../../src/base/bytes.ts";
import { credentialIn, type EapCase, eapCases, serverId } from "../../testing/eap-cases.ts";
import { type EapExchange, serveEapMethod } from "../../testing/eap-radius-server.ts";
import { type EapolTestResult, hexDump, runEapolTest } from "../../testing/eapol-test.ts";

async function authenticate(
  tried: EapCase,
  users = tried.users,
  usim = tried.usim?.(),
): Promise<EapolTestResult & { exchange: EapExchange | undefined }> {
  const server = await serveEapMethod(tried.method, () => ({ serverId, credentialOf: credentialIn({ users }) }));
  try {
    const { network, global = [] } = tried;
    const options = tried.keyless ? { arguments: ["-n"] } : {};
    const result = await runEapolTest({ network, global, port: server.port, usim, ...options });
    return { ...result, exchange: server.exchanges.at(-1) };
  } finally {
    server.close();
  }
}

for (const tried of eapCases.filter(({ isOnlyRecorded }) => !isOnlyRecorded)) {
  describe(`eapol_test, ${tried.name}`, () => {
    test("is let in, and both ends have the same keys", async () => {
      const { succeeded, output, exchange } = await authenticate(tried);
      assert.ok(succeeded, output);
      assert.equal(exchange?.result.kind, "success");
      const keys = exchange?.result.kind === "success" ? exchange.result.keys : undefined;
      if (tried.keyless) return;
      assert.ok(keys);
      const dumped = (name: string): string => hexOf(hexDump(output, name) ?? new Uint8Array(0));
      assert.equal(hexOf(keys.msk.subarray(0, 32)), dumped("PMK from EAPOL"));
      if (tried.msk !== undefined) assert.equal(hexOf(keys.msk), dumped(tried.msk));
      if (tried.emsk !== undefined) assert.equal(hexOf(keys.emsk ?? new Uint8Array(0)), dumped(tried.emsk));
      if (tried.sessionId !== undefined) {
        assert.equal(hexOf(keys.sessionId ?? new Uint8Array(0)), dumped(tried.sessionId));
      }
    });

    test("with another secret is refused", async () => {
      const users = Object.fromEntries(
        Object.entries(tried.users).map(([name, credential]) => [name, spoil(credential)]),
      );
      const { succeeded, output, exchange } = await authenticate(tried, users, tried.otherUsim?.());
      assert.ok(!succeeded, output);
      // A peer that finds the server wrong first says no more.
      assert.ok(exchange === undefined || exchange.result.kind === "failure", output);
    });
  });
}

function spoil<T extends object>(credential: T): T {
  const entries = Object.entries(credential).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? value.map((octet, i) => (i === 0 ? octet ^ 1 : octet)) : value,
  ]);
  return Object.fromEntries(entries);
}
