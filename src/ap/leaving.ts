/** How stations go: by their own word, by ours, or by vanishing. IEEE Std 802.11-2020, 11.3.4.5, 11.3.5.8. */

import type { Reader } from "../base/bytes.ts";
import { type Duration, seconds } from "../base/duration.ts";
import { broadcast, type MacAddress } from "../base/mac-address.ts";
import { decodeDeauthentication, encodeDeauthentication } from "../wire/ieee80211/deauthentication.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { type ReasonName, reasonCode, reasonName } from "../wire/ieee80211/reason-code.ts";
import type { Bss } from "./bss.ts";
import { closeBridgePort, leaveBridgePort } from "./four-address.ts";
import { forgetOwe } from "./known-pmk.ts";
import { advance } from "./linking.ts";
import { unauthorize } from "./port-control.ts";
import { forgetGrant } from "./radius/granting.ts";
import { endSaQuery, isProtected, outOfReach } from "./sa-querying.ts";
import type { Station } from "./station.ts";
import { watchDisassociated } from "./watching.ts";

/** How long an entry waits for the driver to say that its last frame is out; a dozing station fetches it late. */
const lastFrameTime = seconds(5);

export function onStationLeaves(bss: Bss, header: ManagementHeader, reader: Reader): void {
  const { reason } = decodeDeauthentication(reader);
  const station = bss.stations.get(header.transmitter);
  if (!station || station.link.kind === "leaving") return;
  const { address } = station;
  if (isProtected(station) && !header.protected) {
    return bss.tally.count(`unprotected ${header.subtype} in the name of a protected station`, address);
  }
  const name = reasonName(reason) as ReasonName;
  bss.log.debug(`${header.subtype}: STA=${address} reason_code=${reason}`);
  bss.report({ type: "station-left", station: address, by: "station", reason: name });
  if (header.subtype === "deauthentication") {
    bss.log.station(address, "IEEE 802.11", "debug", "deauthenticated");
    return dropStation(bss, station);
  }
  bss.log.station(address, "IEEE 802.11", "info", "disassociated");
  advance(bss, station, { type: "disassociated" });
  watchDisassociated(bss, station);
}

/**
 * Sends the frame that tells a station, or with the broadcast address all, to go. Where the firmware associates it also
 * sends that frame, and keeps nothing of the station.
 * @param code of the reason
 * @returns whether a frame of ours is on its way; `sent` hears of its end
 */
export function tellToGo(
  bss: Bss,
  receiver: MacAddress,
  subtype: "deauthentication" | "disassociation",
  code: number,
  sent?: () => void,
): boolean {
  if (!bss.radio.capabilities.associationOffload) {
    const body = encodeDeauthentication({ reason: code, elements: [] });
    if (receiver === broadcast) {
      for (const { address } of outOfReach(bss)) bss.sendManagement({ subtype, receiver: address }, body);
    }
    return bss.sendManagement({ subtype, receiver }, body, sent);
  }
  bss.attempt((port) => port.removeStation(receiver, { subtype, reason: code }));
  const station = bss.stations.get(receiver);
  if (station) station.isInDriver = false;
  return false;
}

/**
 * Tells a station to go, or with the broadcast address all of them. One that we don't know is told too.
 * @param code of the reason, where it has no name
 */
export function sendAway(
  bss: Bss,
  receiver: MacAddress,
  reason: ReasonName,
  subtype: "deauthentication" | "disassociation",
  code: number = reasonCode[reason],
): void {
  const station = bss.stations.get(receiver);
  const { associationOffload } = bss.radio.capabilities;
  const isOut = tellToGo(bss, receiver, subtype, code, () => {
    if (subtype === "deauthentication" && station?.link.kind === "leaving") dropStation(bss, station);
  });
  const concerned = receiver === broadcast ? [...bss.stations.values()] : station ? [station] : [];
  for (const each of concerned) {
    bss.report({ type: "station-left", station: each.address, by: "access-point", reason });
    if (associationOffload) {
      // Not every firmware knows what the broadcast address means.
      if (each.isInDriver) tellToGo(bss, each.address, subtype, code);
      dropStation(bss, each);
    } else if (subtype === "disassociation") {
      advance(bss, each, { type: "disassociated" });
      watchDisassociated(bss, each);
    } else if (!isOut || receiver === broadcast) {
      dropStation(bss, each);
    } else {
      leave(bss, each, lastFrameTime);
    }
  }
}

function leave(bss: Bss, station: Station, within: Duration): void {
  advance(bss, station, { type: "toldToLeave" });
  station.timers.disarm("inactivity");
  station.timers.arm("leaving", within, () => {
    bss.log.station(station.address, "IEEE 802.11", "info", "deauthenticated due to local deauth request");
    dropStation(bss, station);
  });
}

/** What an association has brought goes: keys, port, identifier, its share in what beacons say. */
export function endAssociation(bss: Bss, station: Station): void {
  const { association, address } = station;
  endSaQuery(bss, station);
  station.replayBefore = station.authenticator?.lastReplay ?? station.replayBefore;
  station.dot1x?.stop();
  station.dot1x = undefined;
  bss.authenticator?.leave(address);
  station.authenticator = undefined;
  station.timers.disarm("warned");
  unauthorize(bss, station);
  leaveBridgePort(bss, station);
  bss.vlans.unbind(station);
  if (!association) return;
  station.association = undefined;
  // Without an identifier of ours, protection is the firmware's affair too.
  if (association.aid !== undefined) {
    bss.aids.release(association.aid);
    bss.radio.protection.remove(association.traits);
  }
  bss.radio.refreshBeacons();
}

/**
 * Makes room for somebody new: who has asked for authentication longest ago and is not associated gives way. It costs
 * nothing to ask under many addresses, and whoever did must not keep the others out.
 * @returns false where there was nobody
 */
export function giveUpOldest(bss: Bss): boolean {
  const [oldest] = bss.unassociated;
  if (!oldest) return false;
  bss.tally.count("entry given up for a newcomer", oldest.address);
  dropStation(bss, oldest);
  return true;
}

/** The station's entry goes, here and in the driver. */
export function dropStation(bss: Bss, station: Station): void {
  station.timers.disarmAll();
  bss.sae.forget(station);
  forgetOwe(station);
  endAssociation(bss, station);
  forgetGrant(station);
  closeBridgePort(bss, station);
  bss.vlans.release(station);
  if (station.isInDriver) bss.attempt((port) => port.removeStation(station.address));
  station.isInDriver = false;
  station.link = { kind: "new" };
  bss.unassociated.delete(station);
  if (bss.stations.get(station.address) === station) bss.stations.delete(station.address);
}
