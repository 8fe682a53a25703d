/** rtnetlink's addresses and routes, of IPv4. linux/if_addr.h, linux/rtnetlink.h; RFC 3549, section 3.1.2, 3.1.1. */

import { concat, Reader, Writer } from "../../base/bytes.ts";
import { type Ipv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import { attr, attributes, type Codec, text, u32 } from "./attributes.ts";

export const addressMessages = { newAddress: 20, delAddress: 21, getAddress: 22, getRoute: 26 } as const;

/** AF_INET */
const ipv4Family = 2;

/** In network byte order, as everywhere in these messages. */
const ipv4: Codec<Ipv4Address> = {
  encode: (address) => new Writer().u32be(address).finish(),
  decode: (r) => ipv4AddressOf(r.u32be()),
};

/** enum of IFA_* */
const addressAttributes = attributes({
  /** Of a link with two ends, the other's; else the same as `local`. */
  address: attr(1, ipv4),
  local: attr(2, ipv4),
  label: attr(3, text),
  broadcast: attr(4, ipv4),
});

/** struct ifaddrmsg and the attributes. */
export interface AddressMessage {
  /** Of the interface. */
  readonly index: number;
  readonly address: Ipv4Address;
  readonly prefixLength: number;
  readonly broadcast?: Ipv4Address | undefined;
}

export function encodeAddress({ index, address, prefixLength, broadcast }: AddressMessage): Uint8Array {
  const header = new Writer().u8(ipv4Family).u8(prefixLength).u8(0).u8(0).u32le(index).finish();
  return concat(header, addressAttributes.encode({ address, local: address, broadcast }));
}

/** For a dump of all. */
export const encodeAddressQuery = (): Uint8Array => new Writer().u8(ipv4Family).zeros(7).finish();

/** @returns undefined for one of another family @throws MalformedError */
export function decodeAddress(payload: Uint8Array): AddressMessage | undefined {
  const r = new Reader(payload, ["address"]);
  const family = r.u8();
  const prefixLength = r.u8();
  r.skip(2);
  const index = r.u32le();
  if (family !== ipv4Family) return undefined;
  const { address, local, broadcast } = addressAttributes.decode(r);
  const own = local ?? address;
  return own === undefined ? undefined : { index, address: own, prefixLength, broadcast };
}

/** enum of RTA_* */
const routeAttributes = attributes({
  destination: attr(1, ipv4),
  outgoing: attr(4, u32),
  gateway: attr(5, ipv4),
  priority: attr(6, u32),
  table: attr(15, u32),
});

export interface RouteMessage {
  /** 0.0.0.0 with a prefix of 0 for the default route. */
  readonly destination: Ipv4Address;
  readonly prefixLength: number;
  /** Index of the interface; undefined for routes of several hops and those that lead nowhere. */
  readonly outgoing: number | undefined;
  readonly gateway: Ipv4Address | undefined;
  /** The least is taken. */
  readonly priority: number;
  readonly table: number;
}

/** RT_TABLE_MAIN, RT_TABLE_LOCAL */
export const routeTables = { main: 254, local: 255 } as const;

export const encodeRouteQuery = (): Uint8Array => new Writer().u8(ipv4Family).zeros(11).finish();

/** @returns undefined for one of another family @throws MalformedError */
export function decodeRoute(payload: Uint8Array): RouteMessage | undefined {
  const r = new Reader(payload, ["route"]);
  const family = r.u8();
  const prefixLength = r.u8();
  r.skip(2);
  const table = r.u8();
  r.skip(7);
  if (family !== ipv4Family) return undefined;
  const decoded = routeAttributes.decode(r);
  return {
    destination: decoded.destination ?? ipv4AddressOf(0),
    prefixLength,
    outgoing: decoded.outgoing,
    gateway: decoded.gateway,
    priority: decoded.priority ?? 0,
    table: decoded.table ?? table,
  };
}
