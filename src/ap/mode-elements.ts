/** The elements of HT, VHT, HE and EHT in beacons, probe responses and association responses. */

import { concat } from "../base/bytes.ts";
import { powerTypes6GHz } from "../config/keys/he.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { BssColor, ChannelDefinition, ObssPacketDetection, VhtSupport } from "../driver/port.ts";
import { encodeEhtCapabilities } from "../wire/ieee80211/eht-capabilities.ts";
import { encodeEhtOperation } from "../wire/ieee80211/eht-operation.ts";
import {
  type Element,
  elementExtension,
  elementId,
  encodeElements,
  oui,
  vendorElement,
} from "../wire/ieee80211/element.ts";
import { encodeHe6GHzCapabilities } from "../wire/ieee80211/he-6ghz-capabilities.ts";
import { encodeHeCapabilities } from "../wire/ieee80211/he-capabilities.ts";
import { encodeHeOperation, type HeOperation6GHz } from "../wire/ieee80211/he-operation.ts";
import { encodeHtCapabilities } from "../wire/ieee80211/ht-capabilities.ts";
import { encodeHtOperation } from "../wire/ieee80211/ht-operation.ts";
import type { MuEdcaCategory } from "../wire/ieee80211/mu-edca.ts";
import { encodeMuEdca } from "../wire/ieee80211/mu-edca.ts";
import { encodeOverlappingBssScan } from "../wire/ieee80211/overlapping-bss-scan.ts";
import { encodeSpatialReuse } from "../wire/ieee80211/spatial-reuse.ts";
import { encodeSupportedOperatingClasses } from "../wire/ieee80211/supported-operating-classes.ts";
import { encodeTransmitPowerEnvelope } from "../wire/ieee80211/transmit-power-envelope.ts";
import { encodeVhtCapabilities } from "../wire/ieee80211/vht-capabilities.ts";
import { encodeVhtOperation } from "../wire/ieee80211/vht-operation.ts";
import { channelOf } from "./channel-plan.ts";
import { operatingWidth, secondaryOf, widthInMHz } from "./channel-width.ts";
import { ehtCapabilitiesOf, heCapabilitiesOf } from "./he.ts";
import { htCapabilitiesOf } from "./ht.ts";
import { type ModeTerms, offersEht, offersHe, offersHt, offersVht, vendorVhtOf, vhtOf } from "./modes.ts";
import type { Offer } from "./offer.ts";
import { operatingClassOf } from "./operating-class.ts";
import { withoutPuncturing } from "./puncturing.ts";
import { vhtCapabilitiesOf } from "./vht.ts";

const extended = (extension: number, data: Uint8Array): Element => ({ id: elementId.extension, extension, data });

export function htElements(offer: Offer): Element[] {
  const { radio, plan, protection } = offer;
  if (!offersHt(offer)) return [];
  // A second half that is punctured is none for HT stations.
  const secondary = secondaryOf(withoutPuncturing(plan.definition));
  const elements: Element[] = [
    { id: elementId.htCapabilities, data: encodeHtCapabilities(htCapabilitiesOf(radio, plan)) },
    {
      id: elementId.htOperation,
      data: encodeHtOperation({
        primaryChannel: plan.channel,
        secondaryChannelOffset: secondary,
        anyWidth: secondary !== "none",
        rifs: false,
        ...protection.htOf(secondary),
        dualBeacon: false,
        dualCtsProtection: false,
        stbcBeacon: false,
        lSigTxopFullSupport: false,
        pcoActive: false,
        pcoPhase40: false,
        basicMcsSet: new Uint8Array(16),
      }),
    },
  ];
  if (radio.obss_interval > 0) elements.push(overlappingBssScan(radio.obss_interval));
  return elements;
}

/** Dwell times and thresholds are the standard's defaults. IEEE Std 802.11-2020, C.3: dot11OBSSScan... */
const overlappingBssScan = (triggerInterval: number): Element => ({
  id: elementId.overlappingBssScanParameters,
  data: encodeOverlappingBssScan({
    passiveDwell: 20,
    activeDwell: 10,
    triggerInterval,
    passiveTotalPerChannel: 200,
    activeTotalPerChannel: 20,
    transitionDelayFactor: 5,
    activityThreshold: 25,
  }),
});

/** The class of the channel; others are not told. IEEE Std 802.11-2020, 9.4.2.53. */
export function operatingClassElements({ plan }: Offer): Element[] {
  const current = operatingClassOf(plan.definition);
  if (current === undefined) return [];
  const data = encodeSupportedOperatingClasses({ current, others: [0] });
  return [{ id: elementId.supportedOperatingClasses, data }];
}

/** @param streams in the answer to a station that has fewer for beamforming */
export function vhtElements(offer: Offer, streams?: number): Element[] {
  const support = offersVht(offer) ? vhtOf(offer) : undefined;
  return support ? vhtPair(offer.radio, support, offer.plan.definition, streams) : [];
}

/** No VHT-MCS but 0 to 7 of one stream has to be there. */
const basicVhtMcsSet = 0xfffc;

function vhtPair(
  radio: RadioSettings,
  support: VhtSupport,
  definition: ChannelDefinition,
  streams?: number,
): Element[] {
  return [
    { id: elementId.vhtCapabilities, data: encodeVhtCapabilities(vhtCapabilitiesOf(radio, support, streams)) },
    {
      id: elementId.vhtOperation,
      data: encodeVhtOperation({ ...vhtOperationOf(withoutPuncturing(definition)), basicMcsSet: basicVhtMcsSet }),
    },
  ];
}

/** As stations of today read it. IEEE Std 802.11-2020, table 9-274. */
function vhtOperationOf(definition: ChannelDefinition) {
  const { width, segment0, segment1 } = operatingWidth(definition);
  if (width === 0) return { channelWidth: 0, centerFrequencySegment0: 0, centerFrequencySegment1: 0 };
  const [first, second] = width === 2 ? halves(definition) : [segment0, segment1];
  return { channelWidth: 1, centerFrequencySegment0: first, centerFrequencySegment1: second };
}

/** Centres of the half that has the primary channel, and of the whole, as channel numbers. */
function halves(definition: ChannelDefinition): readonly [half: number, whole: number] {
  const { frequency, centerFrequency1 } = definition;
  const quarter = widthInMHz(definition) / 4;
  const half = centerFrequency1 + (frequency < centerFrequency1 ? -quarter : quarter);
  return [channelOf(half).channel, channelOf(centerFrequency1).channel];
}

/** Broadcom's, type and subtype: VHT elements inside a vendor-specific one. */
export const vendorVht = { organization: oui.broadcom, type: 4, subtypes: [8, 0] } as const;

export function vendorVhtElements(offer: Offer): Element[] {
  const support = vendorVhtOf(offer);
  if (!support) return [];
  const inside = encodeElements(vhtPair(offer.radio, support, offer.plan.definition));
  return [vendorElement(vendorVht.organization, vendorVht.type, concat(Uint8Array.of(vendorVht.subtypes[0]), inside))];
}

/** What stations may transmit with. IEEE Std 802.11-2020, 9.4.2.161; on 6 GHz 802.11ax-2021, E.2.7. */
export function powerEnvelopes(offer: Offer): Element[] {
  const { plan } = offer;
  if (plan.band.name === "6GHz") return offersHe(offer) ? powerEnvelopes6GHz(offer.radio) : [];
  if (!offersVht(offer)) return [];
  const channel = plan.band.channels.find(({ frequency }) => frequency === plan.definition.frequency);
  if (!channel) return [];
  const count = { 20: 0, 40: 1, 80: 2, 160: 3, 320: 3 }[widthInMHz(plan.definition)] ?? 0;
  const widths = plan.definition.width === "80+80" ? 3 : count;
  const local = Math.trunc(channel.maxPowerDbm) - (offer.radio.local_pwr_constraint ?? 0);
  const power = Math.max(-128, Math.min(127, 2 * local));
  const powers = Array.from({ length: widths + 1 }, () => power);
  return [powerEnvelope({ interpretation: "local-eirp", category: 0, count: widths, powers })];
}

const powerEnvelope = (envelope: Parameters<typeof encodeTransmitPowerEnvelope>[0]): Element => ({
  id: elementId.transmitPowerEnvelope,
  data: encodeTransmitPowerEnvelope(envelope),
});

/** Where nothing is configured: -1 dBm/MHz for clients, 5 dBm/MHz for those of an indoor access point. */
const defaultPsd = { client: -2, subordinate: 10 } as const;

function powerEnvelopes6GHz(radio: RadioSettings): Element[] {
  const { he_6ghz_reg_pwr_type: type, reg_def_cli_eirp_psd, reg_sub_cli_eirp_psd, reg_def_cli_eirp } = radio;
  const density = (category: number, power: number): Element =>
    powerEnvelope({ interpretation: "regulatory-client-eirp-psd", category, count: 0, powers: [power] });
  const isIndoor = type === "indoor" || type === "indoor-enabled" || type === "indoor-standard-power";
  const isStandard = type === "standard-power" || type === "indoor-standard-power";
  return [
    density(0, reg_def_cli_eirp_psd === -1 ? defaultPsd.client : reg_def_cli_eirp_psd),
    ...(isIndoor ? [density(1, reg_sub_cli_eirp_psd === -1 ? defaultPsd.subordinate : reg_sub_cli_eirp_psd)] : []),
    ...(isStandard && reg_def_cli_eirp !== -1
      ? [
          powerEnvelope({
            interpretation: "regulatory-client-eirp",
            category: 0,
            count: 0,
            powers: [reg_def_cli_eirp],
          }),
        ]
      : []),
  ];
}

/** HE Capabilities and HE Operation, then what only some configurations have. */
export function heElements(offer: Offer): Element[] {
  const { plan, radio, bssColor } = offer;
  const { he } = plan.modes;
  if (!he || !offersHe(offer)) return [];
  const { color = 0, disabled = true, partial = false } = bssColor ?? {};
  const operation = encodeHeOperation({
    defaultPeDuration: radio.he_default_pe_duration,
    twtRequired: radio.he_twt_required,
    rtsThreshold: radio.he_rts_threshold,
    erSuDisable: radio.he_er_su_disable,
    bssColor: color,
    partialBssColor: partial,
    bssColorDisabled: disabled,
    basicMcsSet: radio.he_basic_mcs_nss_set,
    vhtOperation: undefined,
    maxCoHostedBssidIndicator: undefined,
    operation6GHz: plan.band.name === "6GHz" ? operation6GHz(radio, plan.definition) : undefined,
  });
  return [
    extended(elementExtension.heCapabilities, encodeHeCapabilities(heCapabilitiesOf(radio, he))),
    extended(elementExtension.heOperation, operation),
  ];
}

/** After the BSS Color Change Announcement. */
export function furtherHeElements(offer: Offer): Element[] {
  const { plan, radio } = offer;
  const { he } = plan.modes;
  if (!he || !offersHe(offer)) return [];
  const reuse = spatialReuseOf(radio);
  return [
    ...(reuse ? [extended(elementExtension.spatialReuse, encodeSpatialReuse(reuse))] : []),
    ...muEdcaElements(radio),
    ...(plan.band.name === "6GHz" ? [extended(elementExtension.he6GHzCapabilities, capabilities6GHz(offer))] : []),
  ];
}

/** IEEE Std 802.11ax-2021, 9.4.2.249, figure 9-788k. */
function operation6GHz(radio: RadioSettings, definition: ChannelDefinition): HeOperation6GHz {
  const told = atMost160(withoutPuncturing(definition));
  const { width, segment0, segment1 } = operatingWidth(told);
  const [first, second] = width === 2 ? halves(told) : [segment0, segment1];
  const number = Object.entries(powerTypes6GHz).find(([, name]) => name === radio.he_6ghz_reg_pwr_type)?.[0];
  return {
    primaryChannel: channelOf(definition.frequency).channel,
    width: told.width === "20" || told.width === "40" || told.width === "80" ? told.width : "160 or 80+80",
    duplicateBeacon: false,
    regulatoryInfo: Number(number ?? 0),
    centerFrequencySegment0: first,
    centerFrequencySegment1: second,
    minimumRate: 6,
  };
}

/** HE stations know no 320 MHz: the half around the primary channel is theirs. */
function atMost160(definition: ChannelDefinition): ChannelDefinition {
  if (definition.width !== "320") return definition;
  const { frequency, centerFrequency1 } = definition;
  return { frequency, width: "160", centerFrequency1: centerFrequency1 + (frequency < centerFrequency1 ? -80 : 80) };
}

function capabilities6GHz({ radio, plan }: Offer): Uint8Array {
  const own = plan.modes.he?.capabilities6GHz ?? 0;
  return encodeHe6GHzCapabilities({
    minMpduStartSpacing: own & 7,
    maxAmpduLengthExponent: radio.he_6ghz_max_ampdu_len_exp,
    maxMpduLength: radio.he_6ghz_max_mpdu,
    smPowerSave: "disabled",
    rdResponder: false,
    rxAntennaPatternConsistent: radio.he_6ghz_rx_ant_pat,
    txAntennaPatternConsistent: radio.he_6ghz_tx_ant_pat,
  });
}

const categories = ["be", "bk", "vi", "vo"] as const;

/** Nothing where nothing is configured. */
function muEdcaElements(radio: RadioSettings): Element[] {
  const category = (name: (typeof categories)[number]): MuEdcaCategory => ({
    aifsn: radio[`he_mu_edca_ac_${name}_aifsn`],
    acm: radio[`he_mu_edca_ac_${name}_acm`] === 1,
    aci: radio[`he_mu_edca_ac_${name}_aci`],
    cwMinExponent: radio[`he_mu_edca_ac_${name}_ecwmin`],
    cwMaxExponent: radio[`he_mu_edca_ac_${name}_ecwmax`],
    timer: radio[`he_mu_edca_ac_${name}_timer`],
  });
  const data = encodeMuEdca({
    updateCount: radio.he_mu_edca_qos_info_param_count,
    qAck: radio.he_mu_edca_qos_info_q_ack === 1,
    queueRequest: radio.he_mu_edca_qos_info_queue_request === 1,
    txopRequest: radio.he_mu_edca_qos_info_txop_request === 1,
    bestEffort: category("be"),
    background: category("bk"),
    video: category("vi"),
    voice: category("vo"),
  });
  return data.every((octet) => octet === 0) ? [] : [extended(elementExtension.muEdca, data)];
}

/** Of SR Control. IEEE Std 802.11ax-2021, 9.4.2.252. */
const srControl = { psrDisallowed: 1, nonSrgDisallowed: 2, nonSrgOffset: 4, srg: 8, value15: 16 } as const;

function spatialReuseOf(radio: RadioSettings) {
  const control = radio.he_spr_sr_control;
  if (control === 0) return undefined;
  return {
    psrDisallowed: (control & srControl.psrDisallowed) !== 0,
    nonSrgObssPdDisallowed: (control & srControl.nonSrgDisallowed) !== 0,
    value15Allowed: (control & srControl.value15) !== 0,
    nonSrgObssPdMaxOffset: control & srControl.nonSrgOffset ? radio.he_spr_non_srg_obss_pd_max_offset : undefined,
    group:
      control & srControl.srg
        ? {
            obssPdMinOffset: radio.he_spr_srg_obss_pd_min_offset,
            obssPdMaxOffset: radio.he_spr_srg_obss_pd_max_offset,
            bssColors: bitmap(radio.he_spr_srg_bss_colors),
            partialBssids: bitmap(radio.he_spr_srg_partial_bssid),
          }
        : undefined,
  };
}

/** The same for the driver, which keeps to it itself. */
export function obssPacketDetectionOf(terms: ModeTerms): ObssPacketDetection | undefined {
  const reuse = offersHe(terms) ? spatialReuseOf(terms.radio) : undefined;
  if (!reuse) return undefined;
  const { group } = reuse;
  return {
    control: terms.radio.he_spr_sr_control,
    nonSrgMaxOffset: reuse.nonSrgObssPdMaxOffset,
    srg: group && {
      minOffset: group.obssPdMinOffset,
      maxOffset: group.obssPdMaxOffset,
      bssColors: group.bssColors,
      partialBssids: group.partialBssids,
    },
  };
}

/** 64 bits, the lowest in the first octet. */
function bitmap(bits: readonly number[]): Uint8Array {
  const octets = new Uint8Array(8);
  for (const bit of bits) octets[bit >>> 3] = (octets[bit >>> 3] ?? 0) | (1 << (bit & 7));
  return octets;
}

/** One stream of EHT-MCS 0 to 7 has to be there both ways. */
const basicEhtMcsSet = Uint8Array.of(0x11, 0, 0, 0);

export function ehtElements(offer: Offer): Element[] {
  const { plan, radio } = offer;
  const { he } = plan.modes;
  const { eht } = plan.band;
  if (!he || !eht || !offersEht(offer)) return [];
  const operation = encodeEhtOperation({
    defaultPeDuration: radio.eht_default_pe_duration,
    mcs15Disabled: radio.disable_mcs15_rx,
    basicMcsSet: basicEhtMcsSet,
    information: ehtInformation(plan.definition),
  });
  return [
    extended(
      elementExtension.ehtCapabilities,
      encodeEhtCapabilities(ehtCapabilitiesOf(radio, eht, he, plan.band.name)),
    ),
    extended(elementExtension.ehtOperation, operation),
  ];
}

/** Only what the elements of the generations before can't say. IEEE Std 802.11be-2024, 35.15.1. */
function ehtInformation(definition: ChannelDefinition) {
  const { width, punctured } = definition;
  if (width !== "320" && punctured === undefined) return undefined;
  const [first, second] =
    width === "320" || width === "160" ? halves(definition) : [channelOf(definition.centerFrequency1).channel, 0];
  return {
    width: width === "320" || width === "160" || width === "80" ? width : ("reserved" as const),
    centerFrequencySegment0: first,
    centerFrequencySegment1: second,
    disabledSubchannels: punctured,
  };
}

/** The colour to begin with: the configured one; else one by chance, told as not in use. IEEE Std 802.11ax-2021, 26.17.3. */
export function initialBssColor(radio: RadioSettings, random: number): BssColor {
  const { he_bss_color: color, he_bss_color_partial: partial } = radio;
  if (color !== undefined && color > 0) return { color, disabled: false, partial };
  return { color: (random % 63) + 1, disabled: true, partial };
}

/** The colour after a new start with other settings: what COLOR_CHANGE has made of it stays unless the settings name another. */
export function colorAfter(before: RadioSettings, after: RadioSettings, present: BssColor): BssColor {
  const { he_bss_color: color, he_bss_color_partial: partial } = after;
  if (before.he_bss_color === color) return { ...present, partial };
  return color ? { color, disabled: false, partial } : { ...present, disabled: true, partial };
}
