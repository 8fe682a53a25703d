/**
 * What a method that makes a tunnel (PEAP, TTLS, TEAP, FAST) asks of the server for what goes on inside: users of phase 2, and a conversation
 * like the one outside, with the same methods.
 */

import type { EapConversation } from "./contract.ts";
import type { EapUser } from "./users.ts";

/** Challenges that MSCHAPV2 takes from the tunnel instead of its own. RFC 5422, section 3.2.3. */
export interface PresetChallenges {
  /** 16 octets each. */
  readonly authenticator: Uint8Array;
  readonly peer: Uint8Array;
}

export interface InnerOptions {
  /** Known already, from a certificate or an earlier method: nobody is asked for it. */
  readonly identity?: Uint8Array;
  /** In place of the entry that would be found: for what is not the user's choice, such as TNC behind another method. */
  readonly user?: EapUser;
  readonly challenges?: PresetChallenges;
}

export interface InnerServer {
  /**
   * Whose attributes go into the acceptance is the user that was found last.
   * @param phase 2 unless told
   * @returns the entry; undefined where there is none
   */
  findUser(identity: Uint8Array, phase?: 1 | 2): Promise<EapUser | undefined>;
  /**
   * A conversation inside the tunnel. Its packets are whole EAP packets: what a tunnel leaves out of them (PEAPv0 their header) is its
   * business. `begin` asks for the identity, or proposes the first method where `InnerOptions.identity` is known; with a response to
   * begin with (TTLS, where the peer speaks first) call `respond` instead. Its success carries the inner keys; EAP-Success and
   * EAP-Failure in it go out only where the tunnel has a use for them.
   */
  converse(options?: InnerOptions): EapConversation;
}
