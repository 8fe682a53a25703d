/** What an access point sends and says of itself, as it is handed to its radio. */

import type { Duration } from "../base/duration.ts";
import type { ChannelDefinition } from "./channel.ts";

export interface TransmitQueueParameters {
  /** Arbitration inter-frame spacing number. */
  readonly aifs: number;
  readonly cwMin: number;
  readonly cwMax: number;
  /** In units of 32 us. */
  readonly txop: number;
}

export type AccessCategory = "voice" | "video" | "best-effort" | "background";

/** A BSS's colour. IEEE Std 802.11ax-2021, 26.17.3. */
export interface BssColor {
  /** 1 to 63. */
  readonly color: number;
  readonly disabled: boolean;
  /** Association identifiers are given by colour. */
  readonly partial: boolean;
}

/** Whom HE stations may talk over: what the Spatial Reuse element tells. IEEE Std 802.11ax-2021, 9.4.2.252. */
export interface ObssPacketDetection {
  /** SR Control field. */
  readonly control: number;
  readonly nonSrgMaxOffset: number | undefined;
  readonly srg:
    | {
        readonly minOffset: number;
        readonly maxOffset: number;
        /** 8 octets each. */
        readonly bssColors: Uint8Array;
        readonly partialBssids: Uint8Array;
      }
    | undefined;
}

/** Frames that a 6 GHz access point sends so that it is found without being asked. Intervals in time units. */
export type Discovery =
  | { readonly kind: "fils"; readonly minInterval: number; readonly maxInterval: number; readonly frame: Uint8Array }
  | { readonly kind: "probe-responses"; readonly interval: number; readonly frame: Uint8Array };

/** The beacon in the two parts that the driver puts the TIM element between, and what it adds to frames it makes itself. */
export interface BeaconTemplate {
  /** MAC header to the DS Parameter Set element. */
  readonly head: Uint8Array;
  /** All elements after the TIM. */
  readonly tail: Uint8Array;
  /** Extra elements for Beacon, Probe Response and (Re)Association Response. */
  readonly beaconElements: Uint8Array;
  readonly probeResponseElements: Uint8Array;
  readonly associationResponseElements: Uint8Array;
  /** A whole Probe Response, for drivers that answer by themselves. */
  readonly probeResponse?: Uint8Array;
  /** undefined without HE. */
  readonly bssColor?: BssColor | undefined;
  readonly discovery?: Discovery | undefined;
}

/** A change of channel that stations are told of. IEEE Std 802.11-2020, 11.8.8. */
export interface ChannelSwitch {
  readonly channel: ChannelDefinition;
  /** Beacons until then; with 0 and 1 at once. */
  readonly count: number;
  /** Neither side sends data until then. */
  readonly blockTransmission: boolean;
  /** What is sent until then, with the elements that announce it. */
  readonly during: BeaconTemplate;
  /** Octets of the counts from the start of `during`'s tail, and of its whole probe response where it has one. */
  readonly beaconCounts: readonly number[];
  readonly probeResponseCounts: readonly number[];
  readonly after: BeaconTemplate;
}

/** A change of the BSS's colour that stations are told of. IEEE Std 802.11ax-2021, 26.17.3.4. */
export interface ColorChange {
  /** 1 to 63. */
  readonly color: number;
  /** Beacons until then. */
  readonly count: number;
  readonly during: BeaconTemplate;
  /** Octets of the count from the start of `during`'s tail, and of its whole probe response where it has one. */
  readonly beaconCount: number;
  readonly probeResponseCount: number;
  readonly after: BeaconTemplate;
}

export interface BssProtection {
  readonly shortPreamble: boolean;
  readonly shortSlot: boolean;
  /** Use of CTS-to-self or RTS for ERP stations. */
  readonly ctsProtection: boolean;
  /** HT Operation Information's protection bits; undefined without HT. */
  readonly htOperationMode: number | undefined;
}

/** A rate in units of 100 kb/s, or the index of a modulation and coding scheme. */
export type BeaconRate =
  | { readonly kind: "legacy"; readonly rate: number }
  | { readonly kind: "ht" | "vht" | "he"; readonly mcs: number };

export interface ApSecurity {
  readonly privacy: boolean;
  readonly wpaVersions: readonly (1 | 2)[];
  readonly akmSuites: readonly number[];
  readonly pairwiseCiphers: readonly number[];
  readonly groupCipher: number | undefined;
}

export interface ApParameters {
  readonly ssid: Uint8Array;
  readonly hiddenSsid: "no" | "empty" | "zeroed";
  /** In time units of 1024 us. */
  readonly beaconInterval: number;
  readonly dtimPeriod: number;
  readonly channel: ChannelDefinition;
  readonly beacon: BeaconTemplate;
  readonly security: ApSecurity;
  readonly protection: BssProtection;
  /** In units of 100 kb/s. */
  readonly basicRates: readonly number[];
  readonly isolate: boolean;
  /** For drivers that watch inactivity themselves. */
  readonly maxInactivity: Duration;
  readonly obssPacketDetection?: ObssPacketDetection | undefined;
  /** Stations may agree on target wake times. */
  readonly twtResponder?: boolean;
  /** The lowest basic rate where it is missing. */
  readonly beaconRate?: BeaconRate;
}
