/**
 * How a station becomes and stays a member of a network: scanning, authentication, association, and what ends it.
 * IEEE Std 802.11-2020, 11.1.4, 11.3. A pure function; the handshake in between is the supplicant's.
 */

import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import { statusCode, statusName } from "../wire/ieee80211/status-code.ts";
import type { Network } from "./network.ts";
import type { StationEvent } from "./station-event.ts";

export type State =
  | { readonly kind: "off" }
  | { readonly kind: "scanning"; readonly channel: number; readonly failures: number }
  | { readonly kind: "authenticating"; readonly network: Network; readonly sent: number; readonly failures: number }
  | {
      readonly kind: "associating";
      readonly network: Network;
      readonly sent: number;
      readonly failures: number;
      readonly again: boolean;
    }
  | { readonly kind: "securing"; readonly network: Network; readonly failures: number }
  | { readonly kind: "connected"; readonly network: Network }
  /** Between two attempts. */
  | { readonly kind: "waiting"; readonly failures: number };

export type Input =
  | { readonly type: "join" }
  | { readonly type: "heard"; readonly network: Network }
  | { readonly type: "authentication"; readonly status: number }
  | {
      readonly type: "association";
      readonly status: number;
      readonly aid: number;
      /** Where it may come back, when. */
      readonly comeback?: Duration | undefined;
    }
  /** The handshake is done. */
  | { readonly type: "secured" }
  | { readonly type: "insecure"; readonly why: string }
  | {
      readonly type: "toldToLeave";
      readonly by: "deauthentication" | "disassociation";
      readonly reason: string;
    }
  | { readonly type: "reassociate" }
  | { readonly type: "leave" }
  | { readonly type: "timeout"; readonly timer: TimerName };

export type TimerName = "scan" | "answer" | "handshake" | "retry" | "beacon";

export type Effect =
  | { readonly type: "tune"; readonly frequency: number }
  | { readonly type: "probe"; readonly frequency: number }
  | { readonly type: "authenticate"; readonly network: Network }
  | { readonly type: "associate"; readonly network: Network; readonly again: boolean }
  | { readonly type: "startSupplicant"; readonly network: Network }
  | { readonly type: "deauthenticate"; readonly network: Network; readonly reason: Leaving }
  | { readonly type: "forgetKeys" }
  | { readonly type: "arm"; readonly timer: TimerName; readonly after: Duration }
  | { readonly type: "disarmAll" }
  | { readonly type: "report"; readonly event: StationEvent };

export type Leaving = "leaving-network-deauthentication" | "handshake-element-mismatch";

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Policy {
  readonly frequencies: readonly number[];
  readonly retries: number;
  readonly retryDelay: Duration;
}

const dwell = milliseconds(20);
const answerTimeout = milliseconds(200);
const requestLimit = 3;
const handshakeTimeout = seconds(10);
/** Longer than an access point that lives is ever silent. */
export const beaconTimeout = seconds(3);

export function step(policy: Policy, state: State, input: Input): Step {
  switch (input.type) {
    case "join":
      return state.kind === "off" || state.kind === "waiting" ? scan(policy, 0, 0) : stay(state);

    case "heard":
      if (state.kind !== "scanning") return stay(state);
      return authenticate(input.network, 1, state.failures, [
        report({ type: "network-found", bssid: input.network.bssid, frequency: input.network.frequency }),
      ]);

    case "authentication":
      if (state.kind !== "authenticating") return stay(state);
      if (input.status !== statusCode.success) {
        return fail(policy, state.failures, { type: "authentication-refused", status: statusName(input.status) });
      }
      return associate(state.network, 1, state.failures, false, [
        report({ type: "authenticated", bssid: state.network.bssid }),
      ]);

    case "association":
      if (state.kind !== "associating") return stay(state);
      if (input.comeback !== undefined) {
        const after = input.comeback;
        return {
          state: { ...state, sent: 0 },
          effects: [report({ type: "association-postponed", after }), { type: "arm", timer: "answer", after }],
        };
      }
      if (input.status !== statusCode.success) {
        return fail(policy, state.failures, { type: "association-refused", status: statusName(input.status) });
      }
      return onAssociated(state, input.aid);

    case "secured":
      if (state.kind !== "securing") return stay(state);
      return connected(state.network, []);

    case "insecure":
      if (state.kind !== "securing" && state.kind !== "connected") return stay(state);
      return fail(
        policy,
        failuresOf(state),
        { type: "handshake-refused", why: input.why },
        { type: "deauthenticate", network: state.network, reason: "handshake-element-mismatch" },
      );

    case "toldToLeave":
      // Who is not even authenticated is not concerned.
      if (!hasNetwork(state) || state.kind === "authenticating") return stay(state);
      return fail(policy, failuresOf(state), { type: "told-to-leave", by: input.by, reason: input.reason });

    case "reassociate":
      if (state.kind !== "connected") return stay(state);
      return associate(state.network, 1, 0, true, [{ type: "disarmAll" }, { type: "forgetKeys" }]);

    case "leave":
      return leave(state);

    case "timeout":
      return onTimeout(policy, state, input.timer);
  }
}

function onTimeout(policy: Policy, state: State, timer: TimerName): Step {
  switch (timer) {
    case "scan":
      return state.kind === "scanning" ? scan(policy, state.channel + 1, state.failures) : stay(state);

    case "answer":
      if (state.kind === "authenticating") {
        return state.sent < requestLimit
          ? authenticate(state.network, state.sent + 1, state.failures, [])
          : fail(policy, state.failures, { type: "unanswered", request: "authentication" });
      }
      if (state.kind !== "associating") return stay(state);
      return state.sent < requestLimit
        ? associate(state.network, state.sent + 1, state.failures, state.again, [])
        : fail(policy, state.failures, { type: "unanswered", request: "association" });

    case "handshake":
      if (state.kind !== "securing") return stay(state);
      return fail(policy, state.failures, { type: "unanswered", request: "handshake" });

    case "retry":
      return state.kind === "waiting" ? scan(policy, 0, state.failures) : stay(state);

    case "beacon":
      return hasNetwork(state) ? fail(policy, failuresOf(state), { type: "lost" }) : stay(state);
  }
}

function scan(policy: Policy, channel: number, failures: number): Step {
  const frequency = policy.frequencies[channel];
  if (frequency === undefined) return fail(policy, failures, { type: "network-not-found" });
  return {
    state: { kind: "scanning", channel, failures },
    effects: [
      { type: "tune", frequency },
      report({ type: "scanning", frequency }),
      { type: "probe", frequency },
      { type: "arm", timer: "scan", after: dwell },
    ],
  };
}

const authenticate = (network: Network, sent: number, failures: number, before: readonly Effect[]): Step => ({
  state: { kind: "authenticating", network, sent, failures },
  effects: [
    ...before,
    { type: "disarmAll" },
    { type: "authenticate", network },
    { type: "arm", timer: "answer", after: answerTimeout },
  ],
});

const associate = (
  network: Network,
  sent: number,
  failures: number,
  again: boolean,
  before: readonly Effect[],
): Step => ({
  state: { kind: "associating", network, sent, failures, again },
  effects: [...before, { type: "associate", network, again }, { type: "arm", timer: "answer", after: answerTimeout }],
});

function onAssociated(state: State & { kind: "associating" }, aid: number): Step {
  const { network, failures, again } = state;
  const before: Effect[] = [{ type: "disarmAll" }, report({ type: "associated", aid, again })];
  if (!network.isProtected) return connected(network, before);
  return {
    state: { kind: "securing", network, failures },
    effects: [
      ...before,
      { type: "startSupplicant", network },
      { type: "arm", timer: "handshake", after: handshakeTimeout },
    ],
  };
}

const connected = (network: Network, before: readonly Effect[]): Step => ({
  state: { kind: "connected", network },
  effects: [...before, { type: "disarmAll" }, report({ type: "connected", bssid: network.bssid })],
});

/** An attempt has failed, or a connection has ended: once more, or that's it. */
function fail(policy: Policy, failures: number, event: StationEvent, first?: Effect): Step {
  const effects: Effect[] = [...(first ? [first] : []), { type: "disarmAll" }, { type: "forgetKeys" }, report(event)];
  if (failures >= policy.retries) return { state: { kind: "off" }, effects: [...effects, report({ type: "gave-up" })] };
  return {
    state: { kind: "waiting", failures: failures + 1 },
    effects: [...effects, { type: "arm", timer: "retry", after: policy.retryDelay }],
  };
}

function leave(state: State): Step {
  const effects: Effect[] = [{ type: "disarmAll" }, { type: "forgetKeys" }];
  if (state.kind === "off") return stay(state);
  if (hasNetwork(state)) {
    const { network } = state;
    effects.unshift({ type: "deauthenticate", network, reason: "leaving-network-deauthentication" });
  }
  return { state: { kind: "off" }, effects: [...effects, report({ type: "left" })] };
}

type WithNetwork = Extract<State, { readonly network: Network }>;
export const hasNetwork = (state: State): state is WithNetwork => "network" in state;

const failuresOf = (state: WithNetwork): number => (state.kind === "connected" ? 0 : state.failures);

const stay = (state: State): Step => ({ state, effects: [] });
const report = (event: StationEvent): Effect => ({ type: "report", event });
