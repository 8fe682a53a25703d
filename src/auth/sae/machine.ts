/**
 * SAE as an access point speaks it: a station's Commit is answered with ours, its Confirm with ours.
 * IEEE Std 802.11-2020, 12.4.8, of whose states an access point, which never begins, needs these. Pure: arithmetic is an effect, and its
 * result an input.
 */

import { sameBytes } from "../../base/bytes.ts";
import { deriveSaeConfirm, type SaeCommitValues, type SaeKeys, verifySaeConfirm } from "../../crypto/sae/exchange.ts";
import type { SaeJobResult } from "../../crypto/sae/job.ts";
import type { SaeConfirmFrame } from "../../wire/ieee80211/sae.ts";
import type { StatusName } from "../../wire/ieee80211/status-code.ts";
import type { SaeRequest } from "./request.ts";

/** Both Commits are there. */
export interface SaeExchange<Credential> {
  readonly request: SaeRequest;
  readonly credential: Credential;
  readonly own: SaeCommitValues;
  readonly keys: SaeKeys;
}

export type SaeState<Credential> =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "computing";
      readonly request: SaeRequest;
      readonly credential: Credential;
      /** Came meanwhile, and counts instead: one piece of work at a time for each station. */
      readonly newer: { readonly request: SaeRequest; readonly credential: Credential } | undefined;
    }
  | {
      readonly kind: "committed";
      readonly exchange: SaeExchange<Credential>;
      /** Sc: 0 before our first Confirm. */
      readonly sendConfirm: number;
      readonly sync: number;
    }
  | {
      readonly kind: "accepted";
      readonly exchange: SaeExchange<Credential>;
      /** Rc: the counter of the Confirm that was accepted. */
      readonly receivedConfirm: number;
      readonly sync: number;
    };

export type SaeInput<Credential> =
  /** One that may be answered: all was checked but what needs arithmetic. */
  | { readonly type: "commit"; readonly request: SaeRequest; readonly credential: Credential }
  | { readonly type: "computed"; readonly result: SaeJobResult }
  | { readonly type: "confirm"; readonly frame: SaeConfirmFrame };

export type SaeEffect<Credential> =
  | { readonly type: "compute"; readonly request: SaeRequest; readonly credential: Credential }
  | { readonly type: "send-commit"; readonly exchange: SaeExchange<Credential> }
  | { readonly type: "send-confirm"; readonly frame: SaeConfirmFrame; readonly exchange: SaeExchange<Credential> }
  | { readonly type: "refuse"; readonly transaction: 1 | 2; readonly status: StatusName; readonly because: string }
  /** The station has the password. */
  | { readonly type: "accept"; readonly exchange: SaeExchange<Credential> }
  /** The station has another password, or none. */
  | { readonly type: "mismatch"; readonly credential: Credential }
  | { readonly type: "forget"; readonly keys: SaeKeys };

export interface SaeRules {
  /** sae_sync: so often a frame is answered again before the exchange counts as lost. */
  readonly mostSync: number;
  /** sae_confirm_immediate: our Confirm goes out with our Commit. */
  readonly confirmsAtOnce: boolean;
}

interface Step<Credential> {
  readonly state: SaeState<Credential>;
  readonly effects: readonly SaeEffect<Credential>[];
}

/** The counter of Confirms after the one that was accepted. IEEE Std 802.11-2020, 12.4.8.6.5. */
const lastSendConfirm = 0xffff;

export function stepSae<Credential>(
  state: SaeState<Credential>,
  input: SaeInput<Credential>,
  rules: SaeRules,
): Step<Credential> {
  switch (input.type) {
    case "commit":
      return onCommit(state, input.request, input.credential, rules);
    case "computed":
      return onComputed(state, input.result, rules);
    case "confirm":
      return onConfirm(state, input.frame, rules);
  }
}

function onCommit<Credential>(
  state: SaeState<Credential>,
  request: SaeRequest,
  credential: Credential,
  rules: SaeRules,
): Step<Credential> {
  switch (state.kind) {
    case "nothing":
      return compute(request, credential);
    case "computing": {
      const newer = sameRequest(request, state.request) ? undefined : { request, credential };
      return { state: { ...state, newer }, effects: [] };
    }
    case "committed": {
      if (!sameRequest(request, state.exchange.request)) {
        return compute(request, credential, { type: "forget", keys: state.exchange.keys });
      }
      // Ours was lost.
      if (state.sync >= rules.mostSync) return stay(state);
      return answer({ ...state, sync: state.sync + 1 }, rules);
    }
    case "accepted": {
      const { exchange } = state;
      // IEEE Std 802.11-2020, 12.4.8.6.6: a scalar counts once.
      if (sameBytes(request.peer.scalar, exchange.request.peer.scalar)) {
        return stay(state, {
          type: "refuse",
          transaction: 1,
          status: "unspecified-failure",
          because: "it sent the scalar of its last authentication again",
        });
      }
      return compute(request, credential, { type: "forget", keys: exchange.keys });
    }
  }
}

function onComputed<Credential>(state: SaeState<Credential>, result: SaeJobResult, rules: SaeRules): Step<Credential> {
  if (state.kind !== "computing") return stay(state);
  const { request, credential, newer } = state;
  if (newer !== undefined) {
    const forget = result.type === "answered" ? [{ type: "forget", keys: result.keys } as const] : [];
    return compute(newer.request, newer.credential, ...forget);
  }
  if (result.type === "unacceptable") {
    return {
      state: { kind: "nothing" },
      effects: [
        {
          type: "refuse",
          transaction: 1,
          status: "unspecified-failure",
          because: "its scalar or element is none that the group has",
        },
      ],
    };
  }
  const exchange = { request, credential, own: result.own, keys: result.keys };
  return answer({ kind: "committed", exchange, sendConfirm: 0, sync: 0 }, rules);
}

function onConfirm<Credential>(state: SaeState<Credential>, frame: SaeConfirmFrame, rules: SaeRules): Step<Credential> {
  switch (state.kind) {
    case "nothing":
    case "computing":
      return stay(state);
    case "committed": {
      const { exchange } = state;
      if (!isRight(exchange, frame)) {
        return stay(state, { type: "mismatch", credential: exchange.credential });
      }
      // Ours has gone out already where Confirms are sent at once.
      const own = state.sendConfirm > 0 ? [] : [confirm(exchange, 1)];
      return {
        state: { kind: "accepted", exchange, receivedConfirm: frame.sendConfirm, sync: 0 },
        effects: [{ type: "accept", exchange }, ...own],
      };
    }
    case "accepted": {
      const { exchange, receivedConfirm, sync } = state;
      const isNewer = frame.sendConfirm > receivedConfirm && frame.sendConfirm !== lastSendConfirm;
      if (!isNewer || sync >= rules.mostSync || !isRight(exchange, frame)) return stay(state);
      return {
        state: { ...state, receivedConfirm: frame.sendConfirm, sync: sync + 1 },
        effects: [confirm(exchange, lastSendConfirm)],
      };
    }
  }
}

function answer<Credential>(
  state: SaeState<Credential> & { readonly kind: "committed" },
  rules: SaeRules,
): Step<Credential> {
  const { exchange } = state;
  const commit = { type: "send-commit", exchange } as const;
  if (!rules.confirmsAtOnce) return { state, effects: [commit] };
  const sendConfirm = Math.min(state.sendConfirm + 1, lastSendConfirm);
  return { state: { ...state, sendConfirm }, effects: [commit, confirm(exchange, sendConfirm)] };
}

const compute = <Credential>(
  request: SaeRequest,
  credential: Credential,
  ...before: readonly SaeEffect<Credential>[]
): Step<Credential> => ({
  state: { kind: "computing", request, credential, newer: undefined },
  effects: [...before, { type: "compute", request, credential }],
});

const stay = <Credential>(
  state: SaeState<Credential>,
  ...effects: readonly SaeEffect<Credential>[]
): Step<Credential> => ({ state, effects });

const confirm = <Credential>(exchange: SaeExchange<Credential>, sendConfirm: number): SaeEffect<Credential> => ({
  type: "send-confirm",
  exchange,
  frame: {
    sendConfirm,
    confirm: deriveSaeConfirm(exchange.keys, sendConfirm, exchange.own, exchange.request.peer),
    rest: new Uint8Array(0),
  },
});

const isRight = ({ keys, own, request }: SaeExchange<unknown>, frame: SaeConfirmFrame): boolean =>
  verifySaeConfirm(keys, frame.sendConfirm, request.peer, own, frame.confirm);

const sameRequest = (a: SaeRequest, b: SaeRequest): boolean =>
  a.group === b.group &&
  a.method === b.method &&
  a.extendedKey === b.extendedKey &&
  sameBytes(a.passwordIdentifier ?? none, b.passwordIdentifier ?? none) &&
  sameBytes(a.peer.scalar, b.peer.scalar) &&
  sameBytes(a.peer.element, b.peer.element);

const none = new Uint8Array(0);
