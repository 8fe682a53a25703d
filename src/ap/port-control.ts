/** The controlled port of a station: open for data, or not. IEEE Std 802.11-2020, 4.5.4.3. */

import type { PmkCandidate } from "../rsn/port.ts";
import type { Bss } from "./bss.ts";
import { grantOf } from "./radius/identity.ts";
import { limitIdleness } from "./session-limits.ts";
import type { Station } from "./station.ts";

/** @param by the key that the station proved, undefined in an open network */
export function authorize(bss: Bss, station: Station, by: PmkCandidate | undefined): void {
  const { address } = station;
  station.key = by;
  if (station.isAuthorized) return;
  station.isAuthorized = true;
  station.authorizedAt = bss.clock.now();
  bss.attempt((port) => port.setStation(address, { flags: { authorized: true } }));
  bss.report({
    type: "station-connected",
    station: address,
    ...(by?.keyId === undefined ? {} : { keyId: by.keyId }),
    ...(station.vlan === undefined ? {} : { vlanId: station.vlan.id }),
  });
  limitIdleness(bss, station, grantOf(station)?.idleTimeout);
  bss.radius.accounting.begin(station);
}

export function unauthorize(bss: Bss, station: Station): void {
  station.key = undefined;
  if (!station.isAuthorized) return;
  station.timers.disarm("idleness");
  bss.radius.accounting.end(station);
  station.isAuthorized = false;
  station.authorizedAt = undefined;
  if (station.isInDriver) {
    bss.attempt((port) => port.setStation(station.address, { flags: { authorized: false } }));
  }
  bss.report({ type: "station-disconnected", station: station.address });
}
