/** UDP datagrams of IPv4 in Ethernet frames, for those who have no address yet and can't be asked for theirs. */

import { type Reader, Writer } from "../../base/bytes.ts";
import { type Ipv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { checksum, twoOctets } from "./checksum.ts";

export interface UdpFrame {
  readonly source: MacAddress;
  readonly destination: MacAddress;
  readonly sourceAddress: Ipv4Address;
  readonly destinationAddress: Ipv4Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

export const etherTypeIpv4 = 0x0800;

const protocolUdp = 17;
const ipv4HeaderLength = 20;
const udpHeaderLength = 8;
const timeToLive = 64;

export function encodeUdpFrame(frame: UdpFrame): Uint8Array {
  const { payload, sourceAddress, destinationAddress } = frame;
  const udpLength = udpHeaderLength + payload.length;
  const header = new Writer()
    .u8(0x45)
    .u8(0)
    .u16be(ipv4HeaderLength + udpLength)
    .u16be(0)
    .u16be(0)
    .u8(timeToLive)
    .u8(protocolUdp)
    .u16be(0)
    .u32be(sourceAddress)
    .u32be(destinationAddress)
    .finish();
  header.set(twoOctets(checksum(header)), 10);
  const udp = new Writer()
    .u16be(frame.sourcePort)
    .u16be(frame.destinationPort)
    .u16be(udpLength)
    .u16be(0)
    .put(payload)
    .finish();
  // Zero says that there is none. RFC 768.
  udp.set(twoOctets(checksum(udp, pseudoHeader(sourceAddress, destinationAddress, udpLength)) || 0xffff), 6);
  const ethernet = new Writer();
  ethernet.put(encodeMacAddress(frame.destination)).put(encodeMacAddress(frame.source)).u16be(etherTypeIpv4);
  return ethernet.put(header).put(udp).finish();
}

/** @returns undefined for what is no UDP, or a fragment @throws MalformedError */
export function decodeUdpFrame(r: Reader): UdpFrame | undefined {
  const destination = decodeMacAddress(r);
  const source = decodeMacAddress(r);
  if (r.u16be() !== etherTypeIpv4) return undefined;
  const ip = r.field("IPv4");
  const versionAndLength = ip.u8();
  const headerLength = (versionAndLength & 15) * 4;
  if (versionAndLength >> 4 !== 4 || headerLength < ipv4HeaderLength) ip.fail("no header of IPv4");
  ip.u8();
  const totalLength = ip.u16be();
  if (totalLength < headerLength) ip.fail(`${totalLength} octets in all, with a header of ${headerLength}`);
  if (totalLength > ip.bytes.length) ip.fail(`${totalLength} octets announced, ${ip.bytes.length} there`);
  ip.u16be();
  const fragment = ip.u16be();
  ip.u8();
  const protocol = ip.u8();
  ip.u16be();
  const sourceAddress = ipv4AddressOf(ip.u32be());
  const destinationAddress = ipv4AddressOf(ip.u32be());
  // more fragments, or not the first
  if (protocol !== protocolUdp || (fragment & 0x3fff) !== 0) return undefined;
  if (checksum(ip.bytes.subarray(0, headerLength)) !== 0) ip.fail("the header's checksum is wrong");
  ip.skip(headerLength - ipv4HeaderLength);
  const udp = ip.field("UDP", totalLength - headerLength);
  const sourcePort = udp.u16be();
  const destinationPort = udp.u16be();
  const length = udp.u16be();
  if (length < udpHeaderLength || length > udp.bytes.length) udp.fail(`a length of ${length}`);
  udp.u16be();
  return {
    source,
    destination,
    sourceAddress,
    destinationAddress,
    sourcePort,
    destinationPort,
    payload: udp.take(length - udpHeaderLength),
  };
}

/** The sum over it, for {@link checksum}. */
const pseudoHeader = (source: Ipv4Address, destination: Ipv4Address, length: number): number =>
  (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocolUdp + length;
