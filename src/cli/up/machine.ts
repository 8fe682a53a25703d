/** The machine, as `beacon up` changes it. What throws, throws BeaconErrors. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../base/errors.ts";
import { formatIpAddress, parseIpAddress } from "../../base/ip-address.ts";
import { broadcastOf, formatIpv4Address, ipv4AddressOf, ipv4Mask, parseIpv4Address } from "../../base/ipv4-address.ts";
import { silent } from "../../base/log.ts";
import { encodeMacAddress, type MacAddress, macAddressOf } from "../../base/mac-address.ts";
import { Nl80211Socket, resolveFamily } from "../../driver/nl80211/socket.ts";
import { openNetlink } from "../../linux/netlink-socket.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { withRoutes } from "../../linux/with-routes.ts";
import { routeTables } from "../../wire/netlink/address.ts";
import { interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { delInterface, newInterface, setInterface } from "../../wire/nl80211/interface.ts";

const settings = "/proc/sys";

/** undefined where the kernel has no such setting. */
export function readSetting(path: string): string | undefined {
  try {
    return readFileSync(join(settings, path), "utf8").trim();
  } catch {
    return undefined;
  }
}

export const writeSetting = (path: string, value: string): void => writeFileSync(join(settings, path), value);

/** Of IPv6, each with the setting that is asked for: `[["eth0", "0"], ...]`. */
export function ipv6Settings(name: string): (readonly [interfaceName: string, value: string])[] {
  try {
    return readdirSync(join(settings, "net/ipv6/conf")).flatMap((interfaceName) => {
      const value = readSetting(`net/ipv6/conf/${interfaceName}/${name}`);
      return value === undefined ? [] : [[interfaceName, value] as const];
    });
  } catch {
    return [];
  }
}

/** @param address of IPv4 or IPv6 */
export function addAddress(interfaceName: string, address: string, prefixLength: number, reactor: Reactor): void {
  withRoutes(reactor, (routes) => {
    const link = routes.link(interfaceName);
    if (link === undefined) throw new ConfigurationError(`there is no interface ${interfaceName}`);
    const { index } = link;
    const v4 = parseIpv4Address(address);
    const { octets = new Uint8Array() } = parseIpAddress(address) ?? {};
    if (v4 === undefined) return routes.addIpv6Address({ index, address: octets, prefixLength });
    const mask = ipv4Mask(prefixLength);
    const broadcast = broadcastOf({ address: ipv4AddressOf(v4 & mask), mask });
    routes.addAddress({ index, address: v4, prefixLength, broadcast });
  });
}

/** Harmless where it isn't there. */
export function removeAddress(interfaceName: string, address: string, prefixLength: number, reactor: Reactor): void {
  withRoutes(reactor, (routes) => {
    const link = routes.link(interfaceName);
    if (link === undefined) return;
    const { index } = link;
    const v4 = parseIpv4Address(address);
    const { octets = new Uint8Array() } = parseIpAddress(address) ?? {};
    const isThere =
      v4 === undefined
        ? routes.ipv6Addresses().some((each) => each.index === index && formatIpAddress(each.address) === address)
        : routes.addresses().some((each) => each.index === index && each.address === v4);
    if (!isThere) return;
    if (v4 === undefined) routes.removeIpv6Address({ index, address: octets, prefixLength });
    else routes.removeAddress({ index, address: v4, prefixLength });
  });
}

/** As a station's, up or down. */
export function giveBackInterface(interfaceName: string, isUp: boolean, reactor: Reactor): void {
  withRoutes(reactor, (routes) => {
    const link = routes.link(interfaceName);
    if (link === undefined) return;
    routes.setUp(link.index, false);
    withNl80211(reactor, (socket) =>
      socket.execute(setInterface.build({ ifIndex: link.index, type: interfaceTypes.STATION })),
    );
    if (isUp) routes.setUp(link.index, true);
  });
}

/** A name for an interface beside another that nothing has yet. */
export function nameBeside(interfaceName: string, reactor: Reactor): string {
  const taken = new Set(withRoutes(reactor, (routes) => routes.links().map(({ name }) => name)));
  for (let number = 0; ; number++) {
    const name = `${interfaceName.slice(0, 12)}ap${number === 0 ? "" : number % 10}`;
    if (!taken.has(name) || number > 9) return name;
  }
}

/** @param phy `phy0` */
export function makeInterface(phy: string, name: string, reactor: Reactor): void {
  const wiphy = Number(readFileSync(`/sys/class/ieee80211/${phy}/index`, "utf8"));
  withNl80211(reactor, (socket) => socket.execute(newInterface.build({ wiphy, name, type: interfaceTypes.AP })));
  withRoutes(reactor, (routes) => {
    const all = routes.links();
    const made = all.find((each) => each.name === name);
    if (made?.address === undefined) return;
    const isTaken = (address: MacAddress): boolean =>
      all.some((each) => each.index !== made.index && each.address === address);
    if (isTaken(made.address)) routes.setAddress(made.index, addressBeside(made.address, isTaken));
  });
}

/** Some drivers give all interfaces of a radio the same address: one that is administered here then. IEEE Std 802-2014, 8.4. */
function addressBeside(address: MacAddress, isTaken: (address: MacAddress) => boolean): MacAddress {
  const [first = 0, ...rest] = encodeMacAddress(address);
  for (let number = 0; number < 64; number++) {
    const candidate = macAddressOf(Uint8Array.of((first ^ (number << 2)) | 2, ...rest));
    if (!isTaken(candidate)) return candidate;
  }
  return address;
}

/** Harmless where it isn't there. */
export function deleteInterface(name: string, reactor: Reactor): void {
  const link = withRoutes(reactor, (routes) => routes.link(name));
  if (link) withNl80211(reactor, (socket) => socket.execute(delInterface.build({ ifIndex: link.index })));
}

function withNl80211(reactor: Reactor, use: (socket: Nl80211Socket) => void): void {
  const endpoint = openNetlink(reactor, "generic");
  try {
    use(new Nl80211Socket(endpoint, resolveFamily(endpoint), silent));
  } finally {
    endpoint.close();
  }
}

/** Interface of the default route. */
export const defaultUplink = (reactor: Reactor): string | undefined =>
  withRoutes(reactor, (routes) => {
    const [best] = routes.routes().filter(isDefault).sort(byPriority);
    return best?.outgoing === undefined ? undefined : routes.link(best.outgoing)?.name;
  });

/** Of IPv6's default route. @param share only one by this interface, where it is given */
export const defaultUplink6 = (reactor: Reactor, share: string | undefined): string | undefined =>
  withRoutes(reactor, (routes) => {
    const ways = routes.ipv6Routes().filter(isDefault).sort(byPriority);
    return ways
      .flatMap(({ outgoing }) => (outgoing === undefined ? [] : (routes.link(outgoing)?.name ?? [])))
      .find((name) => share === undefined || name === share);
  });

interface Way {
  readonly prefixLength: number;
  readonly table: number;
  readonly priority: number;
}

const isDefault = ({ prefixLength, table }: Way): boolean => prefixLength === 0 && table === routeTables.main;
const byPriority = (a: Way, b: Way): number => a.priority - b.priority;

/** Networks that the machine is part of, the one of `except` left out: `192.0.2.0/24`, `2001:db8::/64`. */
export const nearbyNetworks = (except: string, reactor: Reactor): string[] =>
  withRoutes(reactor, (routes) => {
    const own = routes.link(except)?.index;
    const isNear = (route: Way & { readonly outgoing: number | undefined; readonly gateway: unknown }): boolean =>
      route.prefixLength > 0 && route.table === routeTables.main && !route.gateway && route.outgoing !== own;
    return [
      ...routes
        .routes()
        .filter(isNear)
        .map(({ destination, prefixLength }) => `${formatIpv4Address(destination)}/${prefixLength}`),
      ...routes
        .ipv6Routes()
        .filter(isNear)
        .map(({ destination, prefixLength }) => `${formatIpAddress(destination)}/${prefixLength}`),
    ];
  });

/** 16 octets; undefined while the kernel still asks whether it is somebody else's. */
export const linkLocalOf = (interfaceName: string, reactor: Reactor): Uint8Array | undefined =>
  withRoutes(reactor, (routes) => {
    const own = routes.link(interfaceName)?.index;
    const found = routes.ipv6Addresses().filter(({ index, address }) => index === own && isLinkLocal(address));
    return found.find(({ isUsable }) => isUsable)?.address;
  });

export const hasLinkLocal = (interfaceName: string, reactor: Reactor): boolean =>
  withRoutes(reactor, (routes) => {
    const own = routes.link(interfaceName)?.index;
    return routes.ipv6Addresses().some(({ index, address }) => index === own && isLinkLocal(address));
  });

const isLinkLocal = ([first = 0, second = 0]: Uint8Array): boolean => first === 0xfe && (second & 0xc0) === 0x80;
