import { type Reader, Writer } from "../../base/bytes.ts";
import { oui } from "./element.ts";

/** Vendor type of WMM's elements below Microsoft's OUI, and their subtypes. Wi-Fi WMM Specification, 1.2. */
export const wmmType = 2;
export const wmmSubtype = { information: 0, parameter: 1, tspec: 2 } as const;
const version = 1;

/** In the order of the access category index (ACI). */
const categories = ["best-effort", "background", "video", "voice"] as const;
export type WmmCategory = (typeof categories)[number];

/** QoS Info field of an access point. */
export interface ApQosInfo {
  /** 0 to 15; changes with the parameters. */
  readonly parameterSetCount: number;
  /** Unscheduled automatic power-save delivery is supported. */
  readonly uapsd: boolean;
}

/** QoS Info field of a station. */
export interface StationQosInfo {
  /** Categories that both trigger and deliver. */
  readonly uapsd: ReadonlySet<WmmCategory>;
  /** 0 all frames; 1, 2, 3 for at most 2, 4, 6. */
  readonly maxServicePeriod: number;
}

export interface WmmCategoryParameters {
  /** Arbitration inter-frame spacing number, 2 to 15. */
  readonly aifsn: number;
  /** Admission control is mandatory. */
  readonly acm: boolean;
  /** CWmin is 2^exponent - 1. */
  readonly cwMinExponent: number;
  readonly cwMaxExponent: number;
  /** In units of 32 us. */
  readonly txopLimit: number;
}

/** WMM Parameter element. Wi-Fi WMM Specification, 2.2.2. */
export interface WmmParameter {
  readonly qosInfo: ApQosInfo;
  readonly categories: Readonly<Record<WmmCategory, WmmCategoryParameters>>;
}

/** WMM TSPEC element. Wi-Fi WMM Specification, 2.2.11. Intervals in microseconds, rates in bit/s, sizes in octets. */
export interface WmmTspec {
  /** TS Info field, 24 bits. */
  readonly tsInfo: number;
  readonly nominalMsduSize: number;
  readonly maximumMsduSize: number;
  readonly minimumServiceInterval: number;
  readonly maximumServiceInterval: number;
  readonly inactivityInterval: number;
  readonly suspensionInterval: number;
  readonly serviceStartTime: number;
  readonly minimumDataRate: number;
  readonly meanDataRate: number;
  readonly peakDataRate: number;
  readonly maximumBurstSize: number;
  readonly delayBound: number;
  readonly minimumPhyRate: number;
  /** In units of 1/8192. */
  readonly surplusBandwidthAllowance: number;
  /** In units of 32 us per second. */
  readonly mediumTime: number;
}

const encodeApQosInfo = (info: ApQosInfo): number => info.parameterSetCount | (info.uapsd ? 0x80 : 0);

const decodeApQosInfo = (octet: number): ApQosInfo => ({
  parameterSetCount: octet & 0xf,
  uapsd: (octet & 0x80) !== 0,
});

/** As a driver takes them: 1 voice, 2 video, 4 background, 8 best effort. */
export const uapsdQueueBits = (uapsd: ReadonlySet<WmmCategory>): number =>
  (uapsd.has("voice") ? 1 : 0) |
  (uapsd.has("video") ? 2 : 0) |
  (uapsd.has("background") ? 4 : 0) |
  (uapsd.has("best-effort") ? 8 : 0);

const queueOrder = ["voice", "video", "background", "best-effort"] as const;

export const encodeStationQosInfo = (info: StationQosInfo): number =>
  uapsdQueueBits(info.uapsd) | (info.maxServicePeriod << 5);

export const decodeStationQosInfo = (octet: number): StationQosInfo => ({
  uapsd: new Set(queueOrder.filter((_, bit) => octet & (1 << bit))),
  maxServicePeriod: (octet >>> 5) & 3,
});

const head = (subtype: number): Writer => new Writer().u24be(oui.microsoft).u8(wmmType).u8(subtype).u8(version);

function expectHead(r: Reader, subtype: number): void {
  if (r.u24be() !== oui.microsoft || r.u8() !== wmmType || r.u8() !== subtype) r.fail("another vendor's element");
  if (r.u8() !== version) r.fail("unknown WMM version");
}

/** WMM Information element of a station, from the OUI on. Wi-Fi WMM Specification, 2.2.1. */
export const encodeWmmInformation = (info: StationQosInfo): Uint8Array =>
  head(wmmSubtype.information).u8(encodeStationQosInfo(info)).finish();

/** @throws MalformedError when it is cut, or another element */
export function decodeWmmInformation(r: Reader): StationQosInfo {
  expectHead(r, wmmSubtype.information);
  return decodeStationQosInfo(r.u8());
}

/** From the OUI on. */
export function encodeWmmParameter(parameter: WmmParameter): Uint8Array {
  const w = head(wmmSubtype.parameter).u8(encodeApQosInfo(parameter.qosInfo)).u8(0);
  for (const [index, name] of categories.entries()) {
    const category = parameter.categories[name];
    w.u8(category.aifsn | (category.acm ? 0x10 : 0) | (index << 5))
      .u8(category.cwMinExponent | (category.cwMaxExponent << 4))
      .u16le(category.txopLimit);
  }
  return w.finish();
}

/** @throws MalformedError when it is cut, another element, or an access category is missing */
export function decodeWmmParameter(r: Reader): WmmParameter {
  expectHead(r, wmmSubtype.parameter);
  const qosInfo = decodeApQosInfo(r.u8());
  r.u8();
  const found = new Map<WmmCategory, WmmCategoryParameters>();
  for (let i = 0; i < categories.length; i++) {
    const aci = r.u8();
    const cw = r.u8();
    found.set(categories[(aci >>> 5) & 3] ?? "best-effort", {
      aifsn: aci & 0xf,
      acm: (aci & 0x10) !== 0,
      cwMinExponent: cw & 0xf,
      cwMaxExponent: cw >>> 4,
      txopLimit: r.u16le(),
    });
  }
  const of = (name: WmmCategory): WmmCategoryParameters => found.get(name) ?? r.fail(`no parameters for ${name}`);
  return {
    qosInfo,
    categories: {
      "best-effort": of("best-effort"),
      background: of("background"),
      video: of("video"),
      voice: of("voice"),
    },
  };
}

/** From the OUI on. */
export const encodeWmmTspec = (tspec: WmmTspec): Uint8Array =>
  head(wmmSubtype.tspec)
    .u16le(tspec.tsInfo & 0xffff)
    .u8(tspec.tsInfo >>> 16)
    .u16le(tspec.nominalMsduSize)
    .u16le(tspec.maximumMsduSize)
    .u32le(tspec.minimumServiceInterval)
    .u32le(tspec.maximumServiceInterval)
    .u32le(tspec.inactivityInterval)
    .u32le(tspec.suspensionInterval)
    .u32le(tspec.serviceStartTime)
    .u32le(tspec.minimumDataRate)
    .u32le(tspec.meanDataRate)
    .u32le(tspec.peakDataRate)
    .u32le(tspec.maximumBurstSize)
    .u32le(tspec.delayBound)
    .u32le(tspec.minimumPhyRate)
    .u16le(tspec.surplusBandwidthAllowance)
    .u16le(tspec.mediumTime)
    .finish();

/** @throws MalformedError when it is cut, or another element */
export function decodeWmmTspec(r: Reader): WmmTspec {
  expectHead(r, wmmSubtype.tspec);
  return {
    tsInfo: r.u16le() | (r.u8() << 16),
    nominalMsduSize: r.u16le(),
    maximumMsduSize: r.u16le(),
    minimumServiceInterval: r.u32le(),
    maximumServiceInterval: r.u32le(),
    inactivityInterval: r.u32le(),
    suspensionInterval: r.u32le(),
    serviceStartTime: r.u32le(),
    minimumDataRate: r.u32le(),
    meanDataRate: r.u32le(),
    peakDataRate: r.u32le(),
    maximumBurstSize: r.u32le(),
    delayBound: r.u32le(),
    minimumPhyRate: r.u32le(),
    surplusBandwidthAllowance: r.u16le(),
    mediumTime: r.u16le(),
  };
}
