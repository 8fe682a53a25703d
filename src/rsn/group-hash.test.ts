/** AKMs that leave the hash to the group: keys and MICs of other lengths (IEEE Std 802.11-2024, table 12-11), and OWE's stations of before that. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench } from "../../testing/authenticator-bench.ts";
import type { AkmHash } from "../crypto/ptk.ts";
import type { AuthenticatorPolicy } from "./context.ts";

const pmkLengths = { sha256: 32, sha384: 48, sha512: 64 } as const;
type GroupHash = keyof typeof pmkLengths;

/** Whether a station gets in, and with which KCK, KEK and MIC, in octets. */
function join(
  akm: "SAE-EXT-KEY" | "OWE",
  groupHash: GroupHash,
  { derivedWith, policy = {} }: { readonly derivedWith?: AkmHash; readonly policy?: Partial<AuthenticatorPolicy> } = {},
) {
  const bench = new AuthenticatorBench({
    agreed: { akm, groupHash },
    policy,
    known: { pmk: new Uint8Array(pmkLengths[groupHash]).fill(7), pmkid: new Uint8Array(16) },
    ...(derivedWith ? { derivedWith } : {}),
  });
  const station = bench.join();
  const { supplicant } = station;
  station.answer(supplicant.message2(station.last.pdu, new Uint8Array(32).fill(1)));
  if (station.count === 1) return undefined;
  const { mic } = supplicant.open(station.last.pdu).key;
  station.answer(supplicant.message4(station.last.pdu));
  assert.ok(station.authenticator.isEstablished);
  return [supplicant.ptk?.kck.length, supplicant.ptk?.kek.length, mic.length];
}

describe("SAE-EXT-KEY and OWE", () => {
  for (const akm of ["SAE-EXT-KEY", "OWE"] as const) {
    test(`${akm}: the group's hash gives the lengths`, () => {
      assert.deepEqual(join(akm, "sha256"), [16, 16, 16]);
      assert.deepEqual(join(akm, "sha384"), [24, 32, 24]);
      assert.deepEqual(join(akm, "sha512"), [32, 32, 32]);
    });
  }

  test("owe_ptk_workaround: a PTK by SHA-256 is taken beside the right one, or alone, or not at all", () => {
    const old = { derivedWith: "sha256" } as const;
    for (const hash of ["sha384", "sha512"] as const) {
      const taken = (owePtkSha256: AuthenticatorPolicy["owePtkSha256"]) => [
        join("OWE", hash, { policy: { owePtkSha256 } }) !== undefined,
        join("OWE", hash, { ...old, policy: { owePtkSha256 } }) !== undefined,
      ];
      assert.deepEqual(taken("no"), [true, false]);
      assert.deepEqual(taken("accept"), [true, true]);
      assert.deepEqual(taken("only"), [false, true]);
      // It is OWE's mistake alone.
      assert.equal(join("SAE-EXT-KEY", hash, { ...old, policy: { owePtkSha256: "accept" } }), undefined);
    }
  });
});
