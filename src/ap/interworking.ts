/** What a network says of its kind and place. IEEE Std 802.11-2020, 9.4.2.91, 11.22.2. */

import { Reader } from "../base/bytes.ts";
import type { BssSettings } from "../config/registry.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { decodeInterworking, encodeInterworking } from "../wire/ieee80211/interworking.ts";

export function interworkingElements(settings: BssSettings): Element[] {
  if (!settings.interworking) return [];
  const { venue_group: group, venue_type: type, hessid } = settings;
  const hasVenue = group !== undefined || type !== undefined;
  const data = encodeInterworking({
    accessNetworkType: settings.access_network_type,
    internet: settings.internet,
    asra: settings.asra,
    esr: settings.esr,
    uesa: settings.uesa,
    venue: hasVenue ? { group: group ?? 0, type: type ?? 0 } : undefined,
    hessid,
  });
  return [{ id: elementId.interworking, data }];
}

const anyType = 15;
const anyHessid = "ff:ff:ff:ff:ff:ff";

/** Does a station that looks for a certain kind of network mean this one? @throws MalformedError */
export function isLookedFor(settings: BssSettings, element: Element | undefined): boolean {
  if (!settings.interworking || !element) return true;
  const { accessNetworkType, hessid } = decodeInterworking(new Reader(element.data, ["Interworking"]));
  const isType =
    accessNetworkType === anyType ||
    settings.access_network_type === anyType ||
    accessNetworkType === settings.access_network_type;
  const isEss =
    hessid === undefined || hessid === anyHessid || settings.hessid === undefined || hessid === settings.hessid;
  return isType && isEss;
}
