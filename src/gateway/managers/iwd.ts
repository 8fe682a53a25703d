/** iwd's devices: one that has no power is left alone. iwd's doc/device-api.txt. */

import type { Bus, BusValue } from "../../linux/bus.ts";
import type { Manager } from "./hold.ts";
import { writeFlag } from "./properties.ts";

const service = "net.connman.iwd";
const deviceInterface = `${service}.Device`;

export const iwd: Manager<{ readonly by: "iwd"; readonly interfaceName: string }> = {
  holdOf: (bus, interfaceName) =>
    deviceOf(bus, interfaceName)?.isPowered === true ? { by: "iwd", interfaceName } : undefined,
  letGo: (bus, { interfaceName }) => setPowered(bus, interfaceName, false),
  takeBack: (bus, { interfaceName }) => setPowered(bus, interfaceName, true),
};

function setPowered(bus: Bus, interfaceName: string, isPowered: boolean): void {
  const device = deviceOf(bus, interfaceName);
  if (device) writeFlag(bus, { service, path: device.path }, deviceInterface, "Powered", isPowered);
}

function deviceOf(bus: Bus, interfaceName: string): { readonly path: string; readonly isPowered: boolean } | undefined {
  if (!bus.has(service)) return undefined;
  const [objects] = bus.call({
    service,
    path: "/",
    interface: "org.freedesktop.DBus.ObjectManager",
    member: "GetManagedObjects",
  });
  for (const [path, interfaces] of Object.entries(isRecord(objects) ? objects : {})) {
    const device = isRecord(interfaces) ? interfaces[deviceInterface] : undefined;
    if (isRecord(device) && device["Name"] === interfaceName) return { path, isPowered: device["Powered"] === true };
  }
  return undefined;
}

const isRecord = (value: BusValue | undefined): value is { readonly [key: string]: BusValue | undefined } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
