/**
 * SA Query: a station whose management frames are protected is asked whether it is still there before anybody may
 * associate in its name; and it may ask us the same. IEEE Std 802.11-2020, 11.13, 11.3.5.3.
 */

import { MalformedError, Reader, Writer } from "../base/bytes.ts";
import { isGroupAddress, type MacAddress } from "../base/mac-address.ts";
import type { VlanPort } from "../driver/port.ts";
import * as saQuery from "../rsn/sa-query.ts";
import { type Element, elementExtension, elementId, findElement } from "../wire/ieee80211/element.ts";
import type { ManagementAddressing, ManagementHeader } from "../wire/ieee80211/frame.ts";
import { decodeKnownStaIdentification } from "../wire/ieee80211/known-sta-identification.ts";
import { decodeSaQuery, encodeSaQuery } from "../wire/ieee80211/sa-query.ts";
import { encodeTimeoutInterval, timeoutIntervalType } from "../wire/ieee80211/timeout-interval.ts";
import type { Bss } from "./bss.ts";
import type { Station } from "./station.ts";

/** Agreed on at association; in force once there are keys. */
export const hasProtection = ({ association }: Station): boolean =>
  association?.security?.agreed.managementFrameProtection === true;

/** Keys are in place: nothing that comes without protection may change anything for this station. */
export const isProtected = (station: Station): boolean =>
  station.isAssociated && station.isAuthorized && hasProtection(station);

/** Where a frame for a protected station has to leave, if not by the BSS's own interface: its VLAN has its key. */
export function protectedVlanOf(
  bss: Bss,
  { subtype, receiver }: Pick<ManagementAddressing, "subtype" | "receiver">,
): VlanPort | undefined {
  const isRobust = subtype === "deauthentication" || subtype === "disassociation" || subtype === "action";
  const station = isRobust ? bss.stations.get(receiver) : undefined;
  return station && isProtected(station) ? station.vlan?.port : undefined;
}

/** Protected stations that don't know the key of frames to all, which are sent outside of their VLAN. */
export const outOfReach = (bss: Bss): Station[] =>
  bss.vlans.isEmpty ? [] : [...bss.stations.values()].filter((station) => station.vlan && isProtected(station));

/** A request in a protected station's name. @returns whether it has to come back later */
export function asksFirst(bss: Bss, station: Station, elements: readonly Element[]): boolean {
  if (!isProtected(station) || (bss.settings.known_sta_identification && isIdentified(station, elements))) return false;
  step(bss, station, { type: "association-requested", now: bss.clock.now(), transaction: freshTransaction(bss) });
  return station.saQuery.kind !== "unanswered";
}

/** It shows that it still knows its key, with a time that has not been heard before. IEEE Std 802.11-2024. */
function isIdentified(station: Station, elements: readonly Element[]): boolean {
  const element = findElement(elements, elementId.extension, elementExtension.knownStaIdentification);
  if (!element) return false;
  try {
    const { timestamp, mic } = decodeKnownStaIdentification(new Reader(element.data, ["Known STA Identification"]));
    const octets = new Writer().u64le(timestamp).finish();
    if (timestamp <= station.identifiedAt || !station.authenticator?.provesKey(octets, mic)) return false;
    station.identifiedAt = timestamp;
    return true;
  } catch (thrown) {
    if (thrown instanceof MalformedError) return false;
    throw thrown;
  }
}

/** When it may come back. */
export function comebackElement(bss: Bss, station: Station): Element {
  const type = bss.settings.test_assoc_comeback_type ?? timeoutIntervalType.associationComeback;
  const value = saQuery.comeback(policyOf(bss), station.saQuery, bss.clock.now());
  return { id: elementId.timeoutInterval, data: encodeTimeoutInterval({ type, value }) };
}

/** Its association has ended. */
export function endSaQuery(bss: Bss, station: Station): void {
  station.timers.disarm("SA Query after switch");
  step(bss, station, { type: "reset" });
}

/** Out of the blue, as a test wants it. */
export const askOnce = (bss: Bss, receiver: MacAddress): boolean =>
  send(bss, receiver, "request", freshTransaction(bss));

/** Whoever is associated may ask whether we think so too. */
export function onSaQuery(bss: Bss, station: Station, header: ManagementHeader, body: Reader): void {
  if (isGroupAddress(header.receiver)) return;
  const { kind, transaction, elements } = decodeSaQuery(body);
  const { authenticator, address } = station;
  const oci = findElement(elements, elementId.extension, elementExtension.oci)?.data;
  if (authenticator && !authenticator.channel.verify(kind === "request" ? "saqueryreq" : "saqueryresp", oci)) return;
  if (kind === "response") return step(bss, station, { type: "response", transaction });
  station.timers.disarm("SA Query after switch");
  send(bss, address, "response", transaction);
}

const policyOf = ({ settings }: Bss): saQuery.Policy => ({
  maxTimeout: settings.assoc_sa_query_max_timeout,
  retryTimeout: settings.assoc_sa_query_retry_timeout,
});

function freshTransaction({ entropy }: Bss): number {
  const [low = 0, high = 0] = entropy.bytes(2);
  return low | (high << 8);
}

function step(bss: Bss, station: Station, input: saQuery.Input): void {
  const { state, effects } = saQuery.step(policyOf(bss), station.saQuery, input);
  station.saQuery = state;
  for (const effect of effects) perform(bss, station, effect);
}

function perform(bss: Bss, station: Station, effect: saQuery.Effect): void {
  const say = (text: string): void => bss.log.station(station.address, "IEEE 802.11", "debug", text);
  switch (effect.type) {
    case "request":
      say(`association SA Query attempt ${effect.attempt}`);
      send(bss, station.address, "request", effect.transaction);
      return;
    case "arm":
      return station.timers.arm("SA Query", effect.after, () =>
        step(bss, station, { type: "timer", now: bss.clock.now(), transaction: freshTransaction(bss) }),
      );
    case "disarm":
      return station.timers.disarm("SA Query");
    case "answered":
      return say("Reply to pending SA Query received");
    case "timed-out":
      return say("association SA Query timed out");
  }
}

function send(bss: Bss, receiver: MacAddress, kind: "request" | "response", transaction: number): boolean {
  const channel = bss.stations.get(receiver)?.authenticator?.channel;
  const oci = channel?.claim(kind === "request" ? "sa-query-request" : "sa-query-response") ?? [];
  const elements = oci.map((data): Element => ({ id: elementId.extension, extension: elementExtension.oci, data }));
  return bss.sendManagement({ subtype: "action", receiver }, encodeSaQuery({ kind, transaction, elements }));
}
