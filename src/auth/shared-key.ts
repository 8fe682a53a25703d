/**
 * Shared Key authentication, for WEP: the station sends a challenge back encrypted, and whoever listens has a piece of the
 * key stream. IEEE Std 802.11-2020, 12.3.3.3.
 */

import { sameSecret } from "../crypto/secret.ts";
import { type Authentication, authenticationAlgorithm } from "../wire/ieee80211/authentication.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";
import type { AuthenticationStep } from "./algorithm.ts";

export interface State {
  /** What the station has to send back, 128 octets. */
  readonly challenge: Uint8Array;
}

/** An Authentication frame, decrypted by the radio where it was encrypted. */
export interface Input {
  readonly request: Authentication;
  /** It came encrypted, under one of the network's keys. */
  readonly encrypted: boolean;
  /** A new challenge, 128 octets. */
  readonly freshChallenge: () => Uint8Array;
}

export const challengeLength = 128;

const algorithm = authenticationAlgorithm["shared-key"];

export function step(
  state: State | undefined,
  { request, encrypted, freshChallenge }: Input,
): AuthenticationStep<State> {
  switch (request.transaction) {
    case 1: {
      // The station may have missed the answer to its first frame: a challenge is good until it is answered.
      const challenge = state?.challenge ?? freshChallenge();
      return {
        state: { challenge },
        reply: { algorithm, transaction: 2, status: "success", challenge, elements: [] },
        outcome: "pending",
      };
    }
    case 3: {
      const { challenge } = request;
      const isRight = encrypted && state !== undefined && challenge && sameSecret(challenge, state.challenge);
      if (!isRight) return refuse(4, "challenge-failure");
      return {
        state: undefined,
        reply: { algorithm, transaction: 4, status: "success", elements: [] },
        outcome: "accepted",
      };
    }
    default:
      return refuse((request.transaction + 1) & 0xffff, "transaction-sequence-error");
  }
}

const refuse = (transaction: number, status: StatusName): AuthenticationStep<State> => ({
  state: undefined,
  reply: { algorithm, transaction, status, elements: [] },
  outcome: "refused",
});
