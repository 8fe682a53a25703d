import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { expectsMessage2, type Policy, type State, step } from "./group-handshake.ts";

const policy: Policy = { attempts: 3, once: false, keepsSilent: false, transmitStatus: true };
const begun = (how = policy) => step(how, { kind: "idle" }, { type: "rekey", replay: 1n });

describe("12.7.7: the group key handshake", () => {
  test("message 1, a hurried second one, slow ones after it, then the end", () => {
    let { state, effects } = begun();
    const sent: unknown[] = [];
    for (let nextReplay = 2n; state.kind === "awaiting-message2"; nextReplay++) {
      sent.push(effects.map((effect) => (effect.type === "arm" ? effect.after : effect.type)));
      ({ state, effects } = step(policy, state, { type: "timeout", nextReplay }));
    }
    assert.deepEqual(sent, [
      ["sendMessage1", 500],
      ["sendMessage1", 1000],
      ["sendMessage1", 1000],
    ]);
    assert.deepEqual(effects, [
      { type: "finished", confirmed: false },
      { type: "deauthenticate", reason: "group-key-handshake-timeout" },
    ]);
  });

  test("an answer to any of the last transmissions will do, and to nothing else", () => {
    const { state } = step(policy, begun().state, { type: "timeout", nextReplay: 2n });
    for (const replay of [1n, 2n]) {
      const end = step(policy, state, { type: "message2", replay });
      assert.deepEqual(end.state, { kind: "idle" });
      assert.deepEqual(end.effects[1], { type: "finished", confirmed: true });
    }
    assert.deepEqual(step(policy, state, { type: "message2", replay: 3n }), { state, effects: [] });
    assert.deepEqual(step(policy, { kind: "idle" }, { type: "message2", replay: 1n }).effects, []);
  });

  test("once only, where the station may be one that can be fooled", () => {
    const once: Policy = { ...policy, once: true };
    const first = begun(once);
    assert.deepEqual(first.effects[1], { type: "arm", timer: "group handshake", after: 4000 });
    assert.equal(step(once, first.state, { type: "timeout", nextReplay: 2n }).state.kind, "idle");
  });

  test("a pairwise handshake takes its place, and late timers find nothing", () => {
    const { state, effects } = step(policy, begun().state, { type: "cancel" });
    assert.deepEqual([state.kind, effects.at(-1)], ["idle", { type: "finished", confirmed: false }]);
    for (const type of ["cancel", "timeout"] as const) {
      assert.deepEqual(step(policy, state, { type, nextReplay: 9n }), { state, effects: [] });
    }
  });

  test("however many attempts are allowed, only the last four counters are remembered", () => {
    const patient: Policy = { ...policy, attempts: 4_294_967_295 };
    let state: State = begun(patient).state;
    for (let replay = 2n; replay <= 1000n; replay++) {
      ({ state } = step(patient, state, { type: "timeout", nextReplay: replay }));
    }
    assert.deepEqual(state, { kind: "awaiting-message2", attempt: 1000, replays: [997n, 998n, 999n, 1000n] });
    assert.ok(!expectsMessage2(state, 996n));
    assert.ok(expectsMessage2(state, 997n));
  });
});
