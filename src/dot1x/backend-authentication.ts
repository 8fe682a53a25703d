/**
 * Backend Authentication state machine: carries requests to the supplicant and its responses to EAP. IEEE Std 802.1X-2004, 8.2.9. SUCCESS,
 * FAIL and TIMEOUT, which lead to IDLE at once, are no states here: their actions are effects.
 */

import type { CounterName } from "./counters.ts";

export type BackendState =
  | { readonly kind: "initialize" }
  /** @property started authStart: the PAE waits for what EAP has to say */
  | { readonly kind: "idle"; readonly started: boolean }
  /** The supplicant's turn. */
  | { readonly kind: "request" }
  /** EAP's turn. */
  | { readonly kind: "response" }
  /** What the supplicant sent was nothing: still its turn. */
  | { readonly kind: "ignore" };

export type BackendInput =
  | { readonly type: "start" }
  | { readonly type: "abort" }
  /** eapReq. */
  | { readonly type: "request"; readonly packet: Uint8Array }
  /** eapolEap. */
  | { readonly type: "response"; readonly packet: Uint8Array }
  /** eapNoReq. */
  | { readonly type: "no-request" }
  /** eapSuccess and eapFail, with the packet that says so. */
  | { readonly type: "success"; readonly packet: Uint8Array }
  | { readonly type: "failure"; readonly packet: Uint8Array }
  /** eapTimeout. */
  | { readonly type: "eap-timeout" }
  /** aWhile is over. */
  | { readonly type: "server-timeout" };

export type BackendEffect =
  /** txReq. */
  | { readonly type: "send"; readonly packet: Uint8Array }
  /** eapResp. */
  | { readonly type: "respond"; readonly packet: Uint8Array }
  /** aWhile runs, or not. */
  | { readonly type: "await-server" }
  | { readonly type: "await-nothing" }
  /** abortAuth. */
  | { readonly type: "abandon" }
  | { readonly type: "succeeded" }
  | { readonly type: "failed" }
  | { readonly type: "timed-out" }
  | { readonly type: "count"; readonly counter: CounterName };

export interface BackendStep {
  readonly state: BackendState;
  readonly effects: readonly BackendEffect[];
}

export function stepBackend(state: BackendState, input: BackendInput): BackendStep {
  switch (input.type) {
    case "abort":
      return { state: idle, effects: [stopWaiting, { type: "abandon" }] };
    case "start":
      return { state: { kind: "idle", started: true }, effects: [] };
    case "request":
      return onRequest(state, input.packet);
    case "response":
      if (state.kind !== "request" && state.kind !== "ignore") return { state, effects: [] };
      return {
        state: { kind: "response" },
        effects: [count("backendResponses"), { type: "await-server" }, { type: "respond", packet: input.packet }],
      };
    case "no-request":
      return state.kind === "response" ? { state: { kind: "ignore" }, effects: [stopWaiting] } : { state, effects: [] };
    case "success":
      return onOutcome(state, input.packet, "backendAuthSuccesses", { type: "succeeded" });
    case "failure":
      return onOutcome(state, input.packet, "backendAuthFails", { type: "failed" });
    case "eap-timeout":
      if (state.kind !== "request" && state.kind !== "ignore") return { state, effects: [] };
      return { state: idle, effects: [{ type: "timed-out" }] };
    case "server-timeout":
      return state.kind === "response" ? { state: idle, effects: [{ type: "timed-out" }] } : { state, effects: [] };
  }
}

function onRequest(state: BackendState, packet: Uint8Array): BackendStep {
  const sending: readonly BackendEffect[] = [{ type: "send", packet }, count("backendOtherRequestsToSupplicant")];
  switch (state.kind) {
    case "initialize":
      return { state, effects: [] };
    case "idle":
      return state.started ? { state: { kind: "request" }, effects: sending } : { state, effects: [] };
    case "request":
    case "ignore":
      return { state: { kind: "request" }, effects: sending };
    case "response":
      return { state: { kind: "request" }, effects: [stopWaiting, count("backendAccessChallenges"), ...sending] };
  }
}

function onOutcome(state: BackendState, packet: Uint8Array, counter: CounterName, outcome: BackendEffect): BackendStep {
  switch (state.kind) {
    case "response":
      return { state: idle, effects: [stopWaiting, count(counter), { type: "send", packet }, outcome] };
    case "idle":
      return state.started ? { state: idle, effects: [{ type: "send", packet }, outcome] } : { state, effects: [] };
    case "initialize":
    case "request":
    case "ignore":
      return { state, effects: [] };
  }
}

const idle: BackendState = { kind: "idle", started: false };
const stopWaiting: BackendEffect = { type: "await-nothing" };
const count = (counter: CounterName): BackendEffect => ({ type: "count", counter });
