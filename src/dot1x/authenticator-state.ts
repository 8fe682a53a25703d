/** What an authenticator's state is made of, what moves it, and what it asks of whoever drives it. IEEE Std 802.1X-2004, 8.2 and 9.4. */

import type { Duration } from "../base/duration.ts";
import type { EapType } from "../wire/eap/types.ts";
import type { PaeState, PortControl } from "./authenticator-pae.ts";
import type { BackendState } from "./backend-authentication.ts";
import { type CounterName, type Counters, noCounts } from "./counters.ts";
import type { EapRules, EapState } from "./eap-exchange.ts";
import type { BackendAnswer } from "./port.ts";

/** What the network's configuration says, the same for all its ports. */
export interface AuthenticatorPolicy extends EapRules {
  /** The handshake that follows brings keys, without which the port stays closed. */
  readonly bringsKeys: boolean;
  /** Ahead of an association, through another access point: nothing is opened. */
  readonly isPreauthentication: boolean;
}

/** What may be changed of one port (EAPOL_SET). IEEE Std 802.1X-2004, 9.4.1. */
export interface PortSettings {
  readonly control: PortControl;
  /** adminControlledDirections. */
  readonly directions: "both" | "in";
  /** Seconds. */
  readonly quietPeriod: number;
  readonly serverTimeout: number;
  readonly reAuthPeriod: number;
  readonly reAuthEnabled: boolean;
  /** Kept and shown; there are no keys to transmit. */
  readonly keyTxEnabled: boolean;
}

/** Defaults of IEEE Std 802.1X-2004, 8.2.4.1.2, 8.2.8.1, 8.2.9.1.2. @param reAuthPeriod eap_reauth_period, 0 for never */
export const portSettings = (reAuthPeriod: number): PortSettings => ({
  control: "auto",
  directions: "both",
  quietPeriod: 60,
  serverTimeout: 30,
  reAuthPeriod,
  reAuthEnabled: reAuthPeriod > 0,
  keyTxEnabled: false,
});

export interface AuthenticatorState {
  readonly settings: PortSettings;
  readonly pae: PaeState;
  readonly backend: BackendState;
  readonly eap: EapState;
  readonly counters: Counters;
  readonly portEnabled: boolean;
  /** The keys are in place, or the port needs none. */
  readonly portValid: boolean;
  readonly isAuthorized: boolean;
  /** Octets that the supplicant gave, or the server. */
  readonly identity: Uint8Array | undefined;
  /** Of the last request of a method, and of the last response. */
  readonly serverType: EapType | undefined;
  readonly supplicantType: EapType | undefined;
  /** What opened the port was remembered, not proved anew. */
  readonly fromCache: boolean;
}

/** @param lastIdentifier any: the first request has the next */
export const initialAuthenticator = (
  settings: PortSettings,
  { bringsKeys }: Pick<AuthenticatorPolicy, "bringsKeys">,
  lastIdentifier: number,
): AuthenticatorState => ({
  settings,
  pae: { kind: "initialize" },
  backend: { kind: "idle", started: false },
  eap: { kind: "none", lastIdentifier, hasOffered: false },
  counters: noCounts,
  portEnabled: false,
  portValid: !bringsKeys,
  isAuthorized: false,
  identity: undefined,
  serverType: undefined,
  supplicantType: undefined,
  fromCache: false,
});

export type PortTimer = "quietWhile" | "aWhile" | "reAuthWhen" | "retransWhile";

export type AuthenticatorInput =
  | { readonly type: "port-enabled" }
  | { readonly type: "port-disabled" }
  /** The port is enabled, and the supplicant has proved itself before: only the handshake is missing. */
  | { readonly type: "remembered"; readonly identity: Uint8Array | undefined; readonly method: EapType | undefined }
  | { readonly type: "eapol-start" }
  | { readonly type: "eapol-logoff" }
  /** @property packet octets of an EAPOL PDU's body */
  | { readonly type: "eap"; readonly packet: Uint8Array }
  | { readonly type: "counted"; readonly counter: CounterName }
  | { readonly type: "answer"; readonly answer: BackendAnswer }
  | { readonly type: "reauthenticate" }
  /** portValid. */
  | { readonly type: "keys"; readonly valid: boolean }
  | { readonly type: "timer"; readonly timer: PortTimer }
  | { readonly type: "settings"; readonly settings: Partial<PortSettings> };

/** What happens, for whoever tells of it. */
export type AuthenticatorNote =
  | { readonly type: "started" }
  | { readonly type: "identity"; readonly identity: Uint8Array }
  | { readonly type: "proposed"; readonly method: EapType }
  /** `byServer`: the request is not the authenticator's own. */
  | { readonly type: "repeated"; readonly byServer: boolean }
  | { readonly type: "unanswered"; readonly byServer: boolean }
  | { readonly type: "eap-succeeded" }
  | { readonly type: "eap-failed"; readonly reason: string }
  | { readonly type: "unreachable"; readonly reason: string };

export type AuthenticatorEffect =
  | { readonly type: "send-eap"; readonly packet: Uint8Array }
  /** To whoever authenticates; it begins with the first. */
  | { readonly type: "hand-over"; readonly packet: Uint8Array }
  | { readonly type: "abandon" }
  | { readonly type: "arm"; readonly timer: PortTimer; readonly after: Duration }
  | { readonly type: "disarm"; readonly timer: PortTimer }
  | { readonly type: "port"; readonly authorized: boolean }
  /** keyRun: the supplicant has proved itself, and what that brings is there. */
  | { readonly type: "proved"; readonly answer: BackendAnswer & { readonly kind: "accepted" } }
  | {
      readonly type: "finished";
      readonly success: boolean;
      readonly logoff: boolean;
      /** Where the server names one. */
      readonly reasonCode: number | undefined;
    }
  | { readonly type: "note"; readonly note: AuthenticatorNote }
  | { readonly type: "log"; readonly level: "debug" | "info" | "warning"; readonly text: string };

export interface AuthenticatorStep {
  readonly state: AuthenticatorState;
  readonly effects: readonly AuthenticatorEffect[];
}
