/** Authentication frames: admission and the algorithm. IEEE Std 802.11-2020, 11.3.4. */

import type { AuthenticationReply } from "../auth/algorithm.ts";
import { openSystem } from "../auth/open-system.ts";
import { Reader } from "../base/bytes.ts";
import {
  type Authentication,
  authenticationAlgorithm,
  decodeAuthentication,
} from "../wire/ieee80211/authentication.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";
import { admitTo, notAdmittedBecause } from "./admission.ts";
import {
  entryFor,
  grant,
  noRoomBecause,
  onGrantAnswered,
  refuseAuthentication,
  sendAuthentication,
} from "./authenticating.ts";
import type { Bss } from "./bss.ts";
import { isIgnored } from "./misbehaviour.ts";
import { isProtected } from "./sa-querying.ts";
import type { AuthenticatedBy, Station } from "./station.ts";
import { seenOn, suggestionOf } from "./steering-refusals.ts";
import { watch } from "./watching.ts";
import { isSharedKey, stepSharedKey } from "./wep.ts";

export function onAuthentication(bss: Bss, header: ManagementHeader, reader: Reader): void {
  const { transmitter } = header;
  const headerLength = reader.offset;
  const request = decodeAuthentication(reader);
  bss.log.debug(
    `authentication: STA=${transmitter} auth_alg=${request.algorithm} auth_transaction=${request.transaction} status_code=${request.status}`,
  );
  if (isIgnored(bss, "auth")) return;
  const refuse = (status: StatusName, explanation: string): void =>
    refuseAuthentication(bss, transmitter, request, status, explanation);
  if (bss.countermeasures.inForce) {
    bss.log.debug("Ongoing TKIP countermeasures (Michael MIC failure) - reject authentication");
    return refuse("unspecified-failure", "TKIP countermeasures are in force");
  }
  const name = algorithmOf(bss, request);
  if (!name) {
    bss.log.info(`Unsupported authentication algorithm (${request.algorithm})`);
    return refuse("unsupported-authentication-algorithm", `it asked for authentication algorithm ${request.algorithm}`);
  }
  const { addresses } = bss.radius;
  const admission = admitTo(bss, transmitter);
  if (admission.admitted === "unknown") {
    const frame = reader.bytes.slice();
    const { path } = reader;
    // With the server's verdict it comes here once more.
    return addresses.ask(transmitter, () => {
      const again = new Reader(frame, path);
      again.skip(headerLength);
      if (bss.isBeaconing) onAuthentication(bss, header, again);
    });
  }
  if (!admission.admitted) {
    bss.log.info(`Station ${transmitter} not allowed to authenticate`);
    const { because } = admission;
    bss.reportRefusal({ type: "rejected-blocked-station", station: transmitter, because });
    return refuse("unspecified-failure", notAdmittedBecause(admission));
  }
  const other = seenOn(bss, bss.settings.no_auth_if_seen_on, transmitter);
  if (other) {
    bss.log.debug(`Reject authentication from ${transmitter} since STA has been seen on ${other.name}`);
    const elements = [suggestionOf(other)];
    const status = "rejected-with-suggested-bss-transition";
    return refuseAuthentication(bss, transmitter, request, status, `it was heard on ${other.name}`, { elements });
  }
  switch (name) {
    case "SAE":
      return bss.sae.onFrame(header, request);
    case "open system": {
      const { reply, outcome } = openSystem.step(undefined, request);
      if (outcome === "accepted") return accept(bss, header, request, reply, "open system");
      bss.log.info(`Unknown authentication transaction number (${request.transaction})`);
      if (reply) sendAuthentication(bss, transmitter, reply);
      return;
    }
    case "shared key":
      return onSharedKey(bss, header, request);
  }
}

/** @returns undefined for one that isn't allowed here */
function algorithmOf(bss: Bss, request: Authentication): AuthenticatedBy | undefined {
  if (request.algorithm === openSystem.number && bss.settings.auth_algs.has("open")) return "open system";
  if (request.algorithm === authenticationAlgorithm.sae && bss.sae.isOffered) return "SAE";
  return isSharedKey(bss, request) ? "shared key" : undefined;
}

function onSharedKey(bss: Bss, header: ManagementHeader, request: Authentication): void {
  const station = entryOrRefusal(bss, header, request);
  if (!station) return;
  const { reply, outcome } = stepSharedKey(bss, station, request, header.protected);
  if (outcome === "accepted") return accept(bss, header, request, reply, "shared key");
  // What was begun under this address, by whomever, is forgotten after a while.
  if (station.link.kind === "new") watch(bss, station);
  if (reply) sendAuthentication(bss, station.address, reply);
}

function accept(
  bss: Bss,
  header: ManagementHeader,
  request: Authentication,
  reply: AuthenticationReply | undefined,
  by: AuthenticatedBy,
): void {
  const station = entryOrRefusal(bss, header, request);
  if (!station) return;
  const { address } = station;
  if (isProtected(station)) {
    // Anybody can say this. What there is stays until an association is granted.
    bss.log.station(address, "IEEE 802.11", "debug", `authentication OK (${by})`);
    if (reply) sendAuthentication(bss, address, reply);
    return;
  }
  if (!grant(bss, station, by)) {
    return refuseAuthentication(bss, address, request, "no-more-stations", "the driver takes no further station");
  }
  bss.psks.expect(address);
  if (!reply) return;
  sendAuthentication(bss, address, reply, (acknowledged) => onGrantAnswered(bss, station, acknowledged));
}

function entryOrRefusal(bss: Bss, header: ManagementHeader, request: Authentication): Station | undefined {
  const station = entryFor(bss, header);
  if (!station) refuseAuthentication(bss, header.transmitter, request, "no-more-stations", noRoomBecause(bss));
  return station;
}
