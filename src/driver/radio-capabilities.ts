/** What a radio has and can do. */

import type { BeaconRate } from "./access-point.ts";
import type { BandName, RadioChannel } from "./channel.ts";

/** IEEE Std 802.11-2020, 9.4.2.55. */
export interface HtSupport {
  /** HT Capability Information field. */
  readonly capabilities: number;
  /** A-MPDU Parameters field. */
  readonly ampduParameters: number;
  /** Supported MCS Set field, 16 octets. */
  readonly mcsSet: Uint8Array;
}

/** IEEE Std 802.11-2020, 9.4.2.157. */
export interface VhtSupport {
  readonly capabilities: number;
  /** Supported VHT-MCS and NSS Set field, 8 octets. */
  readonly mcsSet: Uint8Array;
}

/** What the radio has of HE as an access point, in a band. IEEE Std 802.11ax-2021, 9.4.2.248. */
export interface HeSupport {
  /** HE MAC Capabilities Information field, 6 octets. */
  readonly mac: Uint8Array;
  /** HE PHY Capabilities Information field, 11 octets. */
  readonly phy: Uint8Array;
  /** Supported HE-MCS And NSS Set for each width that there may be: 12 octets. */
  readonly mcsSet: Uint8Array;
  /** PPE Thresholds, perhaps with more octets than they have; empty for none. */
  readonly ppeThresholds: Uint8Array;
  /** HE 6 GHz Band Capabilities, 16 bits; undefined in other bands. */
  readonly capabilities6GHz: number | undefined;
}

/** What the radio has of EHT as an access point, in a band. IEEE Std 802.11be-2024, 9.4.2.323. */
export interface EhtSupport {
  /** EHT MAC Capabilities Information field, 16 bits. */
  readonly mac: number;
  /** EHT PHY Capabilities Information field, 9 octets. */
  readonly phy: Uint8Array;
  /** Supported EHT-MCS And NSS Set for each width that there may be: 9 octets. */
  readonly mcsSet: Uint8Array;
  /** EHT PPE Thresholds, perhaps with more octets than they have; empty for none. */
  readonly ppeThresholds: Uint8Array;
}

export interface Band {
  readonly name: BandName;
  readonly channels: readonly RadioChannel[];
  /** In units of 100 kb/s, as the radio lists them. */
  readonly rates: readonly number[];
  readonly ht: HtSupport | undefined;
  readonly vht: VhtSupport | undefined;
  readonly he: HeSupport | undefined;
  readonly eht: EhtSupport | undefined;
}

export type InterfaceType = "station" | "ap" | "ap-vlan" | "monitor" | "p2p-go" | "mesh" | "other";

/** One allowed mix of interfaces on a radio. */
export interface InterfaceCombination {
  readonly maxInterfaces: number;
  readonly maxChannels: number;
  readonly limits: readonly { readonly max: number; readonly types: readonly InterfaceType[] }[];
}

export interface RadioCapabilities {
  /** Name of the radio, `phy0`. */
  readonly phy: string;
  readonly bands: readonly Band[];
  readonly interfaceTypes: ReadonlySet<InterfaceType>;
  readonly combinations: readonly InterfaceCombination[];
  /** Suite selectors, 0x000fac04 for CCMP-128. */
  readonly ciphers: ReadonlySet<number>;
  /** The firmware sends probe responses by itself. */
  readonly probeResponseOffload: boolean;
  /**
   * The radio's firmware is the station management entity: it authenticates and associates stations, answers probe
   * requests, sends deauthentications, and tells of who has come and gone (DEVICE_AP_SME). Key handshakes stay ours.
   */
  readonly associationOffload: boolean;
  /** The driver keeps the station's state from authentication on (FULL_AP_CLIENT_STATE). */
  readonly fullStationState: boolean;
  /** EAPOL crosses nl80211, with transmit status. */
  readonly controlPort: boolean;
  readonly controlPortTxStatus: boolean;
  /** The driver watches for inactive stations itself. */
  readonly inactivityTimer: boolean;
  readonly beaconProtection: boolean;
  /** An access point can take another BSS colour, announced. */
  readonly colorChange: boolean;
  readonly extendedKeyId: boolean;
  /** A pairwise key may be replaced by one with the same ID while traffic flows: nothing is sent in the clear or under a wrong key. */
  readonly replacesPairwiseKeys: boolean;
  readonly selfManagedRegulatory: boolean;
  /** Extended Capabilities that the driver adds, and which bits of them count. Octets as on the air. */
  readonly extendedCapabilities: Uint8Array;
  readonly extendedCapabilitiesMask: Uint8Array;
  readonly maxAclEntries: number;
  /** Kinds of rates that beacons can be sent at when that is asked for. */
  readonly beaconRates: ReadonlySet<BeaconRate["kind"]>;
  /** Stations can have weights in the sharing out of airtime. */
  readonly airtimeWeights: boolean;
  /** An access point can go to another channel, announced. */
  readonly channelSwitch: boolean;
  readonly maxCsaCounters: number;
  /** It can look for networks while it is an access point. */
  readonly scansAsAccessPoint: boolean;
  /** It sends FILS Discovery frames. */
  readonly filsDiscovery: boolean;
  /** It sends Probe Responses that nobody asked for. */
  readonly unsolicitedProbeResponses: boolean;
  /** The width of the channel may change while the access point runs. */
  readonly widthChanges: boolean;
}
