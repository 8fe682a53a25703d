/** rtnetlink's addresses and routes, of IPv6. linux/if_addr.h, linux/rtnetlink.h; RFC 3549, section 3.1.2, 3.1.1. */

import { concat, Reader, Writer } from "../../base/bytes.ts";
import { attr, attributes, bytes, u32 } from "./attributes.ts";

/** AF_INET6 */
const ipv6Family = 10;

/** enum of IFA_* */
const addressAttributes = attributes({ address: attr(1, bytes), flags: attr(8, u32) });

/** IFA_F_NODAD: nobody else is asked for it, so that it is there at once. */
const withoutDetection = 0x02;
/** IFA_F_TENTATIVE, IFA_F_DADFAILED: nothing can be sent from it. */
const unusable = 0x40 | 0x08;

export interface Ipv6AddressMessage {
  /** Of the interface. */
  readonly index: number;
  /** 16 octets. */
  readonly address: Uint8Array;
  readonly prefixLength: number;
  /** Nobody else has it. */
  readonly isUsable: boolean;
}

export function encodeIpv6Address({ index, address, prefixLength }: Omit<Ipv6AddressMessage, "isUsable">): Uint8Array {
  const header = new Writer().u8(ipv6Family).u8(prefixLength).u8(withoutDetection).u8(0).u32le(index).finish();
  return concat(header, addressAttributes.encode({ address }));
}

/** For a dump of all. */
export const encodeIpv6AddressQuery = (): Uint8Array => new Writer().u8(ipv6Family).zeros(7).finish();

/** @returns undefined for one of another family @throws MalformedError */
export function decodeIpv6Address(payload: Uint8Array): Ipv6AddressMessage | undefined {
  const r = new Reader(payload, ["address"]);
  const family = r.u8();
  const prefixLength = r.u8();
  const headerFlags = r.u8();
  r.skip(1);
  const index = r.u32le();
  if (family !== ipv6Family) return undefined;
  const { address, flags = headerFlags } = addressAttributes.decode(r);
  if (address?.length !== 16) return undefined;
  return { index, address, prefixLength, isUsable: (flags & unusable) === 0 };
}

/** enum of RTA_* */
const routeAttributes = attributes({
  destination: attr(1, bytes),
  outgoing: attr(4, u32),
  gateway: attr(5, bytes),
  priority: attr(6, u32),
  table: attr(15, u32),
});

export interface Ipv6RouteMessage {
  /** 16 octets, zeros with a prefix of 0 for the default route. */
  readonly destination: Uint8Array;
  readonly prefixLength: number;
  /** Index of the interface; undefined for routes of several hops and those that lead nowhere. */
  readonly outgoing: number | undefined;
  readonly gateway: Uint8Array | undefined;
  readonly priority: number;
  readonly table: number;
}

/** RTN_UNICAST: others lead nowhere, or to this machine itself. */
const unicast = 1;

export const encodeIpv6RouteQuery = (): Uint8Array => new Writer().u8(ipv6Family).zeros(11).finish();

/** @returns undefined for one of another family, and for those that lead nowhere @throws MalformedError */
export function decodeIpv6Route(payload: Uint8Array): Ipv6RouteMessage | undefined {
  const r = new Reader(payload, ["route"]);
  const family = r.u8();
  const prefixLength = r.u8();
  r.skip(2);
  const table = r.u8();
  r.skip(2);
  const type = r.u8();
  r.skip(4);
  if (family !== ipv6Family || type !== unicast) return undefined;
  const decoded = routeAttributes.decode(r);
  return {
    destination: decoded.destination ?? new Uint8Array(16),
    prefixLength,
    outgoing: decoded.outgoing,
    gateway: decoded.gateway,
    priority: decoded.priority ?? 0,
    table: decoded.table ?? table,
  };
}
