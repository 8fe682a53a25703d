/** STA, STA-FIRST and STA-NEXT: everything about one station, and a walk over all of them. */

import type { Bss } from "../../ap/bss.ts";
import type { AuthenticatedBy, Station } from "../../ap/station.ts";
import { hexOf, MalformedError, Reader } from "../../base/bytes.ts";
import { inSeconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { octetTextOfString } from "../../config/octets.ts";
import type { StationStatistics } from "../../driver/port.ts";
import { authenticationAlgorithm } from "../../wire/ieee80211/authentication.ts";
import { encodeCapabilityInformation } from "../../wire/ieee80211/capability-information.ts";
import { decodeElements, type Element, elementId, findElement } from "../../wire/ieee80211/element.ts";
import { bssOf, fail, type InterfaceContext, onInterface, stationOf } from "../command.ts";
import { leadingAddress } from "../protocol/arguments.ts";
import { dot1xMib, portVariables } from "./dot1x.ts";
import { stationMib } from "./station-mib.ts";
import { vhtMcsMaps } from "./status-modes.ts";

export const describeStation = (bss: Bss, station: Station): string =>
  [...stationLines(bss, station)].map((line) => `${line}\n`).join("");

function* stationLines(bss: Bss, station: Station): Generator<string> {
  const { association } = station;
  const elements = elementsOf(station);
  yield station.address;
  yield `flags=${flagsOf(station)}`;
  yield `aid=${association?.aid ?? 0}`;
  yield `capability=0x${(association ? encodeCapabilityInformation(association.capabilities) : 0).toString(16)}`;
  yield `listen_interval=${association?.listenInterval ?? 0}`;
  yield `supported_rates=${hexOf(ratesOf(elements), " ")}`;
  yield `timeout_next=${nextTimeout(station)}`;
  if (association?.maxIdlePeriod !== undefined) yield `max_idle_period=${association.maxIdlePeriod}`;
  yield `auth_alg=${station.authenticatedBy === undefined ? 0 : algorithmNumbers[station.authenticatedBy]}`;
  yield* stationMib(station);
  yield* dot1xMib(bss, station);
  if (station.saeGroups) {
    yield `sae_group=${station.saeGroups.used}`;
    yield `sae_rejected_groups=${station.saeGroups.rejected.join(" ")}`;
  }
  const statistics = bss.attempt((port) => port.statistics(station.address));
  if (statistics) yield* statisticsLines(bss, station, statistics);
  if (station.vlan) yield `vlan_id=${station.vlan.id}`;
  yield* elementLines(station, elements);
  if (station.bridgePort) yield `wds_sta_ifname=${station.bridgePort.interfaceName}`;
  if (station.key?.keyId !== undefined) yield `keyid=${octetTextOfString(station.key.keyId)}`;
}

const algorithmNumbers: Readonly<Record<AuthenticatedBy, number>> = {
  "open system": authenticationAlgorithm.open,
  "shared key": authenticationAlgorithm["shared-key"],
  SAE: authenticationAlgorithm.sae,
};

function flagsOf(station: Station): string {
  const { link, association, isAuthorized, inactivity } = station;
  const isAssociated = link.kind === "associated";
  const isAuthenticated = isAssociated || link.kind === "authenticated" || link.kind === "associating";
  const flags: readonly (readonly [boolean, string])[] = [
    [isAuthenticated, "[AUTH]"],
    [isAssociated, "[ASSOC]"],
    [isAuthorized, "[AUTHORIZED]"],
    // without its other bracket in hostapd too
    [inactivity.kind === "polling" && !inactivity.answered, "[PENDING_POLL"],
    [association?.traits.shortPreamble ?? false, "[SHORT_PREAMBLE]"],
    [association?.wmm !== undefined, "[WMM]"],
    [association?.security?.agreed.managementFrameProtection ?? false, "[MFP]"],
    [station.bridgePort !== undefined, "[WDS]"],
    [association !== undefined && !association.traits.erp, "[NonERP]"],
    [association?.htCapabilities !== undefined, "[HT]"],
    [association?.vhtCapabilities !== undefined, "[VHT]"],
    [association?.heCapabilities !== undefined, "[HE]"],
    [association?.ehtCapabilities !== undefined, "[EHT]"],
    [association?.he6GHzCapabilities !== undefined, "[6GHZ]"],
    [association?.isVendorVht === true, "[VENDOR_VHT]"],
  ];
  return flags.map(([isSet, text]) => (isSet ? text : "")).join("");
}

/** Of the (re)association request; none before it. */
function elementsOf({ association }: Station): readonly Element[] {
  if (!association) return [];
  try {
    return decodeElements(new Reader(association.elements, ["(re)association request"]));
  } catch (thrown) {
    if (thrown instanceof MalformedError) return [];
    throw thrown;
  }
}

/** With their basic bits, as the station sent them. */
function ratesOf(elements: readonly Element[]): Uint8Array {
  const body = (id: number): readonly number[] => [...(findElement(elements, id)?.data ?? [])];
  return Uint8Array.from([...body(elementId.supportedRates), ...body(elementId.extendedSupportedRates)]);
}

function nextTimeout({ inactivity, link }: Station): string {
  if (link.kind === "leaving") return "REMOVE";
  switch (inactivity.kind) {
    case "watching":
      return "NULLFUNC POLL";
    case "polling":
      return "DISASSOC";
    case "disassociated":
      return "DEAUTH";
  }
}

function* statisticsLines(bss: Bss, station: Station, statistics: StationStatistics): Generator<string> {
  const { association, authorizedAt } = station;
  yield `rx_packets=${statistics.rxPackets}`;
  yield `tx_packets=${statistics.txPackets}`;
  yield `rx_bytes=${statistics.rxBytes}`;
  yield `tx_bytes=${statistics.txBytes}`;
  yield `inactive_msec=${Math.round(statistics.inactive)}`;
  yield `signal=${statistics.signalDbm ?? 0}`;
  yield `rx_rate_info=${statistics.rxRate ?? 0}${statistics.rxRateInfo}`;
  yield `tx_rate_info=${statistics.txRate ?? 0}${statistics.txRateInfo}`;
  const { htCapabilities, vhtCapabilities } = association ?? {};
  if (vhtCapabilities) yield* vhtMcsMaps(vhtCapabilities.subarray(4));
  // HT Capability Information, A-MPDU Parameters, then 10 octets of MCS bits
  if (htCapabilities) yield `ht_mcs_bitmask=${hexOf(htCapabilities.subarray(3, 13))}`;
  if (statistics.lastAckSignalDbm !== undefined) yield `last_ack_signal=${statistics.lastAckSignalDbm}`;
  if (authorizedAt !== undefined) {
    yield `connected_time=${Math.floor(inSeconds(bss.clock.now()) - inSeconds(authorizedAt))}`;
  }
}

function* elementLines({ association }: Station, elements: readonly Element[]): Generator<string> {
  const classes = findElement(elements, elementId.supportedOperatingClasses)?.data;
  if (classes && classes.length > 0) yield `supp_op_classes=${hexOf(classes)}`;
  const power = findElement(elements, elementId.powerCapability)?.data;
  if (power?.length === 2) {
    const signed = new Int8Array(power);
    yield `min_txpower=${signed[0] ?? 0}`;
    yield `max_txpower=${signed[1] ?? 0}`;
  }
  const { htCapabilities, vhtCapabilities, heCapabilities, ehtCapabilities, extendedCapabilities } = association ?? {};
  if (heCapabilities) yield `he_capab=${hexOf(heCapabilities)}`;
  if (ehtCapabilities) yield `eht_capab=${hexOf(ehtCapabilities)}`;
  if (vhtCapabilities) {
    const information = new Reader(vhtCapabilities, ["VHT Capabilities"]).u32le();
    yield `vht_caps_info=0x${information.toString(16).padStart(8, "0")}`;
    yield `vht_capab=${hexOf(vhtCapabilities)}`;
  }
  if (htCapabilities) {
    const information = new Reader(htCapabilities, ["HT Capabilities"]).u16le();
    yield `ht_caps_info=0x${information.toString(16).padStart(4, "0")}`;
  }
  if (extendedCapabilities && extendedCapabilities.length > 0) yield `ext_capab=${hexOf(extendedCapabilities)}`;
}

function first(context: InterfaceContext): string {
  const bss = bssOf(context);
  if (!bss) return "";
  return describeFrom(bss, takeListing(context, bss).order, 0);
}

function next(context: InterfaceContext, args: string): string {
  const bss = bssOf(context);
  const station = stationOf(context, leadingAddress(args));
  if (!bss || !station) return fail;
  const { memory } = context;
  const known = memory.listing?.places.get(station.address);
  const listing = known === undefined ? takeListing(context, bss) : (memory.listing ?? takeListing(context, bss));
  return describeFrom(bss, listing.order, (listing.places.get(station.address) ?? listing.order.length) + 1);
}

/** hostapd lists the station that came last first. Taken once for a walk, so that a step of it costs nothing. */
function takeListing({ memory }: InterfaceContext, bss: Bss): NonNullable<InterfaceContext["memory"]["listing"]> {
  const order: readonly MacAddress[] = [...bss.stations.keys()].reverse();
  memory.listing = { order, places: new Map(order.map((address, place) => [address, place])) };
  return memory.listing;
}

/** The first that is still there from a place on; nothing at the end. */
function describeFrom(bss: Bss, order: readonly MacAddress[], place: number): string {
  for (let i = place; i < order.length; i++) {
    const address = order[i];
    const station = address === undefined ? undefined : bss.stations.get(address);
    if (station) return describeStation(bss, station);
  }
  return "";
}

function one(context: InterfaceContext, args: string): string {
  const bss = bssOf(context);
  const station = stationOf(context, leadingAddress(args));
  if (!bss || !station) return fail;
  const at = args.indexOf(" ");
  if (at === -1) return describeStation(bss, station);
  if (args.slice(at + 1) !== "eapol" || !station.dot1x) return fail;
  return [...portVariables(station.dot1x)].map((line) => `${line}\n`).join("");
}

export const stationCommands = [
  onInterface("STA", "<addr>", "Shows a station.", one),
  onInterface("STA-FIRST", "", "Shows the first station.", first),
  onInterface("STA-NEXT", "<addr>", "Shows the station after that one; nothing after the last.", next),
] as const;
