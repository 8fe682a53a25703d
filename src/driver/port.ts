/**
 * What an access point asks of a radio, in the access point's own terms. `nl80211/` is the real one, `virtual/` the one
 * inside the process. A command is synchronous: it returns, or throws a {@link KernelRefusal}. What happens comes as a
 * typed event to the listener that was given when the thing was opened; a listener never throws.
 */

import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";

/** MHz, the centre of a 20 MHz channel. */
export type Frequency = number;

export type BandName = "2.4GHz" | "5GHz" | "6GHz" | "60GHz";

export interface RadioChannel {
  readonly frequency: Frequency;
  readonly disabled: boolean;
  /** May not initiate radiation: no access point here. */
  readonly noIr: boolean;
  /** Radar detection is required. */
  readonly radar: boolean;
  readonly noHt40Minus: boolean;
  readonly noHt40Plus: boolean;
  readonly no80MHz: boolean;
  readonly no160MHz: boolean;
  readonly maxPowerDbm: number;
}

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

export interface RegulatoryDomain {
  /** Two letters; `00` is the world. */
  readonly alpha2: string;
  readonly initiator: "core" | "user" | "driver" | "country-element" | "unknown";
}

export interface TransmitQueueParameters {
  /** Arbitration inter-frame spacing number. */
  readonly aifs: number;
  readonly cwMin: number;
  readonly cwMax: number;
  /** In units of 32 us. */
  readonly txop: number;
}

export type AccessCategory = "voice" | "video" | "best-effort" | "background";

export type ChannelWidth = "20-no-ht" | "20" | "40" | "80" | "80+80" | "160" | "320";

export interface ChannelDefinition {
  readonly frequency: Frequency;
  readonly width: ChannelWidth;
  /** Centre of the whole width; `frequency` itself where it is 20. */
  readonly centerFrequency1: Frequency;
  readonly centerFrequency2?: Frequency;
  /** 20 MHz channels that are left out, the lowest in the least significant bit. IEEE Std 802.11be-2024, 35.15.2. */
  readonly punctured?: number;
}

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

/** What the radio has measured of a channel, since some time in the past. */
export interface ChannelSurvey {
  /** How long it was there. */
  readonly time: Duration;
  readonly busy: Duration;
  readonly noiseDbm: number | undefined;
}

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

/** A key and where it goes. Pairwise where `station` is given; the driver copies `key` before it returns. */
export interface KeyInstallation {
  /** Suite selector. */
  readonly cipher: number;
  readonly key: Uint8Array;
  readonly index: number;
  readonly station?: MacAddress;
  /** Receive sequence counter to start from, octets in the cipher's order. */
  readonly sequence?: Uint8Array;
  /** Not for sending yet, beside the key in use; {@link BssPort.sendWithKey} changes over. Needs extendedKeyId. */
  readonly receiveOnly?: boolean;
}

export type DefaultKeyUse = "unicast" | "multicast" | "management" | "beacon";

export type BssEvent =
  /** A management frame from the air, MAC header first, without FCS. */
  | {
      readonly type: "management";
      readonly frame: Uint8Array;
      readonly frequency: Frequency;
      readonly signalDbm: number | undefined;
    }
  | {
      readonly type: "management-status";
      readonly cookie: bigint;
      readonly frame: Uint8Array;
      readonly acknowledged: boolean;
    }
  | {
      readonly type: "eapol";
      readonly source: MacAddress;
      readonly payload: Uint8Array;
      readonly encrypted: boolean;
    }
  | {
      readonly type: "eapol-status";
      readonly cookie: bigint;
      readonly station: MacAddress;
      readonly acknowledged: boolean;
    }
  /** A data frame from a station that the driver doesn't know (class 3 error). */
  | { readonly type: "unexpected-frame"; readonly source: MacAddress; readonly fourAddress: boolean }
  /** The answer to {@link BssPort.probeStation}. */
  | { readonly type: "probe-status"; readonly station: MacAddress; readonly acknowledged: boolean }
  | { readonly type: "low-acknowledgement"; readonly station: MacAddress }
  | { readonly type: "michael-mic-failure"; readonly station: MacAddress; readonly group: boolean }
  /** With associationOffload: a station is associated already. */
  | {
      readonly type: "station-associated";
      readonly station: MacAddress;
      /** Of its (re)association request, as many as the driver tells; octets as on the air. */
      readonly elements: Uint8Array;
      /** undefined where the driver doesn't tell. */
      readonly reassociation: boolean | undefined;
    }
  /** With associationOffload: it has gone, or the firmware has sent it away; also the echo of our own dismissal. */
  | { readonly type: "station-disassociated"; readonly station: MacAddress }
  /** The driver removed a station by itself. */
  | { readonly type: "station-removed"; readonly station: MacAddress }
  /** The driver stopped beaconing by itself. */
  | { readonly type: "stopped" }
  /** Another BSS has the same colour, and which there are around, each a bit. */
  | { readonly type: "color-collision"; readonly colors: bigint }
  | { readonly type: "color-changed" }
  | { readonly type: "color-change-aborted" }
  /** The driver has begun to count down: as it was told, or on its own account. */
  | { readonly type: "channel-switch-started"; readonly channel: ChannelDefinition }
  | { readonly type: "channel-switched"; readonly channel: ChannelDefinition }
  /** The end of {@link BssPort.scan}. */
  | { readonly type: "scan-finished"; readonly aborted: boolean }
  | { readonly type: "link"; readonly state: "up" | "down" | "removed" | "added" }
  /** The kernel's queue to us overran: what happened meanwhile is unknown, ask anew. */
  | { readonly type: "events-lost" };

export type RadioEvent =
  | { readonly type: "regulatory-changed"; readonly domain: RegulatoryDomain }
  | { readonly type: "rfkill"; readonly blocked: boolean }
  | { readonly type: "radar-detected"; readonly channel: ChannelDefinition }
  /** The beacon of another access point, MAC header first; see {@link RadioPort.watchNeighbours}. */
  | { readonly type: "neighbour-beacon"; readonly frame: Uint8Array; readonly frequency: Frequency };

export interface Driver {
  /** As hostapd names it: `nl80211`. */
  readonly name: string;
  /**
   * Takes over the radio below an interface, leaving it as it is until a BSS is opened.
   * @throws KernelRefusal ENODEV where there is no such interface, EOPNOTSUPP where it is no Wi-Fi interface
   */
  openRadio(interfaceName: string, listener: (event: RadioEvent) => void, options?: OpenRadio): RadioPort;
  /**
   * Calls when something has changed that may let a radio be opened which could not be: its interface is there or has
   * changed, or a radio has been switched on.
   */
  watch(interfaceName: string, onHope: () => void): { stop(): void };
  /** Closes what is still open. */
  close(): void;
}

export interface OpenRadio {
  /** As if the radio had no control port: EAPOL frames cross the network interface. */
  readonly withoutControlPort?: boolean;
}

export interface RadioPort {
  readonly phy: string;
  /** As they are now: the regulatory domain changes them. */
  capabilities(): RadioCapabilities;
  regulatoryDomain(): RegulatoryDomain;
  /** Asks for a country; a `regulatory-changed` event follows where that changes anything. */
  setCountry(alpha2: string): void;
  /** undefined switches the threshold off. In octets. */
  setRtsThreshold(octets: number | undefined): void;
  setFragmentationThreshold(octets: number | undefined): void;
  isRfkillBlocked(): boolean;
  /** Has the beacons of other access points reported while there is one here; nothing where the driver can't tell. */
  watchNeighbours(): void;
  /**
   * Makes an interface of this radio an access point's: type, frame registrations, link up, bridge. The first is the
   * radio's own interface, further ones are made, and removed at close.
   * @throws KernelRefusal EBUSY where it is held by somebody else, ERFKILL
   */
  openBss(options: OpenBss, listener: (event: BssEvent) => void): BssPort;
  close(): void;
}

export interface OpenBss {
  readonly interfaceName: string;
  /** Address to give it; its own where undefined. */
  readonly address?: MacAddress;
  /** Bridge to put it in; made where there is none, and removed again then. */
  readonly bridge?: string;
  /** What the bridge that it is in is to do at this port; a bridge that doesn't know it is warned of. */
  readonly bridgePort?: { readonly hairpin?: boolean; readonly multicastToUnicast?: boolean };
}

/** The wired side of a VLAN. */
export interface VlanNetwork {
  /** Made where there is none, and removed after its last VLAN then. */
  readonly bridge: string;
  /** The interface in the bridge by which frames leave it with a tag. Made and removed likewise. */
  readonly uplink?: TaggedInterface;
}

/** 802.1Q upon an interface. */
export interface TaggedInterface {
  readonly name: string;
  readonly parent: string;
  readonly vlanId: number;
}

/** An interface for some of a BSS's stations: those of a VLAN, or one of them by itself. */
export interface OpenVlan {
  /** Made where there is none. */
  readonly interfaceName: string;
  /** It is for one station, whose frames have four addresses: it bridges. */
  readonly fourAddresses?: boolean;
  /** Where the stations' frames go; nowhere but to this interface where undefined. */
  readonly network?: VlanNetwork;
  /** Where those go that stations send with a tag of their own. */
  readonly tagged?: readonly (VlanNetwork & Omit<TaggedInterface, "parent">)[];
}

/** A VLAN that is open. Its stations are none of the BSS's broadcast domain. */
export interface VlanPort {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  /** Group keys only. */
  installKey(key: Omit<KeyInstallation, "station">): void;
  setDefaultKey(index: number, use: DefaultKeyUse): void;
  keySequence(index: number): Uint8Array;
  /** As {@link BssPort.sendManagement}, to a station of this VLAN: only here does the driver find its key. */
  sendManagement(frame: Uint8Array): bigint;
  /** What was made goes, with the stations that are still in it. */
  close(): void;
}

/** How an interface is in the bridge that was asked for. */
export interface BridgeMembership {
  readonly name: string;
  /** Neither was so before we came. */
  readonly bridgeMade: boolean;
  readonly interfaceEntered: boolean;
}

export interface BssPort {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly address: MacAddress;
  /** undefined where none was asked for. */
  readonly bridge?: BridgeMembership | undefined;

  startAp(parameters: ApParameters): void;
  updateBeacon(beacon: BeaconTemplate): void;
  setProtection(protection: BssProtection, basicRates: readonly number[], isolate: boolean): void;
  stopAp(): void;
  /**
   * Takes the running access point to another channel; `channel-switch-started` and `channel-switched` follow. Meanwhile
   * {@link updateBeacon} is refused.
   * @throws KernelRefusal EBUSY while another switch is on its way
   */
  switchChannel(change: ChannelSwitch): void;
  /**
   * Gives the running access point another colour; `color-changed` or `color-change-aborted` follows. Meanwhile
   * {@link updateBeacon} is refused.
   * @throws KernelRefusal EBUSY while a change or a channel switch is on its way
   */
  changeColor(change: ColorChange): void;
  /** What the radio has measured of the channel that it is on; undefined where it doesn't. */
  survey(): ChannelSurvey | undefined;
  /** Multicast goes to each station by itself. @throws KernelRefusal EOPNOTSUPP */
  setMulticastToUnicast(enabled: boolean): void;
  /** @param weight 256 for the usual share of airtime @throws KernelRefusal */
  setAirtimeWeight(station: MacAddress, weight: number): void;
  /** Where it is now; undefined while no access point runs. */
  channel(): ChannelDefinition | undefined;
  /** Another width on the same primary channel, with stations as they are. Needs widthChanges. */
  setChannelWidth(channel: ChannelDefinition): void;
  /** Looks for other networks on these channels; a `scan-finished` event follows. @throws KernelRefusal EBUSY */
  scan(frequencies: readonly Frequency[]): void;
  /** The networks that the last scan has found. */
  scanResults(): readonly ScanResult[];
  setTransmitQueue(category: AccessCategory, parameters: TransmitQueueParameters): void;

  addStation(station: MacAddress, parameters: StationParameters): void;
  setStation(station: MacAddress, parameters: StationParameters): void;
  /**
   * Harmless for a station that isn't there. With associationOffload the firmware tells the station, and with the
   * broadcast address all of them: `dismissal` says how, and without it the driver chooses.
   */
  removeStation(station: MacAddress, dismissal?: Dismissal): void;
  /** Removes all stations that the kernel knows on this interface. */
  flushStations(): void;
  /** @returns undefined where the driver doesn't know the station */
  statistics(station: MacAddress): StationStatistics | undefined;
  stations(): readonly MacAddress[];
  /** Sends a null frame; a `probe-status` event follows. */
  probeStation(station: MacAddress): void;

  /**
   * @param onRemoved somebody else has removed the interface, and with it its stations; it is still to be closed
   * @throws KernelRefusal also where the radio has no such interfaces
   */
  openVlan(options: OpenVlan, onRemoved: () => void): VlanPort;
  /** Moves a station into a VLAN; out of all of them where undefined. */
  assignStation(station: MacAddress, vlan: VlanPort | undefined): void;

  installKey(key: KeyInstallation): void;
  /** What goes to the station is encrypted with this one of its keys from now on. Needs extendedKeyId. */
  sendWithKey(index: number, station: MacAddress): void;
  removeKey(index: number, station?: MacAddress): void;
  setDefaultKey(index: number, use: DefaultKeyUse): void;
  /** The transmit sequence counter of a group key, octets in the cipher's order; zeros where the driver can't tell. */
  keySequence(index: number): Uint8Array;

  /**
   * Sends a management frame, MAC header first; a `management-status` event with the cookie follows unless `noAck`.
   * @returns the cookie
   */
  sendManagement(frame: Uint8Array, options?: SendManagement): bigint;
  /** Sends an EAPOL PDU (from its version octet on); an `eapol-status` event follows where the radio can tell. */
  sendEapol(station: MacAddress, payload: Uint8Array, options: { readonly encrypt: boolean }): bigint;
  /** Sends an Ethernet frame from this interface: layer-2 updates after a join, test traffic. */
  sendEthernet(frame: Uint8Array): void;

  /** Something that only the driver's maker understands. @returns its answer @throws KernelRefusal */
  executeVendorCommand(request: VendorCommand): Uint8Array;

  /** Back to how the interface was found. */
  close(): void;
}

export interface VendorCommand {
  /** Organizationally Unique Identifier, 0x001374. */
  readonly vendor: number;
  readonly command: number;
  /** Empty where there is none. */
  readonly data: Uint8Array;
  /** Whether `data` is made of netlink attributes; as that vendor's commands usually are where absent. */
  readonly isNested?: boolean;
}

/** Another network, by its beacon or its probe response. */
export interface ScanResult {
  readonly bssid: MacAddress;
  readonly frequency: Frequency;
  /** Octets as on the air. */
  readonly elements: Uint8Array;
}

/** How a station hears that it has to go. */
export interface Dismissal {
  readonly subtype: "deauthentication" | "disassociation";
  /** Reason code, not 0. IEEE Std 802.11-2020, table 9-49. */
  readonly reason: number;
}

export interface SendManagement {
  readonly noAck?: boolean;
  /** Where it differs from the access point's own channel. */
  readonly frequency?: Frequency;
  /** Leave the sequence number and CCK rates to the driver otherwise. */
  readonly noCck?: boolean;
  /** As it is, also where the radio would protect it; no status follows. For tests. */
  readonly unprotected?: boolean;
  /** Octets of the frame where the radio puts the count of a channel switch that is on its way. */
  readonly switchCounts?: readonly number[];
}
