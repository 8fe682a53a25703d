/** IEEE Std 802.11-2020, 11.13 and 11.3.5.3, clause by clause. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { milliseconds, timeUnits } from "../base/duration.ts";
import { comeback, type Effect, type Input, initial, type Policy, type State, step } from "./sa-query.ts";

const policy: Policy = { maxTimeout: 1000, retryTimeout: 201 };
const at = (units: number) => timeUnits(units);

/** Inputs one after another. */
function run(...inputs: readonly Input[]): { readonly state: State; readonly effects: readonly Effect[] } {
  let state = initial;
  let effects: readonly Effect[] = [];
  for (const input of inputs) ({ state, effects } = step(policy, state, input));
  return { state, effects };
}

const requested = (units: number, transaction = 1): Input => ({
  type: "association-requested",
  now: at(units),
  transaction,
});
const timer = (units: number, transaction: number): Input => ({ type: "timer", now: at(units), transaction });
const response = (transaction: number): Input => ({ type: "response", transaction });

test("a request in its name: the station is asked, once for all requests until it has answered", () => {
  const first = run(requested(0, 7));
  assert.deepEqual(first.state, { kind: "asking", since: at(0), transactions: [7] });
  assert.deepEqual(first.effects, [
    { type: "arm", after: timeUnits(201) },
    { type: "request", transaction: 7, attempt: 1 },
  ]);
  const again = run(requested(0, 7), requested(10, 8));
  assert.deepEqual(again, { state: first.state, effects: [] });
});

test("it is asked again each retry timeout, under another transaction identifier", () => {
  const { state, effects } = run(requested(0, 7), timer(201, 8), timer(402, 9));
  assert.deepEqual(state, { kind: "asking", since: at(0), transactions: [7, 8, 9] });
  assert.deepEqual(effects, [
    { type: "arm", after: timeUnits(201) },
    { type: "request", transaction: 9, attempt: 3 },
  ]);
});

test("an answer to any of the requests proves that it is there; the next request begins anew", () => {
  for (const transaction of [7, 8]) {
    const { state, effects } = run(requested(0, 7), timer(201, 8), response(transaction));
    assert.equal(state.kind, "idle");
    assert.deepEqual(effects, [{ type: "disarm" }, { type: "answered" }]);
  }
  const next = run(requested(0, 7), response(7), requested(500, 9));
  assert.deepEqual(next.state, { kind: "asking", since: at(500), transactions: [9] });
});

test("answers to nothing that was asked are none", () => {
  assert.deepEqual(run(response(7)), { state: initial, effects: [] });
  const asked = run(requested(0, 7), response(8));
  assert.equal(asked.state.kind, "asking");
  assert.deepEqual(asked.effects, []);
  // A late one neither.
  assert.equal(run(requested(0, 7), timer(1005, 8), response(7)).state.kind, "unanswered");
});

test("who has not answered within the whole time is taken to have lost its keys", () => {
  for (const input of [timer(1000, 9), requested(1000), requested(5000)]) {
    const { state, effects } = run(requested(0, 7), input);
    assert.equal(state.kind, "unanswered");
    assert.deepEqual(effects, [{ type: "disarm" }, { type: "timed-out" }]);
  }
  assert.equal(run(requested(0, 7), requested(999)).state.kind, "asking");
  assert.deepEqual(run(requested(0, 7), timer(1005, 8), requested(9000)).effects, []);
});

test("a new association begins with nothing asked", () => {
  assert.deepEqual(run(requested(0, 7), { type: "reset" }), { state: initial, effects: [{ type: "disarm" }] });
  assert.deepEqual(run(requested(0, 7), timer(1005, 8), { type: "reset" }), { state: initial, effects: [] });
  assert.deepEqual(run(requested(0, 7), { type: "reset" }, timer(201, 8)), { state: initial, effects: [] });
});

test("whoever has to come back is told what is left, and a little more for timers that are none too exact", () => {
  const { state } = run(requested(0, 7));
  assert.equal(comeback(policy, state, at(0)), 1000);
  assert.equal(comeback(policy, state, at(300)), 701);
  assert.equal(comeback(policy, state, at(1000)), 1);
  assert.equal(comeback(policy, state, at(2000)), 1);
  // Whoever comes when it was told to is let in.
  for (const units of [0, 1, 300, 999, 1000]) {
    const told = units + comeback(policy, state, at(units));
    assert.equal(step(policy, state, requested(told)).state.kind, "unanswered");
  }
});

test("the requests of one query have an end, and what is remembered of them too", () => {
  const eager: Policy = { maxTimeout: 1_000_000, retryTimeout: 1 };
  let state = step(eager, initial, requested(0, 0)).state;
  let sent = 1;
  for (let i = 1; i < 5000; i++) {
    const next = step(eager, state, timer(i, i & 0xffff));
    state = next.state;
    sent += next.effects.filter(({ type }) => type === "request").length;
  }
  assert.equal(sent, 1000);
  assert.equal(state.kind === "asking" && state.transactions.length, 1000);
});

test("whatever comes in whatever order, nobody is let in before a whole query went unanswered", () => {
  const input = fc.oneof(
    fc.record({
      type: fc.constantFrom("association-requested" as const, "timer" as const),
      wait: fc.nat({ max: 400 }),
      transaction: fc.nat({ max: 3 }),
    }),
    fc.record({ type: fc.constant("response" as const), wait: fc.nat({ max: 400 }), transaction: fc.nat({ max: 3 }) }),
    fc.record({ type: fc.constant("reset" as const), wait: fc.nat({ max: 400 }), transaction: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
      let state: State = initial;
      let now = 0;
      let asked: number | undefined;
      for (const { wait, ...each } of inputs) {
        now += wait;
        const { type, transaction } = each;
        const next = step(policy, state, { type, transaction, now: milliseconds(now) } as Input);
        if (state.kind === "idle" && next.state.kind === "asking") asked = now;
        if (next.state.kind === "unanswered" && state.kind !== "unanswered") {
          assert.ok(asked !== undefined && now - asked >= timeUnits(policy.maxTimeout));
        }
        assert.equal(state.kind === "idle" && next.state.kind === "unanswered", false);
        state = next.state;
      }
    }),
  );
});
