import type { Reader } from "../../base/bytes.ts";

/** An SSID is octets, 0 to 32 of them; none is the wildcard. IEEE Std 802.11-2020, 9.4.2.2. */
export type Ssid = Uint8Array;

export const maxSsidLength = 32;

export function encodeSsid(ssid: Ssid): Uint8Array {
  if (ssid.length > maxSsidLength) throw new RangeError(`SSID of ${ssid.length} octets`);
  return ssid;
}

/** @throws MalformedError when it is longer than 32 octets */
export function decodeSsid(r: Reader): Ssid {
  if (r.remaining > maxSsidLength) r.fail(`SSID of ${r.remaining} octets`);
  return r.rest().slice();
}
