import { KernelRefusal } from "../base/errors.ts";
import { Descriptor } from "./descriptor.ts";
import { attempt, constants as c, libc, systemCall } from "./libc.ts";
import type { Reactor, Watch } from "./reactor.ts";

/** Whole Ethernet frames on one interface. packet(7). */
export interface PacketSocket {
  /** @throws KernelRefusal ENETDOWN, ENXIO once the interface has gone */
  send(frame: Uint8Array): void;
  /** The next frame, in memory of its own; undefined where there is none now. @throws KernelRefusal */
  receive(): Uint8Array | undefined;
  onReadable(handler: () => void): Watch;
  close(): void;
}

const received = new Uint8Array(0x10000);

/** @param etherType of the frames to receive; none where undefined @throws KernelRefusal */
export function openPacketSocket(reactor: Reactor, ifIndex: number, etherType: number | undefined): PacketSocket {
  // With protocol 0 nothing comes in before bind() has named the interface, and afterwards only with a type.
  const socket = Descriptor.open("socket", () =>
    libc.socket(c.AF_PACKET, c.SOCK_RAW | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0),
  );
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
    close: () => socket.close(),
  };
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
