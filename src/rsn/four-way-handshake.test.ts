import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Candidate,
  candidatesForMessage4,
  expectsMessage2,
  type Policy,
  type State,
  step,
} from "./four-way-handshake.ts";

const policy: Policy = { attempts: 4, message3Once: false, transmitStatus: true };
const anonce = new Uint8Array(32).fill(1);
const candidate = (snonce: number): Candidate => ({
  snonce: new Uint8Array(32).fill(snonce),
  ptk: { kck: Uint8Array.of(snonce), kek: new Uint8Array(), tk: new Uint8Array() },
});
const idle: State = { kind: "idle" };

const started = () => step(policy, idle, { type: "start", anonce, replay: 1n });
const answered = () =>
  step(policy, started().state, { type: "message2", candidate: candidate(2), replay: 1n, nextReplay: 2n });

test("12.7.6.2: the handshake starts with message 1, and a hurried timer until it is acknowledged", () => {
  const first = started();
  assert.deepEqual(first.effects, [
    { type: "sendMessage1", anonce, replay: 1n, attempt: 1 },
    { type: "arm", timer: "4-way handshake", after: 100 },
  ]);
  const acknowledged = step(policy, first.state, { type: "transmitted", acknowledged: true });
  assert.deepEqual(acknowledged.effects, [{ type: "arm", timer: "4-way handshake", after: 1000 }]);
  const again = step(policy, acknowledged.state, { type: "transmitted", acknowledged: true });
  assert.deepEqual(again.effects, []);
  assert.deepEqual(step(policy, first.state, { type: "transmitted", acknowledged: false }).effects, []);
});

test("message 1 is repeated with new counters, and any of the counters may be answered", () => {
  const second = step(policy, started().state, { type: "timeout", nextReplay: 2n });
  assert.deepEqual(second.effects[0], { type: "sendMessage1", anonce, replay: 2n, attempt: 2 });
  assert.ok(expectsMessage2(second.state, 1n, new Uint8Array(32)));
  assert.ok(expectsMessage2(second.state, 2n, new Uint8Array(32)));
  assert.ok(!expectsMessage2(second.state, 3n, new Uint8Array(32)));
});

test("12.7.6.2: a station that doesn't answer is sent away after the last attempt", () => {
  let state = started().state;
  for (const nextReplay of [2n, 3n, 4n]) state = step(policy, state, { type: "timeout", nextReplay }).state;
  const end = step(policy, state, { type: "timeout", nextReplay: 5n });
  assert.deepEqual(end, {
    state: idle,
    effects: [{ type: "giveUp", awaited: "message 2", reason: "4-way-handshake-timeout" }],
  });
});

test("12.7.6.4: message 2 leads to message 3, message 4 to the keys", () => {
  const third = answered();
  assert.deepEqual(third.effects[0], { type: "sendMessage3", anonce, candidate: candidate(2), replay: 2n, attempt: 1 });
  assert.deepEqual(candidatesForMessage4(third.state, 2n), [candidate(2)]);
  assert.deepEqual(candidatesForMessage4(third.state, 1n), []);
  const end = step(policy, third.state, { type: "message4", usesEarlier: false });
  assert.equal(end.state.kind, "established");
  assert.deepEqual(end.effects, [
    { type: "disarm", timer: "4-way handshake" },
    { type: "installed", candidate: candidate(2) },
  ]);
});

test("message 3 is repeated, or goes out once only where retries are off", () => {
  const again = step(policy, answered().state, { type: "timeout", nextReplay: 3n });
  assert.equal(again.effects[0]?.type, "sendMessage3");
  assert.deepEqual(candidatesForMessage4(again.state, 2n), [candidate(2)]);
  assert.deepEqual(candidatesForMessage4(again.state, 3n), [candidate(2)]);

  const once: Policy = { ...policy, message3Once: true };
  const third = step(once, started().state, { type: "message2", candidate: candidate(2), replay: 1n, nextReplay: 2n });
  assert.deepEqual(third.effects[1], { type: "arm", timer: "4-way handshake", after: 4000 });
  const end = step(once, third.state, { type: "timeout", nextReplay: 3n });
  assert.deepEqual(end.effects, [{ type: "giveUp", awaited: "message 4", reason: "4-way-handshake-timeout" }]);
});

test("a second message 2 with another SNonce replaces the first, and message 4 may go with either", () => {
  const twice = step(policy, started().state, { type: "timeout", nextReplay: 2n });
  const third = step(policy, twice.state, { type: "message2", candidate: candidate(2), replay: 1n, nextReplay: 3n });
  assert.ok(!expectsMessage2(third.state, 2n, candidate(2).snonce), "the same SNonce is a repetition");
  assert.ok(expectsMessage2(third.state, 2n, candidate(9).snonce));
  assert.ok(!expectsMessage2(third.state, 1n, candidate(9).snonce), "its counter has been used");
  const changed = step(policy, third.state, { type: "message2", candidate: candidate(9), replay: 2n, nextReplay: 4n });
  assert.deepEqual(candidatesForMessage4(changed.state, 4n), [candidate(9), candidate(2)]);
  assert.deepEqual(candidatesForMessage4(changed.state, 3n), [candidate(9), candidate(2)]);
  assert.deepEqual(candidatesForMessage4(changed.state, 2n), []);
  const end = step(policy, changed.state, { type: "message4", usesEarlier: true });
  assert.deepEqual(end.effects.at(-1), { type: "installed", candidate: candidate(2) });
});

test("what comes at the wrong time changes nothing", () => {
  for (const state of [idle, { kind: "established" } as const]) {
    for (const input of [
      { type: "message4", usesEarlier: false },
      { type: "timeout", nextReplay: 9n },
      { type: "transmitted", acknowledged: true },
      { type: "message2", candidate: candidate(2), replay: 1n, nextReplay: 2n },
    ] as const) {
      assert.deepEqual(step(policy, state, input), { state, effects: [] });
    }
  }
  assert.deepEqual(step(policy, started().state, { type: "message4", usesEarlier: false }).effects, []);
  assert.deepEqual(step(policy, answered().state, { type: "left" }).state, idle);
});

test("however many attempts are allowed, only the last four counters are remembered", () => {
  const patient: Policy = { ...policy, attempts: 4_294_967_295 };
  let { state } = started();
  for (let replay = 2n; replay <= 1000n; replay++)
    ({ state } = step(patient, state, { type: "timeout", nextReplay: replay }));
  assert.ok(state.kind === "awaiting-message2");
  assert.deepEqual([state.attempt, state.replays], [1000, [997n, 998n, 999n, 1000n]]);
  assert.ok(!expectsMessage2(state, 996n, new Uint8Array(32)));
  ({ state } = step(patient, state, { type: "message2", candidate: candidate(2), replay: 1000n, nextReplay: 1001n }));
  for (let replay = 1002n; replay <= 2000n; replay++)
    ({ state } = step(patient, state, { type: "timeout", nextReplay: replay }));
  assert.ok(state.kind === "awaiting-message4");
  assert.deepEqual([state.attempt, state.replays.length, state.message1Replays.length], [1000, 4, 3]);
  assert.deepEqual(candidatesForMessage4(state, 1996n), []);
  assert.deepEqual(candidatesForMessage4(state, 1997n), [candidate(2)]);
});
