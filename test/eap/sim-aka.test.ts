/** What EAP-SIM, EAP-AKA and EAP-AKA' remember from one authentication to the next, with Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hexOf, textOf } from "../../src/base/bytes.ts";
import type { EapMethod } from "../../src/eap/method.ts";
import { akaMethod, akaPrimeMethod } from "../../src/eap/methods/sim-aka/aka.ts";
import type { SimAkaOptions } from "../../src/eap/methods/sim-aka/family.ts";
import { simMethod } from "../../src/eap/methods/sim-aka/sim.ts";
import { temporaryIdentities } from "../../src/eap/methods/sim-aka/temporary-identities.ts";
import { serverId } from "../../testing/eap-cases.ts";
import { type EapExchange, serveEapMethod } from "../../testing/eap-radius-server.ts";
import { simAkaOptions, testImsi, testUsim } from "../../testing/eap-sim-aka-cases.ts";
import { type EapolTestResult, hexDump, runEapolTest } from "../../testing/eapol-test.ts";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import type { Usim } from "../../testing/usim.ts";

const families = [
  { eap: "SIM", make: simMethod, prefixes: ["1", "3", "5"], challenge: 11 },
  { eap: "AKA", make: akaMethod, prefixes: ["0", "2", "4"], challenge: 1 },
  { eap: "AKA'", make: akaPrimeMethod, prefixes: ["6", "7", "8"], challenge: 1 },
] as const;

const reauthentication = 13;

interface Run {
  readonly options?: Partial<SimAkaOptions>;
  readonly network?: readonly string[];
  readonly reauthentications?: number;
  readonly usim?: Usim;
}

interface Outcome extends EapolTestResult {
  readonly exchanges: readonly EapExchange[];
}

for (const { eap, make, prefixes, challenge } of families) {
  const [permanent, pseudonym, temporary] = prefixes;

  const authenticate = async ({
    options,
    network = [],
    reauthentications = 0,
    usim = testUsim(),
  }: Run): Promise<Outcome> => {
    const method = make(simAkaOptions(options)) as EapMethod<never>;
    const entropy = new FixedEntropy(3);
    const server = await serveEapMethod(
      () => method,
      () => ({ serverId, credentialOf: () => undefined, entropy }),
    );
    try {
      const lines = [`eap=${eap}`, `identity="${permanent}${testImsi}"`, ...network];
      const result = await runEapolTest({ network: lines, port: server.port, usim, reauthentications });
      return { ...result, exchanges: server.exchanges };
    } finally {
      server.close();
    }
  };
  /** Subtypes of what the server has asked. */
  const subtypes = (exchange: EapExchange | undefined): number[] =>
    exchange?.requests.map((packet) => packet[5] ?? 0) ?? [];
  const startOf = ({ identity }: EapExchange): string => textOf(identity).slice(0, 1);
  const succeeded = ({ result }: EapExchange): boolean => result.kind === "success";

  describe(`EAP-${eap}`, () => {
    test("after a full authentication, fast ones, with keys of their own", async () => {
      const { succeeded: isIn, output, exchanges } = await authenticate({ reauthentications: 2 });
      assert.ok(isIn, output);
      assert.deepEqual(exchanges.map(succeeded), [true, true, true]);
      assert.deepEqual(exchanges.map(startOf), [permanent, temporary, temporary]);
      assert.ok(subtypes(exchanges[0]).includes(challenge));
      for (const fast of exchanges.slice(1)) {
        assert.ok(subtypes(fast).includes(reauthentication), `${subtypes(fast)}`);
        assert.ok(!subtypes(fast).includes(challenge));
      }
      const keys = exchanges.map(({ result }) =>
        result.kind === "success" ? hexOf(result.keys?.msk ?? new Uint8Array(0)) : "",
      );
      assert.equal(new Set(keys).size, 3);
      assert.equal(keys[2]?.slice(0, 64), hexOf(hexDump(output, "PMK from EAPOL") ?? new Uint8Array(0)));
      const last = exchanges[2]?.result;
      const sessionId = last?.kind === "success" ? last.keys?.sessionId : undefined;
      assert.equal(sessionId && hexOf(sessionId), hexOf(hexDump(output, "EAP: Session-Id") ?? new Uint8Array(0)));
    });

    test("fast reauthentication with result indications", async () => {
      const {
        succeeded: isIn,
        output,
        exchanges,
      } = await authenticate({
        options: { resultIndications: true },
        network: ['phase1="result_ind=1"'],
        reauthentications: 1,
      });
      assert.ok(isIn, output);
      assert.deepEqual(
        exchanges.map((exchange) => subtypes(exchange).at(-1)),
        [12, 12],
      );
      assert.ok(subtypes(exchanges[1]).includes(reauthentication));
    });

    test("without fast reauthentication, by pseudonym", async () => {
      const {
        succeeded: isIn,
        output,
        exchanges,
      } = await authenticate({
        options: { reauthentication: false },
        reauthentications: 2,
      });
      assert.ok(isIn, output);
      assert.deepEqual(exchanges.map(startOf), [permanent, pseudonym, pseudonym]);
      for (const exchange of exchanges) assert.ok(subtypes(exchange).includes(challenge));
      const names = exchanges.map(({ identity }) => textOf(identity));
      assert.equal(new Set(names).size, 3, "each time another one");
    });

    test("neither, where the configuration wants neither", async () => {
      const {
        succeeded: isIn,
        output,
        exchanges,
      } = await authenticate({
        options: { reauthentication: false, pseudonyms: false },
        reauthentications: 1,
      });
      assert.ok(isIn, output);
      assert.deepEqual(exchanges.map(startOf), [permanent, permanent]);
    });

    test("after as many fast ones as may be, a full one", async () => {
      for (const takesEapIdentity of [false, true]) {
        const {
          succeeded: isIn,
          output,
          exchanges,
        } = await authenticate({
          options: { mostReauthentications: 1, takesEapIdentity },
          reauthentications: 3,
        });
        assert.ok(isIn, output);
        const isFast = exchanges.map((exchange) => !subtypes(exchange).includes(challenge));
        assert.deepEqual(isFast, [false, true, false, true], `takes the EAP identity: ${takesEapIdentity}`);
      }
    });

    test("an identity that the server doesn't know any more leads to the permanent one", async () => {
      for (const unknown of [pseudonym, temporary]) {
        const {
          succeeded: isIn,
          output,
          exchanges,
        } = await authenticate({
          network: [`anonymous_identity="${unknown}0123456789abcdef0123"`],
        });
        assert.ok(isIn, output);
        assert.equal(exchanges.length, 1);
        assert.equal(exchanges.map(startOf)[0], unknown);
      }
    });

    test("the EAP identity does for a fast one, where the configuration says so", async () => {
      const {
        succeeded: isIn,
        output,
        exchanges,
      } = await authenticate({
        options: { takesEapIdentity: true },
        reauthentications: 1,
      });
      assert.ok(isIn, output);
      assert.ok(subtypes(exchanges[1]).includes(reauthentication));
    });

    test("a server that has forgotten all of it asks for a full one", async () => {
      const identities = temporaryIdentities(100);
      const forgetful: SimAkaOptions["identities"] = { ...identities, addReauthentication: async () => undefined };
      const {
        succeeded: isIn,
        output,
        exchanges,
      } = await authenticate({
        options: { identities: forgetful },
        reauthentications: 1,
      });
      assert.ok(isIn, output);
      assert.ok(subtypes(exchanges[1]).includes(challenge));
    });

    if (eap !== "SIM") {
      test("a USIM that has seen higher sequence numbers is followed", async () => {
        const usim = testUsim(0x20_0000_0000_00n);
        const { succeeded: isIn, output, exchanges } = await authenticate({ usim });
        assert.ok(isIn, output);
        assert.equal(subtypes(exchanges[0]).filter((subtype) => subtype === challenge).length, 2);
      });
    }

    test("a subscriber whom nobody knows is told of the failure", async () => {
      const options: Partial<SimAkaOptions> = {
        centre: {
          gsmTriplets: async () => [],
          akaVector: async () => undefined,
          resynchronize: () => undefined,
          close: () => undefined,
        },
      };
      const { succeeded: isIn, output, exchanges } = await authenticate({ options });
      assert.ok(!isIn, output);
      assert.equal(exchanges[0]?.result.kind, "failure");
      assert.equal(subtypes(exchanges[0]).at(-1), 12);
    });
  });
}
