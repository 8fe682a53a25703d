import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../../src/base/bytes.ts";
import { macAddressOf } from "../../src/base/mac-address.ts";
import {
  decodeEhtCapabilities,
  type EhtContext,
  ehtMcsSetLength,
  ehtPhyBit,
  ehtPhyLength,
  ehtPpeThresholdsLength,
  encodeEhtCapabilities,
} from "../../src/wire/ieee80211/eht-capabilities.ts";
import { decodeEhtOperation, type EhtOperation, encodeEhtOperation } from "../../src/wire/ieee80211/eht-operation.ts";
import {
  decodeFilsDiscovery,
  encodeFilsDiscovery,
  type FilsDiscovery,
} from "../../src/wire/ieee80211/fils-discovery.ts";
import {
  decodeHe6GHzCapabilities,
  encodeHe6GHzCapabilities,
  type He6GHzCapabilities,
} from "../../src/wire/ieee80211/he-6ghz-capabilities.ts";
import {
  decodeHeCapabilities,
  encodeHeCapabilities,
  hasBit,
  heMacLength,
  heMcsSetLength,
  hePhyBit,
  hePhyLength,
  hePpeThresholdsLength,
} from "../../src/wire/ieee80211/he-capabilities.ts";
import { decodeHeOperation, encodeHeOperation, type HeOperation6GHz } from "../../src/wire/ieee80211/he-operation.ts";
import { decodeMuEdca, encodeMuEdca } from "../../src/wire/ieee80211/mu-edca.ts";
import {
  decodeOperatingMode,
  encodeOperatingMode,
  type OperatingMode,
} from "../../src/wire/ieee80211/operating-mode.ts";
import {
  decodeReducedNeighborReport,
  encodeReducedNeighborReport,
  type NeighborBssParameters,
  shortSsidOf,
} from "../../src/wire/ieee80211/reduced-neighbor-report.ts";
import { decodeSpatialReuse, encodeSpatialReuse } from "../../src/wire/ieee80211/spatial-reuse.ts";
import {
  decodeSupportedOperatingClasses,
  encodeSupportedOperatingClasses,
} from "../../src/wire/ieee80211/supported-operating-classes.ts";
import {
  decodeTransmitPowerEnvelope,
  encodeTransmitPowerEnvelope,
  type TransmitPowerEnvelope,
} from "../../src/wire/ieee80211/transmit-power-envelope.ts";
import {
  decodeVhtCapabilityInformation,
  encodeVhtCapabilityInformation,
} from "../../src/wire/ieee80211/vht-capabilities.ts";
import { codecProperties, octets, subset, unsigned } from "./codec-properties.ts";

const bool = fc.boolean();
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });

test("VHT Capability Information: every number is what its fields say", () => {
  fc.assert(
    fc.property(unsigned(32), (value) => {
      assert.equal(encodeVhtCapabilityInformation(decodeVhtCapabilityInformation(value)), value);
    }),
  );
});

codecProperties<OperatingMode>({
  name: "Operating Mode",
  encode: (mode) => Uint8Array.of(encodeOperatingMode(mode)),
  decode: decodeOperatingMode,
  values: fc.record({
    width: fc.constantFrom("20", "40", "80", "160"),
    spatialStreams: fc.integer({ min: 1, max: 8 }),
    noLdpc: bool,
    beamforming: bool,
  }),
});

const hePhy = octets(hePhyLength);

codecProperties({
  name: "HE Capabilities",
  encode: encodeHeCapabilities,
  decode: decodeHeCapabilities,
  values: fc.tuple(octets(heMacLength), hePhy, unsigned(8)).chain(([mac, phy, first]) =>
    fc.record({
      mac: fc.constant(mac),
      phy: fc.constant(phy),
      mcsSet: octets(heMcsSetLength(phy)),
      ppeThresholds: hasBit(phy, hePhyBit.ppeThresholdsPresent)
        ? octets(hePpeThresholdsLength(first)).map((thresholds) => Uint8Array.of(first, ...thresholds.slice(1)))
        : fc.constant(new Uint8Array()),
    }),
  ),
});

const operation6GHz: fc.Arbitrary<HeOperation6GHz> = fc.record({
  primaryChannel: unsigned(8),
  width: fc.constantFrom("20", "40", "80", "160 or 80+80"),
  duplicateBeacon: bool,
  regulatoryInfo: unsigned(4),
  centerFrequencySegment0: unsigned(8),
  centerFrequencySegment1: unsigned(8),
  minimumRate: unsigned(8),
});

codecProperties<FilsDiscovery>({
  name: "FILS Discovery",
  encode: encodeFilsDiscovery,
  decode: decodeFilsDiscovery,
  values: fc.record({
    timestamp: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    interval: unsigned(16),
    shortSsid: unsigned(32),
    capability: fc.record({
      ess: bool,
      privacy: bool,
      width: fc.constantFrom("20", "40", "80", "160 or 80+80", "320"),
      streams: unsigned(3),
      multipleBssids: bool,
      phy: fc.constantFrom("HT", "VHT or TVHT", "HE", "EHT"),
      minimumRate: unsigned(3),
    }),
    primaryChannel: maybe(fc.record({ operatingClass: unsigned(8), channel: unsigned(8) })),
    rsn: maybe(
      fc.record({
        capabilities: unsigned(16),
        group: unsigned(6),
        groupManagement: unsigned(6),
        pairwise: unsigned(6),
        akm: unsigned(6),
      }),
    ),
    elements: fc.array(fc.record({ id: fc.integer({ min: 0, max: 200 }), data: octets(5) }), { maxLength: 3 }),
  }),
});

codecProperties({
  name: "HE Operation",
  encode: encodeHeOperation,
  decode: decodeHeOperation,
  values: fc.record({
    defaultPeDuration: unsigned(3),
    twtRequired: bool,
    rtsThreshold: unsigned(10),
    erSuDisable: bool,
    bssColor: unsigned(6),
    partialBssColor: bool,
    bssColorDisabled: bool,
    basicMcsSet: unsigned(16),
    vhtOperation: maybe(octets(3)),
    maxCoHostedBssidIndicator: maybe(unsigned(8)),
    operation6GHz: maybe(operation6GHz),
  }),
});

codecProperties<He6GHzCapabilities>({
  name: "HE 6 GHz Band Capabilities",
  encode: encodeHe6GHzCapabilities,
  decode: decodeHe6GHzCapabilities,
  values: fc.record({
    minMpduStartSpacing: unsigned(3),
    maxAmpduLengthExponent: unsigned(3),
    maxMpduLength: unsigned(2),
    smPowerSave: fc.constantFrom("static", "dynamic", "reserved", "disabled"),
    rdResponder: bool,
    rxAntennaPatternConsistent: bool,
    txAntennaPatternConsistent: bool,
  }),
});

const muCategory = fc.record({
  aifsn: unsigned(4),
  acm: bool,
  aci: unsigned(2),
  cwMinExponent: unsigned(4),
  cwMaxExponent: unsigned(4),
  timer: unsigned(8),
});
codecProperties({
  name: "MU EDCA Parameter Set",
  encode: encodeMuEdca,
  decode: decodeMuEdca,
  values: fc.record({
    updateCount: unsigned(4),
    qAck: bool,
    queueRequest: bool,
    txopRequest: bool,
    bestEffort: muCategory,
    background: muCategory,
    video: muCategory,
    voice: muCategory,
  }),
});

codecProperties({
  name: "Spatial Reuse Parameter Set",
  encode: encodeSpatialReuse,
  decode: decodeSpatialReuse,
  values: fc.record({
    psrDisallowed: bool,
    nonSrgObssPdDisallowed: bool,
    value15Allowed: bool,
    nonSrgObssPdMaxOffset: maybe(unsigned(8)),
    group: maybe(
      fc.record({
        obssPdMinOffset: unsigned(8),
        obssPdMaxOffset: unsigned(8),
        bssColors: octets(8),
        partialBssids: octets(8),
      }),
    ),
  }),
});

codecProperties<TransmitPowerEnvelope>({
  name: "Transmit Power Envelope",
  encode: encodeTransmitPowerEnvelope,
  decode: decodeTransmitPowerEnvelope,
  values: fc.record({
    interpretation: fc.constantFrom<TransmitPowerEnvelope["interpretation"]>(
      "local-eirp",
      "local-eirp-psd",
      "regulatory-client-eirp",
      "regulatory-client-eirp-psd",
      4,
      7,
    ),
    category: unsigned(2),
    count: unsigned(3),
    powers: fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 8 }),
  }),
});

for (const context of [
  { hePhy: Uint8Array.of(0x02), band: "2.4GHz", isStation: true },
  { hePhy: Uint8Array.of(0x00), band: "2.4GHz", isStation: true },
  { hePhy: Uint8Array.of(0x00), band: "5GHz", isStation: true },
  { hePhy: Uint8Array.of(0x0c), band: "6GHz", isStation: false },
] as const satisfies readonly EhtContext[]) {
  codecProperties({
    name: `EHT Capabilities (${context.band}, ${context.isStation ? "station" : "access point"})`,
    encode: encodeEhtCapabilities,
    decode: (r) => decodeEhtCapabilities(r, context),
    values: fc.tuple(unsigned(16), octets(ehtPhyLength), unsigned(9)).chain(([mac, phy, header]) =>
      fc.record({
        mac: fc.constant(mac),
        phy: fc.constant(phy),
        mcsSet: octets(ehtMcsSetLength(phy, context)),
        ppeThresholds: hasBit(phy, ehtPhyBit.ppeThresholdsPresent)
          ? octets(ehtPpeThresholdsLength(header)).map((all) => Uint8Array.of(header, header >>> 8, ...all.slice(2)))
          : fc.constant(new Uint8Array()),
      }),
    ),
  });
}

codecProperties<EhtOperation>({
  name: "EHT Operation",
  encode: encodeEhtOperation,
  decode: decodeEhtOperation,
  values: fc.record({
    defaultPeDuration: bool,
    mcs15Disabled: bool,
    basicMcsSet: octets(4),
    information: maybe(
      fc.record({
        width: fc.constantFrom("20", "40", "80", "160", "320", "reserved"),
        centerFrequencySegment0: unsigned(8),
        centerFrequencySegment1: unsigned(8),
        disabledSubchannels: maybe(unsigned(16)),
      }),
    ),
  }),
});

const parameters: fc.Arbitrary<NeighborBssParameters> = subset([
  "octRecommended",
  "sameSsid",
  "multipleBssid",
  "transmittedBssid",
  "essWithColocatedAp",
  "unsolicitedProbeResponses",
  "colocatedAp",
]);
codecProperties({
  name: "Reduced Neighbor Report",
  encode: encodeReducedNeighborReport,
  decode: decodeReducedNeighborReport,
  values: fc.array(
    fc.record({
      operatingClass: unsigned(8),
      channel: unsigned(8),
      filtered: bool,
      aps: fc.array(
        fc.record({
          tbttOffset: unsigned(8),
          bssid: octets(6).map(macAddressOf),
          shortSsid: unsigned(32),
          parameters,
          psd20MHz: fc.integer({ min: -128, max: 127 }),
        }),
        { minLength: 1, maxLength: 16 },
      ),
    }),
    { maxLength: 4 },
  ),
});

codecProperties({
  name: "Supported Operating Classes",
  encode: encodeSupportedOperatingClasses,
  decode: decodeSupportedOperatingClasses,
  values: fc.record({ current: unsigned(8), others: fc.array(unsigned(8), { maxLength: 30 }) }),
});

test("the short SSID is a CRC-32", () => {
  // The check value of CRC-32/ISO-HDLC.
  assert.equal(shortSsidOf(utf8("123456789")), 0xcbf43926);
});

test("PPE thresholds: as long as NSTS and the RU Index Bitmask say", () => {
  // IEEE Std 802.11ax-2021, 9.4.2.248.5: 7 bits, and 6 for each stream of each RU, padded to octets.
  const lengths = [0x00, 0x08, 0x40, 0x79, 0x7a, 0x2b, 0xff].map(hePpeThresholdsLength);
  assert.deepEqual(lengths, [1, 2, 2, 7, 10, 7, 25]);
});
