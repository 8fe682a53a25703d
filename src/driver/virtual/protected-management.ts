/** Individually addressed management frames under a station's own key, at either end. IEEE Std 802.11-2020, 12.2.7, 12.5.3. */

import { concat, Reader } from "../../base/bytes.ts";
import { isGroupAddress, type MacAddress } from "../../base/mac-address.ts";
import { isRobust } from "../../wire/ieee80211/action.ts";
import {
  decodeManagementHeader,
  frameFlags,
  type ManagementHeader,
  type ManagementSubtype,
  managementHeaderLength,
} from "../../wire/ieee80211/frame.ts";
import type { CipherKey } from "./cipher-key.ts";
import type { Segment } from "./segment.ts";
import type { StationEntry } from "./station-entry.ts";

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

/** A frame of ours, protected where its receiver expects it. */
export function protectManagement(
  frame: Uint8Array,
  own: Segment,
  stations: ReadonlyMap<MacAddress, StationEntry>,
): Uint8Array {
  const { subtype, receiver } = decodeManagementHeader(new Reader(frame, ["management frame"]));
  if (!isRobustFrame(subtype, frame.subarray(managementHeaderLength))) return frame;
  if (isGroupAddress(receiver)) return own.integrityKey("management")?.protect(frame) ?? frame;
  const entry = stations.get(receiver);
  return entry?.isMfp && entry.key ? sealManagement(frame, entry.key) : frame;
}

/** As mac80211 does it. @returns undefined where the frame has to be thrown away */
export function unprotectManagement(
  frame: Uint8Array,
  header: ManagementHeader,
  entry: StationEntry,
): Uint8Array | undefined {
  if (!entry.isMfp || !entry.key) return frame;
  if (header.protected) return openManagement(frame, entry.key);
  return isRobustFrame(header.subtype, frame.subarray(managementHeaderLength)) ? undefined : frame;
}
