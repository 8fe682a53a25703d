/** Authentication frames: admission, the algorithm, the answer. IEEE Std 802.11-2020, 11.3.4. */

import type { AuthenticationReply } from "../auth/algorithm.ts";
import { openSystem } from "../auth/open-system.ts";
import type { Reader } from "../base/bytes.ts";
import { type Authentication, decodeAuthentication, encodeAuthentication } from "../wire/ieee80211/authentication.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { type StatusName, statusCode } from "../wire/ieee80211/status-code.ts";
import { admit, notAdmittedBecause } from "./admission.ts";
import type { Bss } from "./bss.ts";
import { dropStation, giveUpOldest } from "./leaving.ts";
import { advance } from "./linking.ts";
import { isIgnored } from "./misbehaviour.ts";
import { isProtected } from "./sa-querying.ts";
import type { Station } from "./station.ts";
import { watch } from "./watching.ts";
import { isSharedKey, stepSharedKey } from "./wep.ts";

export function onAuthentication(bss: Bss, header: ManagementHeader, reader: Reader): void {
  const { transmitter } = header;
  const request = decodeAuthentication(reader);
  bss.log.debug(
    `authentication: STA=${transmitter} auth_alg=${request.algorithm} auth_transaction=${request.transaction} status_code=${request.status}`,
  );
  if (isIgnored(bss, "auth")) return;
  if (bss.countermeasures.inForce) {
    bss.log.debug("Ongoing TKIP countermeasures (Michael MIC failure) - reject authentication");
    return refuse(bss, header, request, "unspecified-failure", "TKIP countermeasures are in force");
  }
  const name = algorithmOf(bss, request);
  if (!name) {
    bss.log.info(`Unsupported authentication algorithm (${request.algorithm})`);
    return refuse(
      bss,
      header,
      request,
      "unsupported-authentication-algorithm",
      `it asked for authentication algorithm ${request.algorithm}`,
    );
  }
  const admission = admit(bss.settings, transmitter);
  if (!admission.admitted) {
    bss.log.info(`Station ${transmitter} not allowed to authenticate`);
    bss.reportRefusal({ type: "rejected-blocked-station", station: transmitter });
    return refuse(bss, header, request, "unspecified-failure", notAdmittedBecause[admission.because]);
  }
  if (name === "open system") {
    const { reply, outcome } = openSystem.step(undefined, request);
    if (outcome !== "accepted") {
      bss.log.info(`Unknown authentication transaction number (${request.transaction})`);
      if (reply) send(bss, header, reply);
      return;
    }
    const station = entryFor(bss, header, request);
    return station && accept(bss, header, request, station, { name, reply });
  }
  const station = entryFor(bss, header, request);
  if (!station) return;
  const { reply, outcome } = stepSharedKey(bss, station, request, header.protected);
  if (outcome === "accepted") return accept(bss, header, request, station, { name, reply });
  // What was begun under this address, by whomever, is forgotten after a while.
  if (station.link.kind === "new") watch(bss, station);
  if (reply) send(bss, header, reply);
}

type AlgorithmName = "open system" | "shared key";

/** @returns undefined for one that isn't allowed here */
function algorithmOf(bss: Bss, request: Authentication): AlgorithmName | undefined {
  if (request.algorithm === openSystem.number && bss.settings.auth_algs.has("open")) return "open system";
  return isSharedKey(bss, request) ? "shared key" : undefined;
}

/** The station's entry, known or made. @returns undefined where there is no room, which the station has been told */
function entryFor(bss: Bss, header: ManagementHeader, request: Authentication): Station | undefined {
  const { transmitter } = header;
  if (!bss.stations.has(transmitter) && !hasRoom(bss)) {
    bss.log.info(`no more room for new STAs (${bss.stations.size}/${bss.settings.max_num_sta})`);
    bss.reportRefusal({ type: "rejected-max-stations", station: transmitter });
    refuse(
      bss,
      header,
      request,
      "no-more-stations",
      `there are ${bss.stations.size} stations, as many as max_num_sta allows`,
    );
    return undefined;
  }
  const station = bss.stationOf(transmitter);
  station.lastReceived = { subtype: header.subtype, sequence: header.sequence };
  return station;
}

function accept(
  bss: Bss,
  header: ManagementHeader,
  request: Authentication,
  station: Station,
  by: { readonly name: AlgorithmName; readonly reply: AuthenticationReply | undefined },
): void {
  const { name, reply } = by;
  if (isProtected(station)) {
    // Anybody can say this. What there is stays until an association is granted.
    bss.log.station(header.transmitter, "IEEE 802.11", "debug", `authentication OK (${name})`);
    if (reply) send(bss, header, reply);
    return;
  }
  station.timers.disarm("leaving");
  if (!advance(bss, station, { type: "authenticationAccepted" })) {
    dropStation(bss, station);
    // The driver's own table may be full of what came to nothing: the next attempt finds room.
    giveUpOldest(bss);
    return refuse(bss, header, request, "no-more-stations", "the driver takes no further station");
  }
  bss.log.station(station.address, "IEEE 802.11", "debug", `authentication OK (${name})`);
  bss.psks.expect(station.address);
  watch(bss, station);
  if (reply) send(bss, header, reply, (acknowledged) => onAnswered(bss, station, acknowledged));
}

function hasRoom(bss: Bss): boolean {
  while (bss.stations.size >= bss.settings.max_num_sta) if (!giveUpOldest(bss)) return false;
  return true;
}

function onAnswered(bss: Bss, station: Station, acknowledged: boolean): void {
  if (bss.stations.get(station.address) !== station) return;
  if (!acknowledged) {
    bss.log.station(station.address, "IEEE 802.11", "notice", "did not acknowledge authentication response");
    return;
  }
  if (station.link.kind !== "authenticating") return;
  bss.log.station(station.address, "IEEE 802.11", "info", "authenticated");
  advance(bss, station, { type: "authenticationAcknowledged" });
  bss.report({ type: "station-authenticated", station: station.address });
}

function refuse(
  bss: Bss,
  header: ManagementHeader,
  request: Authentication,
  status: StatusName,
  explanation: string,
): void {
  bss.reportRefusal({
    type: "station-refused",
    station: header.transmitter,
    at: "authentication",
    status,
    explanation,
  });
  const transaction = (request.transaction + 1) & 0xffff;
  send(bss, header, { algorithm: request.algorithm, transaction, status, elements: [] });
}

function send(
  bss: Bss,
  header: ManagementHeader,
  reply: AuthenticationReply,
  sent?: (acknowledged: boolean) => void,
): void {
  const body = encodeAuthentication({ ...reply, status: statusCode[reply.status] });
  bss.sendManagement({ subtype: "authentication", receiver: header.transmitter }, body, sent);
}
