/** Stations that would be better off elsewhere: too far away, or heard by another radio of ours. They are told where to. */

import type { MacAddress } from "../base/mac-address.ts";
import { type Element, elementId, oui } from "../wire/ieee80211/element.ts";
import { encodeNeighborReport, type NeighborReport } from "../wire/ieee80211/neighbor-report.ts";
import { operatingClassOfChannel } from "../wire/ieee80211/operating-class.ts";
import type { Bss } from "./bss.ts";
import { operatingChannelOf } from "./management-protection.ts";
import type { Station } from "./station.ts";

/** The BSS on whose radio a station has been heard, where that is a reason to be left alone here. */
export function seenOn(bss: Bss, interfaceName: string | undefined, address: MacAddress): Bss | undefined {
  const other = interfaceName === undefined ? undefined : bss.radio.neighbourhood.find(interfaceName);
  return other?.radio.seen.has(address) ? other : undefined;
}

/** Where it has been heard, as a suggestion. IEEE Std 802.11-2020, 11.3.4.3 and 9.4.2.36. */
export function suggestionOf(other: Bss): Element {
  const channel = operatingClassOfChannel(operatingChannelOf(other));
  const report = encodeNeighborReport({
    bssid: other.address,
    information: 0,
    operatingClass: channel?.operatingClass ?? 0,
    channel: channel?.channel ?? other.radio.plan.channel,
    phyType: phyTypeOf(other),
  });
  return { id: elementId.neighborReport, data: report };
}

function phyTypeOf({ radio }: Bss): NeighborReport["phyType"] {
  const { settings, plan } = radio;
  if (settings.ieee80211ac) return "vht";
  if (settings.ieee80211n) return "ht";
  if (plan.band.name !== "2.4GHz") return "ofdm";
  return settings.hw_mode === "b" ? "hr-dsss" : "erp";
}

/** How far below rssi_reject_assoc_rssi a station is, dB; undefined where it is near enough. */
export function shortfallOf(bss: Bss, { signalDbm, signalAtAuthentication }: Station): number | undefined {
  const { rssi_reject_assoc_rssi: least } = bss.radio.settings;
  const isTooWeak = (signal: number | undefined): boolean => signal === undefined || signal < least;
  if (least === 0 || signalDbm === undefined || !isTooWeak(signalDbm) || !isTooWeak(signalAtAuthentication))
    return undefined;
  return least - signalDbm;
}

const mboType = 0x16;
/** RSSI-based (Re-)Association Rejection attribute. Wi-Fi Alliance, Optimized Connectivity Experience specification. */
const rejectionAttribute = 102;

/** When to come again, and how much nearer. */
export function comeNearerElement(bss: Bss, shortfall: number): Element {
  const { rssi_reject_assoc_timeout: delay } = bss.radio.settings;
  const body = Uint8Array.of(mboType, rejectionAttribute, 2, shortfall & 0xff, delay & 0xff);
  return { id: elementId.vendorSpecific, data: Uint8Array.of(...ouiOctets(oui.wifiAlliance), ...body) };
}

const ouiOctets = (value: number): readonly number[] => [value >>> 16, (value >>> 8) & 0xff, value & 0xff];
