/**
 * SA Query, the asking side: is a station that somebody wants to associate anew still there with its keys? A pure function;
 * hostapd's times, since its users' configurations are tuned to them. IEEE Std 802.11-2020, 11.13, 11.3.5.3, 11.3.5.5.
 */

import { type Duration, timeUnits } from "../base/duration.ts";

export type State =
  | { readonly kind: "idle" }
  | {
      readonly kind: "asking";
      readonly since: Duration;
      /** Transaction identifiers of the requests so far: an answer to any of them will do. */
      readonly transactions: readonly number[];
    }
  /** It has not answered: the next who associates in its name is taken for the station. */
  | { readonly kind: "unanswered" };

export type Input =
  /** A (re)association request in the name of the station. `transaction` is a fresh random number of 16 bits. */
  | { readonly type: "association-requested"; readonly now: Duration; readonly transaction: number }
  | { readonly type: "timer"; readonly now: Duration; readonly transaction: number }
  /** A response under the station's key. */
  | { readonly type: "response"; readonly transaction: number }
  /** The association has ended, or another has begun. */
  | { readonly type: "reset" };

export type Effect =
  | { readonly type: "request"; readonly transaction: number; readonly attempt: number }
  | { readonly type: "arm"; readonly after: Duration }
  | { readonly type: "disarm" }
  | { readonly type: "answered" }
  | { readonly type: "timed-out" };

export interface Policy {
  /** assoc_sa_query_max_timeout, assoc_sa_query_retry_timeout, in time units. */
  readonly maxTimeout: number;
  readonly retryTimeout: number;
}

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const initial: State = { kind: "idle" };

/** With a time to retry that is much shorter than the whole, more requests than that are no use. */
const maxAttempts = 1000;

export function step(policy: Policy, state: State, input: Input): Step {
  switch (input.type) {
    case "association-requested":
      switch (state.kind) {
        case "idle":
          return ask(policy, { kind: "asking", since: input.now, transactions: [] }, input.transaction);
        case "asking":
          return isOver(policy, state, input.now) ? timeOut() : { state, effects: [] };
        case "unanswered":
          return { state, effects: [] };
      }
      break;
    case "timer":
      if (state.kind !== "asking") return { state, effects: [] };
      return isOver(policy, state, input.now) ? timeOut() : ask(policy, state, input.transaction);
    case "response":
      if (state.kind !== "asking" || !state.transactions.includes(input.transaction)) return { state, effects: [] };
      return { state: initial, effects: [{ type: "disarm" }, { type: "answered" }] };
    case "reset":
      return { state: initial, effects: state.kind === "asking" ? [{ type: "disarm" }] : [] };
  }
}

/** In time units: when whoever asked for an association may come back. */
export function comeback(policy: Policy, state: State, now: Duration): number {
  const { maxTimeout } = policy;
  if (state.kind !== "asking") return maxTimeout;
  const left = Math.max(0, maxTimeout - elapsedUnits(state.since, now));
  // Timers here and there are none too exact.
  return left < maxTimeout ? left + 1 : left;
}

function ask(policy: Policy, state: State & { kind: "asking" }, transaction: number): Step {
  if (state.transactions.length >= maxAttempts) return { state, effects: [] };
  const transactions = [...state.transactions, transaction];
  return {
    state: { ...state, transactions },
    effects: [
      { type: "arm", after: timeUnits(policy.retryTimeout) },
      { type: "request", transaction, attempt: transactions.length },
    ],
  };
}

const timeOut = (): Step => ({
  state: { kind: "unanswered" },
  effects: [{ type: "disarm" }, { type: "timed-out" }],
});

const isOver = ({ maxTimeout }: Policy, { since }: State & { kind: "asking" }, now: Duration): boolean =>
  now - since >= timeUnits(maxTimeout);

const elapsedUnits = (since: Duration, now: Duration): number => Math.floor((now - since) / timeUnits(1));
