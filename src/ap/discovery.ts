/** Frames by which a network is found without being asked for. IEEE Std 802.11ax-2021, 26.17.2.3. */

import { Reader } from "../base/bytes.ts";
import { broadcast } from "../base/mac-address.ts";
import type { ChannelDefinition, Discovery } from "../driver/port.ts";
import { elementId } from "../wire/ieee80211/element.ts";
import { type DiscoveryCapability, type DiscoveryRsn, encodeFilsDiscovery } from "../wire/ieee80211/fils-discovery.ts";
import { encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import { shortSsidOf } from "../wire/ieee80211/reduced-neighbor-report.ts";
import { decodeRsne, type Rsne, rsnCapabilitiesField } from "../wire/ieee80211/rsne.ts";
import { cipherSuite, type Suite } from "../wire/ieee80211/suites.ts";
import { channelOf } from "./channel-plan.ts";
import { widthInMHz } from "./channel-width.ts";
import { powerEnvelopes } from "./mode-elements.ts";
import { offersEht, offersHe } from "./modes.ts";
import type { Offer } from "./offer.ts";
import { operatingClassOf } from "./operating-class.ts";

/** In time units. IEEE Std 802.11ax-2021, 26.17.2.3.2. */
const mostOn6GHz = 20;

/**
 * @param probeResponse makes one to everybody
 * @returns undefined where none is asked for, or the driver sends none
 */
export function discoveryOf(offer: Offer, probeResponse: () => Uint8Array): Discovery | undefined {
  const { settings, plan, capabilities } = offer;
  const is6GHz = plan.band.name === "6GHz";
  if (!offersHe(offer)) return undefined;
  if (settings.fils_discovery_max_interval > 0 && capabilities.filsDiscovery) {
    const maxInterval = Math.min(settings.fils_discovery_max_interval, is6GHz ? mostOn6GHz : Number.POSITIVE_INFINITY);
    const minInterval = Math.min(settings.fils_discovery_min_interval, maxInterval);
    return { kind: "fils", minInterval, maxInterval, frame: discoveryFrame(offer) };
  }
  const interval = settings.unsol_bcast_probe_resp_interval;
  if (interval > 0 && is6GHz && capabilities.unsolicitedProbeResponses) {
    return { kind: "probe-responses", interval, frame: probeResponse() };
  }
  return undefined;
}

/** What the settings ask for and the driver hasn't got, in words. */
export function missingDiscovery({ settings, capabilities }: Pick<Offer, "settings" | "capabilities">): string[] {
  return [
    ...(settings.fils_discovery_max_interval > 0 && !capabilities.filsDiscovery
      ? ["the radio's driver sends no FILS Discovery frames: fils_discovery_max_interval does nothing"]
      : []),
    ...(settings.unsol_bcast_probe_resp_interval > 0 && !capabilities.unsolicitedProbeResponses
      ? ["the radio's driver sends no unsolicited Probe Responses: unsol_bcast_probe_resp_interval does nothing"]
      : []),
  ];
}

function discoveryFrame(offer: Offer): Uint8Array {
  const { address, settings, radio, plan, security } = offer;
  const rsne = security.find(({ id }) => id === elementId.rsn);
  const is6GHz = plan.band.name === "6GHz";
  return encodeManagementFrame(
    { subtype: "action", receiver: broadcast, transmitter: address, bssid: address },
    encodeFilsDiscovery({
      timestamp: 0n,
      interval: radio.beacon_int,
      shortSsid: shortSsidOf(settings.ssid),
      capability: {
        ess: true,
        privacy: settings.wpa.size > 0,
        width: widthOf(plan.definition),
        streams: streamsOf(offer),
        multipleBssids: false,
        phy: offersEht(offer) ? "EHT" : "HE",
        minimumRate: 0,
      },
      primaryChannel: is6GHz ? primaryChannelOf(plan.definition) : undefined,
      rsn: rsne && rsnInformation(decodeRsne(new Reader(rsne.data, ["RSNE"]))),
      elements: [...(is6GHz ? powerEnvelopes(offer) : []), ...(offer.neighborReports?.discovery ?? [])],
    }),
  );
}

function widthOf(definition: ChannelDefinition): DiscoveryCapability["width"] {
  const width = widthInMHz(definition);
  if (definition.width === "80+80" || width === 160) return "160 or 80+80";
  return width === 320 ? "320" : width === 80 ? "80" : width === 40 ? "40" : "20";
}

/** Where nobody looks by himself: a wide channel that doesn't begin on a preferred scanning channel. */
function primaryChannelOf(definition: ChannelDefinition) {
  const { channel } = channelOf(definition.frequency);
  const operatingClass = operatingClassOf(definition);
  const isPreferred = channel % 16 === 5;
  if (isPreferred || operatingClass === undefined || widthInMHz(definition) === 20) return undefined;
  return { operatingClass, channel };
}

/** The most streams that HE-MCSs are there for, one way at least. */
function streamsOf({ plan }: Offer): number {
  const [a = 255, b = 255, c = 255, d = 255] = plan.modes.he?.mcsSet ?? [];
  const has = (map: number, stream: number): boolean => ((map >>> (2 * stream)) & 3) !== 3;
  const streams = [0, 1, 2, 3, 4, 5, 6, 7].filter((i) => has(a | (b << 8), i) || has(c | (d << 8), i)).length;
  return Math.max(0, Math.min(streams - 1, 4));
}

const none = 63;
const otherOrganization = 62;

function rsnInformation(rsne: Rsne): DiscoveryRsn {
  const isProtected = rsne.capabilities.has("mfpCapable");
  const [pairwise] = rsne.pairwise;
  return {
    capabilities: rsnCapabilitiesField(rsne),
    group: rsne.group === cipherSuite.GTK_NOT_USED ? none : numberOf(rsne.group),
    groupManagement: isProtected ? numberOf(rsne.groupManagement ?? cipherSuite["AES-128-CMAC"]) : none,
    pairwise: rsne.pairwise.length === 1 && pairwise !== undefined ? numberOf(pairwise) : none,
    akm: 0,
  };
}

const numberOf = (suite: Suite): number =>
  suite >>> 8 === 0x000fac && (suite & 255) <= 13 ? suite & 255 : otherOrganization;
