/** What the state of one conversation is made of, what moves it, and what it asks of whoever performs it. RFC 4137, section 5. */

import type { Duration } from "../base/duration.ts";
import type { EapPacket, EapReauthentication } from "../wire/eap/packet.ts";
import type { EapType } from "../wire/eap/types.ts";
import type { EapKeys, UserAttribute } from "./contract.ts";
import type { ReauthenticationResult } from "./erp.ts";
import type { MethodStep } from "./method.ts";
import type { EapUser } from "./users.ts";

export interface MachineRules {
  /** max_auth_rounds: responses in one conversation. */
  readonly mostRounds: number;
  /** EAP-Initiate/Re-auth is answered. */
  readonly reauthenticates: boolean;
  /** max_auth_rounds_short: responses on end that are so short that nothing comes of them. */
  readonly mostShortRounds: number;
  /** Type-Data of the request for the identity: what a peer shows its user, and behind an octet 0 options. RFC 3748, section 5.1. */
  readonly identityText: Uint8Array;
}

/** What every state past the first one knows. */
export interface Progress {
  /** Of the last request. */
  readonly identifier: number;
  readonly rounds: number;
  readonly shortRounds: number;
  readonly identity: Uint8Array | undefined;
  readonly user: EapUser | undefined;
  /** Methods of the user that have not been proposed yet. */
  readonly left: readonly EapType[];
  /** Why the method before was not to be had. */
  readonly why: string | undefined;
}

export interface RunningMethod {
  readonly type: EapType;
  /** What the method's last step has left; nobody else knows what it is. */
  readonly state: unknown;
  /** No response but a Nak has come to it so far. */
  readonly proposed: boolean;
}

export type MachineState =
  | { readonly kind: "new"; readonly identity: Uint8Array | undefined; readonly user: EapUser | undefined }
  /** The user's entry is looked for. */
  | { readonly kind: "finding"; readonly progress: Progress; readonly askedAgain: boolean }
  /** The method is to make its first request. */
  | { readonly kind: "beginning"; readonly progress: Progress; readonly type: EapType }
  /** The request for the identity is out. */
  | { readonly kind: "identifying"; readonly progress: Progress; readonly askedAgain: boolean }
  /** A method's request is out. */
  | { readonly kind: "asking"; readonly progress: Progress; readonly method: RunningMethod }
  /** The method looks at a response. */
  | { readonly kind: "answering"; readonly progress: Progress; readonly method: RunningMethod }
  | { readonly kind: "ended" };

export type MachineInput =
  /** @property identifier of the first request */
  | { readonly type: "begin"; readonly identifier: number }
  /** @property length octets of it on the wire */
  | { readonly type: "packet"; readonly packet: EapPacket; readonly length: number }
  | { readonly type: "found"; readonly user: EapUser | undefined }
  | { readonly type: "reauthenticated"; readonly result: ReauthenticationResult }
  | { readonly type: "stepped"; readonly step: MethodStep<unknown> };

export type MachineEffect =
  | { readonly type: "find"; readonly identity: Uint8Array }
  | { readonly type: "begin-method"; readonly method: EapType; readonly call: CallPlace }
  | {
      readonly type: "respond-method";
      readonly method: RunningMethod;
      readonly call: CallPlace;
      readonly data: Uint8Array;
    }
  | { readonly type: "forget"; readonly method: RunningMethod }
  | { readonly type: "reauthenticate"; readonly packet: EapReauthentication }
  | { readonly type: "tell"; readonly event: EapProgress }
  | { readonly type: "request"; readonly packet: Uint8Array; readonly timeout: Duration | undefined }
  | { readonly type: "ignore"; readonly reason: string }
  | {
      readonly type: "succeed";
      readonly packet: Uint8Array;
      readonly keys: EapKeys | undefined;
      readonly identity: Uint8Array;
      /** By its name, where it isn't the one of now: of the authentication that this one refers to. */
      readonly method: EapType | string;
      /** Where they aren't those of the user that was found. */
      readonly attributes: readonly UserAttribute[] | undefined;
    }
  | { readonly type: "fail"; readonly packet: Uint8Array; readonly reason: string };

/** Where in the conversation a method's step stands. */
export interface CallPlace {
  readonly identity: Uint8Array;
  readonly user: EapUser;
  readonly identifier: number;
  readonly nextIdentifier: number;
}

/** What is worth telling of a conversation, in the order in which it happens. */
export type EapProgress =
  | { readonly type: "started" }
  /** It begins with a response to a request that somebody else has made. */
  | { readonly type: "picked-up"; readonly method: EapType | undefined }
  | { readonly type: "identified"; readonly identity: Uint8Array }
  | { readonly type: "proposed"; readonly method: EapType }
  | { readonly type: "refused-by-peer"; readonly method: EapType; readonly wanted: readonly EapType[] }
  | { readonly type: "ignored"; readonly reason: string }
  | { readonly type: "succeeded" }
  | { readonly type: "failed"; readonly reason: string };

/**
 * @param known an identity that need not be asked for, and perhaps the entry that goes with it
 */
export const newConversation = (known: { identity?: Uint8Array; user?: EapUser } = {}): MachineState => ({
  kind: "new",
  identity: known.identity,
  user: known.user,
});
