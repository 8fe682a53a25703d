import { type Reader, Writer } from "../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress, zeroAddress } from "../base/mac-address.ts";

/** ARP for IPv4 over Ethernet. RFC 826. */
export interface ArpPacket {
  readonly operation: "request" | "reply";
  readonly sender: MacAddress;
  /** Dotted. */
  readonly senderIp: string;
  /** Zeros in a request. */
  readonly target: MacAddress;
  readonly targetIp: string;
}

const operations = ["request", "reply"] as const;
const ethernet = 1;
const ipv4 = 0x0800;

export const encodeArp = (packet: ArpPacket): Uint8Array =>
  new Writer()
    .u16be(ethernet)
    .u16be(ipv4)
    .u8(6)
    .u8(4)
    .u16be(operations.indexOf(packet.operation) + 1)
    .put(encodeMacAddress(packet.sender))
    .put(ipOctets(packet.senderIp))
    .put(encodeMacAddress(packet.target))
    .put(ipOctets(packet.targetIp))
    .finish();

/** What follows is a link's padding. @throws MalformedError when it is cut, or ARP of other protocols */
export function decodeArp(r: Reader): ArpPacket {
  if (r.u16be() !== ethernet || r.u16be() !== ipv4 || r.u8() !== 6 || r.u8() !== 4) r.fail("not IPv4 over Ethernet");
  const operation = operations[r.u16be() - 1] ?? r.fail("unknown operation");
  return {
    operation,
    sender: decodeMacAddress(r),
    senderIp: r.take(4).join("."),
    target: decodeMacAddress(r),
    targetIp: r.take(4).join("."),
  };
}

/** The answer to a request for `ip`; undefined where it asks for somebody else. */
export const answerOf = (packet: ArpPacket, own: MacAddress, ip: string | undefined): ArpPacket | undefined =>
  packet.operation === "request" && packet.targetIp === ip
    ? { operation: "reply", sender: own, senderIp: ip, target: packet.sender, targetIp: packet.senderIp }
    : undefined;

export const requestFor = (ip: string, own: MacAddress, ownIp: string): ArpPacket => ({
  operation: "request",
  sender: own,
  senderIp: ownIp,
  target: zeroAddress,
  targetIp: ip,
});

const ipOctets = (ip: string): Uint8Array => Uint8Array.from(ip.split("."), Number);
