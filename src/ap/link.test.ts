import assert from "node:assert/strict";
import { test } from "node:test";
import { type Input, mayAssociate, type State, step } from "./link.ts";

const run = (...inputs: Input[]): { state: State; effects: string[] } => {
  let state: State = { kind: "new" };
  const effects: string[] = [];
  for (const input of inputs) {
    const next = step(state, input);
    state = next.state;
    effects.push(...next.effects.map((effect) => effect.type));
  }
  return { state, effects };
};

const authenticate: Input[] = [{ type: "authenticationAccepted" }, { type: "authenticationAcknowledged" }];
const associate: Input[] = [{ type: "associationAccepted" }, { type: "associationAnswered", acknowledged: true }];

test("11.3.1: a station comes to state 3 by acknowledged answers", () => {
  const { state, effects } = run(...authenticate, ...associate);
  assert.equal(state.kind, "associated");
  assert.deepEqual(effects, ["addToDriver", "markAuthenticated", "markAssociated"]);
});

test("11.3.5: nobody associates who has not authenticated", () => {
  assert.equal(run({ type: "associationAccepted" }).state.kind, "new");
  assert.ok(!mayAssociate({ kind: "new" }));
  assert.ok(!mayAssociate({ kind: "leaving" }));
  assert.ok(mayAssociate({ kind: "authenticating" }), "the acknowledgement alone may have been lost");
});

test("an unacknowledged association is none, and may be asked for again", () => {
  const { state, effects } = run(
    ...authenticate,
    { type: "associationAccepted" },
    { type: "associationAnswered", acknowledged: false },
  );
  assert.equal(state.kind, "authenticated");
  assert.deepEqual(effects.slice(-2), ["endAssociation", "removeFromDriver"]);
});

test("authentication anew ends the association and makes a fresh entry in the driver", () => {
  const { state, effects } = run(...authenticate, ...associate, { type: "authenticationAccepted" });
  assert.equal(state.kind, "authenticating");
  assert.deepEqual(effects.slice(-2), ["endAssociation", "addToDriver"]);
});

test("reassociation to the same BSS ends the earlier association first", () => {
  const { state, effects } = run(...authenticate, ...associate, { type: "associationRequested" }, ...associate);
  assert.equal(state.kind, "associated");
  assert.deepEqual(effects.slice(3), ["endAssociation", "removeFromDriver", "markAssociated"]);
});

test("firmware that associates brings a station to state 3 in one step, and leaves nothing to the driver", () => {
  const { state, effects } = run({ type: "associatedByFirmware" });
  assert.deepEqual([state.kind, effects], ["associated", []]);
  const again = run({ type: "associatedByFirmware" }, { type: "associatedByFirmware" });
  assert.deepEqual([again.state.kind, again.effects], ["associated", ["endAssociation"]]);
});

test("a station that was told to leave gets nothing until it authenticates", () => {
  const { state, effects } = run(...authenticate, ...associate, { type: "toldToLeave" }, ...associate);
  assert.equal(state.kind, "leaving");
  assert.deepEqual(effects.slice(3), ["endAssociation"]);
});
