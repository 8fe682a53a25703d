/** What an access point asks of the radio for one of its BSSs. */

import type { MacAddress } from "../base/mac-address.ts";
import type {
  AccessCategory,
  ApParameters,
  BeaconTemplate,
  BssProtection,
  ChannelSwitch,
  ColorChange,
  TransmitQueueParameters,
} from "./access-point.ts";
import type { ChannelDefinition, ChannelSurvey, Frequency } from "./channel.ts";
import type { DefaultKeyUse, KeyInstallation } from "./keys.ts";
import type { Dismissal, StationParameters, StationStatistics } from "./station.ts";
import type { OpenVlan, VlanPort } from "./vlan.ts";

export interface OpenBss {
  readonly interfaceName: string;
  /** Address to give it; its own where undefined. */
  readonly address?: MacAddress;
  /** Bridge to put it in; made where there is none, and removed again then. */
  readonly bridge?: string;
  /** What the bridge that it is in is to do at this port; a bridge that doesn't know it is warned of. */
  readonly bridgePort?: { readonly hairpin?: boolean; readonly multicastToUnicast?: boolean };
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

  /**
   * Puts the interface into another bridge than the one that it was opened with, or into none; what stations send goes
   * there from now on.
   * @throws KernelRefusal; it is where it was then
   */
  setBridge(options: Pick<OpenBss, "bridge" | "bridgePort">): void;
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
