/** rtnetlink's links: network interfaces and what they are part of. linux/rtnetlink.h, linux/if_link.h; RFC 3549 section 3.1.1. */

import { concat, Reader, Writer } from "../../base/bytes.ts";
import { attr, attributes, bytes, nested, text, u8, u16, u32 } from "./attributes.ts";

export const routeMessages = { newLink: 16, delLink: 17, getLink: 18, setLink: 19 } as const;

/** Multicast group of link changes, RTNLGRP_LINK. */
export const linkGroup = 1;

/** linux/if.h, IFF_* */
export const linkFlags = { up: 0x1, running: 0x40, lowerUp: 0x10000 } as const;

/** enum of IFLA_INFO_*; what `data` holds depends on the kind. */
const linkInformation = attributes({ kind: attr(1, text), data: attr(2, bytes) });

/** enum of IFLA_VLAN_* */
const vlanInformation = attributes({ id: attr(1, u16) });

/** enum of IFLA_* */
const linkAttributes = attributes({
  address: attr(1, bytes),
  name: attr(3, text),
  mtu: attr(4, u32),
  parent: attr(5, u32),
  master: attr(10, u32),
  operationalState: attr(16, u8),
  information: attr(18, nested(linkInformation)),
  alias: attr(20, text),
});

/** struct ifinfomsg and the attributes. */
export interface LinkMessage {
  /** AF_UNSPEC, 0; a bridge's messages about its ports have AF_BRIDGE, 7. */
  readonly family: number;
  readonly index: number;
  readonly flags: number;
  /** Which of the flags to change. */
  readonly change: number;
  readonly address?: Uint8Array | undefined;
  readonly name?: string | undefined;
  /** Index of the bridge that it belongs to; 0 takes it out. */
  readonly master?: number | undefined;
  /** Index of the interface that it lies upon, IFLA_LINK. */
  readonly parent?: number | undefined;
  /** What drives it: `bridge`, `vlan`; undefined for a piece of hardware. */
  readonly kind?: string | undefined;
  /** Of a `vlan`: the tag. IEEE Std 802.1Q-2018, 9.6. */
  readonly vlanId?: number | undefined;
  /** A note for people and programs, IFLA_IFALIAS. */
  readonly alias?: string | undefined;
}

const encodeHeader = (message: LinkMessage): Uint8Array =>
  new Writer()
    .u8(message.family)
    .u8(0)
    .u16le(0)
    .u32le(message.index)
    .u32le(message.flags)
    .u32le(message.change)
    .finish();

export function encodeLink(message: LinkMessage): Uint8Array {
  const { address, name, master, parent, kind, vlanId, alias } = message;
  const data = vlanId === undefined ? undefined : vlanInformation.encode({ id: vlanId });
  const information = kind === undefined ? undefined : { kind, data };
  return concat(encodeHeader(message), linkAttributes.encode({ address, name, parent, master, information, alias }));
}

/** @throws MalformedError */
export function decodeLink(payload: Uint8Array): LinkMessage {
  const r = new Reader(payload, ["link"]);
  const family = r.u8();
  r.take(3);
  const index = r.i32le();
  const flags = r.u32le();
  const change = r.u32le();
  const { address, name, master, parent, information, alias } = linkAttributes.decode(r);
  const kind = information?.kind;
  const vlanId =
    kind === "vlan" && information?.data
      ? vlanInformation.decode(new Reader(information.data, ["link", "VLAN"])).id
      : undefined;
  return { family, index, flags, change, address, name, master, parent, kind, vlanId, alias };
}
