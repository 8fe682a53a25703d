/** firewalld's zones over D-Bus, for as long as it runs. https://firewalld.org/documentation/man-pages/firewalld.dbus.html */

import type { Bus } from "../../linux/bus.ts";

const service = "org.fedoraproject.FirewallD1";
const zones = { service, path: "/org/fedoraproject/FirewallD1", interface: `${service}.zone` } as const;

/** For networks that share a connection: forwards, and lets DHCP, DNS and ping in. Old ones have none, and only trust or don't. */
const preferred = ["nm-shared", "trusted"];

/** The zone for stations; undefined where firewalld doesn't run. @throws ConfigurationError */
export function zoneForStations(bus: Bus): string | undefined {
  if (!bus.has(service)) return undefined;
  const [known] = bus.call({ ...zones, member: "getZones" });
  return preferred.find((zone) => Array.isArray(known) && known.includes(zone));
}

/** The zone that the interface is in by name; empty for none. @throws ConfigurationError */
export function zoneOf(bus: Bus, interfaceName: string): string {
  const [zone] = bus.call({ ...zones, member: "getZoneOfInterface" }, "s", interfaceName);
  return typeof zone === "string" ? zone : "";
}

/** @throws ConfigurationError */
export const joinZone = (bus: Bus, zone: string, interfaceName: string): void =>
  void bus.call({ ...zones, member: "changeZoneOfInterface" }, "ss", zone, interfaceName);

/** Nothing where it isn't in it any more. @param before the zone that it goes back to; empty for none @throws ConfigurationError */
export function leaveZone(bus: Bus, zone: string, before: string, interfaceName: string): void {
  if (!bus.has(service) || zoneOf(bus, interfaceName) !== zone) return;
  if (before !== "") joinZone(bus, before, interfaceName);
  else bus.call({ ...zones, member: "removeInterface" }, "ss", zone, interfaceName);
}
