/**
 * Is what a station offers in its (re)association request what this BSS requires? A pure function.
 * IEEE Std 802.11-2020, 11.3.5.3, 11.3.5.5.
 */

import { MalformedError, Reader, sameBytes } from "../base/bytes.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";
import type { Band } from "../driver/port.ts";
import { negotiate, type RsnPolicy } from "../rsn/negotiation.ts";
import type { AssociationRequest } from "../wire/ieee80211/association-request.ts";
import type { CapabilityInformation } from "../wire/ieee80211/capability-information.ts";
import { type Element, elementId, encodeElements, findElement, findVendor, oui } from "../wire/ieee80211/element.ts";
import { decodeHtCapabilities } from "../wire/ieee80211/ht-capabilities.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";
import { joinRates } from "../wire/ieee80211/supported-rates.ts";
import { decodeWmmInformation, type StationQosInfo, wmmSubtype, wmmType } from "../wire/ieee80211/wmm.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import { agreedIdlePeriod } from "./idle-period.ts";
import { demandedModes } from "./modes.ts";
import type { StationTraits } from "./protection.ts";
import { knowsOfdm } from "./rates.ts";
import type { Association } from "./station.ts";
import { type StationModes, stationModes } from "./station-modes.ts";

export interface AssociationTerms {
  readonly settings: BssSettings;
  readonly radio: RadioSettings;
  readonly plan: ChannelPlan;
  /** undefined in an open network. */
  readonly rsn: RsnPolicy | undefined;
}

/** An association but for what only the BSS can give: its AID, its VLANs and its time. */
export type Offered = Omit<Association, "aid" | "at" | "again" | "vlans">;

interface Refused {
  readonly accepted: false;
  readonly status: StatusName;
  readonly explanation: string;
}

export type AssociationVerdict = { readonly accepted: true; readonly offered: Offered } | Refused;

export function checkAssociation(terms: AssociationTerms, request: AssociationRequest): AssociationVerdict {
  const { settings } = terms;
  const { elements } = request;
  const body = (id: number): Uint8Array | undefined => findElement(elements, id)?.data;

  const ssid = body(elementId.ssid);
  if (!ssid || !sameBytes(ssid, settings.ssid)) {
    return refuse("unspecified-failure", "it asked for another SSID than this network's");
  }
  if (request.listenInterval > settings.max_listen_interval) {
    return refuse(
      "listen-interval-too-large",
      `its listen interval is ${request.listenInterval}, and max_listen_interval is ${settings.max_listen_interval}`,
    );
  }
  const { rates } = joinRates(elements);
  if (rates.length === 0) return refuse("unspecified-failure", "it named no supported rates");
  if (rates.length > maxRates) return refuse("unspecified-failure", `it named ${rates.length} rates`);

  const agreed = agree(terms, elements);
  if ("accepted" in agreed) return agreed;
  const supportedRates = Uint8Array.from(rates, ({ rate }) => rate);
  return {
    accepted: true,
    offered: {
      ...agreed,
      capabilities: request.capabilities,
      listenInterval: request.listenInterval,
      supportedRates,
      traits: traitsOf(terms.plan.band, request.capabilities, supportedRates, agreed.htCapabilities),
    },
  };
}

/**
 * The same of a request that the radio's firmware has granted already. SSID and rates were its business; not every
 * driver tells of all elements, and none of what is no element.
 */
export function checkOffloadedAssociation(terms: AssociationTerms, elements: readonly Element[]): AssociationVerdict {
  const { rates } = joinRates(elements);
  const isWhole = rates.length > 0;
  const agreed = agree(terms, elements, isWhole);
  if ("accepted" in agreed) return agreed;
  const supportedRates = Uint8Array.from(rates, ({ rate }) => rate);
  const capabilities: CapabilityInformation = new Set();
  const traits = traitsOf(terms.plan.band, capabilities, supportedRates, agreed.htCapabilities);
  return {
    accepted: true,
    offered: {
      ...agreed,
      capabilities,
      listenInterval: 0,
      supportedRates,
      traits: { ...traits, erp: traits.erp || !isWhole },
    },
  };
}

type Agreed = Omit<Offered, "capabilities" | "listenInterval" | "supportedRates" | "traits">;

/** What elements alone decide. @param isWhole where it is known which modes it has not */
function agree(terms: AssociationTerms, elements: readonly Element[], isWhole = true): Agreed | Refused {
  const { settings, rsn } = terms;
  const wmm = settings.wmm_enabled ? wmmOf(elements) : undefined;
  if (wmm === "malformed") return refuse("unspecified-failure", "its WMM element is malformed");

  const security = rsn && negotiate(rsn, elements);
  if (security && "refused" in security) return refuse(security.refused, security.explanation);

  // HT goes with WMM, and not with the ciphers of before. IEEE Std 802.11-2020, 12.6.1.1.1.
  const modes = stationModes(terms, elements, wmm !== undefined && security?.agreed.pairwise !== "TKIP");
  return (
    (isWhole ? lackOf(terms, modes) : undefined) ?? {
      ...modes,
      extendedCapabilities: findElement(elements, elementId.extendedCapabilities)?.data,
      maxIdlePeriod: agreedIdlePeriod(settings, findElement(elements, elementId.bssMaxIdlePeriod)?.data),
      wmm,
      security,
      elements: encodeElements(elements),
    }
  );
}

/** A mode that it would have to have. */
function lackOf(terms: AssociationTerms, modes: StationModes): Refused | undefined {
  const demanded = demandedModes(terms);
  const lacks = (mode: "ht" | "vht" | "he" | "eht", body: Uint8Array | undefined): boolean =>
    demanded.includes(mode) && !body;
  if (lacks("ht", modes.htCapabilities)) {
    return refuse("no-ht-support", "require_ht is set, and it has no HT (802.11n), or no WMM with it");
  }
  if (lacks("vht", modes.vhtCapabilities)) {
    return refuse("vht-not-supported", "require_vht is set, and it has no VHT (802.11ac) that goes with ours");
  }
  if (lacks("he", modes.heCapabilities)) {
    return refuse("he-not-supported", "require_he is set, and it has no HE (802.11ax) that goes with ours");
  }
  if (terms.plan.band.name === "6GHz" && !modes.heCapabilities) {
    return refuse("he-not-supported", "nobody is on 6 GHz without HE (802.11ax)");
  }
  if (lacks("eht", modes.ehtCapabilities)) {
    return refuse("eht-not-supported", "EHT is required, and it has no EHT (802.11be) that goes with ours");
  }
  return undefined;
}

/** As many as the driver's own tables hold. */
const maxRates = 32;

function wmmOf(elements: readonly Element[]): StationQosInfo | "malformed" | undefined {
  const element = findVendor(elements, oui.microsoft, wmmType, wmmSubtype.information);
  if (!element) return undefined;
  try {
    return decodeWmmInformation(new Reader(element.data, ["WMM Information"]));
  } catch (thrown) {
    if (thrown instanceof MalformedError) return "malformed";
    throw thrown;
  }
}

function traitsOf(
  band: Band,
  capabilities: CapabilityInformation,
  rates: Uint8Array,
  htCapabilities: Uint8Array | undefined,
): StationTraits {
  const ht = htCapabilities && decodeHtCapabilities(new Reader(htCapabilities, ["HT Capabilities"])).information;
  return {
    erp: band.name !== "2.4GHz" || knowsOfdm(rates),
    shortSlot: capabilities.has("shortSlotTime"),
    shortPreamble: capabilities.has("shortPreamble"),
    ht: ht !== undefined,
    greenfield: ht?.greenfield ?? false,
    width40: ht?.width40 ?? false,
    fortyIntolerant: band.name === "2.4GHz" && (ht?.fortyMhzIntolerant ?? false),
  };
}

const refuse = (status: StatusName, explanation: string): Refused => ({
  accepted: false,
  status,
  explanation,
});
