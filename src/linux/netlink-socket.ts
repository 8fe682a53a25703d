import { KernelRefusal } from "../base/errors.ts";
import { Descriptor } from "./descriptor.ts";
import { attempt, constants as c, libc, systemCall } from "./libc.ts";
import type { Reactor, Watch } from "./reactor.ts";

/** NETLINK_ROUTE and NETLINK_GENERIC. */
export const netlinkProtocols = { route: 0, generic: 16 } as const;

export type NetlinkProtocol = keyof typeof netlinkProtocols;

/** One end of a netlink conversation; the other is the kernel, or a test's idea of it. */
export interface NetlinkEndpoint {
  /** @throws KernelRefusal */
  send(datagram: Uint8Array): void;
  /**
   * The next datagram, in memory of its own; undefined where there is none now.
   * `overrun`: the kernel had more for us than the socket holds, and has thrown some away.
   * @throws KernelRefusal
   */
  receive(): Uint8Array | "overrun" | undefined;
  /** Waits, without the event loop, until there is something to receive. @returns whether there is, in time */
  wait(milliseconds: number): boolean;
  /** Joins a multicast group. @throws KernelRefusal */
  join(group: number): void;
  /** Has events come through the event loop from now on. */
  onReadable(handler: () => void): Watch;
  close(): void;
}

/** Dumps come in pieces of up to 32 KiB, whatever more we offer. netlink_recvmsg(). */
const received = new Uint8Array(0x10000);

/** What the kernel may have waiting for us: frames of a busy moment. */
const receiveBuffer = 1 << 20;

const int = (value: number): Uint8Array => new Uint8Array(Int32Array.of(value).buffer);

/** @throws KernelRefusal EPERM for groups that need privileges */
export function openNetlink(reactor: Reactor, protocol: NetlinkProtocol): NetlinkEndpoint {
  const socket = Descriptor.open("socket", () =>
    libc.socket(c.AF_NETLINK, c.SOCK_RAW | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, netlinkProtocols[protocol]),
  );
  const set = (level: number, name: number, value: number): number =>
    libc.setsockopt(socket.fd, level, name, int(value), 4);

  socket.prepare(() => {
    // Kernels before 4.12 don't know these two; acknowledgements are then bare numbers.
    set(c.SOL_NETLINK, c.NETLINK_EXT_ACK, 1);
    set(c.SOL_NETLINK, c.NETLINK_CAP_ACK, 1);
    if (set(c.SOL_SOCKET, c.SO_RCVBUFFORCE, receiveBuffer) < 0) set(c.SOL_SOCKET, c.SO_RCVBUF, receiveBuffer);
    const address = new Uint8Array(12);
    new DataView(address.buffer).setUint16(0, c.AF_NETLINK, true);
    systemCall("bind", () => libc.bind(socket.fd, address, address.length));
  });

  return {
    send: (datagram) => {
      systemCall("send", () => libc.send(socket.fd, datagram, datagram.length, c.MSG_NOSIGNAL));
    },
    receive: () => {
      const result = attempt(() => libc.recv(socket.fd, received, received.length, c.MSG_TRUNC | c.MSG_DONTWAIT));
      if (result === "EAGAIN") return undefined;
      if (result === "ENOBUFS") return "overrun";
      if (typeof result === "string") throw new KernelRefusal("recv", result);
      return result > received.length ? "overrun" : received.slice(0, result);
    },
    wait: (timeout) => {
      const poll = new Uint8Array(8);
      const view = new DataView(poll.buffer);
      view.setInt32(0, socket.fd, true);
      view.setInt16(4, c.POLLIN, true);
      return systemCall("poll", () => libc.poll(poll, 1, timeout)) > 0;
    },
    join: (group) => {
      systemCall("setsockopt NETLINK_ADD_MEMBERSHIP", () => set(c.SOL_NETLINK, c.NETLINK_ADD_MEMBERSHIP, group));
    },
    onReadable: (handler) => reactor.watch(socket, handler),
    close: () => socket.close(),
  };
}
