import assert from "node:assert/strict";
import { test } from "node:test";
import { seconds } from "../base/duration.ts";
import { initial, type Policy, type State, step } from "./inactivity.ts";

const policy: Policy = { maxInactivity: seconds(300), skipPoll: false };
const timer = (silence: number | "unknown" | "gone", spread = 0) =>
  ({ type: "timer", silence: typeof silence === "number" ? seconds(silence) : silence, spread }) as const;

test("an active station is looked at again when it could have been silent long enough, spread over time", () => {
  assert.deepEqual(step(policy, initial, timer(100)).effects, [{ type: "arm", after: 200_000 }]);
  assert.deepEqual(step(policy, initial, timer(100, 0.5)).effects, [{ type: "arm", after: 210_000 }]);
  assert.deepEqual(step(policy, initial, timer("unknown")).effects, [{ type: "arm", after: 300_000 }]);
});

test("a silent one is polled; if it answers, it stays", () => {
  const polled = step(policy, initial, timer(301));
  assert.deepEqual(polled.effects, [{ type: "poll" }, { type: "arm", after: 3000 }]);
  const { state } = step(policy, polled.state, { type: "pollAnswered" });
  assert.deepEqual(step(policy, state, timer(304)).effects, [{ type: "arm", after: 300_000 }]);
});

test("if it doesn't answer, it is disassociated and then deauthenticated", () => {
  const polled = step(policy, initial, timer(301));
  const out = step(policy, polled.state, timer(304));
  assert.deepEqual(out.effects, [
    { type: "disassociate", reason: "inactivity" },
    { type: "arm", after: 1000 },
  ]);
  const end = step(policy, out.state, timer("gone"));
  assert.deepEqual(end.effects, [{ type: "deauthenticate", reason: "invalid-authentication" }]);
});

test("skip_inactivity_poll, and a station that the driver lost: no poll", () => {
  const skipping = { ...policy, skipPoll: true };
  assert.equal(step(skipping, initial, timer(301)).effects[0]?.type, "disassociate");
  assert.equal(step(policy, initial, timer("gone")).effects[0]?.type, "disassociate");
});

test("an answer to a poll that was not made changes nothing", () => {
  const state: State = { kind: "disassociated" };
  assert.deepEqual(step(policy, state, { type: "pollAnswered" }), { state, effects: [] });
});
