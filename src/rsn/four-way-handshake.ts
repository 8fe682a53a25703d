/**
 * 4-way handshake, authenticator side, for one station. IEEE Std 802.11-2020, 12.7.6.
 * A pure function: the caller performs the effects and feeds back what happens. Frames are verified before they get
 * here: a message is an input only once a PTK fits its MIC.
 */

import { type Duration, milliseconds } from "../base/duration.ts";
import type { Ptk } from "../crypto/ptk.ts";
import type { ReasonName } from "../wire/ieee80211/reason-code.ts";

/** What a verified message 2 settles. */
export interface Candidate {
  readonly snonce: Uint8Array;
  readonly ptk: Ptk;
}

export type State =
  | { readonly kind: "idle" }
  | {
      readonly kind: "awaiting-message2";
      readonly anonce: Uint8Array;
      /** Transmissions so far. */
      readonly attempt: number;
      /** Counters of the last transmissions, latest last: an answer to any of them will do. */
      readonly replays: readonly bigint[];
      /** The station has acknowledged message 1, so it needs no hurried retransmission. */
      readonly acknowledged: boolean;
      /** The station has answered; which key it has is being found out. */
      readonly examining: boolean;
    }
  | {
      readonly kind: "awaiting-message4";
      readonly anonce: Uint8Array;
      readonly candidate: Candidate;
      readonly attempt: number;
      readonly replays: readonly bigint[];
      /** Counters of message 1 that a second message 2 may still answer. */
      readonly message1Replays: readonly bigint[];
      /** The candidate before a second message 2 changed the SNonce; some stations stay with it. */
      readonly earlier?: { readonly candidate: Candidate; readonly replays: readonly bigint[] };
    }
  | { readonly kind: "established" };

export type Input =
  | { readonly type: "start"; readonly anonce: Uint8Array; readonly replay: bigint }
  /** The radio tells whether the last transmission was acknowledged. */
  | { readonly type: "transmitted"; readonly acknowledged: boolean }
  /** A message 2 has come whose key isn't known yet: there is no use in another message 1. */
  | { readonly type: "examining" }
  /** It fits no key. */
  | { readonly type: "examined" }
  | { readonly type: "message2"; readonly candidate: Candidate; readonly replay: bigint; readonly nextReplay: bigint }
  /** `usesEarlier` where the MIC fits the candidate before the last. */
  | { readonly type: "message4"; readonly usesEarlier: boolean }
  | { readonly type: "timeout"; readonly nextReplay: bigint }
  | { readonly type: "left" };

export type Effect =
  | { readonly type: "sendMessage1"; readonly anonce: Uint8Array; readonly replay: bigint; readonly attempt: number }
  | {
      readonly type: "sendMessage3";
      readonly anonce: Uint8Array;
      readonly candidate: Candidate;
      readonly replay: bigint;
      readonly attempt: number;
    }
  | { readonly type: "arm"; readonly timer: "4-way handshake"; readonly after: Duration }
  | { readonly type: "disarm"; readonly timer: "4-way handshake" }
  | { readonly type: "installed"; readonly candidate: Candidate }
  /** No answer has come to the last message. */
  | { readonly type: "giveUp"; readonly awaited: "message 2" | "message 4"; readonly reason: ReasonName };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface Policy {
  /** Transmissions of one message before the station is given up (wpa_pairwise_update_count). */
  readonly attempts: number;
  /** Message 3 goes out once only (wpa_disable_eapol_key_retries): closes a key reinstallation attack on old stations. */
  readonly message3Once: boolean;
  /** The radio reports acknowledgements, so a lost first message is known after a short while. */
  readonly transmitStatus: boolean;
}

const firstTimeout = milliseconds(100);
const laterTimeout = milliseconds(1000);
const onlyTimeout = milliseconds(4000);
/** How long a station that has answered may wait for its key to be found; most of them go by themselves then. */
const examinationTime = milliseconds(10_000);
/** Counters that are remembered; more transmissions than that make older answers invalid. */
const replaysKept = 4;

const idle: State = { kind: "idle" };
const disarm: Effect = { type: "disarm", timer: "4-way handshake" };
const arm = (after: Duration): Effect => ({ type: "arm", timer: "4-way handshake", after });

export function step(policy: Policy, state: State, input: Input): Step {
  switch (input.type) {
    case "start":
      return sendMessage1(policy, { anonce: input.anonce, attempt: 1, replays: [input.replay] });

    case "transmitted":
      // Stations that make a new SNonce for each message 1 fail if a second one overtakes their answer.
      if (state.kind !== "awaiting-message2" || !input.acknowledged || state.acknowledged || state.attempt > 1)
        return { state, effects: [] };
      if (state.examining) return { state: { ...state, acknowledged: true }, effects: [] };
      return { state: { ...state, acknowledged: true }, effects: [arm(laterTimeout)] };

    case "examining":
      if (state.kind !== "awaiting-message2" || state.examining) return { state, effects: [] };
      return { state: { ...state, examining: true }, effects: [arm(examinationTime)] };

    case "examined":
      if (state.kind !== "awaiting-message2" || !state.examining) return { state, effects: [] };
      return { state: { ...state, examining: false }, effects: [arm(laterTimeout)] };

    case "message2":
      if (state.kind === "awaiting-message2")
        return sendMessage3(policy, {
          kind: "awaiting-message4",
          anonce: state.anonce,
          candidate: input.candidate,
          attempt: 1,
          replays: [input.nextReplay],
          message1Replays: state.replays.filter((replay) => replay !== input.replay),
        });
      if (state.kind === "awaiting-message4")
        return sendMessage3(policy, {
          ...state,
          candidate: input.candidate,
          attempt: 1,
          replays: [input.nextReplay],
          message1Replays: state.message1Replays.filter((replay) => replay !== input.replay),
          earlier: { candidate: state.candidate, replays: state.replays },
        });
      return { state, effects: [] };

    case "message4": {
      if (state.kind !== "awaiting-message4") return { state, effects: [] };
      const candidate = (input.usesEarlier ? state.earlier?.candidate : undefined) ?? state.candidate;
      return { state: { kind: "established" }, effects: [disarm, { type: "installed", candidate }] };
    }

    case "timeout":
      switch (state.kind) {
        case "awaiting-message2":
          if (state.examining || state.attempt >= policy.attempts) return giveUp("message 2");
          return sendMessage1(policy, again(state, input.nextReplay));
        case "awaiting-message4":
          if (policy.message3Once || state.attempt >= policy.attempts) return giveUp("message 4");
          return sendMessage3(policy, again(state, input.nextReplay));
        case "idle":
        case "established":
          return { state, effects: [] };
      }
      break;

    case "left":
      return { state: idle, effects: [disarm] };
  }
}

/** Does a message 2 with this counter answer something that was sent? With an SNonce that is not new it is a mere repetition. */
export function expectsMessage2(state: State, replay: bigint, snonce: Uint8Array): boolean {
  if (state.kind === "awaiting-message2") return state.replays.includes(replay);
  return (
    state.kind === "awaiting-message4" &&
    state.message1Replays.includes(replay) &&
    !sameNonce(state.candidate.snonce, snonce)
  );
}

/** All candidates that may still come into use. */
export function candidatesOf(state: State): readonly Candidate[] {
  if (state.kind !== "awaiting-message4") return [];
  return state.earlier ? [state.candidate, state.earlier.candidate] : [state.candidate];
}

/**
 * The candidates that a message 4 with this counter may be protected by, most likely first. After a second message 2,
 * stations mix counters and SNonces in either way.
 */
export function candidatesForMessage4(state: State, replay: bigint): readonly Candidate[] {
  if (state.kind !== "awaiting-message4") return [];
  const { candidate, replays, earlier } = state;
  const known = [...(earlier?.replays ?? []), ...replays].slice(-replaysKept);
  return known.includes(replay) ? [candidate, ...(earlier ? [earlier.candidate] : [])] : [];
}

/** One transmission more. */
const again = <S extends { readonly attempt: number; readonly replays: readonly bigint[] }>(
  state: S,
  replay: bigint,
): S => ({
  ...state,
  attempt: state.attempt + 1,
  replays: [...state.replays, replay].slice(-replaysKept),
});

function sendMessage1(
  policy: Policy,
  { anonce, attempt, replays }: Pick<State & { kind: "awaiting-message2" }, "anonce" | "attempt" | "replays">,
): Step {
  const timeout = attempt === 1 && policy.transmitStatus ? firstTimeout : laterTimeout;
  return {
    state: { kind: "awaiting-message2", anonce, attempt, replays, acknowledged: false, examining: false },
    effects: [{ type: "sendMessage1", anonce, replay: last(replays), attempt }, arm(timeout)],
  };
}

function sendMessage3(policy: Policy, state: State & { kind: "awaiting-message4" }): Step {
  const { attempt } = state;
  const normal = attempt === 1 && policy.transmitStatus ? firstTimeout : laterTimeout;
  const { anonce, candidate, replays } = state;
  return {
    state,
    effects: [
      { type: "sendMessage3", anonce, candidate, replay: last(replays), attempt },
      arm(policy.message3Once ? onlyTimeout : normal),
    ],
  };
}

function giveUp(awaited: "message 2" | "message 4"): Step {
  return { state: idle, effects: [{ type: "giveUp", awaited, reason: "4-way-handshake-timeout" }] };
}

const last = (replays: readonly bigint[]): bigint => replays.at(-1) ?? 0n;

const sameNonce = (a: Uint8Array, b: Uint8Array): boolean => a.every((octet, i) => octet === b[i]);
