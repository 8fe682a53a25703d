import { type Reader, Writer } from "../../base/bytes.ts";

const secondaryOffsets = ["none", "above", "reserved", "below"] as const;
const protections = ["none", "nonmember", "20mhz", "mixed"] as const;

/** Where the secondary channel of 40 MHz lies; also the Secondary Channel Offset element's value. */
export type SecondaryChannelOffset = (typeof secondaryOffsets)[number];
/** Who must be protected from HT frames. IEEE Std 802.11-2020, 10.27.3.1. */
export type HtProtection = (typeof protections)[number];

/** HT Operation element. IEEE Std 802.11-2020, 9.4.2.56. Reserved bits are sent as 0 and not kept. */
export interface HtOperation {
  readonly primaryChannel: number;
  readonly secondaryChannelOffset: SecondaryChannelOffset;
  /** STA Channel Width: any that the receiver supports, else 20 MHz. */
  readonly anyWidth: boolean;
  readonly rifs: boolean;
  readonly protection: HtProtection;
  readonly nongreenfieldPresent: boolean;
  readonly obssNonHtPresent: boolean;
  /** Channel Center Frequency Segment 2, 0 without VHT. */
  readonly centerFrequencySegment2: number;
  readonly dualBeacon: boolean;
  readonly dualCtsProtection: boolean;
  readonly stbcBeacon: boolean;
  readonly lSigTxopFullSupport: boolean;
  readonly pcoActive: boolean;
  readonly pcoPhase40: boolean;
  /** 16 octets. */
  readonly basicMcsSet: Uint8Array;
}

export const htOperationLength = 22;

/** The 16 bits of protection alone, as a driver takes them. */
export const encodeHtOperationMode = (
  op: Pick<HtOperation, "protection" | "nongreenfieldPresent" | "obssNonHtPresent" | "centerFrequencySegment2">,
): number =>
  protections.indexOf(op.protection) |
  (op.nongreenfieldPresent ? 1 << 2 : 0) |
  (op.obssNonHtPresent ? 1 << 4 : 0) |
  (op.centerFrequencySegment2 << 5);

export const encodeSecondaryChannelOffset = (offset: SecondaryChannelOffset): number =>
  secondaryOffsets.indexOf(offset);

export const encodeHtOperation = (op: HtOperation): Uint8Array =>
  new Writer()
    .u8(op.primaryChannel)
    .u8(encodeSecondaryChannelOffset(op.secondaryChannelOffset) | (op.anyWidth ? 1 << 2 : 0) | (op.rifs ? 1 << 3 : 0))
    .u16le(encodeHtOperationMode(op))
    .u16le(
      (op.dualBeacon ? 1 << 6 : 0) |
        (op.dualCtsProtection ? 1 << 7 : 0) |
        (op.stbcBeacon ? 1 << 8 : 0) |
        (op.lSigTxopFullSupport ? 1 << 9 : 0) |
        (op.pcoActive ? 1 << 10 : 0) |
        (op.pcoPhase40 ? 1 << 11 : 0),
    )
    .put(op.basicMcsSet)
    .finish();

/** @throws MalformedError when it is shorter than 22 octets; more are a later version's */
export function decodeHtOperation(r: Reader): HtOperation {
  const primaryChannel = r.u8();
  const channel = r.u8();
  const mode = r.u16le();
  const more = r.u16le();
  const has = (value: number, at: number): boolean => (value & (1 << at)) !== 0;
  return {
    primaryChannel,
    secondaryChannelOffset: secondaryOffsets[channel & 3] ?? "reserved",
    anyWidth: has(channel, 2),
    rifs: has(channel, 3),
    protection: protections[mode & 3] ?? "none",
    nongreenfieldPresent: has(mode, 2),
    obssNonHtPresent: has(mode, 4),
    centerFrequencySegment2: (mode >>> 5) & 0xff,
    dualBeacon: has(more, 6),
    dualCtsProtection: has(more, 7),
    stbcBeacon: has(more, 8),
    lSigTxopFullSupport: has(more, 9),
    pcoActive: has(more, 10),
    pcoPhase40: has(more, 11),
    basicMcsSet: r.take(16).slice(),
  };
}
