/** A driver whose radios are in this process: real frames over a {@link VirtualMedium}. */

import type { Clock } from "../../base/clock.ts";
import type { Entropy } from "../../base/entropy.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Driver, RadioCapabilities, RadioEvent } from "../port.ts";
import type { VirtualMedium } from "./medium.ts";
import { Regulatory, VirtualRadio } from "./radio.ts";

/** Hears the Ethernet frames that leave a network through its access point; `answer` sends one into it. */
export type Uplink = (interfaceName: string, frame: Uint8Array, answer: (frame: Uint8Array) => void) => void;

export interface VirtualDriverOptions {
  /** The interfaces that there are, each with a radio of its own; any name that is asked for where undefined. */
  readonly interfaces?: readonly string[];
  /** Who is on the wired side of the access points; nobody where undefined. */
  readonly uplink?: Uplink;
  /** Radios that have more than the usual ones, or less. */
  readonly hardware?: (usual: RadioCapabilities) => RadioCapabilities;
}

export interface VirtualDriver extends Driver {
  /** The switch for all radios at the machine's side. */
  switchRfkill(blocked: boolean): void;
  /** What happens to an open interface from outside. */
  setLink(interfaceName: string, state: "up" | "down" | "removed" | "added"): void;
}

export function createVirtualDriver(
  medium: VirtualMedium,
  clock: Clock,
  entropy: Entropy,
  options: VirtualDriverOptions = {},
): VirtualDriver {
  const { interfaces, uplink = () => undefined, hardware = (usual) => usual } = options;
  const radios = new Map<string, VirtualRadio>();
  const addresses = new Map<string, Uint8Array>();
  const regulatory = new Regulatory(clock);
  let interfaceIndex = 0;
  const watchers = new Set<() => void>();
  let isBlocked = false;

  /** The same each time that an interface is opened. Locally administered, with room for further BSSs in the last octet. */
  function addressOf(interfaceName: string): Uint8Array {
    const address = addresses.get(interfaceName) ?? Uint8Array.of(0x02, 0, ...entropy.bytes(3), 0);
    addresses.set(interfaceName, address);
    return address;
  }

  return {
    name: "virtual",

    openRadio(interfaceName: string, listener: (event: RadioEvent) => void): VirtualRadio {
      if (interfaces && !interfaces.includes(interfaceName)) throw new KernelRefusal("GET_INTERFACE", "ENODEV");
      if (radios.has(interfaceName)) throw new KernelRefusal("GET_INTERFACE", "EBUSY", "it is in use already");
      const address = addressOf(interfaceName);
      const radio = new VirtualRadio(
        {
          phy: `virtual${[...addresses.keys()].indexOf(interfaceName)}`,
          address,
          medium,
          clock,
          regulatory,
          uplink,
          hardware,
          nextInterfaceIndex: () => ++interfaceIndex,
          onClose: () => void radios.delete(interfaceName),
        },
        isBlocked,
        listener,
      );
      radios.set(interfaceName, radio);
      return radio;
    },

    switchRfkill(blocked: boolean): void {
      isBlocked = blocked;
      for (const radio of [...radios.values()]) radio.switchRfkill(blocked);
      if (!blocked) for (const onHope of [...watchers]) onHope();
    },

    watch(_interfaceName: string, onHope: () => void): { stop(): void } {
      const watcher = (): void => onHope();
      watchers.add(watcher);
      return { stop: () => void watchers.delete(watcher) };
    },

    setLink(interfaceName: string, state: "up" | "down" | "removed" | "added"): void {
      for (const radio of radios.values()) {
        for (const bss of radio.bsses) if (bss.interfaceName === interfaceName) bss.setLink(state);
      }
    },

    close(): void {
      for (const radio of [...radios.values()]) radio.close();
    },
  };
}
