/**
 * The group keys of a BSS and their change. IEEE Std 802.11-2020, 12.7.9.3, as a pure function.
 * Every station is told of the new key under the old one; the radio changes over when the last has answered or gone.
 */

export interface GroupKey {
  /** Key ID on the air. */
  readonly index: 1 | 2;
  readonly key: Uint8Array;
  /** Those that live and change with it. */
  readonly management?: ManagementKeys | undefined;
}

/** Keys for what is not data. IEEE Std 802.11-2020, 12.7.1.5, 12.7.1.6. */
export interface ManagementKeys {
  /** Integrity group key: for management frames to all. */
  readonly igtk: Uint8Array;
  /** Beacon integrity key. */
  readonly bigtk?: Uint8Array | undefined;
}

/** Key IDs of a group key's companions. */
export const igtkIndex = (index: GroupKey["index"]): 4 | 5 => (index === 1 ? 4 : 5);
export const bigtkIndex = (index: GroupKey["index"]): 6 | 7 => (index === 1 ? 6 : 7);

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
  | { readonly type: "rekey"; readonly key: Uint8Array; readonly management?: ManagementKeys | undefined }
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

const groupKey = (index: GroupKey["index"], key: Uint8Array, management: ManagementKeys | undefined): GroupKey =>
  management ? { index, key, management } : { index, key };

export const initial = (key: Uint8Array, management?: ManagementKeys): State => ({
  kind: "steady",
  current: groupKey(1, key, management),
});

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "rekey": {
      // A change under way already brings everybody a fresh key.
      if (state.kind === "changing") return { state, effects: [] };
      const next = groupKey(state.current.index === 1 ? 2 : 1, input.key, input.management);
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
