/** Sessions that end: after their time, or when nothing is sent any more. RFC 2865, sections 5.27 and 5.28. */

import { type Duration, milliseconds, seconds, since } from "../base/duration.ts";
import type { StationStatistics } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import { sendAway } from "./leaving.ts";
import type { Station } from "./station.ts";

/** @param left undefined for a session without an end */
export function limitSession(bss: Bss, station: Station, left: Duration | undefined): void {
  if (left === undefined) return station.timers.disarm("session");
  const { address } = station;
  const shown = Math.round(left / seconds(1));
  bss.log.station(address, "IEEE 802.11", "debug", `setting session timeout to ${shown} seconds`);
  station.timers.arm("session", left, () => {
    bss.log.station(address, "IEEE 802.11", "info", "deauthenticated due to session timeout");
    station.terminateCause = "session-timeout";
    bss.report({ type: "station-dismissed", station: address, because: "session-over" });
    sendAway(bss, address, "invalid-authentication", "deauthentication");
  });
}

/** How much later than its time a silent session may end: a part of that time. */
const looks = 8;
const shortestLook = seconds(1);

/** @param limit how long nothing may be sent either way; undefined for ever */
export function limitIdleness(bss: Bss, station: Station, limit: Duration | undefined): void {
  if (limit === undefined || limit <= 0) return station.timers.disarm("idleness");
  const { address, timers } = station;
  const { clock } = bss;
  const read = (): StationStatistics | undefined => bss.attempt((port) => port.statistics(address));
  const pace = milliseconds(Math.max(shortestLook, limit / looks));
  let before = read();
  let busyAt = clock.now();
  const look = (): void => {
    const now = read();
    // A driver that doesn't count says nothing of idleness.
    if (!before || !now || hasTraffic(before, now)) busyAt = clock.now();
    before = now;
    if (since(clock, busyAt) < limit) return timers.arm("idleness", pace, look);
    bss.log.station(
      address,
      "IEEE 802.11",
      "info",
      `deauthenticated: idle for ${Math.round(limit / seconds(1))} seconds`,
    );
    station.terminateCause = "idle-timeout";
    bss.report({ type: "station-dismissed", station: address, because: "session-over" });
    sendAway(bss, address, "inactivity", "deauthentication");
  };
  timers.arm("idleness", pace, look);
}

/** Header, IV and MIC of a data frame: those that only say whether a station dozes have nothing else. */
const emptyFrame = 48n;

const carries = (octets: bigint, packets: number): boolean => octets > emptyFrame * BigInt(Math.max(0, packets));

export const hasTraffic = (before: StationStatistics, now: StationStatistics): boolean =>
  carries(now.rxBytes - before.rxBytes, now.rxPackets - before.rxPackets) ||
  carries(now.txBytes - before.txBytes, now.txPackets - before.txPackets);
