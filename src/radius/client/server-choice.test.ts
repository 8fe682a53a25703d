import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { seconds } from "../../base/duration.ts";
import { among, type Input, type ServerChoice, step } from "./server-choice.ts";

const after = (start: ServerChoice, ...inputs: readonly Input[]): ServerChoice => inputs.reduce(step, start);
const unreachable = (server: number): Input => ({ type: "unreachable", server });

test("silence leads to the next one, and from the last to the first", () => {
  const silent = (server: number): Input => ({ type: "silent", server, since: seconds(1) });
  assert.equal(after(among(3), silent(0)).current, 1);
  assert.equal(after(among(3), silent(0), silent(1), silent(2)).current, 0);
  assert.equal(after(among(1), silent(0)).current, 0, "there is no other");
});

test("silence of one that has answered since is that request's own", () => {
  const answered: Input = { type: "answered", server: 0, at: seconds(5) };
  assert.equal(after(among(2), answered, { type: "silent", server: 0, since: seconds(5) }).current, 0);
  assert.equal(after(among(2), answered, { type: "silent", server: 0, since: seconds(6) }).current, 1);
});

test("what is heard of a server that is not asked any more changes nothing", () => {
  const moved = after(among(3), unreachable(0));
  assert.equal(moved.current, 1);
  for (const late of [
    unreachable(0),
    { type: "silent", server: 0, since: seconds(1) },
    { type: "answered", server: 0, at: seconds(1) },
  ] as const) {
    assert.equal(step(moved, late), moved);
  }
});

test("nobody is gone round to twice; when all are unreachable the last stays, and each may be tried again", () => {
  const all = after(among(3), unreachable(0), unreachable(1), unreachable(2));
  assert.equal(all.current, 2);
  assert.equal(all.unreachable.size, 0);
  assert.equal(after(all, unreachable(2)).current, 0);
  const answered: Input = { type: "answered", server: 1, at: seconds(1) };
  assert.equal(after(among(2), unreachable(0), answered, unreachable(1)).current, 0, "an answer wipes the slate");
});

test("going back is only ever to one before it", () => {
  const last = after(among(3), unreachable(0), unreachable(1));
  assert.equal(after(last, { type: "return", to: 1 }).current, 1);
  assert.equal(step(last, { type: "return", to: 2 }), last);
});

test("whatever happens, somebody is asked who is there", () => {
  const input: fc.Arbitrary<Input> = fc.oneof(
    fc.record({ type: fc.constant("silent" as const), server: fc.nat(3), since: fc.nat(9).map(seconds) }),
    fc.record({ type: fc.constant("unreachable" as const), server: fc.nat(3) }),
    fc.record({ type: fc.constant("answered" as const), server: fc.nat(3), at: fc.nat(9).map(seconds) }),
    fc.record({ type: fc.constant("return" as const), to: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(input), (count, inputs) => {
      const state = after(among(count), ...inputs);
      assert.ok(state.current >= 0 && state.current < count);
      assert.ok(!state.unreachable.has(state.current));
    }),
  );
});
