/** Which thread has a request: the one that has its conversation, and at the beginning the one that its station had last time. */

import { radius } from "../../wire/radius/attributes.ts";
import { radiusHeaderLength } from "../../wire/radius/packet.ts";
import { typeOf } from "../../wire/radius/values.ts";

const stateType = typeOf(radius.state);
const stationType = typeOf(radius.callingStationId);
const userType = typeOf(radius.userName);

/**
 * The first octet of State says it: a number that no thread has is that of the process's own. Without State it is a matter of Calling-Station-Id, so that what a thread remembers of a station (a TLS
 * session, a key for re-authentication, a pseudonym) is there when it comes back; else of User-Name. The same request comes to the same
 * thread each time it is sent.
 * @param packet octets, which may be malformed: any thread can say so
 * @returns a number below that of threads, or another
 */
export function threadOf(packet: Uint8Array, threads: number): number {
  let by: Uint8Array | undefined;
  for (let at = radiusHeaderLength; at + 2 <= packet.length; ) {
    const type = packet[at];
    const length = packet[at + 1] ?? 0;
    if (length < 2) break;
    if (type === stateType && length > 2) return packet[at + 2] ?? 0;
    if (type === stationType || (type === userType && by === undefined)) by = packet.subarray(at + 2, at + length);
    at += length;
  }
  return hashOf(by ?? packet.subarray(4, radiusHeaderLength)) % threads;
}

/** FNV-1a, 32 bits, mixed once more: stations' addresses differ in few bits. */
function hashOf(octets: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193);
  hash ^= hash >>> 16;
  return Math.imul(hash, 0x45d9f3b) >>> 8;
}
