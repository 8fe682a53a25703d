import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Authentication } from "../wire/ieee80211/authentication.ts";
import { type State, step } from "./shared-key.ts";

const fresh = new Uint8Array(128).fill(0x5a);
const frame = (transaction: number, challenge?: Uint8Array): Authentication => ({
  algorithm: 1,
  transaction,
  status: 0,
  elements: [],
  ...(challenge ? { challenge } : {}),
});
const send = (state: State | undefined, request: Authentication, encrypted = request.transaction === 3) =>
  step(state, { request, encrypted, freshChallenge: () => fresh });

describe("12.3.3.3: Shared Key authentication", () => {
  test("a challenge, and whoever sends it back encrypted is in", () => {
    const first = send(undefined, frame(1));
    assert.deepEqual(first.reply, { algorithm: 1, transaction: 2, status: "success", challenge: fresh, elements: [] });
    assert.equal(first.outcome, "pending");
    const third = send(first.state, frame(3, fresh));
    assert.deepEqual(third.reply, { algorithm: 1, transaction: 4, status: "success", elements: [] });
    assert.equal(third.outcome, "accepted");
    assert.equal(third.state, undefined, "it is good for once");
  });

  test("another challenge, none, one in the clear, or one that nobody asked for is refused, and ends the exchange", () => {
    const { state } = send(undefined, frame(1));
    const wrong = fresh.with(127, 0);
    for (const [from, request, encrypted] of [
      [state, frame(3, wrong), true],
      [state, frame(3, fresh.subarray(0, 127)), true],
      [state, frame(3), true],
      [state, frame(3, fresh), false],
      [undefined, frame(3, fresh), true],
    ] as const) {
      const refused = send(from, request, encrypted);
      assert.deepEqual([refused.reply?.transaction, refused.reply?.status], [4, "challenge-failure"]);
      assert.equal(refused.outcome, "refused");
      assert.equal(refused.state, undefined);
    }
  });

  test("asked twice, the challenge is the same", () => {
    const other: State = { challenge: new Uint8Array(128).fill(1) };
    assert.deepEqual(send(other, frame(1)).state, other);
  });

  test("any other transaction is out of sequence", () => {
    for (const transaction of [0, 2, 4, 65_535]) {
      const refused = send({ challenge: fresh }, frame(transaction));
      assert.equal(refused.reply?.status, "transaction-sequence-error");
      assert.equal(refused.reply?.transaction, (transaction + 1) & 0xffff);
    }
  });

  test("whatever comes, only the right challenge, encrypted, lets in", () => {
    const request = fc.record({
      transaction: fc.nat(5),
      challenge: fc.option(fc.uint8Array({ maxLength: 255 }), { nil: undefined }),
      encrypted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        let state: State | undefined;
        for (const { transaction, challenge, encrypted } of requests) {
          const next = send(state, frame(transaction, challenge), encrypted);
          assert.notEqual(next.outcome, "accepted");
          state = next.state;
        }
      }),
    );
  });
});
