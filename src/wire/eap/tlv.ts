/** The TLVs inside PEAP, TEAP and FAST. RFC 9930, section 4.2.1; RFC 4851, section 4.2.1; [MS-PEAP], section 2.2.8. */

import { concat, type Reader, Writer } from "../../base/bytes.ts";

const mandatoryBit = 0x8000;
const typeMask = 0x3fff;

export interface EapTlv {
  /** Whoever doesn't know it has to say so. */
  readonly mandatory: boolean;
  readonly type: number;
  readonly value: Uint8Array;
}

/** Types that the three share, and those that only TEAP has. */
export const tlvTypes = {
  authorityId: 1,
  identityType: 2,
  result: 3,
  nak: 4,
  error: 5,
  vendorSpecific: 7,
  teapRequestAction: 8,
  eapPayload: 9,
  intermediateResult: 10,
  pac: 11,
  cryptoBinding: 12,
  basicPasswordRequest: 13,
  basicPasswordResponse: 14,
  fastRequestAction: 19,
} as const;

/** Values of the Result and Intermediate-Result TLVs. */
export const tlvStatus = { success: 1, failure: 2 } as const;

export const encodeTlv = (type: number, value: Uint8Array, mandatory: boolean): Uint8Array =>
  new Writer()
    .u16be(type | (mandatory ? mandatoryBit : 0))
    .u16be(value.length)
    .put(value)
    .finish();

export const encodeTlvs = (tlvs: readonly EapTlv[]): Uint8Array =>
  concat(...tlvs.map(({ type, value, mandatory }) => encodeTlv(type, value, mandatory)));

/** @throws MalformedError when one is cut */
export function decodeTlvs(r: Reader): EapTlv[] {
  const tlvs: EapTlv[] = [];
  while (r.remaining > 0) {
    const head = r.u16be();
    const value = r.take(r.u16be()).slice();
    tlvs.push({ mandatory: (head & mandatoryBit) !== 0, type: head & typeMask, value });
  }
  return tlvs;
}

/** Value of a Result or Intermediate-Result TLV. */
export const encodeStatus = (status: keyof typeof tlvStatus): Uint8Array =>
  new Writer().u16be(tlvStatus[status]).finish();

/** @returns undefined where it is neither */
export function decodeStatus(value: Uint8Array): keyof typeof tlvStatus | undefined {
  const status = value.length < 2 ? 0 : ((value[0] ?? 0) << 8) | (value[1] ?? 0);
  return status === tlvStatus.success ? "success" : status === tlvStatus.failure ? "failure" : undefined;
}
