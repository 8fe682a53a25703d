/** Network interfaces, their addresses and the routes: what there are, and changes to them, over rtnetlink. */

import { KernelRefusal } from "../base/errors.ts";
import { encodeMacAddress, type MacAddress, macAddressOf } from "../base/mac-address.ts";
import {
  type AddressMessage,
  addressMessages,
  decodeAddress,
  decodeRoute,
  encodeAddress,
  encodeAddressQuery,
  encodeRouteQuery,
  type RouteMessage,
} from "../wire/netlink/address.ts";
import {
  decodeIpv6Address,
  decodeIpv6Route,
  encodeIpv6Address,
  encodeIpv6AddressQuery,
  encodeIpv6RouteQuery,
  type Ipv6AddressMessage,
  type Ipv6RouteMessage,
} from "../wire/netlink/address6.ts";
import { type BridgePortSettings, encodeBridgePort } from "../wire/netlink/bridge-port.ts";
import { messageFlags, type NetlinkMessage } from "../wire/netlink/message.ts";
import { decodeLink, encodeLink, type LinkMessage, linkFlags, routeMessages } from "../wire/netlink/route.ts";
import { NetlinkClient } from "./netlink-client.ts";
import type { NetlinkEndpoint } from "./netlink-socket.ts";

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  /** There is somebody at the other end. */
  readonly hasCarrier: boolean;
  /** undefined where it has none of six octets. */
  readonly address: MacAddress | undefined;
  /** Index of the bridge, or the like, that it is part of. */
  readonly master: number | undefined;
  /** `bridge`, `vlan`; undefined for hardware. */
  readonly kind: string | undefined;
  /** Index of the interface that a `vlan` lies upon. */
  readonly parent: number | undefined;
  /** Its tag. */
  readonly vlanId: number | undefined;
  /** A note for people and programs; empty for none. */
  readonly alias: string;
}

export type LinkEvent =
  /** It is there, as described: new or changed. */
  | { readonly type: "present"; readonly link: Link }
  | { readonly type: "removed"; readonly index: number; readonly name: string };

/** Of messages about interfaces themselves; bridges speak of their ports in messages of another family. */
const unspecified = 0;

const ifNameLength = 15;

/** @returns undefined for a message that is about something else @throws MalformedError */
export function decodeLinkEvent(message: NetlinkMessage): LinkEvent | undefined {
  if (message.type !== routeMessages.newLink && message.type !== routeMessages.delLink) return undefined;
  const decoded = decodeLink(message.payload);
  if (decoded.family !== unspecified) return undefined;
  const link = linkOf(decoded);
  return message.type === routeMessages.newLink
    ? { type: "present", link }
    : { type: "removed", index: link.index, name: link.name };
}

const linkOf = ({ index, name = "", flags, address, master, parent, kind, vlanId, alias = "" }: LinkMessage): Link => ({
  index,
  name,
  up: (flags & linkFlags.up) !== 0,
  hasCarrier: (flags & linkFlags.lowerUp) !== 0,
  address: address?.length === 6 ? macAddressOf(address) : undefined,
  master: master === 0 ? undefined : master,
  kind,
  parent: parent === 0 ? undefined : parent,
  vlanId,
  alias,
});

const blank: LinkMessage = { family: unspecified, index: 0, flags: 0, change: 0 };

/** Each method throws a KernelRefusal where the kernel refuses. */
export class RouteClient {
  readonly #client: NetlinkClient;

  constructor(readonly endpoint: NetlinkEndpoint) {
    this.#client = new NetlinkClient(endpoint);
  }

  links(): Link[] {
    const payloads = this.#client.dump({
      name: "RTM_GETLINK",
      type: routeMessages.getLink,
      payload: encodeLink(blank),
    });
    return payloads.map((payload) => linkOf(decodeLink(payload)));
  }

  /** @param which index or name @returns undefined where there is none */
  link(which: number | string): Link | undefined {
    if (typeof which === "string" && (which === "" || which.length > ifNameLength)) return undefined;
    const wanted = typeof which === "number" ? { ...blank, index: which } : { ...blank, name: which };
    try {
      const { payloads } = this.#client.request({
        name: "RTM_GETLINK",
        type: routeMessages.getLink,
        payload: encodeLink(wanted),
      });
      return payloads.map((payload) => linkOf(decodeLink(payload)))[0];
    } catch (error) {
      if (error instanceof KernelRefusal && error.errno === "ENODEV") return undefined;
      throw error;
    }
  }

  setUp(index: number, up: boolean): void {
    this.#change({ ...blank, index, flags: up ? linkFlags.up : 0, change: linkFlags.up });
  }

  /** Most drivers want the interface down for it. */
  setAddress(index: number, address: MacAddress): void {
    this.#change({ ...blank, index, address: encodeMacAddress(address) });
  }

  /** @param master index of a bridge; undefined takes the interface out of the one that it is in */
  setMaster(index: number, master: number | undefined): void {
    this.#change({ ...blank, index, master: master ?? 0 });
  }

  /** Of an interface that is in a bridge. */
  setBridgePort(index: number, settings: BridgePortSettings): void {
    this.#client.request({
      name: "RTM_SETLINK bridge port",
      type: routeMessages.setLink,
      payload: encodeBridgePort(index, settings),
    });
  }

  /** @throws KernelRefusal EEXIST */
  createBridge(name: string): void {
    this.#create({ ...blank, name, kind: "bridge" });
  }

  /** Frames that leave by it leave `parent` with a tag (IEEE 802.1Q). @throws KernelRefusal EEXIST also where there is one for that tag */
  createVlan(name: string, parent: number, vlanId: number): void {
    this.#create({ ...blank, name, kind: "vlan", parent, vlanId });
  }

  /** A note that `ip link` shows, of at most 255 octets. */
  setAlias(index: number, alias: string): void {
    this.#change({ ...blank, index, alias });
  }

  /** Bridges, VLANs and the like; hardware can't be deleted. */
  deleteLink(index: number): void {
    this.#client.request({
      name: "RTM_DELLINK",
      type: routeMessages.delLink,
      payload: encodeLink({ ...blank, index }),
    });
  }

  /** Of IPv4, of all interfaces. */
  addresses(): AddressMessage[] {
    const query = { name: "RTM_GETADDR", type: addressMessages.getAddress, payload: encodeAddressQuery() };
    return this.#client.dump(query).flatMap((payload) => decodeAddress(payload) ?? []);
  }

  /** @throws KernelRefusal EEXIST */
  addAddress(address: AddressMessage): void {
    this.#client.request({
      name: "RTM_NEWADDR",
      type: addressMessages.newAddress,
      flags: messageFlags.create | messageFlags.exclusive,
      payload: encodeAddress(address),
    });
  }

  /** @throws KernelRefusal EADDRNOTAVAIL where it isn't there */
  removeAddress(address: AddressMessage): void {
    const payload = encodeAddress(address);
    this.#client.request({ name: "RTM_DELADDR", type: addressMessages.delAddress, payload });
  }

  /** Of IPv6, of all interfaces; none where the kernel has no IPv6. */
  ipv6Addresses(): Ipv6AddressMessage[] {
    const query = { name: "RTM_GETADDR", type: addressMessages.getAddress, payload: encodeIpv6AddressQuery() };
    return this.#client.dump(query).flatMap((payload) => decodeIpv6Address(payload) ?? []);
  }

  /** It can be used at once: nobody on the link is asked whether it is theirs. @throws KernelRefusal EEXIST */
  addIpv6Address(address: Omit<Ipv6AddressMessage, "isUsable">): void {
    this.#client.request({
      name: "RTM_NEWADDR",
      type: addressMessages.newAddress,
      flags: messageFlags.create | messageFlags.exclusive,
      payload: encodeIpv6Address(address),
    });
  }

  /** @throws KernelRefusal EADDRNOTAVAIL where it isn't there */
  removeIpv6Address(address: Omit<Ipv6AddressMessage, "isUsable">): void {
    const payload = encodeIpv6Address(address);
    this.#client.request({ name: "RTM_DELADDR", type: addressMessages.delAddress, payload });
  }

  /** Of IPv6 that lead somewhere, in all tables. */
  ipv6Routes(): Ipv6RouteMessage[] {
    const query = { name: "RTM_GETROUTE", type: addressMessages.getRoute, payload: encodeIpv6RouteQuery() };
    return this.#client.dump(query).flatMap((payload) => decodeIpv6Route(payload) ?? []);
  }

  /** Of IPv4, in all tables. */
  routes(): RouteMessage[] {
    const query = { name: "RTM_GETROUTE", type: addressMessages.getRoute, payload: encodeRouteQuery() };
    return this.#client.dump(query).flatMap((payload) => decodeRoute(payload) ?? []);
  }

  close(): void {
    this.endpoint.close();
  }

  #create(message: LinkMessage): void {
    this.#client.request({
      name: `RTM_NEWLINK ${message.kind}`,
      type: routeMessages.newLink,
      flags: messageFlags.create | messageFlags.exclusive,
      payload: encodeLink(message),
    });
  }

  #change(message: LinkMessage): void {
    this.#client.request({ name: "RTM_SETLINK", type: routeMessages.setLink, payload: encodeLink(message) });
  }
}
