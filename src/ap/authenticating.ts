/** What all authentication algorithms have in common: the station's entry, what is granted, the answer. */

import type { AuthenticationReply } from "../auth/algorithm.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type Authentication, encodeAuthentication } from "../wire/ieee80211/authentication.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { type StatusName, statusCode } from "../wire/ieee80211/status-code.ts";
import type { Bss } from "./bss.ts";
import { forgetOwe } from "./known-pmk.ts";
import { dropStation, giveUpOldest } from "./leaving.ts";
import { advance } from "./linking.ts";
import { adoptGrant } from "./radius/granting.ts";
import type { AuthenticatedBy, Station } from "./station.ts";
import { watch } from "./watching.ts";

/** The station's entry, known or made. @returns undefined where there is no room */
export function entryFor(bss: Bss, header: ManagementHeader): Station | undefined {
  const { transmitter } = header;
  if (!bss.stations.has(transmitter) && !hasRoom(bss)) {
    bss.log.info(`no more room for new STAs (${bss.stations.size}/${bss.settings.max_num_sta})`);
    bss.reportRefusal({ type: "rejected-max-stations", station: transmitter });
    return undefined;
  }
  const station = bss.stationOf(transmitter);
  station.lastReceived = { subtype: header.subtype, sequence: header.sequence };
  return station;
}

function hasRoom(bss: Bss): boolean {
  while (bss.stations.size >= bss.settings.max_num_sta) if (!giveUpOldest(bss)) return false;
  return true;
}

/** In words, for those who ask why there was no room. */
export const noRoomBecause = (bss: Bss): string =>
  `there are ${bss.stations.size} stations, as many as max_num_sta allows`;

/**
 * The station has authenticated; an association that it has is over.
 * @returns false where the driver takes no further station, and the entry is gone
 */
export function grant(bss: Bss, station: Station, by: AuthenticatedBy): boolean {
  station.timers.disarm("leaving");
  forgetOwe(station);
  if (!advance(bss, station, { type: "authenticationAccepted" })) {
    dropStation(bss, station);
    // The driver's own table may be full of what came to nothing: the next attempt finds room.
    giveUpOldest(bss);
    return false;
  }
  station.authenticatedBy = by;
  adoptGrant(bss, station);
  bss.log.station(station.address, "IEEE 802.11", "debug", `authentication OK (${by})`);
  watch(bss, station);
  return true;
}

/** The radio tells of the answer that grants it. */
export function onGrantAnswered(bss: Bss, station: Station, acknowledged: boolean): void {
  if (bss.stations.get(station.address) !== station) return;
  if (!acknowledged) {
    bss.log.station(station.address, "IEEE 802.11", "notice", "did not acknowledge authentication response");
    const { address, signalDbm } = station;
    bss.reportRefusal({ type: "answer-unacknowledged", station: address, answer: "authentication", signalDbm });
    return;
  }
  if (station.link.kind !== "authenticating") return;
  bss.log.station(station.address, "IEEE 802.11", "info", "authenticated");
  advance(bss, station, { type: "authenticationAcknowledged" });
  bss.report({ type: "station-authenticated", station: station.address });
}

/** @param answer other fields than a refusal of most algorithms has */
export function refuseAuthentication(
  bss: Bss,
  station: MacAddress,
  request: Pick<Authentication, "algorithm" | "transaction">,
  status: StatusName,
  explanation: string,
  answer: Partial<AuthenticationReply> = {},
): void {
  bss.reportRefusal({ type: "station-refused", station, at: "authentication", status, explanation });
  const transaction = (request.transaction + 1) & 0xffff;
  sendAuthentication(bss, station, { algorithm: request.algorithm, transaction, status, elements: [], ...answer });
}

export function sendAuthentication(
  bss: Bss,
  receiver: MacAddress,
  reply: AuthenticationReply,
  sent?: (acknowledged: boolean) => void,
): void {
  const body = encodeAuthentication({ ...reply, status: reply.statusInstead ?? statusCode[reply.status] });
  bss.sendManagement({ subtype: "authentication", receiver }, body, sent);
}
