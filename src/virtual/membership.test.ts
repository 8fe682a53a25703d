import assert from "node:assert/strict";
import { test } from "node:test";
import { seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type Input, type Policy, type State, step } from "./membership.ts";
import type { Network } from "./network.ts";

const policy: Policy = { frequencies: [2412, 2437], retries: 0, retryDelay: seconds(1) };
const network: Network = {
  bssid: "02:00:00:00:00:00" as MacAddress,
  frequency: 2437,
  ssid: new Uint8Array(),
  isProtected: true,
  rsne: undefined,
  hasWmm: false,
  hasHt: false,
};
const open: Network = { ...network, isProtected: false };

/** The last state, and the effects of the last input in short. */
function run(inputs: readonly Input[], by: Partial<Policy> = {}): { state: State; effects: string[] } {
  let state: State = { kind: "off" };
  let effects: string[] = [];
  for (const input of inputs) {
    const next = step({ ...policy, ...by }, state, input);
    state = next.state;
    effects = next.effects.map((effect) => (effect.type === "report" ? `report ${effect.event.type}` : effect.type));
  }
  return { state, effects };
}

const join: Input = { type: "join" };
const heard: Input = { type: "heard", network };
const accepted: Input = { type: "authentication", status: 0 };
const associated: Input = { type: "association", status: 0, aid: 1 };
const timeout = (timer: "scan" | "answer" | "handshake" | "retry" | "beacon"): Input => ({ type: "timeout", timer });

test("channel after channel, then not found", () => {
  assert.deepEqual(run([join]).effects, ["tune", "report scanning", "probe", "arm"]);
  assert.deepEqual(run([join, timeout("scan")]).state, { kind: "scanning", channel: 1, failures: 0 });
  const { state, effects } = run([join, timeout("scan"), timeout("scan")]);
  assert.equal(state.kind, "off");
  assert.deepEqual(effects.slice(-2), ["report network-not-found", "report gave-up"]);
});

test("in an open network the association is all", () => {
  const { state } = run([join, { type: "heard", network: open }, accepted, associated]);
  assert.deepEqual(state, { kind: "connected", network: open });
});

test("in a protected one the handshake has to follow", () => {
  assert.deepEqual(run([join, heard, accepted, associated]).effects, [
    "disarmAll",
    "report associated",
    "startSupplicant",
    "arm",
  ]);
  assert.equal(run([join, heard, accepted, associated, { type: "secured" }]).state.kind, "connected");
});

test("a request is sent three times", () => {
  const times = (count: number): Input[] => Array.from({ length: count }, () => timeout("answer"));
  assert.equal(run([join, heard, ...times(2)]).state.kind, "authenticating");
  assert.equal(run([join, heard, ...times(3)]).state.kind, "off");
  assert.equal(run([join, heard, accepted, ...times(2)]).state.kind, "associating");
  assert.equal(run([join, heard, accepted, ...times(3)]).state.kind, "off");
});

test("after a failure it tries again, as often as it may", () => {
  const refused: Input = { type: "authentication", status: 17 };
  const first = run([join, heard, refused], { retries: 1 });
  assert.deepEqual(first.state, { kind: "waiting", failures: 1 });
  const second = run([join, heard, refused, timeout("retry"), heard, refused], { retries: 1 });
  assert.equal(second.state.kind, "off");
  assert.equal(second.effects.at(-1), "report gave-up");
});

test("a connection that has lasted makes earlier failures forgotten", () => {
  const inputs: Input[] = [join, timeout("scan"), timeout("scan"), timeout("retry"), heard, accepted, associated];
  const gone: Input = { type: "toldToLeave", by: "deauthentication", reason: "inactivity" };
  assert.deepEqual(run([...inputs, { type: "secured" }, gone], { retries: 1 }).state, { kind: "waiting", failures: 1 });
});

test("who isn't in can't be sent away, and what comes late changes nothing", () => {
  const gone: Input = { type: "toldToLeave", by: "deauthentication", reason: "inactivity" };
  assert.equal(run([join, gone]).state.kind, "scanning");
  assert.equal(run([join, heard, gone]).state.kind, "authenticating");
  for (const late of [accepted, associated, { type: "secured" } as const, timeout("answer"), timeout("handshake")]) {
    assert.deepEqual(run([join, late]).effects, []);
  }
});

test("it says goodbye only to whom it knows", () => {
  assert.ok(run([join, heard, { type: "leave" }]).effects.includes("deauthenticate"));
  assert.ok(!run([join, { type: "leave" }]).effects.includes("deauthenticate"));
  assert.deepEqual(run([{ type: "leave" }]).effects, []);
});
