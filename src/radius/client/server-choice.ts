/** Which of several servers is asked, as a pure function. RFC 3539, section 3.4, is the idea; when another one is asked is as in hostapd. */

import type { Duration } from "../../base/duration.ts";

export interface ServerChoice {
  readonly count: number;
  /** Place of the one that is asked. */
  readonly current: number;
  /** Those that could not be reached since somebody answered last: nobody goes round and round among them. */
  readonly unreachable: ReadonlySet<number>;
  /** When it answered last. */
  readonly answeredAt: Duration | undefined;
}

export type Input =
  /** A request had all its attempts. @property since when it was sent first */
  | { readonly type: "silent"; readonly server: number; readonly since: Duration }
  /** The network or the machine says that nobody is there. */
  | { readonly type: "unreachable"; readonly server: number }
  | { readonly type: "answered"; readonly server: number; readonly at: Duration }
  /** It is time to ask one of those before it again. */
  | { readonly type: "return"; readonly to: number };

/** The first of so many. */
export const among = (count: number): ServerChoice => ({
  count,
  current: 0,
  unreachable: new Set(),
  answeredAt: undefined,
});

/** @returns the state after it: another server is asked where {@link ServerChoice.current} is another */
export function step(state: ServerChoice, input: Input): ServerChoice {
  switch (input.type) {
    case "silent": {
      if (input.server !== state.current || state.count < 2) return state;
      // One that answers others has no answer to this: no other would have one.
      if (state.answeredAt !== undefined && state.answeredAt >= input.since) return state;
      return { ...among(state.count), current: (state.current + 1) % state.count };
    }

    case "unreachable": {
      if (input.server !== state.current) return state;
      const unreachable = new Set(state.unreachable).add(input.server);
      for (let i = 1; i < state.count; i++) {
        const next = (state.current + i) % state.count;
        if (!unreachable.has(next)) return { ...state, current: next, unreachable, answeredAt: undefined };
      }
      // All of them: each gets another chance when a request's time is over.
      return { ...state, unreachable: new Set() };
    }

    case "answered":
      if (input.server !== state.current) return state;
      return { ...state, unreachable: new Set(), answeredAt: input.at };

    case "return":
      return input.to < state.current ? { ...among(state.count), current: input.to } : state;
  }
}
