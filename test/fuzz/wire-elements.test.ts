/** What an access point and its stations say of themselves, in elements. */

import fc from "fast-check";
import {
  type Coexistence2040,
  decodeCoexistence2040,
  decodeIntolerantChannelReport,
  encodeCoexistence2040,
  encodeIntolerantChannelReport,
} from "../../src/wire/ieee80211/20-40-coexistence.ts";
import { decodeBssLoad, encodeBssLoad } from "../../src/wire/ieee80211/bss-load.ts";
import { type CountryTriplet, decodeCountry, encodeCountry } from "../../src/wire/ieee80211/country.ts";
import { decodeDsParameterSet, encodeDsParameterSet } from "../../src/wire/ieee80211/ds-parameter-set.ts";
import { decodeErp, encodeErp } from "../../src/wire/ieee80211/erp.ts";
import {
  decodeExtendedCapabilities,
  encodeExtendedCapabilities,
  extendedCapabilityBits,
} from "../../src/wire/ieee80211/extended-capabilities.ts";
import { decodeHtCapabilities, encodeHtCapabilities } from "../../src/wire/ieee80211/ht-capabilities.ts";
import { decodeHtOperation, encodeHtOperation } from "../../src/wire/ieee80211/ht-operation.ts";
import { decodeInterworking, encodeInterworking } from "../../src/wire/ieee80211/interworking.ts";
import { decodeOverlappingBssScan, encodeOverlappingBssScan } from "../../src/wire/ieee80211/overlapping-bss-scan.ts";
import { decodePowerConstraint, encodePowerConstraint } from "../../src/wire/ieee80211/power-constraint.ts";
import { decodeSsid, encodeSsid } from "../../src/wire/ieee80211/ssid.ts";
import { decodeTim, encodeTim } from "../../src/wire/ieee80211/tim.ts";
import {
  decodeVhtCapabilities,
  decodeVhtCapabilityInformation,
  encodeVhtCapabilities,
} from "../../src/wire/ieee80211/vht-capabilities.ts";
import { decodeVhtOperation, encodeVhtOperation } from "../../src/wire/ieee80211/vht-operation.ts";
import {
  decodeWnmNotification,
  encodeWnmNotification,
  type WnmNotification,
} from "../../src/wire/ieee80211/wnm-notification.ts";
import { codecProperties, namesOf, octets, subset, unsigned } from "./codec-properties.ts";
import { address, bool } from "./wire-arbitraries.ts";

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
