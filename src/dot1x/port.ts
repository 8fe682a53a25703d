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
  | { readonly kind: "refused"; readonly packet: Uint8Array | undefined; readonly reason: string }
  /** No server answers. */
  | { readonly kind: "unreachable"; readonly reason: string };

export interface BackendExchange {
  /** Hands over an EAP packet of the supplicant; while one is being answered, another takes its place. */
  respond(packet: Uint8Array): void;
  /** No answer is wanted any more. Harmless when it is over. */
  abandon(): void;
}

export interface EapBackend {
  /**
   * Whether it makes the first request itself; else the authenticator asks for the identity.
   * @param answer is called for each answer, possibly before `respond` returns
   */
  begin(supplicant: MacAddress, answer: (answer: BackendAnswer) => void): BackendExchange;
}
