import { type Reader, Writer } from "../../base/bytes.ts";
import { type Ipv4Address, ipv4AddressOf, unspecifiedIpv4 } from "../../base/ipv4-address.ts";
import { broadcast, decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";

/** An ARP message for IPv4 over Ethernet. RFC 826. */
export interface ArpMessage {
  readonly operation: "request" | "reply";
  readonly senderHardware: MacAddress;
  readonly sender: Ipv4Address;
  /** All zeros in a request. */
  readonly targetHardware: MacAddress;
  readonly target: Ipv4Address;
}

export const etherTypeArp = 0x0806;

const ethernet = 1;
const ipv4 = 0x0800;
const noHardware = new Uint8Array(6);

/** A frame that asks all on the link who has the address, from one who has none yet. RFC 5227, section 2.1.1. */
export const encodeArpProbe = (source: MacAddress, target: Ipv4Address): Uint8Array =>
  new Writer()
    .put(encodeMacAddress(broadcast))
    .put(encodeMacAddress(source))
    .u16be(etherTypeArp)
    .u16be(ethernet)
    .u16be(ipv4)
    .u8(6)
    .u8(4)
    .u16be(1)
    .put(encodeMacAddress(source))
    .u32be(unspecifiedIpv4)
    .put(noHardware)
    .u32be(target)
    .finish();

/** @param r a whole frame @returns undefined for what is no ARP of IPv4 over Ethernet @throws MalformedError */
export function decodeArpFrame(r: Reader): ArpMessage | undefined {
  r.skip(12);
  if (r.u16be() !== etherTypeArp) return undefined;
  const isOurs = r.u16be() === ethernet && r.u16be() === ipv4 && r.u8() === 6 && r.u8() === 4;
  if (!isOurs) return undefined;
  const operation = r.u16be();
  if (operation !== 1 && operation !== 2) return undefined;
  return {
    operation: operation === 1 ? "request" : "reply",
    senderHardware: decodeMacAddress(r),
    sender: ipv4AddressOf(r.u32be()),
    targetHardware: decodeMacAddress(r),
    target: ipv4AddressOf(r.u32be()),
  };
}
