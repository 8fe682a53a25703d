/** DEAUTHENTICATE and DISASSOCIATE, and the other things that are done to a single station. */

import type { Bss } from "../../ap/bss.ts";
import { dropStation, sendAway } from "../../ap/leaving.ts";
import { authorize } from "../../ap/port-control.ts";
import { askOnce } from "../../ap/sa-querying.ts";
import { watch } from "../../ap/watching.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import { encodeDeauthentication } from "../../wire/ieee80211/deauthentication.ts";
import { encodeManagementFrame } from "../../wire/ieee80211/frame.ts";
import { p2pAttributeId, p2pElement } from "../../wire/ieee80211/p2p.ts";
import { type ReasonName, reasonCode, reasonName } from "../../wire/ieee80211/reason-code.ts";
import { bssOf, done, fail, type InterfaceContext, ok, onInterface, stationOf } from "../command.ts";
import { afterOption, leadingAddress, numberOption } from "../protocol/arguments.ts";

type Subtype = "deauthentication" | "disassociation";

const end =
  (subtype: Subtype) =>
  (context: InterfaceContext, args: string): string => {
    const address = leadingAddress(args);
    if (address === undefined) return fail;
    const bss = bssOf(context);
    // where there is nobody to tell, hostapd is content too
    if (!bss) return ok;
    const code = (numberOption(args, "reason") ?? reasonCode["invalid-authentication"]) & 0xffff;
    if (afterOption(args, "test") !== undefined) return done(sendOnly(bss, address, subtype, code, args));
    const minorReason = numberOption(args, "p2p");
    if (minorReason !== undefined) return done(dismissDevice(bss, address, subtype, minorReason));
    if (args.includes(" tx=0")) dropSilently(bss, address);
    else sendAway(bss, address, nameOf(code), subtype, code);
    return ok;
  };

/** The frame and nothing else; `test=0` leaves it unprotected. */
function sendOnly(bss: Bss, receiver: MacAddress, subtype: Subtype, reason: number, args: string): boolean {
  const addressing = { subtype, receiver, transmitter: bss.address, bssid: bss.address };
  const frame = encodeManagementFrame(addressing, encodeDeauthentication({ reason, elements: [] }));
  return bss.transmit(frame, undefined, { unprotected: numberOption(args, "test") === 0 });
}

/** Of Wi-Fi Direct: the device is told why, and keeps its entry until it goes. */
function dismissDevice(bss: Bss, receiver: MacAddress, subtype: Subtype, minorReason: number): boolean {
  const reason = reasonCode["invalid-authentication"];
  const element = p2pElement([{ id: p2pAttributeId.minorReasonCode, data: Uint8Array.of(minorReason & 0xff) }]);
  return bss.sendManagement({ subtype, receiver }, encodeDeauthentication({ reason, elements: [element] }));
}

/** What the event says where the code has no name. */
const nameOf = (code: number): ReasonName => {
  const name = reasonName(code);
  return name in reasonCode ? (name as ReasonName) : "unspecified";
};

function dropSilently(bss: Bss, address: MacAddress): void {
  bss.attempt((port) => port.removeStation(address));
  const station = bss.stations.get(address);
  const concerned = address === broadcast ? [...bss.stations.values()] : station ? [station] : [];
  for (const each of concerned) dropStation(bss, each);
}

function poll(context: InterfaceContext, args: string): string {
  const station = stationOf(context, leadingAddress(args));
  if (!station) return fail;
  bssOf(context)?.attempt((port) => port.probeStation(station.address));
  return ok;
}

/** A station that somebody else has let in, as a driver with its own association does. */
function newStation(context: InterfaceContext, args: string): string {
  const bss = bssOf(context);
  const address = leadingAddress(args);
  if (!bss || address === undefined) return fail;
  if (bss.stations.has(address)) return ok;
  if (bss.stations.size >= bss.settings.max_num_sta) return fail;
  const station = bss.stationOf(address);
  watch(bss, station);
  if (bss.settings.wpa.size === 0) authorize(bss, station, undefined);
  return ok;
}

function saQuery(context: InterfaceContext, args: string): string {
  const bss = bssOf(context);
  const receiver = leadingAddress(args);
  if (!bss || receiver === undefined) return fail;
  askOnce(bss, receiver);
  return ok;
}

const leavingUsage = "<addr> [reason=<code>] [tx=0] [p2p=<minor reason>] [test=<0/1>]";

export const leavingCommands = [
  onInterface(
    "DEAUTHENTICATE",
    leavingUsage,
    "Sends a station, or with ff:ff:ff:ff:ff:ff all, away.",
    end("deauthentication"),
  ),
  onInterface("DISASSOCIATE", leavingUsage, "Ends the association of a station, or of all.", end("disassociation")),
  onInterface("POLL_STA", "<addr>", "Asks a station whether it is there; AP-STA-POLL-OK is its answer.", poll),
  onInterface("NEW_STA", "<addr>", "Takes up a station that was let in elsewhere.", newStation),
  onInterface("SA_QUERY", "<addr>", "Asks a station whether it is associated (SA Query).", saQuery),
] as const;
