/**
 * How often a request is sent, and when it is given up, as a pure function. The times are hostapd's: 3 s, then twice as long each time.
 * RFC 5080, section 2.2.1.
 */

import { type Duration, milliseconds, seconds } from "../../base/duration.ts";

/**
 * - `one-round`: each server gets its attempts; whoever wanted to be let in has given up by then
 * - `until-answered`: what must not get lost
 * - `once`: what is better made anew than sent again
 */
export type Persistence = "one-round" | "until-answered" | "once";

export interface Policy {
  readonly persistence: Persistence;
  /** That may be asked. */
  readonly servers: number;
}

export interface Attempts {
  /** Transmissions to the server that is asked now. */
  readonly here: number;
  /** Servers that were asked before it, without an answer. */
  readonly silent: number;
}

export type Input =
  | { readonly type: "begin" }
  | { readonly type: "timeout" }
  /** Another server is asked from now on. @property isSilent the one before has had all its attempts */
  | { readonly type: "moved"; readonly isSilent: boolean }
  /** The connection that it was sent over is gone. */
  | { readonly type: "lost" }
  /** The server answers others again. @property turn from 1 on, of those that have waited for it */
  | { readonly type: "server-back"; readonly turn: number };

export type Effect =
  | { readonly type: "transmit" }
  /** @property attempt 1 for the first: see {@link waitAfter} */
  | { readonly type: "wait"; readonly attempt: number }
  /** @property turn see {@link waitForTurn} */
  | { readonly type: "wait-for-turn"; readonly turn: number }
  /** The server has had all its attempts: time to ask another one, where there is one. */
  | { readonly type: "tell-silence" }
  | { readonly type: "give-up" };

export interface Step {
  readonly state: Attempts;
  readonly effects: readonly Effect[];
}

export const initial: Attempts = { here: 0, silent: 0 };

/** After so many without an answer another server is asked. */
export const attemptsPerServer = 4;

export function step(policy: Policy, state: Attempts, input: Input): Step {
  switch (input.type) {
    case "begin":
      return send({ here: 0, silent: state.silent });

    case "timeout":
      if (policy.persistence === "once") return { state, effects: [{ type: "give-up" }] };
      if (state.here < attemptsPerServer) return send(state);
      if (policy.persistence === "until-answered") {
        const { effects, state: next } = send(state);
        return { state: next, effects: [{ type: "tell-silence" }, ...effects] };
      }
      if (state.silent + 1 >= policy.servers) {
        return { state, effects: [{ type: "tell-silence" }, { type: "give-up" }] };
      }
      return { state, effects: [{ type: "tell-silence" }, { type: "wait", attempt: 1 }] };

    case "moved": {
      const silent = state.silent + (input.isSilent ? 1 : 0);
      if (policy.persistence === "one-round" && silent >= policy.servers) {
        return { state: { ...state, silent }, effects: [{ type: "give-up" }] };
      }
      return send({ here: 0, silent });
    }

    case "lost":
      return { state, effects: [{ type: "wait", attempt: Math.max(1, state.here) }] };

    case "server-back": {
      if (!hasWaited(state)) return { state, effects: [] };
      // It may have been silent for as long as this has: the attempts of before don't count against it.
      const here = Math.min(state.here, attemptsPerServer - 1);
      return { state: { ...state, here }, effects: [{ type: "wait-for-turn", turn: input.turn }] };
    }
  }
}

/** Whether its first attempt at the server that is asked has had no answer in time. */
export const hasWaited = ({ here }: Attempts): boolean => here > 1;

function send(state: Attempts): Step {
  const here = state.here + 1;
  return { state: { ...state, here }, effects: [{ type: "transmit" }, { type: "wait", attempt: here }] };
}

const firstWait = seconds(3);
const longestWait = seconds(120);

/** @param chance 0..1: many requests that began together don't come together again */
export function waitAfter(attempt: number, chance: number): Duration {
  const wait = Math.min(longestWait, firstWait * 2 ** Math.min(attempt - 1, 10));
  return milliseconds(Math.round(wait * (1 - 0.1 * chance)));
}

/** Those that have waited for a server don't all come at once when it is back. */
export const waitForTurn = (turn: number): Duration => milliseconds(5 * turn);
