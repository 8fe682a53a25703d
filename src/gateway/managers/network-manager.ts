/** NetworkManager's devices. https://networkmanager.dev/docs/api/latest/gdbus-org.freedesktop.NetworkManager.Device.html */

import type { Bus } from "../../linux/bus.ts";
import type { Manager } from "./hold.ts";
import { readProperty, writeFlag } from "./properties.ts";

const service = "org.freedesktop.NetworkManager";
const deviceInterface = `${service}.Device`;

/** NM_DEVICE_STATE_UNMANAGED, and what is below it. */
const unmanaged = 10;

export const networkManager: Manager<{ readonly by: "NetworkManager"; readonly interfaceName: string }> = {
  holdOf(bus, interfaceName) {
    const device = deviceOf(bus, interfaceName);
    if (device === undefined) return undefined;
    const state = readProperty(bus, { service, path: device }, deviceInterface, "State");
    return typeof state === "number" && state > unmanaged ? { by: "NetworkManager", interfaceName } : undefined;
  },
  letGo: (bus, { interfaceName }) => setManaged(bus, interfaceName, false),
  takeBack: (bus, { interfaceName }) => setManaged(bus, interfaceName, true),
};

function setManaged(bus: Bus, interfaceName: string, isManaged: boolean): void {
  const path = deviceOf(bus, interfaceName);
  if (path !== undefined) writeFlag(bus, { service, path }, deviceInterface, "Managed", isManaged);
}

/** Its object's path. NetworkManager's own GetDeviceByIpIface knows no devices that are without IP. */
function deviceOf(bus: Bus, interfaceName: string): string | undefined {
  if (!bus.has(service)) return undefined;
  const path = "/org/freedesktop/NetworkManager";
  const [devices] = bus.call({ service, path, interface: service, member: "GetAllDevices" });
  if (!Array.isArray(devices)) return undefined;
  return devices
    .filter((device) => typeof device === "string")
    .find((device) => readProperty(bus, { service, path: device }, deviceInterface, "Interface") === interfaceName);
}
