/** ICMPv6 messages of IPv6 in Ethernet frames. RFC 8200, section 3; RFC 4443, section 2. */

import { concat, type Reader, sameBytes, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress, macAddressOf } from "../../base/mac-address.ts";
import { checksum, twoOctets } from "./checksum.ts";

export interface Icmpv6Frame {
  readonly source: MacAddress;
  readonly destination: MacAddress;
  /** 16 octets. */
  readonly sourceAddress: Uint8Array;
  readonly destinationAddress: Uint8Array;
  /** From the type on; its checksum, octets 2 and 3, is filled in by {@link encodeIcmpv6Frame}. */
  readonly message: Uint8Array;
}

export const etherTypeIpv6 = 0x86dd;

const protocolIcmpv6 = 58;
/** Of Neighbor Discovery: nobody behind a router can have sent it. RFC 4861, section 3.1. */
const nearHopLimit = 255;

export function encodeIcmpv6Frame(frame: Icmpv6Frame): Uint8Array {
  const { sourceAddress, destinationAddress } = frame;
  const message = frame.message.slice();
  message.set([0, 0], 2);
  message.set(twoOctets(checksum(message, pseudoHeader(sourceAddress, destinationAddress, message.length))), 2);
  return new Writer()
    .put(encodeMacAddress(frame.destination))
    .put(encodeMacAddress(frame.source))
    .u16be(etherTypeIpv6)
    .u32be(0x6000_0000)
    .u16be(message.length)
    .u8(protocolIcmpv6)
    .u8(nearHopLimit)
    .put(sourceAddress)
    .put(destinationAddress)
    .put(message)
    .finish();
}

/** @returns undefined for what is no ICMPv6 of this link, in one piece @throws MalformedError */
export function decodeIcmpv6Frame(r: Reader): Icmpv6Frame | undefined {
  const destination = decodeMacAddress(r);
  const source = decodeMacAddress(r);
  if (r.u16be() !== etherTypeIpv6) return undefined;
  if (r.u32be() >>> 28 !== 6) r.fail("no header of IPv6");
  const length = r.u16be();
  const next = r.u8();
  const hopLimit = r.u8();
  const sourceAddress = r.take(16).slice();
  const destinationAddress = r.take(16).slice();
  if (next !== protocolIcmpv6 || hopLimit !== nearHopLimit) return undefined;
  const message = r.take(length).slice();
  if (message.length < 4) r.fail(`a message of ${message.length} octets`);
  if (checksum(message, pseudoHeader(sourceAddress, destinationAddress, length)) !== 0) r.fail("the checksum is wrong");
  return { source, destination, sourceAddress, destinationAddress, message };
}

/** The sum over it. RFC 8200, section 8.1. */
function pseudoHeader(source: Uint8Array, destination: Uint8Array, length: number): number {
  let sum = length + protocolIcmpv6;
  const addresses = concat(source, destination);
  for (let at = 0; at < addresses.length; at += 2) sum += ((addresses[at] ?? 0) << 8) | (addresses[at + 1] ?? 0);
  return sum;
}

/** ff02::1: all nodes of the link. RFC 4291, section 2.7.1. */
export const allNodes = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
/** Where Ethernet carries it. RFC 2464, section 7. */
export const allNodesHardware = macAddressOf(Uint8Array.of(0x33, 0x33, 0, 0, 0, 1));

export const unspecifiedIpv6 = new Uint8Array(16);

export const isUnspecifiedIpv6 = (address: Uint8Array): boolean => sameBytes(address, unspecifiedIpv6);
