/**
 * What an access point asks of a radio, in the access point's own terms. `nl80211/` is the real one, `virtual/` the one
 * inside the process. A command is synchronous: it returns, or throws a {@link KernelRefusal}. What happens comes as a
 * typed event to the listener that was given when the thing was opened; a listener never throws.
 */

import type { BssPort, OpenBss } from "./bss-port.ts";
import type { BssEvent, RadioEvent } from "./events.ts";
import type { RadioCapabilities } from "./radio-capabilities.ts";
import type { RegulatoryDomain } from "./regulatory-domain.ts";

export type * from "./access-point.ts";
export type * from "./bss-port.ts";
export type * from "./channel.ts";
export type * from "./events.ts";
export type * from "./keys.ts";
export type * from "./radio-capabilities.ts";
export type * from "./regulatory-domain.ts";
export type * from "./station.ts";
export type * from "./vlan.ts";

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
