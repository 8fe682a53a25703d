/** What a BSS says of itself: the elements of its beacons and of its answers. IEEE Std 802.11-2020, 9.3.3.2. */

import { concat } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { broadcast } from "../base/mac-address.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";
import { wepOf } from "../config/settings.ts";
import type { BeaconTemplate, BssColor, RadioCapabilities, RadioChannel } from "../driver/port.ts";
import { encodeBeacon } from "../wire/ieee80211/beacon.ts";
import type { Capability, CapabilityInformation } from "../wire/ieee80211/capability-information.ts";
import { type CountryTriplet, encodeCountry } from "../wire/ieee80211/country.ts";
import { encodeDsParameterSet } from "../wire/ieee80211/ds-parameter-set.ts";
import { type Element, elementId, encodeElements } from "../wire/ieee80211/element.ts";
import { type Erp, encodeErp } from "../wire/ieee80211/erp.ts";
import { type ExtendedCapability, encodeExtendedCapabilities } from "../wire/ieee80211/extended-capabilities.ts";
import { encodeManagementFrame, managementHeaderLength } from "../wire/ieee80211/frame.ts";
import { type OweTransition, oweTransitionElement } from "../wire/ieee80211/owe-transition.ts";
import type { BssMembershipSelector } from "../wire/ieee80211/supported-rates.ts";
import { encodeWmmParameter, type WmmCategoryParameters } from "../wire/ieee80211/wmm.ts";
import { bssLoadElements } from "./channel-load.ts";
import { type ChannelPlan, channelOf } from "./channel-plan.ts";
import {
  countdownOffsets,
  extendedSwitchElements,
  type SwitchAnnouncement,
  switchElements,
  switchWrapper,
} from "./channel-switch-elements.ts";
import type { NeighborReports } from "./colocation.ts";
import { type ColorAnnouncement, colorChangeElements } from "./color-change-elements.ts";
import { withConfiguredBits } from "./configured-bits.ts";
import { discoveryOf } from "./discovery.ts";
import { maxIdlePeriodElement } from "./idle-period.ts";
import { interworkingElements } from "./interworking.ts";
import { protectsBeacons } from "./management-protection.ts";
import {
  ehtElements,
  furtherHeElements,
  heElements,
  htElements,
  operatingClassElements,
  powerEnvelopes,
  vendorVhtElements,
  vhtElements,
} from "./mode-elements.ts";
import { demandedModes, offersHe, respondsToTwt } from "./modes.ts";
import { p2pElements } from "./offer-p2p.ts";
import type { ProtectionCounts } from "./protection.ts";
import { type RateSet, rateElements } from "./rates.ts";
import { powerConstraint, requiresSpectrumManagement } from "./spectrum.ts";

/** All that a BSS's elements are made of. */
export interface Offer {
  readonly address: MacAddress;
  readonly settings: BssSettings;
  readonly radio: RadioSettings;
  readonly plan: ChannelPlan;
  readonly capabilities: RadioCapabilities;
  readonly rates: RateSet;
  readonly protection: ProtectionCounts;
  /** RSNE, RSNXE and WPA element. */
  readonly security: readonly Element[];
  readonly stationCount: number;
  /** 0 to 255 for a channel that is never to always busy. */
  readonly channelUtilization: number;
  /** 0 to 15: changes with the parameters of the access categories. */
  readonly parameterSetCount: number;
  /** Two letters, once the country is in force. */
  readonly country: string | undefined;
  readonly bssColor: BssColor | undefined;
  /** Nobody gets in without SAE that hashes to the group. */
  readonly requiresHashToElement: boolean;
  /** A change of colour that is on its way. */
  readonly colorAnnouncement?: ColorAnnouncement | undefined;
  /** The other half of a network in OWE transition mode. */
  readonly owePartner: OweTransition | undefined;
  /** A channel switch that is on its way. */
  readonly announcement?: SwitchAnnouncement | undefined;
  readonly neighborReports?: NeighborReports;
}

/** Capability Information field. IEEE Std 802.11-2020, 9.4.1.4. */
export function capabilityInformation(offer: Offer): CapabilityInformation {
  const { settings, radio, plan, protection } = offer;
  const capabilities = new Set<Capability>(["ess"]);
  if (settings.wpa.size > 0 || wepOf(settings)) capabilities.add("privacy");
  if (radio.preamble === "short" && plan.band.name === "2.4GHz" && protection.allowsShortPreamble) {
    capabilities.add("shortPreamble");
  }
  if (plan.band.name === "2.4GHz" && isErp(offer) && protection.allowsShortSlot) capabilities.add("shortSlotTime");
  if (requiresSpectrumManagement(offer)) capabilities.add("spectrumManagement");
  return capabilities;
}

/** Extended Rate PHY: OFDM in 2.4 GHz. */
export const isErp = ({ radio, plan }: Pick<Offer, "radio" | "plan">): boolean =>
  plan.band.name === "2.4GHz" && radio.hw_mode !== "b";

/** Where the counts of what is announced are: in the beacon's tail, and in a probe response. */
export function switchCounts(offer: Offer): {
  readonly beacon: readonly number[];
  readonly probeResponse: readonly number[];
} {
  const head = encodeElements([{ id: elementId.ssid, data: offer.settings.ssid }, ...headElements(offer)]);
  const tail = tailElements(offer);
  return { beacon: countdownOffsets(tail), probeResponse: countdownOffsets(tail, beaconFixedLength + head.length) };
}

/** MAC header, timestamp, interval, capabilities. */
const beaconFixedLength = managementHeaderLength + 12;

export function beaconTemplate(offer: Offer): BeaconTemplate {
  const { settings } = offer;
  const frame = encodeManagementFrame(
    { subtype: "beacon", receiver: broadcast, transmitter: offer.address, bssid: offer.address },
    encodeBeacon({
      timestamp: 0n,
      interval: offer.radio.beacon_int,
      capabilities: capabilityInformation(offer),
      elements: [{ id: elementId.ssid, data: beaconedSsid(settings) }, ...headElements(offer)],
    }),
  );
  return {
    head: frame,
    tail: concat(encodeElements(tailElements(offer)), settings.vendor_elements),
    beaconElements: encodeElements(extraElements(offer)),
    probeResponseElements: encodeElements(extraElements(offer)),
    associationResponseElements: encodeElements(extraElements(offer)),
    bssColor: offersHe(offer) ? offer.bssColor : undefined,
    discovery: discoveryOf(offer, () => probeResponse(offer, broadcast)),
    ...(offer.capabilities.probeResponseOffload ? { probeResponse: probeResponse(offer, broadcast) } : {}),
  };
}

/** The answer to a station that looks for this network; the SSID is told to whoever knows it. */
export const probeResponse = (offer: Offer, receiver: MacAddress): Uint8Array =>
  encodeManagementFrame(
    { subtype: "probe-response", receiver, transmitter: offer.address, bssid: offer.address },
    concat(
      encodeBeacon({
        timestamp: 0n,
        interval: offer.radio.beacon_int,
        capabilities: capabilityInformation(offer),
        elements: [{ id: elementId.ssid, data: offer.settings.ssid }, ...headElements(offer), ...tailElements(offer)],
      }),
      offer.settings.vendor_elements,
      offer.settings.presp_elements,
    ),
  );

/** What a station has of what we offer. */
export interface AnsweredStation {
  readonly ht: boolean;
  readonly vht: boolean;
  /** For beamforming, where it has fewer than we. */
  readonly streams: number | undefined;
  readonly vendorVht: boolean;
  readonly he: boolean;
  readonly eht: boolean;
  readonly wmm: boolean;
  /** It has asked for a time of its own. */
  readonly maxIdlePeriod: number | undefined;
}

/** Of a (Re)Association Response, after its fixed fields. IEEE Std 802.11-2020, 9.3.3.6. */
export function associationResponseElements(offer: Offer, station: AnsweredStation): Element[] {
  return [
    ...rateElements(offer.rates, selectorsOf(offer)),
    ...(station.ht ? htElements(offer) : []),
    ...(station.vht ? vhtElements(offer, station.streams) : []),
    ...(station.he ? [...heElements(offer), ...furtherHeElements(offer)] : []),
    ...(station.eht ? ehtElements(offer) : []),
    ...extendedCapabilities(offer),
    ...maxIdlePeriodElement(offer.settings, station.maxIdlePeriod),
    ...(station.vendorVht ? vendorVhtElements(offer) : []),
    ...(station.wmm ? wmmElements(offer) : []),
  ];
}

function beaconedSsid({ ssid, ignore_broadcast_ssid }: BssSettings): Uint8Array {
  switch (ignore_broadcast_ssid) {
    case "no":
      return ssid;
    case "empty":
      return new Uint8Array();
    case "zeroed":
      return new Uint8Array(ssid.length);
  }
}

/** What stations that don't know it take for a rate that they lack. */
const selectorsOf = (offer: Offer): readonly BssMembershipSelector[] => [
  ...demandedModes(offer),
  ...(offer.requiresHashToElement ? ["saeHashToElementOnly" as const] : []),
];

/** Up to where the driver puts the TIM. */
function headElements(offer: Offer): Element[] {
  const [supported] = rateElements(offer.rates, selectorsOf(offer));
  const elements = supported ? [supported] : [];
  if (offer.plan.band.name === "2.4GHz") {
    elements.push({ id: elementId.dsParameterSet, data: encodeDsParameterSet(offer.plan.channel) });
  }
  return elements;
}

function tailElements(offer: Offer): Element[] {
  const { security } = offer;
  return [
    ...countryElement(offer),
    ...powerConstraint(offer),
    ...switchElements(offer.announcement, offer.radio),
    ...(isErp(offer) ? [{ id: elementId.erp, data: encodeErp(erpOf(offer)) }] : []),
    ...rateElements(offer.rates, selectorsOf(offer)).slice(1),
    ...security.filter((element) => element.id === elementId.rsn),
    ...bssLoadElements(offer),
    ...extendedSwitchElements(offer.announcement, offer.radio),
    ...operatingClassElements(offer),
    ...htElements(offer),
    ...extendedCapabilities(offer),
    ...interworkingElements(offer.settings),
    ...vhtElements(offer),
    ...powerEnvelopes(offer),
    ...switchWrapper(offer.announcement),
    ...(offer.neighborReports?.beacons ?? []),
    ...security.filter((element) => element.id === elementId.rsnExtension),
    ...heElements(offer),
    ...(offersHe(offer) ? colorChangeElements(offer.colorAnnouncement) : []),
    ...furtherHeElements(offer),
    ...ehtElements(offer),
    ...vendorVhtElements(offer),
    ...security.filter((element) => element.id === elementId.vendorSpecific),
    ...(offer.owePartner ? [oweTransitionElement(offer.owePartner)] : []),
    ...wmmElements(offer),
    ...p2pElements(offer),
  ];
}

/** Where stations may not use the short preamble, those that protect DSSS stations' frames may not either. */
const erpOf = ({ radio, protection }: Offer): Erp => ({
  ...protection.erp,
  barkerPreamble: radio.preamble === "long" || !protection.allowsShortPreamble,
});

/** What the driver adds to frames that it makes itself. */
const extraElements = (offer: Offer): Element[] => extendedCapabilities(offer);

function countryElement({ radio, plan, country }: Offer): Element[] {
  if (!radio.ieee80211d || country === undefined) return [];
  const triplets = countryTriplets(plan.band.channels.filter((channel) => !channel.disabled));
  const data = encodeCountry({ alpha2: country, environment: radio.country3, triplets });
  return [{ id: elementId.country, data }];
}

/** Neighbouring channels of the same power make one triplet. IEEE Std 802.11-2020, 9.4.2.9. */
function countryTriplets(channels: readonly RadioChannel[]): CountryTriplet[] {
  const triplets: (CountryTriplet & { kind: "channels" })[] = [];
  const step = channels.some((channel) => channel.frequency > 4000) ? 4 : 1;
  for (const channel of channels) {
    const number = channelOf(channel.frequency).channel;
    const last = triplets.at(-1);
    const follows =
      last && last.firstChannel + last.count * step === number && last.maxPowerDbm === channel.maxPowerDbm;
    if (follows) triplets.splice(-1, 1, { ...last, count: last.count + 1 });
    else triplets.push({ kind: "channels", firstChannel: number, count: 1, maxPowerDbm: channel.maxPowerDbm });
  }
  return triplets;
}

function extendedCapabilities(offer: Offer): Element[] {
  const { settings, radio, capabilities } = offer;
  const names = new Set<ExtendedCapability>();
  if (radio.ieee80211n && radio.obss_interval > 0) names.add("bss2040Coexistence");
  if (respondsToTwt(offer)) names.add("twtResponder");
  if (settings.tdls_prohibit) names.add("tdlsProhibited");
  if (settings.tdls_prohibit_chan_switch) names.add("tdlsChannelSwitchingProhibited");
  if (settings.utf8_ssid) names.add("utf8Ssid");
  if (protectsBeacons(settings, capabilities)) names.add("beaconProtection");
  if (settings.known_sta_identification) names.add("knownStaIdentification");
  if (settings.interworking) names.add("interworking");
  const own = encodeExtendedCapabilities({ names, otherBits: [] }, 8);
  const offered = overlay(own, capabilities.extendedCapabilities, capabilities.extendedCapabilitiesMask);
  const octets = withConfiguredBits(offered, settings);
  const length = octets.findLastIndex((octet) => octet !== 0) + 1;
  return length > 0 ? [{ id: elementId.extendedCapabilities, data: octets.slice(0, length) }] : [];
}

/** The driver's bits, where its mask says that they count, over ours. */
function overlay(own: Uint8Array, driver: Uint8Array, mask: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: Math.max(own.length, driver.length) }, (_, i) => {
    const masked = mask[i] ?? 0;
    return ((own[i] ?? 0) & ~masked) | ((driver[i] ?? 0) & masked);
  });
}

function wmmElements({ settings, radio, parameterSetCount }: Offer): Element[] {
  if (!settings.wmm_enabled) return [];
  const category = (name: keyof RadioSettings["wmm_ac"]): WmmCategoryParameters => {
    const values = radio.wmm_ac[name];
    return {
      aifsn: values.aifs,
      acm: values.acm,
      cwMinExponent: values.cwmin,
      cwMaxExponent: values.cwmax,
      txopLimit: values.txop_limit,
    };
  };
  const data = encodeWmmParameter({
    qosInfo: { parameterSetCount, uapsd: settings.uapsd_advertisement_enabled },
    categories: {
      "best-effort": category("be"),
      background: category("bk"),
      video: category("vi"),
      voice: category("vo"),
    },
  });
  return [{ id: elementId.vendorSpecific, data }];
}
