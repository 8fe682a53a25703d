/**
 * When a conversation is over, wherever it ended, its secrets are overwritten: those in the states of the method, those that another state has
 * taken the place of, and every copy that was made on the way.
 */

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bytesOfHex, hexOf, utf8 } from "../../src/base/bytes.ts";
import type { EapMethod } from "../../src/eap/method.ts";
import { type FastOptions, fastMethod } from "../../src/eap/methods/fast/fast.ts";
import { peapMethod } from "../../src/eap/methods/peap/peap.ts";
import { tlsMethod } from "../../src/eap/methods/tls.ts";
import { ttlsMethod } from "../../src/eap/methods/ttls/ttls.ts";
import { systemClock } from "../../src/linux/clock.ts";
import { systemEntropy } from "../../src/linux/entropy.ts";
import type { EapMethodName } from "../../src/wire/eap/types.ts";
import { pkiForTests, tlsServiceForTests } from "../../testing/eap-pki.ts";
import { caseOf, methodOf, readRecordings, responsesOf } from "../../testing/eap-recording.ts";
import { authenticate, passwordOf, type TestUsers } from "../../testing/eap-server.ts";
import { OctetWitness, observed, octetsIn, type Remnant } from "../../testing/octet-witness.ts";

/** What states hold that anybody may know: it went over the air, or will. */
const isPublic: ReadonlySet<string> = new Set([
  ...[
    "a",
    "b",
    "entropy",
    "exchanged",
    "fragments",
    "group",
    "identity",
    "mid",
    "name",
    "names",
    "user",
    "nonce",
    "nonceP",
    "nonceS",
  ],
  ...[
    "nonces",
    "randPeer",
    "randServer",
    "own",
    "ownConfirm",
    "packets",
    "peer",
    "publicKey",
    "rand",
    "randP",
    "randS",
    "request",
    "response",
  ],
  ...["serverId", "peerId", "sessionId", "spi", "spis", "token", "transport"],
]);

/** Kept for the fast reauthentication that may follow. */
const isOfTheStore = ({ made }: Remnant): boolean =>
  /copySecret/.test(made[0] ?? "") ||
  (/copySecret/.test(made[1] ?? "") && made.some((place) => /^accept /.test(place)));

for (const recording of readRecordings()) {
  const { keyless = false } = caseOf(recording);
  if (keyless) continue;

  test(`${recording.case}: abandoned anywhere`, async () => {
    const count = recording.responses.length;
    // What a whole conversation overwrites is a secret in one that is cut short, too: with the same chance they are the same.
    const secrets = new Set<string>();
    const witnesses: OctetWitness[] = [];
    const published = new Set<string>();
    const inStates = new Map<string, Uint8Array>();
    for (let length = count; length >= 0; length--) {
      const responses = responsesOf(recording).slice(0, length);
      const method = methodOf(recording);
      const witness = new OctetWitness();
      witness.start();
      try {
        let step = await method.begin();
        const note = (): void => {
          for (const { name, octets } of octetsIn(method.state, isPublic)) {
            inStates.set(`${name}, after ${length} of ${count} responses`, octets);
          }
        };
        note();
        for (const response of responses) {
          step = await method.respond(response);
          note();
        }
        method.forget();
        // Whoever was given keys wipes them.
        if (step.kind === "success") published.add(hexOf(step.keys?.sessionId ?? new Uint8Array()));
        if (step.kind === "success") for (const key of [step.keys?.msk, step.keys?.emsk]) key?.fill(0);
      } finally {
        witness.stop();
      }
      witnesses.push(witness);
      for (const secret of witness.secrets) secrets.add(secret);
    }
    // What is made like a key, and then sent or told.
    const told = [...recording.requests, ...recording.responses, recording.sessionId ?? "", ...published].join(" ");
    // Messages are overwritten where a key is in them; that one is a secret by itself.
    const isMessage = (secret: string): boolean => secret.includes(recording.identity);
    for (const secret of secrets) if (told.includes(secret) || isMessage(secret)) secrets.delete(secret);
    assert.ok(secrets.size > 3);
    for (const [name, octets] of inStates) {
      assert.ok(
        octets.every((octet) => octet === 0),
        `${name} is left in a state`,
      );
    }
    for (const [i, witness] of witnesses.entries()) {
      const left = witness.remnants(secrets).filter((remnant) => !isOfTheStore(remnant));
      assert.deepEqual(left, [], `after ${count - i} of ${count} responses`);
    }
  });
}

describe("inside a tunnel", () => {
  // Long enough to be found.
  const password = "a password that nobody else has";
  const inner: TestUsers = {
    mschapv2: { methods: ["MSCHAPV2"], ttls: ["MSCHAPV2"], credential: passwordOf(password) },
    gtc: { methods: ["GTC"], ttls: ["PAP"], credential: passwordOf(password) },
    psk: {
      methods: ["PSK"],
      credential: { kind: "password", password: bytesOfHex("0123456789abcdef".repeat(2)) ?? assert.fail() },
    },
  };
  const fastOptions: FastOptions = {
    authorityId: utf8("an authority"),
    authorityInfo: utf8("test"),
    encryptionKey: systemEntropy.bytes(16),
    provisioning: "both",
    lifetime: 1000,
    refresh: 100,
    clock: systemClock,
  };
  const pki = pkiForTests("rsa");
  const service = tlsServiceForTests(pki, { tls_flags: "[ENABLE-TLSv1.3]", tls_session_lifetime: 60 });

  const asUser = (user: "mschapv2" | "gtc" | "psk", phase2: string): string[] => [
    `identity="${user}"`,
    user === "psk" ? `password=${"0123456789abcdef".repeat(2)}` : `password="${password}"`,
    `phase2="${phase2}"`,
  ];
  interface Tunnel {
    readonly outer: EapMethodName;
    readonly method: () => EapMethod<unknown>;
    readonly network: () => readonly string[];
    /** A first authentication that only brings a PAC. */
    readonly provisions?: boolean;
  }
  const tls = (): string[] => [
    'identity="user"',
    `client_cert="${pki.user.certificate}"`,
    `private_key="${pki.user.key}"`,
  ];
  const fast = (phase1: string): string[] => [`phase1="${phase1}"`, `pac_file="${pki.folder}/pac"`];
  const tunnels: Readonly<Record<string, Tunnel>> = {
    "EAP-TLS": { outer: "TLS", method: () => tlsMethod(service), network: tls },
    "EAP-TLS, TLS 1.3": {
      outer: "TLS",
      method: () => tlsMethod(service),
      network: () => [...tls(), 'phase1="tls_disable_tlsv1_3=0"'],
    },
    "PEAPv0 with MSCHAPV2": {
      outer: "PEAP",
      method: () => peapMethod(service),
      network: () => ['phase1="peapver=0 crypto_binding=2"', ...asUser("mschapv2", "auth=MSCHAPV2")],
    },
    "PEAPv0 with GTC, TLS 1.3": {
      outer: "PEAP",
      method: () => peapMethod(service),
      network: () => ['phase1="peapver=0 tls_disable_tlsv1_3=0"', ...asUser("gtc", "auth=GTC")],
    },
    "PEAPv1 with GTC": {
      outer: "PEAP",
      method: () => peapMethod(service),
      network: () => ['phase1="peapver=1"', ...asUser("gtc", "auth=GTC")],
    },
    "TTLS with PAP": {
      outer: "TTLS",
      method: () => ttlsMethod(service),
      network: () => asUser("gtc", "auth=PAP"),
    },
    "TTLS with MSCHAPV2": {
      outer: "TTLS",
      method: () => ttlsMethod(service),
      network: () => asUser("mschapv2", "auth=MSCHAPV2"),
    },
    "TTLS with EAP-GTC": {
      outer: "TTLS",
      method: () => ttlsMethod(service),
      network: () => asUser("gtc", "autheap=GTC"),
    },
    "FAST, for a PAC": {
      outer: "FAST",
      method: () => fastMethod(service, fastOptions) as EapMethod<unknown>,
      network: () => [...fast("fast_provisioning=1"), ...asUser("mschapv2", "auth=MSCHAPV2")],
      provisions: true,
    },
    "FAST with GTC": {
      outer: "FAST",
      method: () => fastMethod(service, fastOptions) as EapMethod<unknown>,
      network: () => [...fast("fast_provisioning=2"), ...asUser("gtc", "auth=GTC")],
    },
  };

  for (const [name, { outer, method, network, provisions = false }] of Object.entries(tunnels)) {
    test(`${name}: abandoned anywhere`, async () => {
      const run = async (abandonAfter: number | undefined) => {
        rmSync(join(pki.folder, "pac"), { force: true });
        const states = new Map<string, Uint8Array>();
        const witness = new OctetWitness();
        witness.start();
        try {
          const methods = [observed(method(), states, isPublic)];
          const lines = [`eap=${outer}`, `ca_cert="${pki.authority.certificate}"`, ...network()];
          const options = { outer: { "*": { methods: [outer] } }, inner, methods };
          const { ends, output } = await authenticate(
            abandonAfter === undefined ? options : { ...options, abandonAfter },
            { network: lines },
          );
          const [end] = ends;
          // Whoever was given keys wipes them.
          if (end?.kind === "success") for (const key of [end.keys?.msk, end.keys?.emsk]) key?.fill(0);
          const wasAbandoned = end?.kind === "failure" && end.reason === "abandoned";
          if (!wasAbandoned) assert.equal(end?.kind, provisions ? "failure" : "success", output);
          return { witness, states, wasAbandoned };
        } finally {
          witness.stop();
        }
      };
      for (let after: number | undefined = 1, isOver = false; !isOver; after++) {
        const { witness, states, wasAbandoned } = await run(after);
        isOver = !wasAbandoned;
        const when: string = wasAbandoned ? `after ${after} responses` : "at the end";
        for (const [place, octets] of states) {
          assert.ok(
            octets.every((octet) => octet === 0),
            `${place} is left in a state, ${when}`,
          );
        }
        const published = (remnant: Remnant): boolean => remnant.made.some((place) => /sessionId/.test(place));
        assert.deepEqual(
          witness.remnants().filter((remnant) => !published(remnant)),
          [],
          when,
        );
      }
    });
  }
});
