/** TLVs that TEAP's server sends, and what it makes of the peer's. RFC 9930, section 4.2. */

import { concat, Reader, Writer } from "../../../base/bytes.ts";
import { wipe } from "../../../crypto/secret.ts";
import { decodeTlvs, type EapTlv, encodeStatus, encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";

/** Values of the Error TLV. RFC 9930, section 4.2.6. */
export const teapErrors = { innerMethod: 1001, unexpectedTlvs: 2002 } as const;

export type TeapError = keyof typeof teapErrors;

export const resultTlv = (status: "success" | "failure"): Uint8Array =>
  encodeTlv(tlvTypes.result, encodeStatus(status), true);

export const intermediateSuccess = (): Uint8Array =>
  encodeTlv(tlvTypes.intermediateResult, encodeStatus("success"), true);

/** @param error left out where none says it better than the failure */
export const failureTlvs = (error: TeapError | undefined): Uint8Array =>
  error === undefined ? resultTlv("failure") : concat(resultTlv("failure"), errorTlv(error));

const errorTlv = (error: TeapError): Uint8Array =>
  encodeTlv(tlvTypes.error, new Writer().u32be(teapErrors[error]).finish(), true);

const known: ReadonlySet<number> = new Set([
  tlvTypes.authorityId,
  tlvTypes.identityType,
  tlvTypes.result,
  tlvTypes.nak,
  tlvTypes.error,
  tlvTypes.teapRequestAction,
  tlvTypes.eapPayload,
  tlvTypes.intermediateResult,
  tlvTypes.pac,
  tlvTypes.cryptoBinding,
  tlvTypes.basicPasswordRequest,
  tlvTypes.basicPasswordResponse,
]);

/** The TLVs of one message. Of several with one type the first counts. */
export class ReceivedTlvs {
  readonly #tlvs: readonly EapTlv[];

  /** @param plain copied @throws MalformedError where a TLV is cut */
  constructor(plain: Uint8Array) {
    this.#tlvs = decodeTlvs(new Reader(plain, ["TEAP", "TLVs"]));
  }

  /** @returns undefined where there is none of the type */
  value(type: keyof typeof tlvTypes): Uint8Array | undefined {
    return this.#tlvs.find((tlv) => tlv.type === tlvTypes[type])?.value;
  }

  /** There may be a password in them. */
  wipe(): void {
    wipe(...this.#tlvs.map(({ value }) => value));
  }

  /** Type of one that has to be understood, and isn't. */
  get unknownType(): number | undefined {
    return this.#tlvs.find(({ type, mandatory }) => mandatory && !known.has(type))?.type;
  }
}

/** @param value of an Error TLV @returns in brackets, to be put behind words; empty where there is none */
export const errorIn = (value: Uint8Array | undefined): string =>
  value === undefined || value.length < 4 ? "" : ` (error ${new Reader(value, ["Error TLV"]).u32be()})`;
