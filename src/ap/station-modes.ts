/** What a station has of the modes that a BSS offers, and what of it the driver is told. Pure. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { StationParameters } from "../driver/port.ts";
import { decodeEhtCapabilities } from "../wire/ieee80211/eht-capabilities.ts";
import { type Element, elementExtension, elementId, findElement, findVendor } from "../wire/ieee80211/element.ts";
import { he6GHzCapabilitiesLength } from "../wire/ieee80211/he-6ghz-capabilities.ts";
import { decodeHeCapabilities, heCapabilitiesMaxLength } from "../wire/ieee80211/he-capabilities.ts";
import {
  decodeHtCapabilities,
  encodeHtCapabilities,
  type HtCapabilityInformation,
  htCapabilitiesLength,
} from "../wire/ieee80211/ht-capabilities.ts";
import {
  decodeVhtCapabilities,
  encodeVhtCapabilities,
  type VhtCapabilityInformation,
  vhtCapabilitiesLength,
} from "../wire/ieee80211/vht-capabilities.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import { operatingWidth } from "./channel-width.ts";
import { htCapabilitiesOf } from "./ht.ts";
import { vendorVht } from "./mode-elements.ts";
import { type ModeTerms, offersEht, offersHe, offersHt, offersVht, vhtOf } from "./modes.ts";
import type { Association } from "./station.ts";
import { haveCommonMcs, vhtInformationOf } from "./vht.ts";

export type StationModes = Pick<
  Association,
  | "htCapabilities"
  | "vhtCapabilities"
  | "isVendorVht"
  | "heCapabilities"
  | "he6GHzCapabilities"
  | "ehtCapabilities"
  | "operatingMode"
>;

/** @param isFast it has WMM, and a cipher that is not of before HT */
export function stationModes(terms: ModeTerms, elements: readonly Element[], isFast: boolean): StationModes {
  const extended = (extension: number) => findElement(elements, elementId.extension, extension)?.data;
  const ht =
    isFast && offersHt(terms)
      ? cut(findElement(elements, elementId.htCapabilities)?.data, htCapabilitiesLength)
      : undefined;
  const plainVht = ht && offersVht(terms) ? vhtOfStation(terms, elements) : undefined;
  const vendor = ht && !plainVht ? vendorVhtOfStation(terms, elements) : undefined;
  const is6GHz = terms.plan.band.name === "6GHz";
  const isHeFast = isFast && (ht !== undefined || is6GHz) && offersHe(terms);
  const he = isHeFast ? heOfStation(terms.plan, extended(elementExtension.heCapabilities)) : undefined;
  const he6GHz =
    he && is6GHz ? cut(extended(elementExtension.he6GHzCapabilities), he6GHzCapabilitiesLength) : undefined;
  const eht =
    he && offersEht(terms) ? ehtOfStation(terms.plan, extended(elementExtension.ehtCapabilities), he) : undefined;
  return {
    htCapabilities: ht,
    vhtCapabilities: plainVht ?? vendor,
    isVendorVht: vendor !== undefined,
    heCapabilities: he,
    he6GHzCapabilities: he6GHz,
    ehtCapabilities: eht,
    operatingMode: plainVht && findElement(elements, elementId.operatingModeNotification)?.data[0],
  };
}

/** The first octets, where there are as many; more are a later version's. */
const cut = (data: Uint8Array | undefined, length: number): Uint8Array | undefined =>
  data && data.length >= length ? data.slice(0, length) : undefined;

const map = (set: Uint8Array, at: number): number => (set[at] ?? 0xff) | ((set[at + 1] ?? 0xff) << 8);

/** Without a rate that we send and it receives there is no VHT. IEEE Std 802.11-2020, 9.4.2.157.3. */
function vhtOfStation(terms: ModeTerms, elements: readonly Element[]): Uint8Array | undefined {
  const body = cut(findElement(elements, elementId.vhtCapabilities)?.data, vhtCapabilitiesLength);
  const ours = vhtOf(terms)?.mcsSet;
  // Receive map behind 4 octets of information; our own transmit map behind 4 octets of the set.
  return body && ours && haveCommonMcs(map(ours, 4), map(body, 4)) ? body : undefined;
}

/** An element inside the vendor's: subtype, then VHT Capabilities as elsewhere. */
function vendorVhtOfStation({ settings, plan }: ModeTerms, elements: readonly Element[]): Uint8Array | undefined {
  if (!settings.vendor_vht || settings.disable_11ac || plan.band.name !== "2.4GHz") return undefined;
  const { organization, type, subtypes } = vendorVht;
  for (const subtype of subtypes) {
    const data = findVendor(elements, organization, type, subtype)?.data.subarray(5);
    if (data?.[0] !== elementId.vhtCapabilities || (data[1] ?? 0) < vhtCapabilitiesLength) continue;
    return cut(data.subarray(2), vhtCapabilitiesLength);
  }
  return undefined;
}

/** As long as it says itself, and with a rate in common. IEEE Std 802.11ax-2021, 9.4.2.248. */
function heOfStation({ modes, definition }: ChannelPlan, body: Uint8Array | undefined): Uint8Array | undefined {
  const ours = modes.he?.mcsSet;
  if (!body || !ours || body.length > heCapabilitiesMaxLength) return undefined;
  const he = readable(body, "HE Capabilities", decodeHeCapabilities);
  if (!he) return undefined;
  const { width } = operatingWidth(definition);
  const sets = width === 3 ? 3 : width === 2 ? 2 : 1;
  for (let at = 0; at < 4 * sets; at += 4) {
    if (haveCommonMcs(map(ours, at + 2), map(he.mcsSet, at))) return body.slice();
  }
  return undefined;
}

function ehtOfStation({ band }: ChannelPlan, body: Uint8Array | undefined, heBody: Uint8Array): Uint8Array | undefined {
  const he = readable(heBody, "HE Capabilities", decodeHeCapabilities);
  if (!body || !he || !band.eht) return undefined;
  const context = { hePhy: he.phy, band: band.name === "60GHz" ? "5GHz" : band.name, isStation: true } as const;
  const eht = readable(body, "EHT Capabilities", (r) => decodeEhtCapabilities(r, context));
  // Numbers of streams: what it receives in the lower four bits, what we send in the upper ones.
  const ours = band.eht.mcsSet;
  const isCommon = eht?.mcsSet.some((octet, at) => (octet & 15) > 0 && (ours[at] ?? 0) >>> 4 > 0);
  return isCommon ? body.slice() : undefined;
}

/** @returns undefined where it is cut */
function readable<T>(body: Uint8Array, name: string, decode: (r: Reader) => T): T | undefined {
  try {
    return decode(new Reader(body, [name]));
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}

/** What the driver may use towards a station: what it has and we have, too. */
export function driverModes(radio: RadioSettings, plan: ChannelPlan, association: StationModes): StationParameters {
  const { htCapabilities, vhtCapabilities, heCapabilities, he6GHzCapabilities, ehtCapabilities } = association;
  const { operatingMode } = association;
  return {
    ...(htCapabilities ? { htCapabilities: commonHt(radio, plan, htCapabilities) } : {}),
    ...(vhtCapabilities ? { vhtCapabilities: commonVht(radio, vhtCapabilities) } : {}),
    ...(heCapabilities ? { heCapabilities } : {}),
    ...(he6GHzCapabilities ? { he6GHzCapabilities } : {}),
    ...(ehtCapabilities ? { ehtCapabilities } : {}),
    ...(operatingMode === undefined ? {} : { operatingMode }),
  };
}

/** What works only if both have it goes; of STBC each needs the other side's half. */
function commonHt(radio: RadioSettings, plan: ChannelPlan, body: Uint8Array): Uint8Array {
  const theirs = decodeHtCapabilities(new Reader(body, ["HT Capabilities"]));
  const { information } = theirs;
  const ours = htCapabilitiesOf(radio, plan).information;
  const both = (name: keyof HtCapabilityInformation): boolean => ours[name] === true && information[name] === true;
  return encodeHtCapabilities({
    ...theirs,
    information: {
      ldpc: both("ldpc"),
      width40: both("width40"),
      smPowerSave: information.smPowerSave,
      greenfield: both("greenfield"),
      shortGi20: both("shortGi20"),
      shortGi40: both("shortGi40"),
      txStbc: information.txStbc && ours.rxStbc > 0,
      rxStbc: ours.txStbc ? information.rxStbc : 0,
      delayedBlockAck: both("delayedBlockAck"),
      longAmsdu: both("longAmsdu"),
      dsssCck40: both("dsssCck40"),
      psmp: both("psmp"),
      fortyMhzIntolerant: both("fortyMhzIntolerant"),
      lSigTxopProtection: both("lSigTxopProtection"),
    },
  });
}

function commonVht(radio: RadioSettings, body: Uint8Array): Uint8Array {
  const theirs = decodeVhtCapabilities(new Reader(body, ["VHT Capabilities"]));
  const { information } = theirs;
  const ours = vhtInformationOf(radio);
  const common: VhtCapabilityInformation = {
    ...information,
    widths: commonWidths(ours.widths, information.widths),
    shortGi80: information.shortGi80 && ours.shortGi80,
    shortGi160: information.shortGi160 && ours.shortGi160,
    suBeamformee: information.suBeamformee && ours.suBeamformer,
    beamformeeSts: ours.suBeamformer ? information.beamformeeSts : 0,
    suBeamformer: information.suBeamformer && ours.suBeamformee,
    soundingDimensions: ours.suBeamformee ? information.soundingDimensions : 0,
    muBeamformee: information.muBeamformee && ours.muBeamformer,
    muBeamformer: information.muBeamformer && ours.muBeamformee,
    txStbc: information.txStbc && ours.rxStbc > 0,
    rxStbc: ours.txStbc ? information.rxStbc : 0,
  };
  const noWide = common.widths === "80" ? { shortGi160: false } : {};
  return encodeVhtCapabilities({ ...theirs, information: { ...common, ...noWide } });
}

type Widths = VhtCapabilityInformation["widths"];

function commonWidths(ours: Widths, theirs: Widths): Widths {
  if (ours === "160 and 80+80") return theirs;
  return ours === "160" && theirs !== "80" && theirs !== "reserved" ? "160" : "80";
}
