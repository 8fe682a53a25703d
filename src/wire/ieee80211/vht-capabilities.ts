import { type Reader, Writer } from "../../base/bytes.ts";

/** VHT Capabilities element. IEEE Std 802.11-2020, 9.4.2.157. */
export interface VhtCapabilities {
  /** VHT Capabilities Information field. */
  readonly information: number;
  /** Supported VHT-MCS and NSS Set field, 8 octets. */
  readonly mcsSet: Uint8Array;
}

export const vhtCapabilitiesLength = 12;

export const encodeVhtCapabilities = (vht: VhtCapabilities): Uint8Array =>
  new Writer().u32le(vht.information).put(vht.mcsSet).finish();

/** @throws MalformedError when it is shorter than 12 octets; more are a later version's */
export const decodeVhtCapabilities = (r: Reader): VhtCapabilities => ({
  information: r.u32le(),
  mcsSet: r.take(8).slice(),
});
