/** Programs that manage interfaces of their own accord, and how each is asked to let one go, and told that it may have it again. */

import type { Bus } from "../../linux/bus.ts";
import { iwd } from "./iwd.ts";
import { networkManager } from "./network-manager.ts";
import { wpaSupplicant } from "./wpa-supplicant.ts";

/** That a program has an interface, with what it needs to have it again as before. Survives as JSON. */
export type Hold =
  | { readonly by: "NetworkManager"; readonly interfaceName: string }
  | { readonly by: "iwd"; readonly interfaceName: string }
  | {
      readonly by: "wpa_supplicant";
      readonly interfaceName: string;
      readonly driver: string;
      /** Empty for none: its networks came over the bus. */
      readonly configFile: string;
      readonly bridge: string;
    };

/** One of them. The methods throw a ConfigurationError in the program's words. */
export interface Manager<H extends Hold> {
  /** undefined where it isn't there, or doesn't have the interface. */
  holdOf(bus: Bus, interfaceName: string): H | undefined;
  letGo(bus: Bus, hold: H): void;
  takeBack(bus: Bus, hold: H): void;
}

/** In the order in which they are asked: NetworkManager has wpa_supplicant or iwd let go by itself. */
export const holdOf = (bus: Bus, interfaceName: string): Hold | undefined =>
  networkManager.holdOf(bus, interfaceName) ??
  iwd.holdOf(bus, interfaceName) ??
  wpaSupplicant.holdOf(bus, interfaceName);

/** Whether one of them is there at all. */
export const isManagerThere = (bus: Bus): boolean =>
  ["org.freedesktop.NetworkManager", "net.connman.iwd", "fi.w1.wpa_supplicant1"].some((service) => bus.has(service));

export function letGo(bus: Bus, hold: Hold): void {
  switch (hold.by) {
    case "NetworkManager":
      return networkManager.letGo(bus, hold);
    case "iwd":
      return iwd.letGo(bus, hold);
    case "wpa_supplicant":
      return wpaSupplicant.letGo(bus, hold);
  }
}

/** Nothing where the program has ended since. */
export function takeBack(bus: Bus, hold: Hold): void {
  switch (hold.by) {
    case "NetworkManager":
      return networkManager.takeBack(bus, hold);
    case "iwd":
      return iwd.takeBack(bus, hold);
    case "wpa_supplicant":
      return wpaSupplicant.takeBack(bus, hold);
  }
}
