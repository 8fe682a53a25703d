import { KernelRefusal } from "../base/errors.ts";
import { encodeMacAddress, type MacAddress } from "../base/mac-address.ts";
import { Descriptor } from "./descriptor.ts";
import { attempt, constants as c, libc, systemCall } from "./libc.ts";
import { attachFilter, bpf, type PacketFilter } from "./packet-filter.ts";
import type { Reactor, Watch } from "./reactor.ts";

/** Whole Ethernet frames on one interface. packet(7). */
export interface PacketSocket {
  /** @throws KernelRefusal ENETDOWN, ENXIO once the interface has gone */
  send(frame: Uint8Array): void;
  /** The next frame, in memory of its own; undefined where there is none now. @throws KernelRefusal */
  receive(): Uint8Array | undefined;
  onReadable(handler: () => void): Watch;
  /** Frames to that group come in too. @throws KernelRefusal */
  join(ifIndex: number, group: MacAddress): void;
  close(): void;
}

/** UDP datagrams of IPv4 to this port, whole ones or first fragments. The operands are offsets in an Ethernet frame. */
export const udpFilter = (port: number): PacketFilter => [
  [bpf.loadByte, 0, 0, 23],
  [bpf.jumpIfEqual, 0, 6, 17],
  [bpf.loadHalf, 0, 0, 20],
  [bpf.jumpIfSet, 4, 0, 0x1fff],
  [bpf.loadHeaderLength, 0, 0, 14],
  [bpf.loadHalfIndexed, 0, 0, 16],
  [bpf.jumpIfEqual, 0, 1, port],
  [bpf.end, 0, 0, 0x40000],
  [bpf.end, 0, 0, 0],
];

/** Messages of ICMPv6 of this type, right behind the header of IPv6. */
export const icmpv6Filter = (type: number): PacketFilter => [
  [bpf.loadByte, 0, 0, 20],
  [bpf.jumpIfEqual, 0, 3, 58],
  [bpf.loadByte, 0, 0, 54],
  [bpf.jumpIfEqual, 0, 1, type],
  [bpf.end, 0, 0, 0x40000],
  [bpf.end, 0, 0, 0],
];

const received = new Uint8Array(0x10000);

/**
 * @param etherType of the frames to receive; none where undefined
 * @param filter says which of them; all where undefined
 * @throws KernelRefusal
 */
export function openPacketSocket(
  reactor: Reactor,
  ifIndex: number,
  etherType: number | undefined,
  filter?: PacketFilter,
): PacketSocket {
  // With protocol 0 nothing comes in before bind() has named the interface, and afterwards only with a type.
  const socket = Descriptor.open("socket", () =>
    libc.socket(c.AF_PACKET, c.SOCK_RAW | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0),
  );
  if (filter !== undefined) {
    socket.prepare(() => attachFilter(socket.fd, c.SO_ATTACH_FILTER, filter));
  }
  socket.prepare(() => {
    const address = linkLayerAddress(ifIndex, etherType ?? 0);
    systemCall("bind", () => libc.bind(socket.fd, address, address.length));
  });
  return {
    send: (frame) => {
      systemCall("send", () => libc.send(socket.fd, frame, frame.length, c.MSG_NOSIGNAL));
    },
    receive: () => {
      const result = attempt(() => libc.recv(socket.fd, received, received.length, c.MSG_DONTWAIT));
      if (result === "EAGAIN") return undefined;
      if (typeof result === "string") throw new KernelRefusal("recv", result);
      return received.slice(0, result);
    },
    onReadable: (handler) => reactor.watch(socket, handler),
    join: (index, group) => {
      const membership = multicastMembership(index, group);
      systemCall("setsockopt", () =>
        libc.setsockopt(socket.fd, c.SOL_PACKET, c.PACKET_ADD_MEMBERSHIP, membership, membership.length),
      );
    },
    close: () => socket.close(),
  };
}

/** struct packet_mreq: PACKET_MR_MULTICAST is 0. */
function multicastMembership(ifIndex: number, group: MacAddress): Uint8Array {
  const membership = new Uint8Array(16);
  const view = new DataView(membership.buffer);
  view.setInt32(0, ifIndex, true);
  view.setUint16(6, 6, true);
  membership.set(encodeMacAddress(group), 8);
  return membership;
}

/** struct sockaddr_ll */
function linkLayerAddress(ifIndex: number, etherType: number): Uint8Array {
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, c.AF_PACKET, true);
  view.setUint16(2, etherType, false);
  view.setInt32(4, ifIndex, true);
  return address;
}
