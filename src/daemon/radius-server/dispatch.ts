/**
 * Which thread has a request: the one that has its conversation, and at the beginning the one that its station had last time. The kernel
 * reckons it too, so that a request comes to its thread straight away; what comes to the wrong one is handed on.
 */

import { assembleFilter, bpf, type PacketFilter } from "../../linux/packet-filter.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { radiusHeaderLength } from "../../wire/radius/packet.ts";
import { typeOf } from "../../wire/radius/values.ts";

const stateType = typeOf(radius.state);
const stationType = typeOf(radius.callingStationId);
const userType = typeOf(radius.userName);
const authenticatorAt = 4;
/** Of Calling-Station-Id the address, without what some put behind it; of a name as much. */
const mostHashed = 17;
const leastHashed = 4;
/** Odd, and their bits well mixed. */
const [factor, mixer] = [0x85ebca6b, 0x9e3779b1] as const;

/**
 * The first octet of State says it: a number that no thread has is that of the process's own. Without State it is a matter of Calling-Station-Id, so that what a thread remembers of a station (a TLS
 * session, a key for re-authentication, a pseudonym) is there when it comes back; else of User-Name. The same request comes to the same
 * thread each time it is sent.
 * @param packet octets, which may be malformed: any thread can say so
 * @returns a number below that of threads, or another
 */
export function threadOf(packet: Uint8Array, threads: number): number {
  let [station, user] = [0, 0];
  for (let at = radiusHeaderLength; at + 2 <= packet.length; ) {
    const type = packet[at];
    const length = packet[at + 1] ?? 0;
    if (length < 2) break;
    if (type === stateType && length > 2) return packet[at + 2] ?? 0;
    if (type === stationType) station = at;
    else if (type === userType) user = at;
    at += length;
  }
  const at = station === 0 ? user : station;
  const length = (packet[at + 1] ?? 0) - 2;
  if (at === 0 || length < leastHashed) return threadOfWords(packet, authenticatorAt, authenticatorAt + 4, threads);
  return threadOfWords(packet, at + 2, at + 2 + Math.min(length, mostHashed) - 4, threads);
}

function threadOfWords(packet: Uint8Array, first: number, last: number, threads: number): number {
  const mixed = (Math.imul(wordAt(packet, first), factor) + wordAt(packet, last)) | 0;
  return (Math.imul(mixed, mixer) >>> 16) % threads;
}

const wordAt = (packet: Uint8Array, at: number): number =>
  ((packet[at] ?? 0) << 24) | ((packet[at + 1] ?? 0) << 16) | ((packet[at + 2] ?? 0) << 8) | (packet[at + 3] ?? 0);

/** Attributes that the kernel looks at; few requests have more. */
const mostAttributes = 64;

/** The same as a program for the kernel, for requests that aren't malformed. It has no loops: each attribute has its own instructions. */
export function threadFilter(threads: number): PacketFilter {
  const slot = { station: 0, user: 1, end: 2, first: 3 } as const;
  // X is where an attribute begins; both octets of its header have to be there.
  const attribute = [
    [bpf.loadSlot, 0, 0, slot.end],
    [bpf.jumpIfMoreThanX, 1, 0, 0],
    "to: hash",
    [bpf.loadByteIndexed, 0, 0, 0],
    [bpf.jumpIfEqual, 0, 1, stateType],
    "to: state",
    [bpf.jumpIfEqual, 0, 1, stationType],
    [bpf.storeX, 0, 0, slot.station],
    [bpf.jumpIfEqual, 0, 1, userType],
    [bpf.storeX, 0, 0, slot.user],
    [bpf.loadByteIndexed, 0, 0, 1],
    [bpf.jumpIfAtLeast, 1, 0, 2],
    "to: hash",
    [bpf.addX, 0, 0, 0],
    [bpf.toX, 0, 0, 0],
  ] as const;
  return assembleFilter([
    [bpf.loadConstant, 0, 0, 0],
    [bpf.store, 0, 0, slot.station],
    [bpf.store, 0, 0, slot.user],
    [bpf.loadLength, 0, 0, 0],
    [bpf.subtract, 0, 0, 1],
    [bpf.store, 0, 0, slot.end],
    [bpf.loadXConstant, 0, 0, radiusHeaderLength],
    ...Array.from({ length: mostAttributes }, () => attribute).flat(),
    "at: hash",
    [bpf.loadSlot, 0, 0, slot.station],
    [bpf.jumpIfEqual, 0, 1, 0],
    [bpf.loadSlot, 0, 0, slot.user],
    [bpf.jumpIfEqual, 0, 1, 0],
    "to: authenticator",
    [bpf.toX, 0, 0, 0],
    [bpf.loadByteIndexed, 0, 0, 1],
    [bpf.subtract, 0, 0, 2],
    [bpf.jumpIfAtLeast, 1, 0, leastHashed],
    "to: authenticator",
    [bpf.jumpIfMore, 0, 1, mostHashed],
    [bpf.loadConstant, 0, 0, mostHashed],
    [bpf.addX, 0, 0, 0],
    [bpf.subtract, 0, 0, 2],
    [bpf.store, 0, 0, slot.end],
    [bpf.loadWordIndexed, 0, 0, 2],
    [bpf.multiply, 0, 0, factor],
    [bpf.store, 0, 0, slot.first],
    [bpf.loadXSlot, 0, 0, slot.end],
    [bpf.loadWordIndexed, 0, 0, 0],
    "to: end",
    "at: authenticator",
    [bpf.loadWord, 0, 0, authenticatorAt],
    [bpf.multiply, 0, 0, factor],
    [bpf.store, 0, 0, slot.first],
    [bpf.loadWord, 0, 0, authenticatorAt + 4],
    "at: end",
    [bpf.loadXSlot, 0, 0, slot.first],
    [bpf.addX, 0, 0, 0],
    [bpf.multiply, 0, 0, mixer],
    [bpf.shiftRight, 0, 0, 16],
    [bpf.modulo, 0, 0, threads],
    [bpf.endWithA, 0, 0, 0],
    "at: state",
    [bpf.loadByteIndexed, 0, 0, 1],
    [bpf.jumpIfMore, 1, 0, 2],
    [bpf.end, 0, 0, 0],
    [bpf.loadByteIndexed, 0, 0, 2],
    [bpf.endWithA, 0, 0, 0],
  ]);
}
