import { formatIpv4Address } from "../base/ipv4-address.ts";
import type { DhcpEvent } from "../gateway/dhcp/port.ts";

/** What the DHCP server does, in words. */
export function eventText(event: DhcpEvent): string {
  switch (event.type) {
    case "leased": {
      const { address, hardware = "a client", hostName } = event.lease;
      const name = hostName === undefined ? "" : ` (${hostName})`;
      return `${hardware}${name} ${event.again ? "keeps" : "gets"} ${formatIpv4Address(address)}`;
    }
    case "released":
      return `${event.lease.hardware ?? "a client"} gives ${formatIpv4Address(event.lease.address)} back`;
    case "expired":
      return `the lease of ${formatIpv4Address(event.lease.address)} is over`;
    case "in-use":
      return `${formatIpv4Address(event.address)} is used by somebody who has not got it here; it is left alone for a day`;
    case "refused":
      return `${event.hardware ?? "a client"} has to begin anew: ${event.reason}`;
    case "exhausted":
      return `no address is left for ${event.hardware ?? "a client"}`;
    case "unheard":
      return `in the last minute ${event.malformed} messages were no DHCP, and ${event.tooMany} were too many of one device`;
    case "unwritten":
      return `the lease can't be kept, and is not given: ${event.reason}`;
  }
}

/** The same for programs: what `beacon dhcp --json` writes. */
export function eventShape(event: DhcpEvent): Readonly<Record<string, string | undefined>> {
  const { type } = event;
  const text = eventText(event);
  switch (type) {
    case "leased":
    case "released":
    case "expired": {
      const { address, hardware, hostName } = event.lease;
      return { type, text, address: formatIpv4Address(address), hardware, hostName };
    }
    case "in-use":
      return { type, text, address: formatIpv4Address(event.address), hardware: event.hardware };
    case "refused":
      return { type, text, hardware: event.hardware, reason: event.reason };
    case "exhausted":
      return { type, text, hardware: event.hardware };
    case "unheard":
      return { type, text };
    case "unwritten":
      return { type, text, reason: event.reason };
  }
}
