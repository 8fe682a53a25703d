/**
 * How far a station has come: IEEE Std 802.11-2020, 11.3.1, states 1 to 3, as a pure function. State 4 is the business
 * of the authenticator. A state is entered when the station has acknowledged the answer that grants it.
 */

export type State =
  /** Heard of, but nothing granted. */
  | { readonly kind: "new" }
  | { readonly kind: "authenticating" }
  | { readonly kind: "authenticated" }
  | { readonly kind: "associating" }
  | { readonly kind: "associated" }
  /** We have told it to go; its entry waits for the frame to be out. */
  | { readonly kind: "leaving" };

export type Input =
  | { readonly type: "authenticationAccepted" }
  | { readonly type: "authenticationAnswered"; readonly acknowledged: boolean }
  | { readonly type: "associationAccepted" }
  | { readonly type: "associationAnswered"; readonly acknowledged: boolean }
  | { readonly type: "disassociated" }
  | { readonly type: "toldToLeave" };

export type Effect =
  /** A fresh entry in the driver, whatever there was before. */
  | { readonly type: "addToDriver" }
  | { readonly type: "markAuthenticated" }
  | { readonly type: "markAssociated" }
  | { readonly type: "removeFromDriver" }
  /** The earlier association is over: keys, authorization, identity. */
  | { readonly type: "endAssociation" }
  | { readonly type: "beginAssociation"; readonly again: boolean };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "authenticationAccepted":
      return {
        state: { kind: "authenticating" },
        effects: [...(isAssociated(state) ? [{ type: "endAssociation" } as const] : []), { type: "addToDriver" }],
      };

    case "authenticationAnswered":
      if (state.kind !== "authenticating") return { state, effects: [] };
      // An unacknowledged answer may have arrived all the same: the station may go on to associate.
      return input.acknowledged
        ? { state: { kind: "authenticated" }, effects: [{ type: "markAuthenticated" }] }
        : { state, effects: [] };

    case "associationAccepted":
      if (!mayAssociate(state)) return { state, effects: [] };
      return {
        state: { kind: "associating" },
        // The driver drops data of a station that it doesn't know as associated, and data may overtake the acknowledgement.
        effects: [
          ...(state.kind === "associated" ? [{ type: "endAssociation" } as const] : []),
          { type: "markAssociated" },
        ],
      };

    case "associationAnswered":
      if (state.kind !== "associating") return { state, effects: [] };
      return input.acknowledged
        ? { state: { kind: "associated" }, effects: [{ type: "beginAssociation", again: false }] }
        : { state: { kind: "new" }, effects: [{ type: "removeFromDriver" }] };

    case "disassociated":
      if (!isAssociated(state)) return { state, effects: [] };
      return { state: { kind: "authenticated" }, effects: [{ type: "endAssociation" }] };

    case "toldToLeave":
      return { state: { kind: "leaving" }, effects: isAssociated(state) ? [{ type: "endAssociation" }] : [] };
  }
}

export const isAssociated = (state: State): boolean => state.kind === "associated" || state.kind === "associating";

/** Class 2 frames are allowed. An answer whose acknowledgement was lost counts. */
export const mayAssociate = (state: State): boolean =>
  state.kind === "authenticating" || state.kind === "authenticated" || isAssociated(state);
