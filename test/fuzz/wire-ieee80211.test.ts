import fc from "fast-check";
import { concat, type Reader } from "../../src/base/bytes.ts";
import { macAddressOf } from "../../src/base/mac-address.ts";
import {
  type Coexistence2040,
  decodeCoexistence2040,
  decodeIntolerantChannelReport,
  encodeCoexistence2040,
  encodeIntolerantChannelReport,
} from "../../src/wire/ieee80211/20-40-coexistence.ts";
import { decodeAction, encodeAction } from "../../src/wire/ieee80211/action.ts";
import {
  decodeAssociationRequest,
  decodeReassociationRequest,
  encodeAssociationRequest,
} from "../../src/wire/ieee80211/association-request.ts";
import { decodeAssociationResponse, encodeAssociationResponse } from "../../src/wire/ieee80211/association-response.ts";
import { decodeAuthentication, encodeAuthentication } from "../../src/wire/ieee80211/authentication.ts";
import { decodeBeacon, encodeBeacon } from "../../src/wire/ieee80211/beacon.ts";
import { decodeBssLoad, encodeBssLoad } from "../../src/wire/ieee80211/bss-load.ts";
import { capabilityBits } from "../../src/wire/ieee80211/capability-information.ts";
import {
  decodeBandwidthIndication,
  decodeChannelSwitchAnnouncement,
  decodeExtendedChannelSwitchAnnouncement,
  decodeMaxChannelSwitchTime,
  decodeSecondaryChannelOffset,
  decodeWideBandwidthChannelSwitch,
  encodeBandwidthIndication,
  encodeChannelSwitchAnnouncement,
  encodeExtendedChannelSwitchAnnouncement,
  encodeMaxChannelSwitchTime,
  encodeSecondaryChannelOffset,
  encodeWideBandwidthChannelSwitch,
} from "../../src/wire/ieee80211/channel-switch.ts";
import { decodeColorChange, encodeColorChange } from "../../src/wire/ieee80211/color-change.ts";
import { type CountryTriplet, decodeCountry, encodeCountry } from "../../src/wire/ieee80211/country.ts";
import {
  type DataAddresses,
  type DataHeader,
  decodeDataHeader,
  encodeDataHeader,
} from "../../src/wire/ieee80211/data-frame.ts";
import { decodeDeauthentication, encodeDeauthentication } from "../../src/wire/ieee80211/deauthentication.ts";
import { decodeDsParameterSet, encodeDsParameterSet } from "../../src/wire/ieee80211/ds-parameter-set.ts";
import { decodeElements, type Element, elementId, encodeElements } from "../../src/wire/ieee80211/element.ts";
import { decodeErp, encodeErp } from "../../src/wire/ieee80211/erp.ts";
import {
  decodeExtendedCapabilities,
  encodeExtendedCapabilities,
  extendedCapabilityBits,
} from "../../src/wire/ieee80211/extended-capabilities.ts";
import {
  decodeManagementHeader,
  encodeManagementFrame,
  type ManagementHeader,
  type ManagementSubtype,
} from "../../src/wire/ieee80211/frame.ts";
import { decodeHtCapabilities, encodeHtCapabilities } from "../../src/wire/ieee80211/ht-capabilities.ts";
import { decodeHtOperation, encodeHtOperation } from "../../src/wire/ieee80211/ht-operation.ts";
import { decodeInterworking, encodeInterworking } from "../../src/wire/ieee80211/interworking.ts";
import {
  decodeKnownStaIdentification,
  encodeKnownStaIdentification,
  type KnownStaIdentification,
} from "../../src/wire/ieee80211/known-sta-identification.ts";
import { decodeMsdu, encodeMsdu } from "../../src/wire/ieee80211/llc-snap.ts";
import {
  decodeManagementMic,
  encodeManagementMic,
  type ManagementMic,
} from "../../src/wire/ieee80211/management-mic.ts";
import { decodeOci, encodeOci, type Oci } from "../../src/wire/ieee80211/oci.ts";
import { decodeOverlappingBssScan, encodeOverlappingBssScan } from "../../src/wire/ieee80211/overlapping-bss-scan.ts";
import { decodePowerConstraint, encodePowerConstraint } from "../../src/wire/ieee80211/power-constraint.ts";
import { decodeProbeRequest, encodeProbeRequest } from "../../src/wire/ieee80211/probe-request.ts";
import { decodeRsne, encodeRsne, type ReplayCounters, type RsnCapability } from "../../src/wire/ieee80211/rsne.ts";
import { decodeRsnxe, encodeRsnxe, rsnExtensionBits } from "../../src/wire/ieee80211/rsnxe.ts";
import { decodeSaQuery, encodeSaQuery, type SaQuery } from "../../src/wire/ieee80211/sa-query.ts";
import { decodeSsid, encodeSsid } from "../../src/wire/ieee80211/ssid.ts";
import { decodeTim, encodeTim } from "../../src/wire/ieee80211/tim.ts";
import {
  decodeTimeoutInterval,
  encodeTimeoutInterval,
  type TimeoutInterval,
} from "../../src/wire/ieee80211/timeout-interval.ts";
import {
  decodeVhtCapabilities,
  decodeVhtCapabilityInformation,
  encodeVhtCapabilities,
} from "../../src/wire/ieee80211/vht-capabilities.ts";
import { decodeVhtOperation, encodeVhtOperation } from "../../src/wire/ieee80211/vht-operation.ts";
import {
  decodeWmmInformation,
  decodeWmmParameter,
  decodeWmmTspec,
  encodeWmmInformation,
  encodeWmmParameter,
  encodeWmmTspec,
  type WmmCategory,
} from "../../src/wire/ieee80211/wmm.ts";
import { decodeWmmAction, encodeWmmAction } from "../../src/wire/ieee80211/wmm-action.ts";
import {
  decodeWnmNotification,
  encodeWnmNotification,
  type WnmNotification,
} from "../../src/wire/ieee80211/wnm-notification.ts";
import { decodeWpaIe, encodeWpaIe } from "../../src/wire/ieee80211/wpa-ie.ts";
import { codecProperties, namesOf, octets, subset, unsigned } from "./codec-properties.ts";

const bool = fc.boolean();
const address = octets(6).map(macAddressOf);
const suite = unsigned(32);
const suites = fc.array(suite, { minLength: 1, maxLength: 6 });
const capabilities = subset(namesOf(capabilityBits));

const element: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ id: fc.integer({ min: 0, max: 254 }), data: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ id: fc.constant(elementId.vendorSpecific), data: fc.uint8Array({ maxLength: 255 }) }),
  fc.record({ id: fc.constant(elementId.extension), extension: unsigned(8), data: fc.uint8Array({ maxLength: 254 }) }),
);
const elements = fc.array(element, { maxLength: 8 });

codecProperties({ name: "elements", encode: encodeElements, decode: decodeElements, values: elements });

const subtypes: Exclude<ManagementSubtype, "unknown">[] = [
  "association-request",
  "reassociation-response",
  "probe-request",
  "beacon",
  "disassociation",
  "authentication",
  "deauthentication",
  "action",
  "action-no-ack",
];
codecProperties<ManagementHeader>({
  name: "management header",
  encode: (header) => {
    // The decoder tells of more than a sender decides.
    const subtype = header.subtype === "unknown" ? "beacon" : header.subtype;
    const frame = encodeManagementFrame({ ...header, subtype }, new Uint8Array());
    if (header.subtype === "unknown") frame[0] = 0x70;
    frame[1] = (header.retry ? 0x08 : 0) | (header.protected ? 0x40 : 0);
    frame[22] = ((header.sequence << 4) & 0xff) | header.fragment;
    frame[23] = header.sequence >>> 4;
    return frame;
  },
  decode: decodeManagementHeader,
  values: fc.record({
    subtype: fc.constantFrom<ManagementSubtype>(...subtypes, "unknown"),
    retry: bool,
    protected: bool,
    receiver: address,
    transmitter: address,
    bssid: address,
    sequence: unsigned(12),
    fragment: unsigned(4),
  }),
});

const addresses: fc.Arbitrary<DataAddresses> = fc.oneof(
  fc.record({
    direction: fc.constantFrom("to-ap", "from-ap", "direct"),
    bssid: address,
    source: address,
    destination: address,
  }),
  fc.record({
    direction: fc.constant("four-address"),
    receiver: address,
    transmitter: address,
    source: address,
    destination: address,
  }),
);
codecProperties<DataHeader>({
  name: "data header",
  encode: encodeDataHeader,
  decode: decodeDataHeader,
  values: fc.record({
    addresses,
    retry: bool,
    moreFragments: bool,
    powerManagement: bool,
    moreData: bool,
    protected: bool,
    empty: bool,
    qos: fc.option(
      fc.record({
        tid: unsigned(4),
        endOfServicePeriod: bool,
        ackPolicy: unsigned(2),
        amsdu: bool,
        upper: unsigned(8),
      }),
      { nil: undefined },
    ),
    sequence: unsigned(12),
    fragment: unsigned(4),
  }),
});
codecProperties({
  name: "MSDU",
  encode: encodeMsdu,
  decode: decodeMsdu,
  values: fc.record({ etherType: unsigned(16), payload: fc.uint8Array({ maxLength: 64 }) }),
});

const withoutChallenge = elements.map((all) => all.filter(({ id }) => id !== elementId.challengeText));
codecProperties({
  name: "Authentication",
  encode: encodeAuthentication,
  decode: decodeAuthentication,
  values: fc.oneof(
    fc.record(
      {
        algorithm: fc.constantFrom(0, 1, 2, 4, 128),
        transaction: unsigned(16),
        status: unsigned(16),
        challenge: fc.uint8Array({ maxLength: 255 }),
        elements: withoutChallenge,
      },
      { requiredKeys: ["algorithm", "transaction", "status", "elements"] },
    ),
    fc.record({
      algorithm: fc.constant(3),
      transaction: unsigned(16),
      status: unsigned(16),
      fields: fc.uint8Array({ minLength: 1, maxLength: 120 }),
      elements: fc.constant([]),
    }),
  ),
});
const associationFields = { capabilities, listenInterval: unsigned(16), elements };
codecProperties({
  name: "Association Request",
  encode: encodeAssociationRequest,
  decode: decodeAssociationRequest,
  values: fc.record(associationFields),
});
codecProperties({
  name: "Reassociation Request",
  encode: encodeAssociationRequest,
  decode: decodeReassociationRequest,
  values: fc.record({ ...associationFields, currentAp: address }),
});
codecProperties({
  name: "Association Response",
  encode: encodeAssociationResponse,
  decode: decodeAssociationResponse,
  values: fc.record({ capabilities, status: unsigned(16), aid: fc.integer({ min: 0, max: 2007 }), elements }),
});
codecProperties({
  name: "Probe Request",
  encode: encodeProbeRequest,
  decode: decodeProbeRequest,
  values: fc.record({ elements }),
});
codecProperties({
  name: "Beacon",
  encode: encodeBeacon,
  decode: decodeBeacon,
  values: fc.record({
    timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    interval: unsigned(16),
    capabilities,
    elements,
  }),
});
codecProperties({
  name: "Deauthentication",
  encode: encodeDeauthentication,
  decode: decodeDeauthentication,
  values: fc.record({ reason: unsigned(16), elements }),
});
codecProperties({
  name: "Action",
  encode: encodeAction,
  decode: decodeAction,
  values: fc.record({ category: unsigned(8), rest: fc.uint8Array({ maxLength: 60 }) }),
});
codecProperties<SaQuery>({
  name: "SA Query",
  encode: encodeSaQuery,
  decode: decodeSaQuery,
  values: fc.record({ kind: fc.constantFrom("request", "response"), transaction: unsigned(16), elements }),
});
codecProperties<WnmNotification>({
  name: "WNM Notification Request",
  encode: encodeWnmNotification,
  decode: decodeWnmNotification,
  values: fc.record({
    dialogToken: unsigned(8),
    notification: unsigned(8),
    subelements: fc.uint8Array({ maxLength: 40 }),
  }),
});
codecProperties<ManagementMic>({
  name: "Management MIC",
  encode: encodeManagementMic,
  decode: decodeManagementMic,
  values: fc.record({ keyId: unsigned(16), packetNumber: octets(6), mic: fc.uint8Array({ maxLength: 16 }) }),
});
codecProperties<TimeoutInterval>({
  name: "Timeout Interval",
  encode: encodeTimeoutInterval,
  decode: decodeTimeoutInterval,
  values: fc.record({ type: unsigned(8), value: unsigned(32) }),
});
codecProperties<Oci>({
  name: "OCI",
  encode: encodeOci,
  decode: decodeOci,
  values: fc.record({ operatingClass: unsigned(8), primaryChannel: unsigned(8), frequencySegment1: unsigned(8) }),
});
codecProperties<KnownStaIdentification>({
  name: "Known STA Identification",
  encode: encodeKnownStaIdentification,
  decode: decodeKnownStaIdentification,
  values: fc.record({ timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), mic: fc.uint8Array({ maxLength: 24 }) }),
});

const rsnCapabilities: RsnCapability[] = ["preauthentication", "noPairwise", "mfpRequired", "mfpCapable", "ocvCapable"];
codecProperties({
  name: "RSNE",
  encode: encodeRsne,
  decode: decodeRsne,
  values: fc.record({
    group: suite,
    pairwise: suites,
    akm: suites,
    capabilities: subset(rsnCapabilities),
    ptksaReplayCounters: fc.constantFrom<ReplayCounters>(1, 2, 4, 16),
    gtksaReplayCounters: fc.constantFrom<ReplayCounters>(1, 2, 4, 16),
    otherCapabilities: fc.constantFrom(0, 1 << 15),
    pmkids: fc.array(octets(16), { maxLength: 4 }),
    groupManagement: fc.option(suite, { nil: undefined }),
  }),
});
codecProperties({
  name: "RSNXE",
  encode: encodeRsnxe,
  decode: decodeRsnxe,
  values: fc.record({ capabilities: subset(namesOf(rsnExtensionBits)) }),
});
codecProperties({
  name: "WPA element",
  encode: encodeWpaIe,
  decode: decodeWpaIe,
  values: fc.record({
    group: suite,
    pairwise: suites,
    akm: suites,
    capabilities: fc.option(unsigned(16), { nil: undefined }),
  }),
});

codecProperties({
  name: "HT Capabilities",
  encode: encodeHtCapabilities,
  decode: decodeHtCapabilities,
  values: fc.record({
    information: fc.record({
      ldpc: bool,
      width40: bool,
      smPowerSave: fc.constantFrom("static", "dynamic", "reserved", "disabled"),
      greenfield: bool,
      shortGi20: bool,
      shortGi40: bool,
      txStbc: bool,
      rxStbc: unsigned(2),
      delayedBlockAck: bool,
      longAmsdu: bool,
      dsssCck40: bool,
      psmp: bool,
      fortyMhzIntolerant: bool,
      lSigTxopProtection: bool,
    }),
    maxAmpduLengthExponent: unsigned(2),
    minMpduStartSpacing: unsigned(3),
    mcsSet: octets(16),
    extendedCapabilities: unsigned(16),
    transmitBeamforming: unsigned(32),
    antennaSelection: unsigned(8),
  }),
});
codecProperties({
  name: "HT Operation",
  encode: encodeHtOperation,
  decode: decodeHtOperation,
  values: fc.record({
    primaryChannel: unsigned(8),
    secondaryChannelOffset: fc.constantFrom("none", "above", "reserved", "below"),
    anyWidth: bool,
    rifs: bool,
    protection: fc.constantFrom("none", "nonmember", "20mhz", "mixed"),
    nongreenfieldPresent: bool,
    obssNonHtPresent: bool,
    centerFrequencySegment2: unsigned(8),
    dualBeacon: bool,
    dualCtsProtection: bool,
    stbcBeacon: bool,
    lSigTxopFullSupport: bool,
    pcoActive: bool,
    pcoPhase40: bool,
    basicMcsSet: octets(16),
  }),
});
codecProperties({
  name: "VHT Capabilities",
  encode: encodeVhtCapabilities,
  decode: decodeVhtCapabilities,
  values: fc.record({ information: unsigned(32).map(decodeVhtCapabilityInformation), mcsSet: octets(8) }),
});
codecProperties({
  name: "VHT Operation",
  encode: encodeVhtOperation,
  decode: decodeVhtOperation,
  values: fc.record({
    channelWidth: unsigned(8),
    centerFrequencySegment0: unsigned(8),
    centerFrequencySegment1: unsigned(8),
    basicMcsSet: unsigned(16),
  }),
});
codecProperties({
  name: "ERP",
  encode: encodeErp,
  decode: decodeErp,
  values: fc.record({ nonErpPresent: bool, useProtection: bool, barkerPreamble: bool }),
});
codecProperties({ name: "SSID", encode: encodeSsid, decode: decodeSsid, values: fc.uint8Array({ maxLength: 32 }) });
codecProperties({
  name: "DSSS Parameter Set",
  encode: encodeDsParameterSet,
  decode: decodeDsParameterSet,
  values: unsigned(8),
});
const triplet: fc.Arbitrary<CountryTriplet> = fc.oneof(
  fc.record({
    kind: fc.constant("channels"),
    firstChannel: fc.integer({ min: 0, max: 200 }),
    count: unsigned(8),
    maxPowerDbm: fc.integer({ min: -128, max: 127 }),
  }),
  fc.record({
    kind: fc.constant("operating"),
    extension: fc.integer({ min: 201, max: 255 }),
    operatingClass: unsigned(8),
    coverageClass: unsigned(8),
  }),
);
codecProperties({
  name: "Country",
  encode: encodeCountry,
  decode: decodeCountry,
  values: fc.record({
    alpha2: fc.string({ unit: fc.constantFrom(..."ADEOSUXZ09"), minLength: 2, maxLength: 2 }),
    environment: unsigned(8),
    triplets: fc.array(triplet, { maxLength: 10 }),
  }),
});
codecProperties({
  name: "Extended Capabilities",
  encode: encodeExtendedCapabilities,
  decode: decodeExtendedCapabilities,
  values: fc.record({
    names: subset(namesOf(extendedCapabilityBits)),
    otherBits: fc.subarray([1, 3, 5, 35, 41, 42, 43, 59, 63, 200]),
  }),
});
codecProperties({
  name: "TIM",
  encode: encodeTim,
  // An empty bitmap is one octet of zeros.
  decode: decodeTim,
  values: fc.record({
    dtimCount: unsigned(8),
    dtimPeriod: unsigned(8),
    groupTraffic: bool,
    aids: fc.array(fc.integer({ min: 1, max: 2007 }), { maxLength: 12 }).map((aids) => new Set(aids)),
  }),
});
codecProperties({
  name: "Power Constraint",
  encode: encodePowerConstraint,
  decode: decodePowerConstraint,
  values: unsigned(8),
});
codecProperties({
  name: "BSS Load",
  encode: encodeBssLoad,
  decode: decodeBssLoad,
  values: fc.record({
    stationCount: unsigned(16),
    channelUtilization: unsigned(8),
    availableAdmissionCapacity: unsigned(16),
  }),
});
const switchAnnouncement = { blockTransmission: fc.boolean(), channel: unsigned(8), count: unsigned(8) };
codecProperties({
  name: "Channel Switch Announcement",
  encode: encodeChannelSwitchAnnouncement,
  decode: decodeChannelSwitchAnnouncement,
  values: fc.record(switchAnnouncement),
});
codecProperties({
  name: "Extended Channel Switch Announcement",
  encode: encodeExtendedChannelSwitchAnnouncement,
  decode: decodeExtendedChannelSwitchAnnouncement,
  values: fc.record({ ...switchAnnouncement, operatingClass: unsigned(8) }),
});
codecProperties({
  name: "Secondary Channel Offset",
  encode: encodeSecondaryChannelOffset,
  decode: decodeSecondaryChannelOffset,
  values: fc.constantFrom("none" as const, "above" as const, "below" as const),
});
codecProperties({
  name: "Wide Bandwidth Channel Switch",
  encode: encodeWideBandwidthChannelSwitch,
  decode: decodeWideBandwidthChannelSwitch,
  values: fc.record({
    channelWidth: unsigned(8),
    centerFrequencySegment0: unsigned(8),
    centerFrequencySegment1: unsigned(8),
  }),
});
codecProperties({
  name: "Bandwidth Indication",
  encode: encodeBandwidthIndication,
  decode: decodeBandwidthIndication,
  values: fc.record({
    width: unsigned(3),
    centerFrequencySegment0: unsigned(8),
    centerFrequencySegment1: unsigned(8),
    disabledSubchannels: fc.option(unsigned(16), { nil: undefined }),
  }),
});
codecProperties({
  name: "BSS Color Change Announcement",
  encode: encodeColorChange,
  decode: decodeColorChange,
  values: fc.record({ countdown: unsigned(8), color: unsigned(6) }),
});
codecProperties({
  name: "Max Channel Switch Time",
  encode: encodeMaxChannelSwitchTime,
  decode: decodeMaxChannelSwitchTime,
  values: unsigned(24),
});
codecProperties({
  name: "Overlapping BSS Scan Parameters",
  encode: encodeOverlappingBssScan,
  decode: decodeOverlappingBssScan,
  values: fc.record({
    passiveDwell: unsigned(16),
    activeDwell: unsigned(16),
    triggerInterval: unsigned(16),
    passiveTotalPerChannel: unsigned(16),
    activeTotalPerChannel: unsigned(16),
    transitionDelayFactor: unsigned(16),
    activityThreshold: unsigned(16),
  }),
});
codecProperties<Coexistence2040>({
  name: "20/40 BSS Coexistence",
  encode: encodeCoexistence2040,
  decode: decodeCoexistence2040,
  values: subset([
    "informationRequest",
    "fortyMhzIntolerant",
    "width20Request",
    "obssScanningExemptionRequest",
    "obssScanningExemptionGrant",
  ]),
});
codecProperties({
  name: "20/40 BSS Intolerant Channel Report",
  encode: encodeIntolerantChannelReport,
  decode: decodeIntolerantChannelReport,
  values: fc.record({ operatingClass: unsigned(8), channels: fc.array(unsigned(8), { maxLength: 20 }) }),
});

const category = fc.record({
  aifsn: unsigned(4),
  acm: bool,
  cwMinExponent: unsigned(4),
  cwMaxExponent: unsigned(4),
  txopLimit: unsigned(16),
});
codecProperties({
  name: "WMM Parameter",
  encode: encodeWmmParameter,
  decode: decodeWmmParameter,
  values: fc.record({
    qosInfo: fc.record({ parameterSetCount: unsigned(4), uapsd: bool }),
    categories: fc.record({ "best-effort": category, background: category, video: category, voice: category }),
  }),
});
codecProperties({
  name: "WMM Information",
  encode: encodeWmmInformation,
  decode: decodeWmmInformation,
  values: fc.record({
    uapsd: subset<WmmCategory>(["best-effort", "background", "video", "voice"]),
    maxServicePeriod: unsigned(2),
  }),
});
const tspecs = fc.record({
  tsInfo: unsigned(24),
  nominalMsduSize: unsigned(16),
  maximumMsduSize: unsigned(16),
  minimumServiceInterval: unsigned(32),
  maximumServiceInterval: unsigned(32),
  inactivityInterval: unsigned(32),
  suspensionInterval: unsigned(32),
  serviceStartTime: unsigned(32),
  minimumDataRate: unsigned(32),
  meanDataRate: unsigned(32),
  peakDataRate: unsigned(32),
  maximumBurstSize: unsigned(32),
  delayBound: unsigned(32),
  minimumPhyRate: unsigned(32),
  surplusBandwidthAllowance: unsigned(16),
  mediumTime: unsigned(16),
});
codecProperties({
  name: "WMM TSPEC",
  encode: encodeWmmTspec,
  decode: decodeWmmTspec,
  values: tspecs,
});
codecProperties({
  name: "WMM Action",
  encode: encodeWmmAction,
  decode: decodeWmmAction,
  values: fc.record({ code: unsigned(8), dialogToken: unsigned(8), status: unsigned(8), tspec: tspecs }),
});
codecProperties({
  name: "Interworking",
  encode: encodeInterworking,
  decode: decodeInterworking,
  values: fc.record({
    accessNetworkType: unsigned(4),
    internet: fc.boolean(),
    asra: fc.boolean(),
    esr: fc.boolean(),
    uesa: fc.boolean(),
    venue: fc.option(fc.record({ group: unsigned(8), type: unsigned(8) }), { nil: undefined }),
    hessid: fc.option(address, { nil: undefined }),
  }),
});

// A whole frame, as a handler takes one: header, then a body that may be anything.
codecProperties<{ header: ManagementHeader; elements: Element[] }>({
  name: "a frame of elements",
  encode: ({ header, elements: body }) =>
    concat(encodeManagementFrame({ ...header, subtype: "probe-request" }, new Uint8Array()), encodeElements(body)),
  decode: (r: Reader) => ({
    header: {
      ...decodeManagementHeader(r),
      retry: false,
      protected: false,
      sequence: 0,
      fragment: 0,
      subtype: "probe-request",
    },
    elements: decodeElements(r),
  }),
  values: fc.record({
    header: fc.record({
      subtype: fc.constant("probe-request"),
      retry: fc.constant(false),
      protected: fc.constant(false),
      receiver: address,
      transmitter: address,
      bssid: address,
      sequence: fc.constant(0),
      fragment: fc.constant(0),
    }),
    elements,
  }),
});
