/**
 * The group keys of a BSS and their change. IEEE Std 802.11-2020, 12.7.7.4 (GTK state machine), as a pure function.
 * Every station is told of the new key under the old one; the radio changes over when the last has answered or gone.
 */

export interface GroupKey {
  /** Key ID on the air, 1 or 2. */
  readonly index: 1 | 2;
  readonly key: Uint8Array;
}

export type State =
  | { readonly kind: "steady"; readonly current: GroupKey }
  | {
      readonly kind: "changing";
      readonly current: GroupKey;
      readonly next: GroupKey;
      /** How many stations have still to answer. */
      readonly unanswered: number;
    };

export type Input =
  | { readonly type: "rekey"; readonly key: Uint8Array; readonly stations: number }
  /** One of those stations has the key, or is given up; told once for each. */
  | { readonly type: "answered" };

export type Effect =
  | { readonly type: "installNext"; readonly key: GroupKey }
  /** With each of the stations that were counted. */
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
      const changing: State = { ...state, kind: "changing", next, unanswered: input.stations };
      const finished = finishIfAnswered(changing);
      return {
        state: finished.state,
        effects: [
          { type: "installNext", key: next },
          { type: "startHandshakes" },
          ...finished.effects,
        ],
      };
    }
    case "answered":
      return state.kind === "changing"
        ? finishIfAnswered({ ...state, unanswered: state.unanswered - 1 })
        : { state, effects: [] };
  }
}

/** The key that a station joining now is given: the one that will be in use. */
export const keyForNewcomer = (state: State): GroupKey => (state.kind === "changing" ? state.next : state.current);

function finishIfAnswered(state: State & { kind: "changing" }): Step {
  if (state.unanswered > 0) return { state, effects: [] };
  return {
    state: { kind: "steady", current: state.next },
    effects: [{ type: "useNext", key: state.next, previous: state.current }],
  };
}
