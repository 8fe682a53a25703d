/** What an authentication algorithm is to the access point. IEEE Std 802.11-2020, 11.3.4, 12.3. */

import type { Authentication } from "../wire/ieee80211/authentication.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";

export interface AuthenticationReply {
  readonly algorithm: number;
  readonly transaction: number;
  readonly status: StatusName;
  /** For tests of stations: the number that goes out in place of the status. */
  readonly statusInstead?: number | undefined;
  /** Of Shared Key authentication. */
  readonly challenge?: Uint8Array;
  /** What follows the status and is no element. */
  readonly fields?: Uint8Array;
  readonly elements: readonly Element[];
}

/** Pure: what one Authentication frame leads to. */
export interface AuthenticationStep<State> {
  /** undefined when the exchange is over. */
  readonly state: State | undefined;
  readonly reply: AuthenticationReply | undefined;
  readonly outcome: "pending" | "accepted" | "refused";
}

export interface AuthenticationAlgorithm<State> {
  /** Authentication Algorithm Number. IEEE Std 802.11-2020, 9.4.1.1. */
  readonly number: number;
  readonly name: string;
  step(state: State | undefined, request: Authentication): AuthenticationStep<State>;
}
