import { type Reader, Writer } from "../../base/bytes.ts";

const widths = ["20", "40", "80", "160", "320", "reserved"] as const;
/** The highest number of three bits. */
const reserved = 7;

/** EHT Operation Information field. IEEE Std 802.11be-2024, 9.4.2.321. */
export interface EhtOperationInformation {
  readonly width: (typeof widths)[number];
  /** Channel numbers of the centres: of the primary part, and of the whole where that is 160 MHz or more. */
  readonly centerFrequencySegment0: number;
  readonly centerFrequencySegment1: number;
  /** Disabled Subchannel Bitmap: the lowest 20 MHz in the least significant bit. */
  readonly disabledSubchannels: number | undefined;
}

/** EHT Operation element. IEEE Std 802.11be-2024, 9.4.2.321. Reserved bits are sent as 0 and not kept. */
export interface EhtOperation {
  /** Packet extension of 20 us. */
  readonly defaultPeDuration: boolean;
  readonly mcs15Disabled: boolean;
  /** Basic EHT-MCS And NSS Set, 4 octets. */
  readonly basicMcsSet: Uint8Array;
  /** Where it differs from what HT, VHT and HE operation say. */
  readonly information: EhtOperationInformation | undefined;
}

export function encodeEhtOperation(op: EhtOperation): Uint8Array {
  const { information } = op;
  const hasBitmap = information?.disabledSubchannels !== undefined;
  const w = new Writer()
    .u8(bit(0, information !== undefined) | bit(1, hasBitmap) | bit(2, op.defaultPeDuration) | bit(6, op.mcs15Disabled))
    .put(op.basicMcsSet);
  if (information === undefined) return w.finish();
  w.u8(information.width === "reserved" ? reserved : widths.indexOf(information.width))
    .u8(information.centerFrequencySegment0)
    .u8(information.centerFrequencySegment1);
  if (information.disabledSubchannels !== undefined) w.u16le(information.disabledSubchannels);
  return w.finish();
}

/** @param r the body after the extension ID @throws MalformedError when it is cut; more octets are a later version's */
export function decodeEhtOperation(r: Reader): EhtOperation {
  const parameters = r.u8();
  const has = (at: number): boolean => (parameters & (1 << at)) !== 0;
  const basicMcsSet = r.take(4).slice();
  return {
    defaultPeDuration: has(2),
    mcs15Disabled: has(6),
    basicMcsSet,
    information: has(0) ? decodeInformation(r, has(1)) : undefined,
  };
}

function decodeInformation(r: Reader, hasBitmap: boolean): EhtOperationInformation {
  const control = r.u8();
  return {
    width: widths[control & 7] ?? "reserved",
    centerFrequencySegment0: r.u8(),
    centerFrequencySegment1: r.u8(),
    disabledSubchannels: hasBitmap ? r.u16le() : undefined,
  };
}

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
