/**
 * What IEEE 802.1X's authenticator asks of whatever authenticates: the EAP server in the process, or a RADIUS server. It carries EAP packets
 * without knowing what is in them. IEEE Std 802.1X-2004, 8.2.
 */

import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";

/** What becomes of a session when its time is over. RFC 2865, section 5.29. */
export type TerminationAction = "end" | "reauthenticate";

/** What comes with an acceptance, beside the keys. */
export interface Granted {
  /** Octets of the identity, as the server calls it where it does. */
  readonly identity: Uint8Array | undefined;
  readonly sessionTimeout: Duration | undefined;
  readonly terminationAction: TerminationAction;
  readonly idleTimeout: Duration | undefined;
  readonly interimInterval: Duration | undefined;
  /** VLAN assignment: the untagged one and the tagged ones. RFC 3580, section 3.31; RFC 4675. */
  readonly vlan: { readonly untagged: number | undefined; readonly tagged: readonly number[] } | undefined;
  /** Class attributes, to be repeated in accounting. RFC 2865, section 5.25. */
  readonly classes: readonly Uint8Array[];
  /** Chargeable-User-Identity. RFC 4372. */
  readonly chargeableUserIdentity: Uint8Array | undefined;
}

export type BackendAnswer =
  | {
      readonly kind: "request";
      /** Octets of the EAP packet. */
      readonly packet: Uint8Array;
      /** How long the supplicant may take, where the backend says so (Session-Timeout in an Access-Challenge). */
      readonly timeout: Duration | undefined;
    }
  | {
      readonly kind: "accepted";
      /** undefined where the server sent none. */
      readonly packet: Uint8Array | undefined;
      /** At least 32 octets where the method derives keys. */
      readonly msk: Uint8Array | undefined;
      readonly sessionId: Uint8Array | undefined;
      readonly granted: Granted;
    }
  | {
      readonly kind: "refused";
      readonly packet: Uint8Array | undefined;
      readonly reason: string;
      /** Reason code of IEEE Std 802.11-2020, 9.4.1.7, to send the station away with, where the server names one (WLAN-Reason-Code, RFC 7268). */
      readonly reasonCode?: number;
    }
  /** What the supplicant sent is nothing: the last request stands. RFC 3748, section 4.1. */
  | { readonly kind: "ignored"; readonly reason: string }
  /** No server answers. */
  | { readonly kind: "unreachable"; readonly reason: string };

export interface BackendExchange {
  /**
   * Hands over an EAP packet of the supplicant, a Response, or an Initiate of ERP (RFC 6696); the first is normally the answer to the
   * request for its identity, which the authenticator makes itself. While one is being answered, another takes its place.
   */
  respond(packet: Uint8Array): void;
  /** No answer is wanted any more. Harmless when it is over. */
  abandon(): void;
}

/** Who wants in, and how. */
export interface Supplicant {
  readonly address: MacAddress;
  /** All sessions that one authentication brings have it in common (Acct-Multi-Session-Id). RFC 2866, section 5.11. */
  readonly multiSessionId: bigint;
  /** Through another access point, ahead of coming here: there is no association. IEEE Std 802.11-2020, 12.6.10.2. */
  readonly isPreauthenticating: boolean;
  /** Chargeable-User-Identity that an earlier authentication of this station brought. */
  readonly chargeableUserIdentity: Uint8Array | undefined;
}

export interface EapBackend {
  /**
   * A conversation begins; nothing is asked of it before the first {@link BackendExchange.respond}.
   * @param answer is called once for each `respond` at most, possibly before that returns
   */
  begin(supplicant: Supplicant, answer: (answer: BackendAnswer) => void): BackendExchange;
}
