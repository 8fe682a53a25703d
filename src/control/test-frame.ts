/** The Ethernet frames of the DATA_TEST commands: an IPv4 packet whose payload counts up from 0. RFC 791, 3.1. */

import { MalformedError, Reader, Writer } from "../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../base/mac-address.ts";

export interface TestFrame {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  /** Type of Service. */
  readonly tos: number;
  /** Of the IPv4 packet, header and all. */
  readonly length: number;
}

export const etherTypeIpv4 = 0x0800;
export const ipv4HeaderLength = 20;
/** An Ethernet frame of 1500 octets, which is what clients expect where no length is named. */
export const usualLength = 1486;
const ethernetHeaderLength = 14;

const icmp = 1;
const ttl = 64;
const sender = 0xc0a80101;
const receiver = 0xc0a80102;

/** @param frame whose length is 20 to 1486 */
export function encodeTestFrame({ destination, source, tos, length }: TestFrame): Uint8Array {
  const header = (checksum: number): Writer =>
    new Writer().u8(0x45).u8(tos).u16be(length).zeros(4).u8(ttl).u8(icmp).u16be(checksum).u32be(sender).u32be(receiver);
  const w = new Writer().put(encodeMacAddress(destination)).put(encodeMacAddress(source)).u16be(etherTypeIpv4);
  w.put(header(checksumOf(header(0).finish())).finish());
  for (let i = 0; i < length - ipv4HeaderLength; i++) w.u8(i & 0xff);
  return w.finish();
}

/** @returns undefined for any other frame */
export function decodeTestFrame(frame: Uint8Array): TestFrame | undefined {
  if (frame.length > ethernetHeaderLength + usualLength) return undefined;
  try {
    const r = new Reader(frame, ["test frame"]);
    const destination = decodeMacAddress(r);
    const source = decodeMacAddress(r);
    if (r.u16be() !== etherTypeIpv4 || r.u8() !== 0x45) return undefined;
    const tos = r.u8();
    const length = r.u16be();
    if (length < ipv4HeaderLength || length > usualLength) return undefined;
    r.take(ipv4HeaderLength - 4);
    const payload = r.take(length - ipv4HeaderLength);
    return payload.every((octet, i) => octet === (i & 0xff)) ? { destination, source, tos, length } : undefined;
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}

/** RFC 1071. */
function checksumOf(header: Uint8Array): number {
  const r = new Reader(header, ["IPv4 header"]);
  let sum = 0;
  while (r.remaining >= 2) sum += r.u16be();
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum ^ 0xffff;
}
