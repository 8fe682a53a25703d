import type { SaeState } from "../auth/sae/machine.ts";
import type * as sharedKey from "../auth/shared-key.ts";
import { type Clock, NamedTimers } from "../base/clock.ts";
import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { OweKeys } from "../crypto/owe.ts";
import type { VlanPort } from "../driver/port.ts";
import type { Negotiated } from "../rsn/negotiated.ts";
import type { AuthorizationParameters } from "../rsn/pmksa-cache.ts";
import type { KnownPmk, PmkCandidate } from "../rsn/port.ts";
import * as saQuery from "../rsn/sa-query.ts";
import type { StationAuthenticator } from "../rsn/station-authenticator.ts";
import type { CapabilityInformation } from "../wire/ieee80211/capability-information.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { ManagementSubtype } from "../wire/ieee80211/frame.ts";
import type { OweDiffieHellman } from "../wire/ieee80211/owe.ts";
import type { StationQosInfo } from "../wire/ieee80211/wmm.ts";
import * as inactivity from "./inactivity.ts";
import type * as link from "./link.ts";
import type { StationTraits } from "./protection.ts";
import type { AccountedSession, TerminateCause } from "./radius/accounting-records.ts";
import type { AddressGrant } from "./radius/address-access.ts";
import type { GrantedKeys } from "./radius/granting.ts";
import type { SaeCredential } from "./sae-credentials.ts";
import type { StationPort } from "./station-port.ts";
import type { VlanDescription } from "./vlan-plan.ts";
import type { Vlan } from "./vlans.ts";

/** What a station said of itself in its (re)association request. */
export interface Association {
  /** undefined where the firmware has associated the station and keeps its identifier to itself. */
  readonly aid: number | undefined;
  readonly again: boolean;
  readonly capabilities: CapabilityInformation;
  readonly listenInterval: number;
  /** In units of 500 kb/s, without the basic bit. */
  readonly supportedRates: Uint8Array;
  /** Bodies of the elements. */
  readonly htCapabilities: Uint8Array | undefined;
  readonly vhtCapabilities: Uint8Array | undefined;
  /** VHT was told in a vendor-specific element. */
  readonly isVendorVht: boolean;
  /** After the extension IDs. */
  readonly heCapabilities: Uint8Array | undefined;
  readonly he6GHzCapabilities: Uint8Array | undefined;
  readonly ehtCapabilities: Uint8Array | undefined;
  /** Operating Mode field, where it told one. */
  readonly operatingMode: number | undefined;
  readonly extendedCapabilities: Uint8Array | undefined;
  readonly wmm: StationQosInfo | undefined;
  readonly traits: StationTraits;
  /** undefined in an open network. */
  readonly security: AssociationSecurity | undefined;
  /** All elements of the request, octets as they came. */
  readonly elements: Uint8Array;
  /** Those that its address is listed with; undefined for none. */
  readonly vlans: VlanDescription | undefined;
  /** How long it may be silent where it asked for a time of its own, in units of 1000 time units. */
  readonly maxIdlePeriod: number | undefined;
  readonly at: Duration;
}

export interface AssociationSecurity {
  readonly agreed: Negotiated;
  /** The station's RSNE or WPA element. */
  readonly element: Element;
  /** The PMK, where the AKM brings it. */
  readonly known?: KnownPmk;
  /** What was granted with a PMK that is remembered. */
  readonly authorization?: AuthorizationParameters;
}

/** The algorithm, as hostapd's log calls it. */
export type AuthenticatedBy = "open system" | "shared key" | "SAE";

export type StationTimer =
  | "inactivity"
  | "leaving"
  | "warned"
  | "SA Query"
  | "SA Query after switch"
  | "session"
  | "idleness"
  | "EAP failure"
  | "accounting";

/** One station of a BSS. Its parts are immutable values; this holds the present ones. */
export class Station {
  link: link.State = { kind: "new" };
  inactivity: inactivity.State = inactivity.initial;
  association: Association | undefined;
  authenticator: StationAuthenticator | undefined;
  /** Its port of IEEE 802.1X, from its association to the end of that. */
  dot1x: StationPort | undefined;
  /** What it authenticated with last. */
  authenticatedBy: AuthenticatedBy | undefined;
  sae: SaeState<SaeCredential> = { kind: "nothing" };
  /** What its last request for OWE was answered with. */
  owe: { readonly asked: OweDiffieHellman; readonly keys: OweKeys } | undefined;
  /** Of its last SAE. */
  saeGroups: { readonly used: number; readonly rejected: readonly number[] } | undefined;
  /** Of Shared Key authentication, while the station owes an answer. */
  sharedKey: sharedKey.State | undefined;
  /** The last replay counter of the association before: with a smaller one, a station that has not left takes no message. */
  replayBefore = 0n;
  saQuery: saQuery.State = saQuery.initial;
  /** Timestamp of the last Known STA Identification, so that nobody plays it again. */
  identifiedAt = 0n;
  /** The port is open. */
  isAuthorized = false;
  /** What a RADIUS server has granted to its address, and the pre-shared keys that came with that. */
  grant: Omit<AddressGrant, "psks"> | undefined;
  grantedKeys: GrantedKeys | undefined;
  /** The accounting session that it is in. */
  accounted: AccountedSession | undefined;
  /** Of its {@link sessionId}: it may have ended, and another one has another number. */
  hasBeenAccounted = false;
  /** Why its session ends, once that is known. */
  terminateCause: TerminateCause | undefined;
  /** What opened it. */
  key: PmkCandidate | undefined;
  authorizedAt: Duration | undefined;
  /** undefined for the BSS itself. */
  vlan: Vlan | undefined;
  /** The interface of a station that bridges. */
  bridgePort: VlanPort | undefined;
  /** It has sent frames of four addresses before its association stood. */
  wantsFourAddresses = false;
  /** The driver has an entry for it. */
  isInDriver = false;
  /** The last management frame, to know a retransmission. */
  lastReceived: { readonly subtype: ManagementSubtype; readonly sequence: number } | undefined;
  /** Identifies the time from association to its end, in logs. */
  sessionId = 0n;
  signalDbm: number | undefined;
  /** Of its last Authentication frame. */
  signalAtAuthentication: number | undefined;
  readonly timers: NamedTimers<StationTimer>;

  constructor(
    readonly address: MacAddress,
    clock: Clock,
  ) {
    this.timers = new NamedTimers(clock);
  }

  get isAssociated(): boolean {
    return this.link.kind === "associated";
  }
}
