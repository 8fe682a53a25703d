/**
 * The group keys of a BSS and their change. IEEE Std 802.11-2020, 12.7.9.3, as a pure function.
 * Every station is told of the new key under the old one; the radio changes over when the last has answered or gone.
 */

export interface GroupKey {
  /** Key ID on the air. */
  readonly index: 1 | 2;
  readonly key: Uint8Array;
}

export type State =
  | { readonly kind: "steady"; readonly current: GroupKey }
  | {
      readonly kind: "changing";
      readonly current: GroupKey;
      readonly next: GroupKey;
      /** Stations told of the new key, once all have been. */
      readonly asked: number | undefined;
      readonly answered: number;
    };

export type Input =
  | { readonly type: "rekey"; readonly key: Uint8Array }
  /** The handshakes have been started with so many stations. */
  | { readonly type: "asked"; readonly stations: number }
  /** One of those stations has the key, or is given up; told once for each. */
  | { readonly type: "answered" };

export type Effect =
  /** With each station that has the present key; `asked` says with how many. */
  | { readonly type: "startHandshakes" }
  | { readonly type: "useNext"; readonly key: GroupKey; readonly previous: GroupKey };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const initial = (key: Uint8Array): State => ({ kind: "steady", current: { index: 1, key } });

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "rekey": {
      // A change under way already brings everybody a fresh key.
      if (state.kind === "changing") return { state, effects: [] };
      const next: GroupKey = { index: state.current.index === 1 ? 2 : 1, key: input.key };
      return {
        state: { kind: "changing", current: state.current, next, asked: undefined, answered: 0 },
        effects: [{ type: "startHandshakes" }],
      };
    }
    case "asked":
      return state.kind === "changing" ? finishIfAnswered({ ...state, asked: input.stations }) : { state, effects: [] };
    case "answered":
      return state.kind === "changing"
        ? finishIfAnswered({ ...state, answered: state.answered + 1 })
        : { state, effects: [] };
  }
}

/** The key that a station joining now is given: the one that will be in use. */
export const keyForNewcomer = (state: State): GroupKey => (state.kind === "changing" ? state.next : state.current);

function finishIfAnswered(state: State & { kind: "changing" }): Step {
  if (state.asked === undefined || state.answered < state.asked) return { state, effects: [] };
  return {
    state: { kind: "steady", current: state.next },
    effects: [{ type: "useNext", key: state.next, previous: state.current }],
  };
}
