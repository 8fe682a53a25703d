/** wpa_supplicant's interfaces. https://w1.fi/wpa_supplicant/devel/dbus.html */

import type { Bus } from "../../linux/bus.ts";
import type { Hold, Manager } from "./hold.ts";
import { readProperty } from "./properties.ts";

const service = "fi.w1.wpa_supplicant1";
const root = { service, path: "/fi/w1/wpa_supplicant1", interface: service } as const;
const interfaceInterface = `${service}.Interface`;

type SupplicantHold = Extract<Hold, { readonly by: "wpa_supplicant" }>;

export const wpaSupplicant: Manager<SupplicantHold> = {
  holdOf(bus, interfaceName) {
    const path = pathOf(bus, interfaceName);
    if (path === undefined) return undefined;
    const text = (name: string): string => {
      const value = readProperty(bus, { service, path }, interfaceInterface, name);
      return typeof value === "string" ? value : "";
    };
    return {
      by: "wpa_supplicant",
      interfaceName,
      driver: text("Driver"),
      configFile: text("ConfigFile"),
      bridge: text("BridgeIfname"),
    };
  },
  letGo(bus, { interfaceName }) {
    const path = pathOf(bus, interfaceName);
    if (path !== undefined) bus.call({ ...root, member: "RemoveInterface" }, "o", path);
  },
  takeBack(bus, { interfaceName, driver, configFile, bridge }) {
    if (!bus.has(service) || pathOf(bus, interfaceName) !== undefined) return;
    const wanted = Object.entries({
      Ifname: interfaceName,
      Driver: driver,
      ConfigFile: configFile,
      BridgeIfname: bridge,
    });
    const given = wanted.filter(([, value]) => value !== "");
    const args = given.flatMap(([key, value]) => [key, "s", value]);
    bus.call({ ...root, member: "CreateInterface" }, "a{sv}", String(given.length), ...args);
  },
};

function pathOf(bus: Bus, interfaceName: string): string | undefined {
  if (!bus.has(service)) return undefined;
  const interfaces = readProperty(bus, root, service, "Interfaces");
  if (!Array.isArray(interfaces)) return undefined;
  return interfaces
    .filter((path) => typeof path === "string")
    .find((path) => readProperty(bus, { service, path }, interfaceInterface, "Ifname") === interfaceName);
}
