/** Router Solicitation and Router Advertisement. RFC 4861, sections 4.1, 4.2, 4.6; RFC 8106 for the name servers. */

import { type Reader, Writer } from "../../base/bytes.ts";
import { encodeMacAddress, type MacAddress, macAddressOf } from "../../base/mac-address.ts";

export const icmpv6Types = { routerSolicitation: 133, routerAdvertisement: 134 } as const;

/** @param r a message of ICMPv6, its checksum known to be right @returns whether it is a solicitation that counts @throws MalformedError */
export function decodeRouterSolicitation(r: Reader, comesFromNobody: boolean): boolean {
  const type = r.u8();
  const code = r.u8();
  if (type !== icmpv6Types.routerSolicitation || code !== 0) return false;
  r.skip(6);
  for (const { kind } of readOptions(r)) {
    // RFC 4861, section 6.1.1: who has no address yet names no hardware for it.
    if (kind === optionTypes.sourceHardware && comesFromNobody) r.fail("hardware of nobody");
  }
  return true;
}

export interface AdvertisedPrefix {
  /** 16 octets, zeros behind the prefix. */
  readonly prefix: Uint8Array;
  readonly length: number;
  /** Seconds, 0xffffffff without an end. */
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

export interface RouterAdvertisement {
  /** Of packets that hosts send. */
  readonly hopLimit: number;
  /** Seconds as a default router; 0 for none. */
  readonly routerLifetime: number;
  /** Of the sender. */
  readonly hardware: MacAddress | undefined;
  /** Of the link; undefined for Ethernet's. */
  readonly mtu: number | undefined;
  /** Hosts make themselves addresses of these. */
  readonly prefixes: readonly AdvertisedPrefix[];
  /** 16 octets each. */
  readonly nameServers: readonly Uint8Array[];
  /** Seconds. */
  readonly nameServerLifetime: number;
}

const optionTypes = { sourceHardware: 1, prefix: 3, mtu: 5, nameServers: 25 } as const;

/** On the link, and for addresses that hosts make themselves (L and A). */
const onLink = 0x80;
const autonomous = 0x40;

/** @returns a message of ICMPv6, without its checksum */
export function encodeRouterAdvertisement(advertisement: RouterAdvertisement): Uint8Array {
  const { hopLimit, routerLifetime, hardware, mtu, prefixes, nameServers, nameServerLifetime } = advertisement;
  const w = new Writer()
    .u8(icmpv6Types.routerAdvertisement)
    .u8(0)
    .u16be(0)
    .u8(hopLimit)
    // Neither addresses nor anything else by DHCPv6.
    .u8(0)
    .u16be(routerLifetime)
    .u32be(0)
    .u32be(0);
  if (hardware !== undefined) w.u8(optionTypes.sourceHardware).u8(1).put(encodeMacAddress(hardware));
  if (mtu !== undefined) w.u8(optionTypes.mtu).u8(1).u16be(0).u32be(mtu);
  for (const { prefix, length, validLifetime, preferredLifetime } of prefixes) {
    w.u8(optionTypes.prefix)
      .u8(4)
      .u8(length)
      .u8(onLink | autonomous);
    w.u32be(validLifetime).u32be(preferredLifetime).u32be(0).put(prefix);
  }
  if (nameServers.length > 0) {
    w.u8(optionTypes.nameServers)
      .u8(1 + 2 * nameServers.length)
      .u16be(0)
      .u32be(nameServerLifetime);
    for (const address of nameServers) w.put(address);
  }
  return w.finish();
}

/** @param r a message of ICMPv6 @returns undefined for another one @throws MalformedError */
export function decodeRouterAdvertisement(r: Reader): RouterAdvertisement | undefined {
  const type = r.u8();
  const code = r.u8();
  if (type !== icmpv6Types.routerAdvertisement || code !== 0) return undefined;
  r.skip(2);
  const hopLimit = r.u8();
  r.skip(1);
  const routerLifetime = r.u16be();
  r.skip(8);
  let hardware: MacAddress | undefined;
  let mtu: number | undefined;
  let nameServerLifetime = 0;
  const prefixes: AdvertisedPrefix[] = [];
  const nameServers: Uint8Array[] = [];
  for (const { kind, body } of readOptions(r)) {
    if (kind === optionTypes.sourceHardware) hardware = macAddressOf(body.take(6));
    if (kind === optionTypes.mtu) {
      body.skip(2);
      mtu = body.u32be();
    }
    if (kind === optionTypes.prefix) prefixes.push(decodePrefix(body));
    if (kind === optionTypes.nameServers) {
      body.skip(2);
      nameServerLifetime = body.u32be();
      while (body.remaining >= 16) nameServers.push(body.take(16).slice());
    }
  }
  return { hopLimit, routerLifetime, hardware, mtu, prefixes, nameServers, nameServerLifetime };
}

function decodePrefix(r: Reader): AdvertisedPrefix {
  const length = r.u8();
  r.skip(1);
  const validLifetime = r.u32be();
  const preferredLifetime = r.u32be();
  r.skip(4);
  return { prefix: r.take(16).slice(), length, validLifetime, preferredLifetime };
}

/** Unknown ones are left to whoever knows them. @throws MalformedError for one without a length */
function readOptions(r: Reader): { readonly kind: number; readonly body: Reader }[] {
  const options: { readonly kind: number; readonly body: Reader }[] = [];
  while (r.remaining > 0) {
    const kind = r.u8();
    const length = r.u8();
    if (length === 0) r.fail("an option without a length");
    options.push({ kind, body: r.field(`option ${kind}`, 8 * length - 2) });
  }
  return options;
}
