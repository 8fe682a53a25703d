/**
 * BSSs of this program that stations are told of by another one: those in 6 GHz, where nobody looks on each channel, and with
 * rnr=1 those of the same radio. IEEE Std 802.11ax-2021, 26.17.2.4; IEEE Std 802.11-2020, 11.50.
 */

import { type Element, elementId } from "../wire/ieee80211/element.ts";
import {
  encodeReducedNeighborReport,
  type NeighborAps,
  type NeighborBssParameters,
  packReducedNeighborReports,
  shortSsidOf,
  type TbttInformation,
} from "../wire/ieee80211/reduced-neighbor-report.ts";
import type { Bss } from "./bss.ts";
import { channelOf } from "./channel-plan.ts";
import { operatingClassOf } from "./operating-class.ts";

/** Reduced Neighbor Report elements. */
export interface NeighborReports {
  /** Of beacons and probe responses. */
  readonly beacons: readonly Element[];
  /** Of FILS Discovery frames. */
  readonly discovery: readonly Element[];
}

export function neighborReportsOf(bss: Bss): NeighborReports {
  const all = [...bss.radio.neighbourhood.all()];
  const reported = all.filter((other) => reports(bss, other));
  const isStandalone = is6GHz(bss) && all.every(is6GHz);
  const discovered = isStandalone
    ? all.filter((other) => other !== bss && isOnSameRadio(bss, other) && isOpenlyThere(other))
    : [];
  return { beacons: reportsOf(bss, reported), discovery: reportsOf(bss, discovered) };
}

/** The BSS has come, gone or changed: others say so where they tell of it. */
export function tellNeighbours(bss: Bss): void {
  const { neighbourhood } = bss.radio;
  if (!neighbourhood.notes(bss, description(bss))) return;
  for (const other of neighbourhood.all()) if (mayReport(other, bss)) other.refreshBeacon();
}

/** All that is told of a BSS; empty where nothing is. */
const description = (bss: Bss): string =>
  bss.isBeaconing && isOpenlyThere(bss) ? JSON.stringify([placeOf(bss), tbttInformationOf(bss, bss)], plainSets) : "";

const plainSets = (_: string, value: unknown): unknown => (value instanceof Set ? [...value] : value);

const reports = (bss: Bss, other: Bss): boolean => mayReport(bss, other) && isOpenlyThere(other);

/** Whether the one would tell of the other, if it is there and not hidden. */
const mayReport = (bss: Bss, other: Bss): boolean =>
  other !== bss && (isOnSameRadio(bss, other) ? bss.settings.rnr : is6GHz(other) && !is6GHz(bss));

const isOnSameRadio = (bss: Bss, other: Bss): boolean => bss.radio.name === other.radio.name;

const isOpenlyThere = ({ settings }: Bss): boolean => settings.ignore_broadcast_ssid === "no";

const is6GHz = ({ radio }: Bss): boolean => radio.plan.band.name === "6GHz";

const placeOf = ({ radio }: Bss) => ({
  operatingClass: operatingClassOf(radio.plan.definition),
  channel: channelOf(radio.plan.definition.frequency).channel,
});

const unknownOffset = 255;
const noPowerLimit = 127;

function tbttInformationOf(reporting: Bss, bss: Bss): TbttInformation {
  const parameters = new Set<NeighborBssParameters extends ReadonlySet<infer B> ? B : never>(["colocatedAp"]);
  const shortSsid = shortSsidOf(bss.settings.ssid);
  if (shortSsid === shortSsidOf(reporting.settings.ssid)) parameters.add("sameSsid");
  const { unsolicitedProbeResponses } = bss.radio.capabilities;
  if (is6GHz(bss) && unsolicitedProbeResponses && bss.settings.unsol_bcast_probe_resp_interval > 0) {
    parameters.add("unsolicitedProbeResponses");
  }
  return { tbttOffset: unknownOffset, bssid: bss.address, shortSsid, parameters, psd20MHz: noPowerLimit };
}

function reportsOf(reporting: Bss, reported: readonly Bss[]): Element[] {
  const places = new Map<string, NeighborAps & { readonly aps: TbttInformation[] }>();
  for (const bss of reported) {
    const { operatingClass, channel } = placeOf(bss);
    if (operatingClass === undefined) continue;
    const key = `${operatingClass}/${channel}`;
    const place = places.get(key) ?? { operatingClass, channel, filtered: false, aps: [] };
    places.set(key, place);
    place.aps.push(tbttInformationOf(reporting, bss));
  }
  return packReducedNeighborReports([...places.values()]).map((report) => ({
    id: elementId.reducedNeighborReport,
    data: encodeReducedNeighborReport(report),
  }));
}
