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
  | { readonly type: "authenticationAcknowledged" }
  /** A valid request of a station that may be associated already. */
  | { readonly type: "associationRequested" }
  | { readonly type: "associationAccepted" }
  | { readonly type: "associationAnswered"; readonly acknowledged: boolean }
  /** The radio's firmware has authenticated and associated it, once more maybe. */
  | { readonly type: "associatedByFirmware" }
  /** Either side has ended the association and nothing more. */
  | { readonly type: "disassociated" }
  | { readonly type: "toldToLeave" };

export type Effect =
  /** The earlier association is over: keys, port, identifier. */
  | { readonly type: "endAssociation" }
  /** A fresh entry in the driver, whatever there was before. */
  | { readonly type: "addToDriver" }
  | { readonly type: "markAuthenticated" }
  | { readonly type: "markAssociated" }
  | { readonly type: "removeFromDriver" };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const end: Effect = { type: "endAssociation" };

export function step(state: State, input: Input): Step {
  switch (input.type) {
    case "authenticationAccepted":
      return { state: { kind: "authenticating" }, effects: [...endOf(state), { type: "addToDriver" }] };

    case "authenticationAcknowledged":
      if (state.kind !== "authenticating") return { state, effects: [] };
      return { state: { kind: "authenticated" }, effects: [{ type: "markAuthenticated" }] };

    case "associationRequested":
      // A driver doesn't let an associated station's capabilities change.
      if (!isAssociated(state)) return { state, effects: [] };
      return { state: { kind: "authenticated" }, effects: [end, { type: "removeFromDriver" }] };

    case "associationAccepted":
      if (!mayAssociate(state)) return { state, effects: [] };
      // Before the answer goes out: data may overtake its acknowledgement, and the driver would drop it.
      return { state: { kind: "associating" }, effects: [{ type: "markAssociated" }] };

    case "associationAnswered":
      if (state.kind !== "associating") return { state, effects: [] };
      return input.acknowledged
        ? { state: { kind: "associated" }, effects: [] }
        : { state: { kind: "authenticated" }, effects: [end, { type: "removeFromDriver" }] };

    case "associatedByFirmware":
      return { state: { kind: "associated" }, effects: endOf(state) };

    case "disassociated":
      if (!isAssociated(state)) return { state, effects: [] };
      return { state: { kind: "authenticated" }, effects: [end, { type: "removeFromDriver" }] };

    case "toldToLeave":
      return { state: { kind: "leaving" }, effects: endOf(state) };
  }
}

export const isAssociated = (state: State): boolean => state.kind === "associated" || state.kind === "associating";

const endOf = (state: State): readonly Effect[] => (isAssociated(state) ? [end] : []);

/** Class 2 frames are allowed. An answer whose acknowledgement was lost may have arrived all the same. */
export const mayAssociate = (state: State): boolean =>
  state.kind === "authenticating" || state.kind === "authenticated" || isAssociated(state);
