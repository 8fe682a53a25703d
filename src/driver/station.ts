/** What a driver is told of a station, and what it counts. */

import type { Duration } from "../base/duration.ts";
import type { ChannelWidth } from "./channel.ts";

export type StationFlag = "authenticated" | "associated" | "authorized" | "short-preamble" | "wme" | "mfp";

export interface StationParameters {
  readonly aid?: number;
  /** In beacon intervals. */
  readonly listenInterval?: number;
  /** Supported rates, in units of 500 kb/s without the basic bit. */
  readonly supportedRates?: Uint8Array;
  /** Capability Information field of the station's request. */
  readonly capability?: number;
  /** HT Capabilities element's body, 26 octets. */
  readonly htCapabilities?: Uint8Array;
  /** VHT Capabilities element's body, 12 octets. */
  readonly vhtCapabilities?: Uint8Array;
  /** HE Capabilities element's body after its extension ID. */
  readonly heCapabilities?: Uint8Array;
  /** HE 6 GHz Band Capabilities element's body after its extension ID, 2 octets. */
  readonly he6GHzCapabilities?: Uint8Array;
  /** EHT Capabilities element's body after its extension ID. */
  readonly ehtCapabilities?: Uint8Array;
  /** Operating Mode field. IEEE Std 802.11-2020, 9.4.1.53. */
  readonly operatingMode?: number;
  /** Extended Capabilities element's body. */
  readonly extendedCapabilities?: Uint8Array;
  readonly wme?: { readonly uapsdQueues: number; readonly maxServicePeriod: number };
  /** Flags to change and what to; those not named stay. */
  readonly flags?: Partial<Readonly<Record<StationFlag, boolean>>>;
}

/** How a station works from now on, as it has said itself. IEEE Std 802.11-2020, 9.6.11.3, 9.6.11.2, 9.6.22.4. */
export type StationModeChange =
  /** Spatial multiplexing power save: with one chain, or with one until it hears a frame for it. */
  | { readonly kind: "power-save"; readonly to: "off" | "static" | "dynamic" }
  | { readonly kind: "width"; readonly to: ChannelWidth }
  /** Spatial streams that it receives at most. */
  | { readonly kind: "streams"; readonly to: number };

/** What the driver counts for one station. */
export interface StationStatistics {
  readonly inactive: Duration;
  readonly connected: Duration;
  readonly rxBytes: bigint;
  readonly txBytes: bigint;
  readonly rxPackets: number;
  readonly txPackets: number;
  readonly txRetries: number;
  readonly txFailed: number;
  readonly signalDbm: number | undefined;
  readonly lastAckSignalDbm: number | undefined;
  /** In units of 100 kb/s. */
  readonly rxRate: number | undefined;
  readonly txRate: number | undefined;
  /** As hostapd shows them after the rate: ` mcs 7 shortGI`. */
  readonly rxRateInfo: string;
  readonly txRateInfo: string;
  readonly flags: ReadonlySet<StationFlag>;
  /** Octets that wait to be sent to it; undefined where the driver doesn't tell. */
  readonly backlogBytes?: number | undefined;
}

/** How a station hears that it has to go. */
export interface Dismissal {
  readonly subtype: "deauthentication" | "disassociation";
  /** Reason code, not 0. IEEE Std 802.11-2020, table 9-49. */
  readonly reason: number;
}
