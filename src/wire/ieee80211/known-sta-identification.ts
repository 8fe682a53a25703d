import { type Reader, Writer } from "../../base/bytes.ts";

/** Known STA Identification element's body. IEEE Std 802.11-2024. */
export interface KnownStaIdentification {
  /** Grows with each use, so that nobody else can use one again. */
  readonly timestamp: bigint;
  /** Over the timestamp, with the key confirmation key of the association before. */
  readonly mic: Uint8Array;
}

export const encodeKnownStaIdentification = ({ timestamp, mic }: KnownStaIdentification): Uint8Array =>
  new Writer().u64le(timestamp).u8(mic.length).put(mic).finish();

/** @throws MalformedError when it is cut */
export const decodeKnownStaIdentification = (r: Reader): KnownStaIdentification => ({
  timestamp: r.u64le(),
  mic: r.take(r.u8()).slice(),
});
