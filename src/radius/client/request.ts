/** A request to a RADIUS server, and what may come of it. */

import type { MacAddress } from "../../base/mac-address.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import type { Persistence } from "./attempts.ts";

/** What a request is sealed with: another one for each server. */
export interface Sealing {
  readonly secret: Uint8Array;
  /** Request Authenticator, 16 octets: what hides passwords. Zeros in accounting, which hides nothing. */
  readonly authenticator: Uint8Array;
  /** Seconds since it was sent for the first time. */
  readonly delay: number;
}

export interface RadiusAnswer extends Omit<Sealing, "delay"> {
  readonly code: "Access-Accept" | "Access-Reject" | "Access-Challenge" | "Accounting-Response";
  readonly attributes: readonly RadiusAttribute[];
}

export interface RadiusRequest {
  /** Whom it is about. */
  readonly station: MacAddress | undefined;
  readonly persistence: Persistence;
  /** An answer without Message-Authenticator counts as none, whatever the settings say. RFC 3579, section 3.2. */
  readonly carriesEap: boolean;
  /** It goes on with what this server knows (State): no other could answer it. */
  readonly isBound: boolean;
  /** All but Message-Authenticator. @throws RangeError where one doesn't fit */
  attributes(sealing: Sealing): readonly RadiusAttribute[];
  /** Called once, or {@link failed} is. */
  answered(answer: RadiusAnswer): void;
  /** @param reason for people */
  failed(reason: string): void;
}

export interface PendingRequest {
  /** No answer is wanted any more, and neither `answered` nor `failed` is called. Harmless when it is over. */
  cancel(): void;
}
