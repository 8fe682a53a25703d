import assert from "node:assert/strict";
import { test } from "node:test";
import { type PaeInput, type PaeRules, type PaeState, type PaeStep, stepPae } from "./authenticator-pae.ts";

const rules: PaeRules = {
  control: "auto",
  portValid: true,
  mostAttempts: 2,
  endsWithLogoff: false,
  isAuthorized: false,
};

/** Clauses are those of IEEE Std 802.1X-2004. */
function walk(
  inputs: readonly PaeInput["type"][],
  more: Partial<PaeRules> = {},
  from: PaeState = { kind: "initialize" },
) {
  let step: PaeStep = { state: from, effects: [] };
  for (const type of inputs) step = stepPae({ ...rules, ...more }, step.state, { type });
  return step;
}

const kinds = ({ effects }: PaeStep) => effects.map(({ type }) => type);

test("8.2.4.1: a port that comes into operation is unauthorized, and EAP begins", () => {
  const step = walk(["port-enabled"]);
  assert.deepEqual(step.state, { kind: "connecting", attempts: 1 });
  assert.deepEqual(step.effects, [
    { type: "port", authorized: false },
    { type: "count", counter: "entersConnecting" },
    { type: "restart" },
  ]);
});

test("8.2.4.1: success authorizes the port", () => {
  const step = walk(["port-enabled", "eap-ready", "succeeded"]);
  assert.equal(step.state.kind, "authenticated");
  assert.deepEqual(step.effects, [
    { type: "count", counter: "authSuccessesWhileAuthenticating" },
    { type: "port", authorized: true },
    { type: "finished", success: true, logoff: false },
  ]);
});

test("8.2.4.1: where keys are needed, success alone doesn't open the port; keys do, and their end closes it", () => {
  const waiting = walk(["port-enabled", "eap-ready", "succeeded", "succeeded"], { portValid: false });
  assert.deepEqual(waiting.state, { kind: "authenticating", attempts: 1, succeeded: true });
  assert.deepEqual(walk(["keys"], { portValid: false }, waiting.state).effects, []);
  const open = walk(["keys"], {}, waiting.state);
  assert.equal(open.state.kind, "authenticated");
  const closed = walk(["keys"], { portValid: false }, open.state);
  assert.deepEqual(kinds(closed).slice(0, 2), ["port", "finished"]);
});

test("keys alone open nothing", () => {
  assert.equal(walk(["port-enabled", "eap-ready", "keys"]).state.kind, "authenticating");
  assert.equal(walk(["port-enabled", "keys"]).state.kind, "connecting");
});

test("8.2.4.1: failure holds the port for the quiet period, in which nothing of the supplicant counts", () => {
  const held = walk(["port-enabled", "eap-ready", "failed"]);
  assert.deepEqual(held.state, { kind: "held", attempts: 1 });
  assert.deepEqual(kinds(held), ["count", "port", "quiet", "finished"]);
  for (const type of ["eapol-start", "eapol-logoff", "reauthenticate", "eap-ready", "succeeded"] as const) {
    assert.deepEqual(walk([type], {}, held.state), { state: held.state, effects: [] }, type);
  }
  assert.deepEqual(walk(["quiet-over"], {}, held.state).state, { kind: "connecting", attempts: 2 });
});

test("8.2.4.1.2: after reAuthMax attempts the supplicant is given up, and the count begins anew", () => {
  const third = walk(["port-enabled", "eap-ready", "timed-out", "eap-ready", "timed-out"]);
  assert.deepEqual(kinds(third), ["count", "abort-backend", "count", "port", "finished", "count", "restart"]);
  assert.deepEqual(third.state, { kind: "connecting", attempts: 1 });
});

test("8.2.4.1: EAPOL-Start begins anew, and leaves an authorized port open", () => {
  const open = walk(["port-enabled", "eap-ready", "succeeded"]).state;
  const again = walk(["eapol-start"], {}, open);
  assert.deepEqual(again.state, { kind: "connecting", attempts: 1 });
  assert.ok(!kinds(again).includes("port"));
  const during = walk(["port-enabled", "eap-ready", "eapol-start"]);
  assert.deepEqual(kinds(during), ["count", "abort-backend", "count", "restart"]);
  assert.deepEqual(during.state, { kind: "connecting", attempts: 2 });
});

test("8.2.4.1: EAPOL-Logoff closes the port, from wherever", () => {
  for (const before of [["eap-ready", "succeeded"], ["eap-ready"], []] as const) {
    const step = walk(["port-enabled", ...before, "eapol-logoff"], { isAuthorized: true });
    assert.ok(step.effects.some((effect) => effect.type === "port" && !effect.authorized));
    assert.ok(step.effects.some((effect) => effect.type === "finished" && effect.logoff));
    assert.deepEqual(step.state, { kind: "connecting", attempts: 1 });
    const ending = walk(["port-enabled", ...before, "eapol-logoff"], { endsWithLogoff: true, isAuthorized: true });
    assert.equal(ending.state.kind, "disconnected");
    assert.ok(!kinds(ending).includes("restart"));
  }
});

test("EAPOL-Logoff of whoever isn't in begins anew, and ends nothing", () => {
  const step = walk(["port-enabled", "eap-ready", "eapol-logoff"], { endsWithLogoff: true });
  assert.deepEqual(step.state, { kind: "connecting", attempts: 1 });
  assert.ok(!kinds(step).includes("finished"));
});

test("8.2.8: reauthentication is for a port that is authorized", () => {
  const open = walk(["port-enabled", "eap-ready", "succeeded"]).state;
  assert.deepEqual(kinds(walk(["reauthenticate"], {}, open)), ["count", "count", "restart"]);
  assert.deepEqual(walk(["reauthenticate"], {}, { kind: "connecting", attempts: 1 }).effects, []);
});

test("8.2.4.1: a port that is forced tells it to whoever asks", () => {
  const forced = walk(["port-enabled"], { control: "force-unauthorized" });
  assert.deepEqual(forced.effects, [
    { type: "port", authorized: false },
    { type: "canned", success: false },
  ]);
  assert.deepEqual(walk(["eapol-start"], { control: "force-unauthorized" }, forced.state), forced);
  const opened = walk(["control"], { control: "force-authorized" }, { kind: "connecting", attempts: 1 });
  assert.equal(opened.state.kind, "force-authorized");
  assert.deepEqual(kinds(opened), ["abort-backend", "no-quiet", "port", "canned"]);
  assert.equal(walk(["control"], {}, opened.state).state.kind, "connecting");
});

test("a port out of operation does nothing", () => {
  const open = walk(["port-enabled", "eap-ready", "succeeded"]).state;
  assert.deepEqual(kinds(walk(["port-disabled"], {}, open)), ["abort-backend", "no-quiet", "port"]);
  const inputs = [
    "eapol-start",
    "eapol-logoff",
    "reauthenticate",
    "eap-ready",
    "succeeded",
    "failed",
    "timed-out",
  ] as const;
  for (const type of [...inputs, "keys", "quiet-over", "control", "port-disabled"] as const) {
    assert.deepEqual(walk([type]), { state: { kind: "initialize" }, effects: [] }, type);
  }
});
