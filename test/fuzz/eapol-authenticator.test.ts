/**
 * An authenticator, a station that knows the key, and somebody between them who hears all, holds back, repeats, bends
 * and makes up messages. Whatever happens: no key but one that the station has confirmed, and none of them twice.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hexOf, MalformedError } from "../../src/base/bytes.ts";
import { eapolHeaderLength } from "../../src/wire/eapol/eapol.ts";
import { AuthenticatorBench, type BenchOptions } from "../../testing/authenticator-bench.ts";

type Step =
  /** The station answers the last message to it, as it should. */
  | { readonly do: "answer"; readonly snonce: number }
  /** The same, but it stays on the way, for a later replay; or it is made up by somebody who doesn't have the key. */
  | { readonly do: "hold" | "forge"; readonly snonce: number }
  /** Something that was sent before, by either side, bent or as it was. */
  | { readonly do: "replay"; readonly which: number; readonly at: number; readonly xor: number; readonly cut: number }
  | { readonly do: "noise"; readonly bytes: Uint8Array }
  | { readonly do: "pass"; readonly time: number }
  | { readonly do: "rekey" | "rekey-group" }
  | { readonly do: "request"; readonly counter: bigint; readonly group: boolean }
  | { readonly do: "status"; readonly acknowledged: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("answer" as const), snonce: fc.nat({ max: 255 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("hold" as const, "forge" as const),
      snonce: fc.nat({ max: 255 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("replay" as const),
      which: fc.nat({ max: 200 }),
      at: fc.nat({ max: 200 }),
      xor: fc.oneof(fc.constant(0), fc.nat({ max: 255 })),
      cut: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 150 }) }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("noise" as const), bytes: fc.uint8Array({ maxLength: 150 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), time: fc.nat({ max: 1500 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("rekey" as const, "rekey-group" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      counter: fc.bigInt({ min: 0n, max: 5n }),
      group: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("status" as const), acknowledged: fc.boolean() }) },
);

function run(options: BenchOptions, steps: readonly Step[]): { readonly established: boolean } {
  const bench = new AuthenticatorBench(options);
  const station = bench.join();
  const { supplicant } = station;
  const heard: Uint8Array[] = [];
  /** Temporal keys that the station has sent a message 4 for. */
  const confirmed = new Set<string>();
  const installed: string[] = [];
  let ended = false;

  const deliver = (pdu: Uint8Array): void => {
    try {
      station.answer(pdu);
    } catch (thrown) {
      // The access point takes the EAPOL header apart, and drops what is no EAPOL.
      if (!(thrown instanceof MalformedError)) throw thrown;
    }
  };

  /** A station of little sense: answers whatever it was asked last, however often. */
  const answer = (snonce: number, wrongMic: boolean): Uint8Array | undefined => {
    const { pdu } = station.last;
    const isMessage1 = ((pdu[eapolHeaderLength + 1] ?? 0) & 1) === 0;
    const isPairwise = ((pdu[eapolHeaderLength + 2] ?? 0) & 8) !== 0;
    const { ptk } = supplicant;
    if (isMessage1) {
      const reply = supplicant.message2(pdu, new Uint8Array(32).fill(snonce), { wrongMic });
      if (wrongMic) supplicant.ptk = ptk;
      return reply;
    }
    if (!ptk) return undefined;
    try {
      if (!isPairwise) return supplicant.groupMessage2(pdu, { wrongMic });
      const reply = supplicant.message4(pdu, { wrongMic });
      if (!wrongMic) confirmed.add(hexOf(ptk.tk));
      return reply;
    } catch (thrown) {
      // Of another PTK than it has now.
      if (!(thrown instanceof assert.AssertionError)) throw thrown;
      return undefined;
    }
  };

  for (const each of steps) {
    switch (each.do) {
      case "answer":
      case "hold":
      case "forge": {
        const reply = answer(each.snonce, each.do === "forge");
        if (!reply) break;
        heard.push(reply);
        if (each.do !== "hold") deliver(reply);
        break;
      }
      case "replay": {
        const all = [...heard, ...bench.sent.map(({ pdu }) => pdu)];
        const pdu = (all[each.which % Math.max(1, all.length)] ?? new Uint8Array()).slice();
        if (pdu.length > 0) pdu[each.at % pdu.length] = (pdu[each.at % pdu.length] ?? 0) ^ each.xor;
        deliver(pdu.subarray(0, Math.max(0, pdu.length - each.cut)));
        break;
      }
      case "noise":
        deliver(each.bytes);
        break;
      case "pass":
        bench.pass(each.time);
        break;
      case "rekey":
        station.authenticator.rekey();
        break;
      case "rekey-group":
        bench.bss.rekeyGroup();
        break;
      case "request":
        if (!supplicant.ptk) break;
        deliver(supplicant.request(each.counter, each.group ? { keyType: "group" } : {}));
        break;
      case "status":
        station.authenticator.onTransmitted(each.acknowledged);
        break;
    }
    for (const act of bench.acts.splice(0)) {
      switch (act.type) {
        case "install": {
          const tk = hexOf(act.key.key);
          assert.ok(act.key.receiveOnly || confirmed.has(tk), "a key that the station has not confirmed");
          assert.ok(!installed.includes(tk), "a key that was in use before: its packet numbers would begin anew");
          installed.push(tk);
          break;
        }
        case "authorize":
          assert.equal(act.by.keyId, bench.pmk.keyId);
          assert.ok(station.authenticator.isEstablished);
          break;
        case "deauthenticate":
          ended = true;
          break;
        default:
          break;
      }
    }
    const inUse = station.authenticator.pairwiseKey;
    if (inUse) assert.ok(confirmed.has(hexOf(inUse.key)));
    if (ended) assert.equal(inUse, undefined);
    // 4-way handshake, group handshake, PTK rekey.
    assert.ok(bench.clock.armed.length <= 3, bench.clock.armed.join());
    assert.ok(station.authenticator.drops.size <= 4);
  }
  const lines = bench.records.filter(({ level }) => level !== "debug").length;
  assert.ok(lines <= 40 + 3 * steps.length);
  const established = station.authenticator.isEstablished;
  bench.bss.stop();
  assert.deepEqual(bench.clock.armed, []);
  return { established };
}

const configurations: Readonly<Record<string, BenchOptions>> = {
  "WPA2 with CCMP": {},
  "WPA2 with SHA-256": { agreed: { akm: "WPA-PSK-SHA256" } },
  "WPA with TKIP": { agreed: { protocol: "wpa", pairwise: "TKIP", group: "TKIP" } },
  "two key IDs": { agreed: { extendedKeyId: true } },
  "no retries": { policy: { noRetries: true } },
  "a radio without transmit status, and frequent rekeying": { policy: { transmitStatus: false, ptkRekeySeconds: 3 } },
};

describe("in the middle between an authenticator and its station", () => {
  for (const [name, options] of Object.entries(configurations)) {
    test(name, () => {
      let established = 0;
      const seed = process.env["FUZZ_SEED"];
      fc.assert(
        // SNonces are drawn without repetition: a station that repeats one would have the same key again.
        fc.property(fc.array(step, { minLength: 4, maxLength: 40 }), (steps) => {
          let answers = 0;
          const distinct = steps.map((each) => ("snonce" in each ? { ...each, snonce: ++answers } : each));
          if (run(options, distinct).established) established += 1;
        }),
        { numRuns: 250, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      );
      assert.ok(established > 20, `only ${established} handshakes came to their end`);
    });
  }
});
