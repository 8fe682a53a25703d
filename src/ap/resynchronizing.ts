/** The driver's stations and ours: where they differ, the driver's count. */

import type { MacAddress } from "../base/mac-address.ts";
import type { Bss } from "./bss.ts";
import { dropStation } from "./leaving.ts";

/** The driver has removed a station by itself; or says so, while the station has come back since. */
export function onStationRemoved(bss: Bss, address: MacAddress): void {
  const station = bss.stations.get(address);
  if (!station?.isInDriver || bss.attempt((port) => port.statistics(address)) !== undefined) return;
  bss.log.station(address, "DRIVER", "info", "removed by the driver");
  bss.report({ type: "station-left", station: address, by: "driver", reason: "unspecified" });
  dropStation(bss, station);
}

/** Events were lost on the way. */
export function resynchronize(bss: Bss): void {
  const known = new Set(bss.attempt((port) => port.stations()) ?? []);
  for (const station of [...bss.stations.values()]) {
    if (station.isInDriver && !known.has(station.address)) onStationRemoved(bss, station.address);
  }
}
