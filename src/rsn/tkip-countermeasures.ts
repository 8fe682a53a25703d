/**
 * TKIP countermeasures. IEEE Std 802.11-2020, 12.5.2.4, as a pure function: two Michael MIC failures within a minute mean
 * that somebody is guessing the key, and for a minute nobody may use it.
 */

import { type Duration, seconds } from "../base/duration.ts";

export type State =
  /** `failedAt`: of the last failure, on the caller's clock. */
  { readonly kind: "calm"; readonly failedAt: Duration | undefined } | { readonly kind: "in-force" };

export type Input = { readonly type: "failure"; readonly at: Duration } | { readonly type: "over" };

export type Effect =
  /** Everybody goes, and nobody comes before the timer has fired. */
  | { readonly type: "begin" }
  | { readonly type: "arm"; readonly timer: "TKIP countermeasures"; readonly after: Duration }
  | { readonly type: "end" };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const initial: State = { kind: "calm", failedAt: undefined };

const minute = seconds(60);

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "failure":
      // Whoever reports one now has heard a frame of before.
      if (state.kind === "in-force") return { state, effects: [] };
      if (state.failedAt === undefined || input.at - state.failedAt > minute) {
        return { state: { kind: "calm", failedAt: input.at }, effects: [] };
      }
      return {
        state: { kind: "in-force" },
        effects: [{ type: "begin" }, { type: "arm", timer: "TKIP countermeasures", after: minute }],
      };
    case "over":
      return state.kind === "in-force" ? { state: initial, effects: [{ type: "end" }] } : { state, effects: [] };
  }
}
