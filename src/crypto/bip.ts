/** BIP: integrity of management frames to all, and of beacons. IEEE Std 802.11-2020, 12.5.4. */

import { concat, Writer } from "../base/bytes.ts";
import { gmac } from "./backend/node.ts";
import { aesCmac } from "./cmac.ts";

export type BipCipher = "AES-128-CMAC" | "BIP-GMAC-128" | "BIP-GMAC-256" | "BIP-CMAC-256";

/** Octets of the MIC in the Management MIC element. */
export const bipMicLength = (cipher: BipCipher): 8 | 16 => (cipher === "AES-128-CMAC" ? 8 : 16);

export interface BipFrame {
  /** MAC header, 24 octets. */
  readonly header: Uint8Array;
  /** To the end of the Management MIC element, whose MIC field is zero. */
  readonly body: Uint8Array;
}

/** @param key 16 or 32 octets, as the cipher wants @param packetNumber 6 octets, least significant first */
export function computeBipMic(
  cipher: BipCipher,
  key: Uint8Array,
  frame: BipFrame,
  packetNumber: Uint8Array,
): Uint8Array {
  const data = concat(additionalData(frame.header), isBeacon(frame.header) ? withoutTimestamp(frame.body) : frame.body);
  switch (cipher) {
    case "AES-128-CMAC":
    case "BIP-CMAC-256":
      return aesCmac(key, data).slice(0, bipMicLength(cipher));
    case "BIP-GMAC-128":
    case "BIP-GMAC-256":
      return gmac(key, concat(frame.header.subarray(10, 16), packetNumber.toReversed()), data);
  }
}

/** What may change on the way is masked out: Retry, Power Management, More Data. 12.5.4.3. */
function additionalData(header: Uint8Array): Uint8Array {
  const control = new Writer().u8(header[0] ?? 0).u8((header[1] ?? 0) & ~0x38);
  return concat(control.finish(), header.subarray(4, 22));
}

const isBeacon = (header: Uint8Array): boolean => (header[0] ?? 0) === 0x80;

/** The radio writes it in when the frame is on its way. */
function withoutTimestamp(body: Uint8Array): Uint8Array {
  return body.slice().fill(0, 0, 8);
}
