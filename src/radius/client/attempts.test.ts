import assert from "node:assert/strict";
import { test } from "node:test";
import { seconds } from "../../base/duration.ts";
import {
  type Attempts,
  attemptsPerServer,
  type Effect,
  type Input,
  initial,
  type Persistence,
  step,
  waitAfter,
  waitForTurn,
} from "./attempts.ts";

function after(persistence: Persistence, servers: number, ...inputs: readonly Input[]): [Attempts, readonly Effect[]] {
  let state = initial;
  let effects: readonly Effect[] = [];
  for (const input of inputs) ({ state, effects } = step({ persistence, servers }, state, input));
  return [state, effects];
}

const begin: Input = { type: "begin" };
const timeout: Input = { type: "timeout" };
const timeouts = (count: number): Input[] => Array.from({ length: count }, () => timeout);
const types = (effects: readonly Effect[]): string[] => effects.map(({ type }) => type);

test("one server has its attempts, then it is told that it is silent, and the request is given up", () => {
  const [, waiting] = after("one-round", 1, begin, ...timeouts(attemptsPerServer - 1));
  assert.deepEqual(waiting, [{ type: "transmit" }, { type: "wait", attempt: attemptsPerServer }]);
  const [, ended] = after("one-round", 1, begin, ...timeouts(attemptsPerServer));
  assert.deepEqual(types(ended), ["tell-silence", "give-up"]);
});

test("with others behind it, it waits for being moved; after the last of them it is given up", () => {
  const [, told] = after("one-round", 2, begin, ...timeouts(attemptsPerServer));
  assert.deepEqual(told, [{ type: "tell-silence" }, { type: "wait", attempt: 1 }]);
  const moved: Input = { type: "moved", isSilent: true };
  const [state, effects] = after("one-round", 2, begin, ...timeouts(attemptsPerServer), moved);
  assert.deepEqual(state, { here: 1, silent: 1 });
  assert.deepEqual(types(effects), ["transmit", "wait"]);
  assert.deepEqual(after("one-round", 2, begin, moved, moved)[1], [{ type: "give-up" }]);
  const [unmoved] = after("one-round", 2, begin, { type: "moved", isSilent: false });
  assert.deepEqual(unmoved, { here: 1, silent: 0 }, "a server that was left for other reasons has not been silent");
});

test("what must not get lost is never given up, what is made anew is sent once", () => {
  const [, always] = after("until-answered", 1, begin, ...timeouts(100));
  assert.deepEqual(types(always), ["tell-silence", "transmit", "wait"]);
  const [, once] = after("once", 3, begin, timeout);
  assert.deepEqual(once, [{ type: "give-up" }]);
});

test("a connection that is lost costs no attempt", () => {
  const [state, effects] = after("one-round", 1, begin, { type: "lost" });
  assert.equal(state.here, 1);
  assert.deepEqual(effects, [{ type: "wait", attempt: 1 }]);
});

test("when the server is back, those that have waited take turns and may send again; the others wait for their answer", () => {
  const back: Input = { type: "server-back", turn: 3 };
  assert.deepEqual(after("one-round", 1, begin, back)[1], []);
  const [state, effects] = after("until-answered", 1, begin, ...timeouts(7), back);
  assert.deepEqual(effects, [{ type: "wait-for-turn", turn: 3 }]);
  assert.equal(state.here, attemptsPerServer - 1);
  assert.ok(waitForTurn(2) > waitForTurn(1));
});

test("3 s, then twice as long each time up to 120 s, each a little earlier by chance", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 1000].map((attempt) => waitAfter(attempt, 0)),
    [3, 6, 12, 24, 48, 96, 120, 120].map(seconds),
  );
  assert.equal(waitAfter(1, 1), 0.9 * seconds(3));
});
