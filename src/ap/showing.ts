/** What a BSS tells of itself: put together from its settings, its radio and its stations, and handed to the driver. */

import { seconds } from "../base/duration.ts";
import type { ApParameters, BssColor, BssPort } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import type { SwitchAnnouncement } from "./channel-switch-elements.ts";
import { neighborReportsOf, tellNeighbours } from "./colocation.ts";
import type { ColorAnnouncement } from "./color-change-elements.ts";
import { obssPacketDetectionOf } from "./mode-elements.ts";
import { offersHt, respondsToTwt } from "./modes.ts";
import { beaconTemplate, isErp, type Offer, switchCounts } from "./offer.ts";
import { owePartnerOf } from "./owe-transition.ts";
import { beaconRateOf, rateSet } from "./rates.ts";
import { apSecurity, rsnPolicyOf } from "./security.ts";

export function offerOf(bss: Bss): Offer {
  const { settings, radio } = bss;
  const policy = rsnPolicyOf(settings, radio.capabilities);
  return {
    address: bss.address,
    settings,
    radio: radio.settings,
    plan: radio.plan,
    capabilities: radio.capabilities,
    rates: rateSet(settings, radio.settings, radio.plan.band),
    protection: radio.protection,
    security: policy ? (bss.authenticator?.options.elements ?? []) : [],
    stationCount: bss.associatedCount,
    channelUtilization: bss.load.utilization,
    parameterSetCount: radio.parameterSetCount,
    country: radio.country,
    bssColor: radio.bssColor,
    requiresHashToElement: bss.sae.requiresHashToElement,
    colorAnnouncement: radio.colorAnnouncement,
    owePartner: owePartnerOf(bss),
    announcement: radio.announcement,
    neighborReports: neighborReportsOf(bss),
  };
}

export function apParameters({ settings, radio }: Bss, offer: Offer): ApParameters {
  return {
    ssid: settings.ssid,
    hiddenSsid: settings.ignore_broadcast_ssid,
    beaconInterval: radio.settings.beacon_int,
    dtimPeriod: settings.dtim_period,
    channel: radio.plan.definition,
    beacon: beaconTemplate(offer),
    security: apSecurity(settings, radio.capabilities),
    protection: radio.protection.bssProtection(protectionOptions(offer)),
    basicRates: offer.rates.basic,
    isolate: settings.ap_isolate,
    maxInactivity: seconds(settings.ap_max_inactivity),
    ...beaconRateOf(settings, radio.capabilities),
    obssPacketDetection: obssPacketDetectionOf(offer),
    twtResponder: respondsToTwt(offer),
  };
}

/** Puts what has changed into a beacon that is on the air. @throws KernelRefusal where the driver doesn't take the beacon */
export function show(bss: Bss, port: BssPort): void {
  const offer = offerOf(bss);
  const protection = bss.radio.protection.bssProtection(protectionOptions(offer));
  port.updateBeacon(beaconTemplate(offer));
  bss.attempt(() => port.setProtection(protection, offer.rates.basic, bss.settings.ap_isolate));
  tellNeighbours(bss);
}

/** @param color of the time after @returns false where this BSS has none, without HE @throws KernelRefusal */
export function changeColor(bss: Bss, announcement: ColorAnnouncement, color: BssColor): boolean {
  const offer = offerOf(bss);
  const during: Offer = { ...offer, colorAnnouncement: announcement };
  const after: Offer = { ...offer, bssColor: color, colorAnnouncement: undefined };
  const { beacon, probeResponse } = switchCounts(during);
  if (beacon[0] === undefined || !bss.port) return false;
  bss.port.changeColor({
    color: announcement.color,
    count: announcement.countdown,
    during: beaconTemplate(during),
    beaconCount: beacon[0],
    probeResponseCount: probeResponse[0] ?? 0,
    after: beaconTemplate(after),
  });
  return true;
}

/** @throws KernelRefusal */
export function switchChannel(bss: Bss, announcement: SwitchAnnouncement): void {
  const offer = offerOf(bss);
  const during: Offer = { ...offer, announcement };
  const { settings, target, count, blockTransmission } = announcement;
  const rates = rateSet(bss.settings, settings, target.band);
  const after: Offer = { ...offer, radio: settings, plan: target, rates, announcement: undefined };
  const counts = switchCounts(during);
  bss.port?.switchChannel({
    channel: target.definition,
    count,
    blockTransmission,
    during: beaconTemplate(during),
    beaconCounts: counts.beacon,
    probeResponseCounts: counts.probeResponse,
    after: beaconTemplate(after),
  });
}

const protectionOptions = (offer: Offer) => ({
  ht: offersHt(offer) ? offer.plan.secondary : undefined,
  shortPreamble: offer.radio.preamble === "short",
  erp: isErp(offer),
});
