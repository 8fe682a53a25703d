import assert from "node:assert/strict";
import { test } from "node:test";
import * as handshake from "./group-handshake.ts";
import { initial, keyForNewcomer, type State, step } from "./group-key.ts";

const oldKey = Uint8Array.of(1);
const newKey = Uint8Array.of(2);

test("the radio changes over when the last station has answered", () => {
  const asking = step(initial(oldKey), { type: "rekey", key: newKey });
  assert.deepEqual(asking.effects, [{ type: "startHandshakes" }]);
  assert.deepEqual(keyForNewcomer(asking.state), { index: 2, key: newKey });
  let { state } = step(asking.state, { type: "asked", stations: 2 });
  ({ state } = step(state, { type: "answered" }));
  const end = step(state, { type: "answered" });
  assert.deepEqual(end.effects, [
    { type: "useNext", key: { index: 2, key: newKey }, previous: { index: 1, key: oldKey } },
  ]);
  const back = step(end.state, { type: "rekey", key: oldKey });
  assert.deepEqual(keyForNewcomer(back.state), { index: 1, key: oldKey });
});

test("with nobody to ask, it changes over at once; an answer that overtakes the count is counted", () => {
  const alone = step(step(initial(oldKey), { type: "rekey", key: newKey }).state, { type: "asked", stations: 0 });
  assert.equal(alone.effects[0]?.type, "useNext");
  const asking: State = step(initial(oldKey), { type: "rekey", key: newKey }).state;
  const early = step(asking, { type: "answered" });
  assert.deepEqual(early.effects, []);
  assert.equal(step(early.state, { type: "asked", stations: 1 }).effects[0]?.type, "useNext");
});

test("a change under way is not overtaken by another", () => {
  const { state } = step(initial(oldKey), { type: "rekey", key: newKey });
  assert.deepEqual(step(state, { type: "rekey", key: Uint8Array.of(3) }), { state, effects: [] });
});

const policy: handshake.Policy = { attempts: 4, once: false, keepsSilent: false, transmitStatus: true };

test("no_disconnect_on_group_keyerror: who doesn't answer is waited for no longer, and stays", () => {
  const patient = { ...policy, keepsSilent: true };
  let step = handshake.step(patient, { kind: "idle" }, { type: "rekey", replay: 1n });
  for (let replay = 2n; replay <= 5n; replay++) {
    step = handshake.step(patient, step.state, { type: "timeout", nextReplay: replay });
  }
  assert.deepEqual(step, {
    state: { kind: "idle" },
    effects: [{ type: "finished", confirmed: false }, { type: "kept" }],
  });
});

test("12.7.7: group message 1 is repeated, answered by any of its counters, or the station goes", () => {
  let step = handshake.step(policy, { kind: "idle" }, { type: "rekey", replay: 5n });
  assert.deepEqual(step.effects, [
    { type: "sendMessage1", replay: 5n, attempt: 1 },
    { type: "arm", timer: "group handshake", after: 500 },
  ]);
  step = handshake.step(policy, step.state, { type: "timeout", nextReplay: 6n });
  assert.ok(handshake.expectsMessage2(step.state, 5n) && handshake.expectsMessage2(step.state, 6n));
  assert.deepEqual(handshake.step(policy, step.state, { type: "message2", replay: 7n }).effects, []);
  assert.deepEqual(handshake.step(policy, step.state, { type: "message2", replay: 5n }).effects, [
    { type: "disarm", timer: "group handshake" },
    { type: "finished", confirmed: true },
  ]);
  for (const nextReplay of [7n, 8n]) step = handshake.step(policy, step.state, { type: "timeout", nextReplay });
  assert.deepEqual(handshake.step(policy, step.state, { type: "timeout", nextReplay: 9n }).effects, [
    { type: "finished", confirmed: false },
    { type: "deauthenticate", reason: "group-key-handshake-timeout" },
  ]);
});

test("each handshake finishes once, also when it is cancelled", () => {
  const asked = handshake.step(policy, { kind: "idle" }, { type: "rekey", replay: 1n });
  const cancelled = handshake.step(policy, asked.state, { type: "cancel" });
  assert.deepEqual(cancelled.effects.at(-1), { type: "finished", confirmed: false });
  assert.deepEqual(handshake.step(policy, cancelled.state, { type: "cancel" }).effects, []);
  assert.deepEqual(handshake.step(policy, cancelled.state, { type: "timeout", nextReplay: 2n }).effects, []);
});
