/** Individually addressed management frames under a station's own key, at either end. IEEE Std 802.11-2020, 12.2.7, 12.5.3. */

import { concat } from "../../base/bytes.ts";
import { isRobust } from "../../wire/ieee80211/action.ts";
import { frameFlags, type ManagementSubtype, managementHeaderLength } from "../../wire/ieee80211/frame.ts";
import type { CipherKey } from "./cipher-key.ts";

/** Replay counter of its own, beside those of the traffic identifiers. */
const managementCounter = 16;

/** Is such a frame protected where management frames are? @param body from after the MAC header, in the clear */
export const isRobustFrame = (subtype: ManagementSubtype, body: Uint8Array): boolean =>
  subtype === "deauthentication" || subtype === "disassociation" || (subtype === "action" && isRobust(body[0] ?? 0));

/** @param frame whole, in the clear */
export function sealManagement(frame: Uint8Array, key: CipherKey): Uint8Array {
  const header = frame.slice(0, managementHeaderLength);
  header[1] = (header[1] ?? 0) | (frameFlags.protected >>> 8);
  return concat(header, key.seal(header, frame.subarray(managementHeaderLength)));
}

/** @returns the frame with its body in the clear, still marked as protected; undefined where its MIC or number is wrong */
export function openManagement(frame: Uint8Array, key: CipherKey): Uint8Array | undefined {
  const header = frame.subarray(0, managementHeaderLength);
  const body = key.open(header, frame.subarray(managementHeaderLength), managementCounter);
  return body && concat(header, body);
}
