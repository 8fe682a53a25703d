/** Interfaces for some of a BSS's stations, and where their frames go. */

import type { DefaultKeyUse, KeyInstallation } from "./keys.ts";

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
