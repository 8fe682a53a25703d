import { type Reader, Writer } from "../../base/bytes.ts";

const widths6GHz = ["20", "40", "80", "160 or 80+80"] as const;

/** 6 GHz Operation Information field. IEEE Std 802.11ax-2021, figure 9-788k. */
export interface HeOperation6GHz {
  readonly primaryChannel: number;
  readonly width: (typeof widths6GHz)[number];
  readonly duplicateBeacon: boolean;
  /** Kind of access point by the country's rules, 0 to 15. IEEE Std 802.11ax-2021, table E-12. */
  readonly regulatoryInfo: number;
  /** Channel numbers of the centres: of the primary 80 MHz or less, and of the whole. */
  readonly centerFrequencySegment0: number;
  readonly centerFrequencySegment1: number;
  /** In Mb/s. */
  readonly minimumRate: number;
}

/** HE Operation element. IEEE Std 802.11ax-2021, 9.4.2.249. The co-hosted BSS's and reserved bits are not kept. */
export interface HeOperation {
  /** In units of 4 us, 0 to 4; 7 where it isn't said. */
  readonly defaultPeDuration: number;
  readonly twtRequired: boolean;
  /** TXOP Duration RTS Threshold, in units of 32 us; 1023 for none, 0 for no say. */
  readonly rtsThreshold: number;
  readonly erSuDisable: boolean;
  /** 1 to 63; 0 for none. */
  readonly bssColor: number;
  readonly partialBssColor: boolean;
  readonly bssColorDisabled: boolean;
  /** Basic HE-MCS And NSS Set. */
  readonly basicMcsSet: number;
  /** VHT Operation Information, 3 octets, for networks that have no VHT Operation element. */
  readonly vhtOperation: Uint8Array | undefined;
  /** Max Co-Hosted BSSID Indicator. */
  readonly maxCoHostedBssidIndicator: number | undefined;
  readonly operation6GHz: HeOperation6GHz | undefined;
}

export function encodeHeOperation(op: HeOperation): Uint8Array {
  const parameters =
    op.defaultPeDuration |
    bit(3, op.twtRequired) |
    (op.rtsThreshold << 4) |
    bit(14, op.vhtOperation !== undefined) |
    bit(15, op.maxCoHostedBssidIndicator !== undefined) |
    bit(16, op.erSuDisable) |
    bit(17, op.operation6GHz !== undefined) |
    (op.bssColor << 24) |
    bit(30, op.partialBssColor) |
    bit(31, op.bssColorDisabled);
  const w = new Writer().u32le(parameters >>> 0).u16le(op.basicMcsSet);
  if (op.vhtOperation !== undefined) w.put(op.vhtOperation);
  if (op.maxCoHostedBssidIndicator !== undefined) w.u8(op.maxCoHostedBssidIndicator);
  if (op.operation6GHz !== undefined) {
    const { operation6GHz: info } = op;
    w.u8(info.primaryChannel)
      .u8(widths6GHz.indexOf(info.width) | bit(2, info.duplicateBeacon) | (info.regulatoryInfo << 3))
      .u8(info.centerFrequencySegment0)
      .u8(info.centerFrequencySegment1)
      .u8(info.minimumRate);
  }
  return w.finish();
}

/** @param r the body after the extension ID @throws MalformedError when it is cut; more octets are a later version's */
export function decodeHeOperation(r: Reader): HeOperation {
  const parameters = r.u32le();
  const has = (at: number): boolean => (parameters & (1 << at)) !== 0;
  const basicMcsSet = r.u16le();
  const vhtOperation = has(14) ? r.take(3).slice() : undefined;
  const maxCoHostedBssidIndicator = has(15) ? r.u8() : undefined;
  return {
    defaultPeDuration: parameters & 7,
    twtRequired: has(3),
    rtsThreshold: (parameters >>> 4) & 0x3ff,
    erSuDisable: has(16),
    bssColor: (parameters >>> 24) & 0x3f,
    partialBssColor: has(30),
    bssColorDisabled: has(31),
    basicMcsSet,
    vhtOperation,
    maxCoHostedBssidIndicator,
    operation6GHz: has(17) ? decode6GHz(r) : undefined,
  };
}

function decode6GHz(r: Reader): HeOperation6GHz {
  const primaryChannel = r.u8();
  const control = r.u8();
  return {
    primaryChannel,
    width: widths6GHz[control & 3] ?? "20",
    duplicateBeacon: (control & (1 << 2)) !== 0,
    regulatoryInfo: (control >>> 3) & 15,
    centerFrequencySegment0: r.u8(),
    centerFrequencySegment1: r.u8(),
    minimumRate: r.u8(),
  };
}

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
