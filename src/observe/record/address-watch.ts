/**
 * What stations ask DHCP servers for, as the access point sees it go by: whether one that is in has got an address, whoever gives it. Only
 * what stations say is heard, so an answer is known by what they say next. RFC 2131, section 3.
 */

import { MalformedError, Reader, textOf } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { formatIpv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { RateLimit } from "../../base/rate-limit.ts";
import { type DhcpMessage, decodeDhcpMessage } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { decodeUdpFrame } from "../../wire/ip/udp.ts";
import type { Note } from "./entry.ts";

export interface AddressWatchOptions {
  readonly clock: Pick<Clock, "now">;
  /** Whether it is in on this network: all others are none of our business. */
  readonly isIn: (station: MacAddress) => boolean;
  readonly note: (station: MacAddress, note: Note) => void;
  readonly nameItself: (station: MacAddress, hostName: string) => void;
}

/** More is a flood, which tells nothing new. */
const limit = { burst: 256, perSecond: 20 } as const;
/** Stations whose last question is remembered. */
const mostAsking = 256;
const serverPort = 67;

/** @returns takes Ethernet frames; nothing of them is kept */
export function watchAddresses(options: AddressWatchOptions): (frame: Uint8Array) => void {
  const rate = new RateLimit(options.clock, limit.burst, limit.perSecond);
  /** Transaction of the last REQUEST of one that comes back with the address that it had. */
  const asking = new Map<MacAddress, number>();
  return (frame) => {
    if (!rate.take()) return;
    try {
      const udp = decodeUdpFrame(new Reader(frame, ["DHCP"]));
      if (udp?.destinationPort !== serverPort || !options.isIn(udp.source)) return;
      const message = decodeDhcpMessage(new Reader(udp.payload, ["DHCP"]));
      if (message.op !== "request") return;
      const hostName = hostNameIn(message);
      const note = noteOf(message, asking.get(udp.source));
      asking.delete(udp.source);
      if (message.type === "request") asking.set(udp.source, message.xid);
      if (asking.size > mostAsking) asking.clear();
      if (note) options.note(udp.source, note);
      if (hostName !== undefined) options.nameItself(udp.source, hostName);
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
    }
  };
}

/** @param askedBefore transaction of the station's last REQUEST */
function noteOf({ type, ciaddr, options, xid }: DhcpMessage, askedBefore: number | undefined): Note | undefined {
  const requested = addressIn(options.get(optionCode.requestedAddress));
  switch (type) {
    case "discover":
      return { type: "address-asked" };
    case "request": {
      const address = requested ?? (ciaddr === 0 ? undefined : formatIpv4Address(ciaddr));
      // It takes what it was offered. Without a server's name it comes back with an address from before; asking again means that nobody answers.
      const isRepeated = !options.has(optionCode.serverIdentifier) && askedBefore === xid;
      return isRepeated ? { type: "address-asked" } : { type: "address-taken", address };
    }
    case "decline":
      return { type: "address-declined", address: requested };
    default:
      return undefined;
  }
}

function addressIn(option: Uint8Array | undefined): string | undefined {
  return option?.length === 4 ? formatIpv4Address(ipv4AddressOf(new Reader(option, ["address"]).u32be())) : undefined;
}

/** Only what a name on the Internet may be: it goes into tables. RFC 1123, section 2.1. */
function hostNameIn({ options }: DhcpMessage): string | undefined {
  const name = options.get(optionCode.hostName);
  if (!name || name.length > 64) return undefined;
  const text = textOf(name).replace(/\0+$/, "");
  return /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62})$/.test(text) ? text : undefined;
}
