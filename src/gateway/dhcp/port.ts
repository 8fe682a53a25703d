import type { Ipv4Address } from "../../base/ipv4-address.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { DhcpMessage } from "../../wire/dhcp/message.ts";
import type { Lease } from "./lease.ts";

/** Where an answer goes. RFC 2131, section 4.1. */
export type Destination =
  | { readonly kind: "everybody" }
  /** To an address that nobody can be asked for yet: the frame says whose it is. */
  | { readonly kind: "client"; readonly address: Ipv4Address; readonly hardware: MacAddress }
  | { readonly kind: "relay"; readonly address: Ipv4Address };

/** What the server asks of the network that it serves. None of these throws. */
export interface DhcpPort {
  send(message: DhcpMessage, to: Destination, maxLength: number | undefined): void;
  /** Whether somebody on the link has it: an ARP probe (RFC 5227, section 2.1.1). @param wait milliseconds */
  isInUse(address: Ipv4Address, wait: number): Promise<boolean>;
  report(event: DhcpEvent): void;
}

export type DhcpEvent =
  | { readonly type: "leased"; readonly lease: Lease; readonly again: boolean }
  | { readonly type: "released"; readonly lease: Lease }
  | { readonly type: "expired"; readonly lease: Lease }
  /** Its client found somebody else using the address, or we did. */
  | { readonly type: "in-use"; readonly address: Ipv4Address; readonly hardware: MacAddress | undefined }
  /** Told to begin anew: what it asked for is not to be had. */
  | { readonly type: "refused"; readonly hardware: MacAddress | undefined; readonly reason: string }
  /** All addresses that the client may have are others'. */
  | { readonly type: "exhausted"; readonly hardware: MacAddress | undefined }
  /** Since the last time, told at most once a minute: messages that were no DHCP, and those that were too many of one sender. */
  | { readonly type: "unheard"; readonly malformed: number; readonly tooMany: number }
  /** The disk doesn't take what has to survive. */
  | { readonly type: "unwritten"; readonly reason: string };
