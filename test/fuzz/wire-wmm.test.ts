/** Priorities, and what is agreed on for a stream. */

import fc from "fast-check";
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
import { codecProperties, subset, unsigned } from "./codec-properties.ts";
import { bool } from "./wire-arbitraries.ts";

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
