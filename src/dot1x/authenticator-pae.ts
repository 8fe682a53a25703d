/**
 * Authenticator PAE state machine. IEEE Std 802.1X-2004, 8.2.4. RESTART and ABORTING, which a machine that runs to its rest leaves in the
 * step that it enters them, are no states here: their actions are effects.
 */

import type { CounterName } from "./counters.ts";

/** AuthControlledPortControl. */
export type PortControl = "auto" | "force-authorized" | "force-unauthorized";

/** `attempts` is reAuthCount. */
export type PaeState =
  /** The port is not in operation. */
  | { readonly kind: "initialize" }
  /** After a Logoff: whoever is below ends the association. */
  | { readonly kind: "disconnected" }
  | { readonly kind: "connecting"; readonly attempts: number }
  /** @property succeeded authSuccess: only the keys are missing */
  | { readonly kind: "authenticating"; readonly attempts: number; readonly succeeded: boolean }
  | { readonly kind: "authenticated" }
  | { readonly kind: "held"; readonly attempts: number }
  | { readonly kind: "force-authorized" }
  | { readonly kind: "force-unauthorized" };

export type PaeInput =
  | { readonly type: "port-enabled" }
  | { readonly type: "port-disabled" }
  /** The port's control has been changed: `rules.control` has it. */
  | { readonly type: "control" }
  | { readonly type: "eapol-start" }
  | { readonly type: "eapol-logoff" }
  | { readonly type: "reauthenticate" }
  /** EAP has a request, or is done without one (eapReq, eapSuccess, eapFail). */
  | { readonly type: "eap-ready" }
  /** authSuccess, authFail and authTimeout of the backend. */
  | { readonly type: "succeeded" }
  | { readonly type: "failed" }
  | { readonly type: "timed-out" }
  /** portValid: `rules.portValid` has it. */
  | { readonly type: "keys" }
  /** quietWhile is over. */
  | { readonly type: "quiet-over" };

export type PaeEffect =
  | { readonly type: "port"; readonly authorized: boolean }
  /** eapRestart: EAP begins anew. */
  | { readonly type: "restart" }
  /** authStart. */
  | { readonly type: "start-backend" }
  /** authAbort. */
  | { readonly type: "abort-backend" }
  | { readonly type: "quiet" }
  | { readonly type: "no-quiet" }
  | { readonly type: "canned"; readonly success: boolean }
  | { readonly type: "finished"; readonly success: boolean; readonly logoff: boolean }
  | { readonly type: "count"; readonly counter: CounterName };

export interface PaeStep {
  readonly state: PaeState;
  readonly effects: readonly PaeEffect[];
}

export interface PaeRules {
  readonly control: PortControl;
  /** The keys are in place, or there are none. */
  readonly portValid: boolean;
  /** reAuthMax. */
  readonly mostAttempts: number;
  /** After a Logoff the association ends: nothing is begun anew. */
  readonly endsWithLogoff: boolean;
  /** The port is open already: there is something to log off from. */
  readonly isAuthorized: boolean;
}

export function stepPae(rules: PaeRules, state: PaeState, input: PaeInput): PaeStep {
  switch (input.type) {
    case "port-disabled":
      return {
        state: { kind: "initialize" },
        effects: state.kind === "initialize" ? [] : [abort, { type: "no-quiet" }, close],
      };
    case "port-enabled":
      return state.kind === "initialize" ? enter(rules) : { state, effects: [] };
    case "control":
      return state.kind === "initialize" ? { state, effects: [] } : after([abort, { type: "no-quiet" }], enter(rules));
    case "eapol-start":
      return onStart(rules, state);
    case "eapol-logoff":
      return onLogoff(rules, state);
    case "reauthenticate":
      if (state.kind !== "authenticated") return { state, effects: [] };
      return after([count("authReauthsWhileAuthenticated")], connect(rules, 1));
    case "eap-ready":
      if (state.kind !== "connecting") return { state, effects: [] };
      return {
        state: { kind: "authenticating", attempts: state.attempts, succeeded: false },
        effects: [count("entersAuthenticating"), { type: "start-backend" }],
      };
    case "succeeded":
      if (state.kind !== "authenticating" || state.succeeded) return { state, effects: [] };
      return after([count("authSuccessesWhileAuthenticating")], authenticateIf(rules, state));
    case "failed":
      if (state.kind !== "authenticating") return { state, effects: [] };
      return {
        state: { kind: "held", attempts: state.attempts },
        effects: [
          count("authFailWhileAuthenticating"),
          close,
          { type: "quiet" },
          { type: "finished", success: false, logoff: false },
        ],
      };
    case "timed-out":
      if (state.kind !== "authenticating") return { state, effects: [] };
      return after([count("authTimeoutsWhileAuthenticating"), abort], connect(rules, state.attempts + 1));
    case "keys":
      if (state.kind === "authenticating" && state.succeeded) return authenticateIf(rules, state);
      if (state.kind === "authenticated" && !rules.portValid) return disconnect(rules, false);
      return { state, effects: [] };
    case "quiet-over":
      return state.kind === "held" ? connect(rules, state.attempts + 1) : { state, effects: [] };
  }
}

function onStart(rules: PaeRules, state: PaeState): PaeStep {
  switch (state.kind) {
    case "authenticated":
      return after([count("authEapStartsWhileAuthenticated")], connect(rules, 1));
    case "authenticating":
      return after([count("authEapStartsWhileAuthenticating"), abort], connect(rules, state.attempts + 1));
    case "force-authorized":
    case "force-unauthorized":
      return enter(rules);
    case "initialize":
    case "disconnected":
    case "connecting":
    case "held":
      return { state, effects: [] };
  }
}

function onLogoff(rules: PaeRules, state: PaeState): PaeStep {
  switch (state.kind) {
    case "authenticated":
      return after([count("authEapLogoffWhileAuthenticated")], disconnect(rules, true));
    case "connecting":
      return after([count("eapLogoffsWhileConnecting")], disconnect(rules, true));
    case "authenticating":
      // Whoever isn't in has nothing to end by it, and anybody can say it in its name.
      return after(
        [count("authEapLogoffWhileAuthenticating"), abort],
        rules.isAuthorized ? disconnect(rules, true) : after([close], connect(rules, 1)),
      );
    case "initialize":
    case "disconnected":
    case "held":
    case "force-authorized":
    case "force-unauthorized":
      return { state, effects: [] };
  }
}

/** The state that the port's control asks for. */
function enter(rules: PaeRules): PaeStep {
  switch (rules.control) {
    case "auto":
      return after([close], connect(rules, 1));
    case "force-authorized":
      return {
        state: { kind: "force-authorized" },
        effects: [
          { type: "port", authorized: true },
          { type: "canned", success: true },
        ],
      };
    case "force-unauthorized":
      return { state: { kind: "force-unauthorized" }, effects: [close, { type: "canned", success: false }] };
  }
}

function connect(rules: PaeRules, attempts: number): PaeStep {
  const entered = count("entersConnecting");
  if (attempts > rules.mostAttempts) return after([entered], disconnect(rules, false));
  return { state: { kind: "connecting", attempts }, effects: [entered, { type: "restart" }] };
}

function disconnect(rules: PaeRules, logoff: boolean): PaeStep {
  const effects: readonly PaeEffect[] = [close, { type: "finished", success: false, logoff }];
  if (logoff && rules.endsWithLogoff) return { state: { kind: "disconnected" }, effects };
  return after(effects, connect(rules, 1));
}

function authenticateIf(rules: PaeRules, state: PaeState & { kind: "authenticating" }): PaeStep {
  if (!rules.portValid) return { state: { ...state, succeeded: true }, effects: [] };
  return {
    state: { kind: "authenticated" },
    effects: [
      { type: "port", authorized: true },
      { type: "finished", success: true, logoff: false },
    ],
  };
}

const abort: PaeEffect = { type: "abort-backend" };
const close: PaeEffect = { type: "port", authorized: false };
const count = (counter: CounterName): PaeEffect => ({ type: "count", counter });

const after = (before: readonly PaeEffect[], { state, effects }: PaeStep): PaeStep => ({
  state,
  effects: [...before, ...effects],
});
