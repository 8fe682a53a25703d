/** Probe Requests: who looks for this network is told of it. IEEE Std 802.11-2020, 11.1.4.3.4. */

import { type Reader, sameBytes } from "../base/bytes.ts";
import { broadcast } from "../base/mac-address.ts";
import { elementId, findElement } from "../wire/ieee80211/element.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { decodeProbeRequest } from "../wire/ieee80211/probe-request.ts";
import { admitHeard } from "./admission.ts";
import type { Bss } from "./bss.ts";
import { isLookedFor } from "./interworking.ts";
import { isIgnored } from "./misbehaviour.ts";
import { probeResponse, switchCounts } from "./offer.ts";
import { offerOf } from "./showing.ts";
import { seenOn } from "./steering-refusals.ts";

export function onProbeRequest(
  bss: Bss,
  header: ManagementHeader,
  reader: Reader,
  signalDbm: number | undefined,
): void {
  const { settings, radio, address } = bss;
  const { transmitter } = header;
  if (header.bssid !== address && header.bssid !== broadcast) return;
  if (!bss.isBeaconing || radio.capabilities.probeResponseOffload) return;
  const { rssi_ignore_probe_request: least } = radio.settings;
  if (least !== 0 && signalDbm !== undefined && signalDbm < least) return;
  radio.seen.note(transmitter, signalDbm);
  // A server is not asked about everybody who looks around.
  if (admitHeard(bss, transmitter).admitted === false) return;
  const { elements } = decodeProbeRequest(reader);
  const ssid = findElement(elements, elementId.ssid)?.data;
  if (!ssid || !findElement(elements, elementId.supportedRates)) {
    return bss.tally.count("probe request without SSID or rates", transmitter);
  }
  if (isIgnored(bss, "probe")) return;
  bss.report({ type: "probe-request", station: transmitter, signalDbm });
  if (!settings.send_probe_response || radio.capabilities.associationOffload) return;
  // Frames of the neighbouring channel are heard too in 2.4 GHz.
  const channel = findElement(elements, elementId.dsParameterSet)?.data[0];
  if (radio.plan.band.name === "2.4GHz" && channel !== undefined && channel !== radio.plan.channel) return;

  if (!isLookedFor(settings, findElement(elements, elementId.interworking))) return;
  const isWildcard = ssid.length === 0;
  if (isWildcard ? settings.ignore_broadcast_ssid !== "no" : !sameBytes(ssid, settings.ssid)) return;
  const isToAll = header.receiver === broadcast && header.bssid === broadcast;
  if (isToAll && seenOn(bss, settings.no_probe_resp_if_seen_on, transmitter)) return;
  const isFull = bss.associatedCount >= settings.max_num_sta;
  if (settings.no_probe_resp_if_max_sta && isFull && !bss.stations.has(transmitter)) return;
  // Many access points answer a question to everybody: none waits for an acknowledgement.
  const noAck = isWildcard && header.receiver === broadcast;
  const offer = offerOf(bss);
  const counts =
    offer.announcement || offer.colorAnnouncement ? { switchCounts: switchCounts(offer).probeResponse } : {};
  bss.transmit(probeResponse(offer, transmitter), undefined, { noAck, ...counts });
}
