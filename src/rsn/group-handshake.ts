/**
 * Group key handshake, authenticator side, for one station. IEEE Std 802.11-2020, 12.7.7.
 * A pure function: the caller performs the effects and feeds back what happens.
 */

import { type Duration, milliseconds } from "../base/duration.ts";
import type { ReasonName } from "../wire/ieee80211/reason-code.ts";

export type State =
  | { readonly kind: "idle" }
  | {
      readonly kind: "awaiting-message2";
      /** Transmissions so far. */
      readonly attempt: number;
      /** Counters of the last of them: an answer to any will do. */
      readonly replays: readonly bigint[];
    };

export type Input =
  | { readonly type: "rekey"; readonly replay: bigint }
  /** Message 2 whose MIC has been verified; nothing unverified gets here. */
  | { readonly type: "message2"; readonly replay: bigint }
  | { readonly type: "timeout"; readonly nextReplay: bigint }
  /** The station goes, or a new pairwise handshake will bring it the key. */
  | { readonly type: "cancel" };

export type Effect =
  | { readonly type: "sendMessage1"; readonly replay: bigint; readonly attempt: number }
  | { readonly type: "arm"; readonly timer: "group handshake"; readonly after: Duration }
  | { readonly type: "disarm"; readonly timer: "group handshake" }
  /** The station has the key, or needs to be waited for no longer. */
  | { readonly type: "finished"; readonly confirmed: boolean }
  | { readonly type: "deauthenticate"; readonly reason: ReasonName }
  /** It has not answered, and stays. */
  | { readonly type: "kept" };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Policy {
  /** Transmissions of message 1 before the station is given up (wpa_group_update_count). */
  readonly attempts: number;
  /** Message 1 goes out once only (wpa_disable_eapol_key_retries). */
  readonly once: boolean;
  /** A station that doesn't answer stays (no_disconnect_on_group_keyerror). */
  readonly keepsSilent: boolean;
  /** The radio reports acknowledgements. */
  readonly transmitStatus: boolean;
}

const firstTimeout = milliseconds(500);
const laterTimeout = milliseconds(1000);
const onlyTimeout = milliseconds(4000);

/** Counters that are remembered; more transmissions than that make older answers invalid. */
const replaysKept = 4;

const idle: State = { kind: "idle" };
const disarm: Effect = { type: "disarm", timer: "group handshake" };

export function step(policy: Policy, state: State, input: Input): Step {
  switch (input.type) {
    case "rekey":
      return send(policy, 1, [input.replay]);

    case "message2":
      if (!expectsMessage2(state, input.replay)) return { state, effects: [] };
      return { state: idle, effects: [disarm, { type: "finished", confirmed: true }] };

    case "timeout":
      if (state.kind !== "awaiting-message2") return { state, effects: [] };
      if (!policy.once && state.attempt < policy.attempts) {
        return send(policy, state.attempt + 1, [...state.replays, input.nextReplay].slice(-replaysKept));
      }
      return {
        state: idle,
        effects: [
          { type: "finished", confirmed: false },
          policy.keepsSilent ? { type: "kept" } : { type: "deauthenticate", reason: "group-key-handshake-timeout" },
        ],
      };

    case "cancel":
      if (state.kind !== "awaiting-message2") return { state, effects: [] };
      return { state: idle, effects: [disarm, { type: "finished", confirmed: false }] };
  }
}

export const expectsMessage2 = (state: State, replay: bigint): boolean =>
  state.kind === "awaiting-message2" && state.replays.includes(replay);

function send(policy: Policy, attempt: number, replays: readonly bigint[]): Step {
  const normal = attempt === 1 && policy.transmitStatus ? firstTimeout : laterTimeout;
  return {
    state: { kind: "awaiting-message2", attempt, replays },
    effects: [
      { type: "sendMessage1", replay: replays.at(-1) ?? 0n, attempt },
      { type: "arm", timer: "group handshake", after: policy.once ? onlyTimeout : normal },
    ],
  };
}
