import type { Bus, BusMethod, BusValue } from "../../linux/bus.ts";

type BusObject = Pick<BusMethod, "service" | "path">;

const properties = "org.freedesktop.DBus.Properties";

/** @throws ConfigurationError */
export const readProperty = (bus: Bus, object: BusObject, owner: string, name: string): BusValue | undefined =>
  bus.call({ ...object, interface: properties, member: "Get" }, "ss", owner, name)[0];

/** @throws ConfigurationError */
export const writeFlag = (bus: Bus, object: BusObject, owner: string, name: string, value: boolean): void =>
  void bus.call({ ...object, interface: properties, member: "Set" }, "ssv", owner, name, "b", String(value));
