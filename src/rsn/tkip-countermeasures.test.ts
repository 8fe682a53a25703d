import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { milliseconds, seconds } from "../base/duration.ts";
import { type Input, initial, type State, step } from "./tkip-countermeasures.ts";

const failure = (at: number): Input => ({ type: "failure", at: seconds(at) });

function run(...inputs: readonly Input[]): { state: State; effects: string[] } {
  let state = initial;
  const effects: string[] = [];
  for (const input of inputs) {
    const next = step(state, input);
    state = next.state;
    effects.push(...next.effects.map(({ type }) => type));
  }
  return { state, effects };
}

describe("12.5.2.4: TKIP countermeasures", () => {
  test("one failure is remembered, and no more", () => {
    assert.deepEqual(run(failure(5)), { state: { kind: "calm", failedAt: 5000 }, effects: [] });
  });

  test("two within 60 seconds end the use of the keys for 60 seconds", () => {
    assert.deepEqual(run(failure(5), failure(65)).effects, ["begin", "arm"]);
    const { effects } = step({ kind: "calm", failedAt: seconds(0) }, failure(1));
    assert.deepEqual(effects[1], { type: "arm", timer: "TKIP countermeasures", after: 60_000 });
  });

  test("two with more time between them don't, but the second is a first", () => {
    const later: Input = { type: "failure", at: milliseconds(65_001) };
    assert.deepEqual(run(failure(5), later), { state: { kind: "calm", failedAt: 65_001 }, effects: [] });
    assert.deepEqual(run(failure(5), later, failure(120)).effects, ["begin", "arm"]);
  });

  test("while they are in force nothing is counted, and after them it begins anew", () => {
    const all = run(failure(1), failure(2), failure(3), failure(4), { type: "over" }, failure(63));
    assert.deepEqual(all, { state: { kind: "calm", failedAt: 63_000 }, effects: ["begin", "arm", "end"] });
    assert.deepEqual(run({ type: "over" }).effects, []);
  });

  test("they begin exactly when two neighbouring failures are at most 60 seconds apart", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120_000), { minLength: 1, maxLength: 20 }), (gaps) => {
        let at = 0;
        const times = gaps.map((gap) => (at += gap));
        const { state } = run(...times.map((time): Input => ({ type: "failure", at: milliseconds(time) })));
        const close = gaps.slice(1).some((gap) => gap <= 60_000);
        assert.equal(state.kind === "in-force", close);
      }),
    );
  });
});
