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
