/**
 * What the EAP server asks of a method: steps, of which each takes the state that the one before has left. A method knows nothing of EAP's
 * header, of identifiers and of retransmission; inside a tunnel it is the same as outside.
 */

import type { Reader } from "../base/bytes.ts";
import type { Duration } from "../base/duration.ts";
import type { Entropy } from "../base/entropy.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { EapCredential } from "../config/eap-user.ts";
import type { EapType } from "../wire/eap/types.ts";
import type { EapKeys } from "./contract.ts";
import type { InnerServer, PresetChallenges } from "./tunnel.ts";
import type { EapUser } from "./users.ts";

export type Credential = EapCredential;

/** What a method may know of its surroundings. */
export interface MethodCall {
  /** Octets of the EAP-Response/Identity, or of the inner one. */
  readonly identity: Uint8Array;
  /** undefined where the user's entry has none, as with TLS. */
  readonly credential: Credential | undefined;
  /** Identifier of the request that this step makes: a few methods have it in what they compute. */
  readonly nextIdentifier: number;
  /** Identifier of the response that is handed in. */
  readonly identifier: number;
  /** 2 inside a tunnel. */
  readonly phase: 1 | 2;
  /** Of the method that makes the tunnel, `FAST`; undefined outside. */
  readonly tunnel: string | undefined;
  /** The entry that `credential` is of. */
  readonly user: EapUser;
  /** The peer's, where it is known. */
  readonly address: MacAddress | undefined;
  /** What a tunnel asks for what goes on inside. */
  readonly inner: InnerServer;
  /** Set inside a tunnel that has agreed on them. */
  readonly challenges: PresetChallenges | undefined;
  /** For the log of authentications, in hostapd's words where it has some. No secret. */
  readonly tell: (text: string) => void;
  readonly entropy: Entropy;
  /**
   * What the server has of somebody else: of the name that the method itself has asked the peer for.
   * @returns undefined where nobody has that name, or may not use this method
   */
  readonly credentialOf: (identity: Uint8Array) => Promise<Credential | undefined>;
  /** Of the server's own methods: `server_id`. */
  readonly serverId: Uint8Array;
}

export type MethodStep<State> =
  /** @property data Type-Data of the request */
  | { readonly kind: "request"; readonly data: Uint8Array; readonly state: State; readonly timeout?: Duration }
  /** The last request stands. RFC 3748, section 4.1. */
  | { readonly kind: "ignored"; readonly reason: string }
  | { readonly kind: "success"; readonly keys: EapKeys | undefined; readonly identity?: Uint8Array }
  /** @property reason for people, without secrets */
  | { readonly kind: "failure"; readonly reason: string };

/** A promise only where others have to be asked. */
export type StepSoon<State> = MethodStep<State> | Promise<MethodStep<State>>;

/**
 * A method. Steps are functions of what they are given; what a step has to ask of others (a certificate's state, an authentication
 * centre) makes it a promise. A MalformedError that one throws counts as `ignored`.
 */
export interface EapMethod<State> {
  /** As eap_user files write it: `TLS`, `PEAP`. */
  readonly name: string;
  /** Type. RFC 3748, section 5. */
  readonly type: number;
  /** Expanded types: vendor and type within it. RFC 3748, section 5.7. */
  readonly vendor?: { readonly id: number; readonly type: number };
  begin(call: MethodCall): StepSoon<State>;
  /** @param data Type-Data of the response */
  respond(call: MethodCall, state: State, data: Reader): StepSoon<State>;
  /** Wipes what the state keeps secret. Called at the end, however it ends. */
  forget(state: State): void;
}

export const typeOfMethod = ({ type, vendor }: Pick<EapMethod<never>, "type" | "vendor">): EapType =>
  vendor === undefined ? { vendor: 0, type } : { vendor: vendor.id, type: vendor.type };
