/**
 * What happens on an access point, as one typed stream. The control socket, log, metrics and explanations all hear
 * this and nothing else.
 */

import type { MacAddress } from "../base/mac-address.ts";
import type { ChannelDefinition, StationModeChange } from "../driver/port.ts";
import type { ValidatedFrame } from "../rsn/channel-validation.ts";
import type { ReasonName } from "../wire/ieee80211/reason-code.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";
import type { NotAdmitted } from "./admission.ts";
import type { RadioState } from "./radio-state.ts";
import type { AuthenticatedBy } from "./station.ts";

/** Why somebody here sends a station away. */
export type Dismissal =
  /** By a command. */
  | "kicked"
  | "banned"
  | "denied"
  | "not-accepted"
  /** Its passphrase or password is none any more. */
  | "key-changed"
  /** The time that a RADIUS server has granted is over. */
  | "session-over"
  /** A RADIUS server has ended it. */
  | "server"
  /** It is in another BSS of ours. */
  | "moved";

/** Of one BSS. */
export type BssEventBody =
  | { readonly type: "ap-enabled" }
  | { readonly type: "ap-disabled" }
  /** By an algorithm that takes more than one exchange. */
  | { readonly type: "authentication-begun"; readonly station: MacAddress; readonly algorithm: AuthenticatedBy }
  | { readonly type: "station-authenticated"; readonly station: MacAddress }
  | {
      readonly type: "station-associated";
      readonly station: MacAddress;
      /** undefined where only the radio's firmware knows it. */
      readonly aid: number | undefined;
      readonly again: boolean;
      /** Elements of its request. */
      readonly elements: Uint8Array;
      readonly signalDbm: number | undefined;
    }
  /** The radio heard no acknowledgement of our answer. */
  | {
      readonly type: "answer-unacknowledged";
      readonly station: MacAddress;
      readonly answer: "authentication" | "association";
      readonly signalDbm: number | undefined;
    }
  /** The port is open: data may flow. `keyId` names the entry of wpa_psk_file. */
  | {
      readonly type: "station-connected";
      readonly station: MacAddress;
      readonly keyId?: string;
      readonly vlanId?: number;
    }
  | { readonly type: "station-disconnected"; readonly station: MacAddress }
  /** Why a station was told to go, or said it goes. */
  | {
      readonly type: "station-left";
      readonly station: MacAddress;
      readonly by: "station" | "access-point" | "driver";
      readonly reason: ReasonName;
    }
  | {
      readonly type: "station-refused";
      readonly station: MacAddress;
      readonly at: "authentication" | "association";
      readonly status: StatusName;
      /** For people: what was offered and what was required. */
      readonly explanation: string;
      /** Elements of the request for an association; undefined where they are not known. */
      readonly elements?: Uint8Array | undefined;
      readonly signalDbm?: number | undefined;
    }
  /** It is sent away, which `station-left` tells, for this reason. */
  | { readonly type: "station-dismissed"; readonly station: MacAddress; readonly because: Dismissal }
  | { readonly type: "rejected-max-stations"; readonly station: MacAddress }
  | { readonly type: "rejected-blocked-station"; readonly station: MacAddress; readonly because: NotAdmitted }
  /** SAE: no password has the identifier that the station named. */
  | { readonly type: "unknown-password-identifier"; readonly station: MacAddress }
  | { readonly type: "psk-mismatch"; readonly station: MacAddress }
  | { readonly type: "handshake-completed"; readonly station: MacAddress }
  | { readonly type: "handshake-timeout"; readonly station: MacAddress; readonly handshake: "4-way" | "group" }
  /** What the 4-way handshake waited for when the time was over; `acknowledged` tells of our own last message, where the radio told. */
  | {
      readonly type: "handshake-stalled";
      readonly station: MacAddress;
      readonly awaited: "message 2" | "message 4";
      readonly acknowledged: boolean | undefined;
    }
  /** Message 2 repeats other elements than its request had. */
  | { readonly type: "element-mismatch"; readonly station: MacAddress; readonly explanation: string }
  | { readonly type: "group-key-changed" }
  | { readonly type: "eap-started"; readonly station: MacAddress }
  | {
      readonly type: "eap-method-proposed";
      readonly station: MacAddress;
      readonly vendor: number;
      readonly method: number;
    }
  /** `passThrough`: another server's conversation. */
  | { readonly type: "eap-request-repeated"; readonly station: MacAddress; readonly passThrough: boolean }
  | { readonly type: "eap-timed-out"; readonly station: MacAddress; readonly passThrough: boolean }
  | { readonly type: "eap-succeeded"; readonly station: MacAddress; readonly passThrough: boolean }
  | {
      readonly type: "eap-failed";
      readonly station: MacAddress;
      readonly passThrough: boolean;
      /** For people. */
      readonly reason: string;
    }
  /** There is nobody who could authenticate it, such as a RADIUS server that doesn't answer. */
  | { readonly type: "eap-unreachable"; readonly station: MacAddress; readonly reason: string }
  /** For tests: an EAPOL-Key message that only its last attempt sends. */
  | { readonly type: "sending-delayed"; readonly station: MacAddress; readonly attempt: number }
  /** A station tells another operating channel than ours, or none. */
  | {
      readonly type: "channel-mismatch";
      readonly station: MacAddress;
      readonly frame: ValidatedFrame;
      /** In hostapd's words. */
      readonly fault: string;
    }
  /** A station has seen beacons under our address that were not ours. */
  | { readonly type: "unprotected-beacon"; readonly reporter: MacAddress }
  /** A station that bridges has an interface of its own. */
  | { readonly type: "bridge-port-added"; readonly station: MacAddress; readonly interfaceName: string }
  | { readonly type: "bridge-port-removed"; readonly station: MacAddress; readonly interfaceName: string }
  | { readonly type: "poll-answered"; readonly station: MacAddress }
  | { readonly type: "low-acknowledgement"; readonly station: MacAddress }
  | { readonly type: "station-mode-changed"; readonly station: MacAddress; readonly change: StationModeChange }
  | { readonly type: "probe-request"; readonly station: MacAddress; readonly signalDbm: number | undefined }
  | {
      readonly type: "management-received";
      readonly frame: Uint8Array;
      readonly frequency: number;
      readonly signalDbm: number | undefined;
    }
  /** notify_mgmt_frames: it is handled here as ever. */
  | { readonly type: "management-noticed"; readonly frame: Uint8Array }
  | {
      readonly type: "management-transmitted";
      readonly frame: Uint8Array;
      readonly acknowledged: boolean;
    }
  | { readonly type: "eapol-received"; readonly station: MacAddress; readonly pdu: Uint8Array }
  | { readonly type: "eapol-sent"; readonly station: MacAddress; readonly pdu: Uint8Array }
  /** `radar`: it is a channel that radar has to be watched for on. */
  | { readonly type: "channel-switch-started"; readonly channel: ChannelDefinition; readonly radar: boolean }
  | { readonly type: "channel-switched"; readonly channel: ChannelDefinition; readonly radar: boolean }
  /** A switch that was asked for is complete. */
  | { readonly type: "channel-switch-finished"; readonly frequency: number; readonly radar: boolean }
  | { readonly type: "interface-enabled" }
  | { readonly type: "interface-disabled" }
  | { readonly type: "interface-removed" }
  | { readonly type: "interface-added" };

/** Of the radio below the BSSs. */
export type RadioEventBody =
  | { readonly type: "state-changed"; readonly from: RadioState; readonly to: RadioState }
  | { readonly type: "channel"; readonly channel: ChannelDefinition }
  | { readonly type: "regulatory-changed"; readonly alpha2: string; readonly initiator: string };

export type ApEvent =
  | (BssEventBody & { readonly bss: string; readonly radio: string })
  | (RadioEventBody & { readonly radio: string });

export type ApListener = (event: ApEvent) => void;
