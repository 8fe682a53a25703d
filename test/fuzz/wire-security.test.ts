/** What frames and elements say of protection. */

import fc from "fast-check";
import {
  decodeKnownStaIdentification,
  encodeKnownStaIdentification,
  type KnownStaIdentification,
} from "../../src/wire/ieee80211/known-sta-identification.ts";
import {
  decodeManagementMic,
  encodeManagementMic,
  type ManagementMic,
} from "../../src/wire/ieee80211/management-mic.ts";
import { decodeOci, encodeOci, type Oci } from "../../src/wire/ieee80211/oci.ts";
import { decodeRsne, encodeRsne, type ReplayCounters, type RsnCapability } from "../../src/wire/ieee80211/rsne.ts";
import { decodeRsnxe, encodeRsnxe, rsnExtensionBits } from "../../src/wire/ieee80211/rsnxe.ts";
import { decodeSaQuery, encodeSaQuery, type SaQuery } from "../../src/wire/ieee80211/sa-query.ts";
import {
  decodeTimeoutInterval,
  encodeTimeoutInterval,
  type TimeoutInterval,
} from "../../src/wire/ieee80211/timeout-interval.ts";
import { decodeWpaIe, encodeWpaIe } from "../../src/wire/ieee80211/wpa-ie.ts";
import { codecProperties, namesOf, octets, subset, unsigned } from "./codec-properties.ts";
import { elements, suite, suites } from "./wire-arbitraries.ts";

codecProperties<SaQuery>({
  name: "SA Query",
  encode: encodeSaQuery,
  decode: decodeSaQuery,
  values: fc.record({ kind: fc.constantFrom("request", "response"), transaction: unsigned(16), elements }),
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
