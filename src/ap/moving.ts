/** A station that has moved to another of our BSSs, whatever its SSID, leaves nothing behind in the one that it came from; as with hostapd. */

import type { Bss } from "./bss.ts";
import type { ApEvent } from "./events.ts";
import { dropStation } from "./leaving.ts";
import type { Radio } from "./radio.ts";

/** @param radios all of the process */
export function forgetElsewhere(radios: Iterable<Pick<Radio, "bsses">>, event: ApEvent): void {
  if (event.type !== "station-connected") return;
  const bsses = [...radios].flatMap((radio) => radio.bsses);
  const present = bsses.find((bss) => bss.name === event.bss);
  if (!present) return;
  for (const bss of bsses) {
    const station = bss.stations.get(event.station);
    if (bss === present || !station || bss.settings.skip_prune_assoc) continue;
    // Whoever joins an open network has proved nothing: under that address it must not throw out who has.
    if (!isProtected(present) && isProtected(bss) && station.isAuthorized) continue;
    bss.log.info(`${bss.name}: Prune association for ${station.address}`);
    bss.report({ type: "station-dismissed", station: station.address, because: "moved" });
    dropStation(bss, station);
  }
}

const isProtected = (bss: Bss): boolean => bss.authenticator !== undefined;
