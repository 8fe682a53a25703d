/**
 * When a station that has gone silent is polled, and when it is given up. A pure function; hostapd's times, since its
 * users' configurations are tuned to them. IEEE Std 802.11-2020, 11.3.6, leaves them open.
 */

import { type Duration, milliseconds, seconds } from "../base/duration.ts";
import type { ReasonName } from "../wire/ieee80211/reason-code.ts";

export type State =
  | { readonly kind: "watching" }
  | { readonly kind: "polling"; readonly answered: boolean }
  /** Told to disassociate; a deauthentication follows. */
  | { readonly kind: "disassociated" };

export type Input =
  | {
      readonly type: "timer";
      /** Since when the driver has heard nothing; `unknown` where it can't tell, `gone` where it has no such station. */
      readonly silence: Duration | "unknown" | "gone";
      /** 0 to 1, so that not all stations are polled at once. */
      readonly spread: number;
    }
  | { readonly type: "pollAnswered" };

export type Effect =
  | { readonly type: "arm"; readonly after: Duration }
  | { readonly type: "poll" }
  | { readonly type: "disassociate"; readonly reason: ReasonName }
  | { readonly type: "deauthenticate"; readonly reason: ReasonName };

export interface Policy {
  /** ap_max_inactivity. */
  readonly maxInactivity: Duration;
  /** skip_inactivity_poll. */
  readonly skipPoll: boolean;
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const answerTime = seconds(3);
const deauthenticationDelay = seconds(1);
const spreadTime = seconds(20);

export const initial: State = { kind: "watching" };

export function step(policy: Policy, state: State, input: Input): Step {
  if (input.type === "pollAnswered") {
    return { state: state.kind === "polling" ? { kind: "polling", answered: true } : state, effects: [] };
  }
  if (state.kind === "disassociated") {
    return { state, effects: [{ type: "deauthenticate", reason: "invalid-authentication" }] };
  }
  const { silence } = input;
  const spread = spreadTime * input.spread;
  if (silence === "gone") return giveUp();
  if (silence === "unknown") return watch(milliseconds(policy.maxInactivity + spread));
  if (silence < policy.maxInactivity) return watch(milliseconds(policy.maxInactivity + spread - silence));
  if (policy.skipPoll) return giveUp();
  if (state.kind === "watching") {
    return {
      state: { kind: "polling", answered: false },
      effects: [{ type: "poll" }, { type: "arm", after: answerTime }],
    };
  }
  return state.answered ? watch(policy.maxInactivity) : giveUp();
}

const watch = (after: Duration): Step => ({ state: { kind: "watching" }, effects: [{ type: "arm", after }] });

const giveUp = (): Step => ({
  state: { kind: "disassociated" },
  effects: [
    { type: "disassociate", reason: "inactivity" },
    { type: "arm", after: deauthenticationDelay },
  ],
});
