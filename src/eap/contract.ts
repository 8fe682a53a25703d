/**
 * What an authenticator or a RADIUS server asks of the EAP server: one conversation for each peer that wants in. It takes responses and
 * gives requests, until it succeeds or fails. RFC 3748, RFC 4137.
 */

import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { UserAttribute } from "../config/eap-user.ts";

/** What a method that derives keys exports. RFC 5247, section 1.4. */
export interface EapKeys {
  /** Master Session Key, 64 octets or more; MSCHAPV2 derives 32. */
  readonly msk: Uint8Array;
  /** Extended Master Session Key, 64 octets or more. */
  readonly emsk: Uint8Array | undefined;
  /** Session-Id: the type, and what the method says. */
  readonly sessionId: Uint8Array | undefined;
}

export type { UserAttribute };

export interface EapSuccess {
  readonly kind: "success";
  /** EAP-Success, or what ends another kind of conversation (EAP-Finish/Re-auth). */
  readonly packet: Uint8Array;
  /** undefined with methods that derive none. */
  readonly keys: EapKeys | undefined;
  /** Octets of the identity that was authenticated: an inner one where there is one. */
  readonly identity: Uint8Array;
  /** The method, `TLS`, `PEAP`. */
  readonly method: string;
  readonly attributes: readonly UserAttribute[];
}

export interface EapFailure {
  readonly kind: "failure";
  readonly packet: Uint8Array;
  /** Why, for people: `the password is wrong`. No secret in it. */
  readonly reason: string;
}

export type EapAnswer =
  | {
      readonly kind: "request";
      readonly packet: Uint8Array;
      /** How long the peer may take, where the method knows. */
      readonly timeout: Duration | undefined;
    }
  | EapSuccess
  | EapFailure
  /** A response that isn't awaited, or that breaks the format: the last request stands. RFC 3748, section 4.1. */
  | { readonly kind: "ignored"; readonly reason: string };

export interface EapPeer {
  /** Calling-Station-Id, where there is one. */
  readonly address: MacAddress | undefined;
  /** For whoever keeps a log of authentications: what happens, in hostapd's words. No secret in it. */
  readonly log?: (text: string) => void;
}

export interface EapConversation {
  /** The first request, normally for the identity. To begin with a response instead, don't call it. @param identifier of the request */
  begin(identifier: number): Promise<EapAnswer>;
  /**
   * Never throws, whatever the octets are. While an answer is being made, others are ignored.
   * @param packet octets of an EAP packet
   */
  respond(packet: Uint8Array): Promise<EapAnswer>;
  /** Nobody waits for it any more: its secrets are wiped. Harmless the second time, and after the end. */
  abandon(): void;
}

export interface EapServer {
  converse(peer: EapPeer): EapConversation;
  close(): void;
}
