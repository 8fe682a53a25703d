import { type Reader, Writer } from "../../base/bytes.ts";

/** Management MIC element's body. IEEE Std 802.11-2020, 9.4.2.54. */
export interface ManagementMic {
  /** 4 or 5 for an IGTK, 6 or 7 for a BIGTK. */
  readonly keyId: number;
  /** IPN or BIPN: 6 octets, least significant first. */
  readonly packetNumber: Uint8Array;
  /** 8 octets with BIP-CMAC-128, 16 with the others. */
  readonly mic: Uint8Array;
}

export const encodeManagementMic = ({ keyId, packetNumber, mic }: ManagementMic): Uint8Array =>
  new Writer().u16le(keyId).put(packetNumber).put(mic).finish();

/** @throws MalformedError when it is cut */
export const decodeManagementMic = (r: Reader): ManagementMic => ({
  keyId: r.u16le(),
  packetNumber: r.take(6).slice(),
  mic: r.rest().slice(),
});
