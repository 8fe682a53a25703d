/**
 * Frames past the kernel's own ways with them, encryption first of all, through a monitor interface on the same radio.
 * What an attacker can do: for tests of stations.
 */

import { concat } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Host } from "../../linux/host.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { delInterface, newInterface } from "../../wire/nl80211/interface.ts";
import type { Kernel } from "./kernel.ts";

export interface Injector {
  /** @param frame MAC header first @throws KernelRefusal */
  send(frame: Uint8Array): void;
  close(): void;
}

/** radiotap.org: version 0, no fields. What is not said is the kernel's choice, and it encrypts nothing then. */
const radiotapHeader = Uint8Array.of(0, 0, 8, 0, 0, 0, 0, 0);

/** @param interfaceName of the access point @throws KernelRefusal */
export function openInjector(kernel: Kernel, host: Host, wiphy: number, interfaceName: string): Injector {
  const name = `mon.${interfaceName}`.slice(0, 15);
  kernel.frames.execute(newInterface.build({ wiphy, name, type: interfaceTypes.MONITOR, socketOwner: true }));
  const made = kernel.routes.link(name);
  if (made === undefined) throw new KernelRefusal(newInterface.name, "ENODEV");
  const remove = (): void => {
    kernel.tolerate(() => kernel.commands.execute(delInterface.build({ ifIndex: made.index })), "ENODEV");
  };
  try {
    kernel.routes.setUp(made.index, true);
    const socket = host.openPacketSocket(made.index, undefined);
    return {
      send: (frame) => socket.send(concat(radiotapHeader, frame)),
      close: () => {
        socket.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}
