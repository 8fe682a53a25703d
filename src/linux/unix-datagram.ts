import { chmodSync, chownSync, lstatSync, unlinkSync } from "node:fs";
import { KernelRefusal } from "../base/errors.ts";
import { Descriptor } from "./descriptor.ts";
import { attempt, constants as c, libc, systemCall } from "./libc.ts";
import type { Reactor, Watch } from "./reactor.ts";

/**
 * Where a UNIX socket is: its path, octet for character. One in the abstract name space starts with a NUL character,
 * and a socket without a name is the empty string.
 */
export type UnixAddress = string & { readonly __brand: "UnixAddress" };

export interface UnixDatagram {
  readonly data: Uint8Array;
  readonly sender: UnixAddress;
}

export interface UnixDatagramSocket {
  readonly path: string;
  /** The next datagram, in memory of its own; undefined where there is none now. @throws KernelRefusal */
  receive(): UnixDatagram | undefined;
  /** @throws KernelRefusal ENOENT, ECONNREFUSED where nobody is there any more; EAGAIN where they don't read */
  sendTo(address: UnixAddress, data: Uint8Array): void;
  /** Octets of memory that datagrams of ours take up, because whoever they went to has not read them. */
  unread(): number;
  onReadable(handler: () => void): Watch;
  /** Removes the socket from the file system too. */
  close(): void;
}

export interface BindUnixDatagram {
  readonly path: string;
  /** Permissions, 0o770. */
  readonly mode: number;
  /** Group to give it to; that of the process where undefined. */
  readonly groupId?: number | undefined;
  /** Longest datagram that is received whole; the rest of a longer one is cut off. */
  readonly maxLength: number;
  /** How much {@link UnixDatagramSocket.unread} may become before nothing can be sent any more; the kernel's own where undefined. */
  readonly mostUnread?: number | undefined;
}

/** The same address twice. */
interface Peer {
  readonly address: UnixAddress;
  /** struct sockaddr_un */
  readonly encoded: Uint8Array;
}

/** sun_path's length, with the NUL that ends a path. */
const pathLength = 108;

/**
 * @throws KernelRefusal EADDRINUSE where something that lives listens there, or where the path is no socket;
 * ENAMETOOLONG; ENOENT where the directory is missing
 */
export function bindUnixDatagram(reactor: Reactor, options: BindUnixDatagram): UnixDatagramSocket {
  const { path, maxLength } = options;
  const { socket, remove } = bindNamed(options);
  if (options.mostUnread !== undefined) growSendBuffer(socket, options.mostUnread);
  const received = new Uint8Array(maxLength);
  const sender = new Uint8Array(2 + pathLength);
  const senderLength = new Uint32Array(1);
  const unread = new Int32Array(1);
  // Most of what comes and goes is one client's.
  let lastSender: Peer | undefined;
  const senderOf = (encoded: Uint8Array): Peer => {
    if (lastSender && Buffer.compare(lastSender.encoded, encoded) === 0) return lastSender;
    lastSender = { address: decodeAddress(encoded), encoded: encoded.slice() };
    return lastSender;
  };
  let lastReceiver: Peer | undefined;
  const receiverOf = (address: UnixAddress): Peer => {
    if (lastReceiver?.address === address) return lastReceiver;
    lastReceiver = { address, encoded: socketAddress(Buffer.from(address, "latin1")) };
    return lastReceiver;
  };
  return {
    path,
    receive: () => {
      senderLength[0] = sender.length;
      const result = attempt(() =>
        libc.recvfrom(socket.fd, received, received.length, c.MSG_DONTWAIT, sender, senderLength),
      );
      if (result === "EAGAIN") return undefined;
      if (typeof result === "string") throw new KernelRefusal("recvfrom", result);
      return { data: received.slice(0, result), sender: senderOf(sender.subarray(0, senderLength[0])).address };
    },
    sendTo: (to, data) => {
      const peer = receiverOf(to).encoded;
      const flags = c.MSG_DONTWAIT | c.MSG_NOSIGNAL;
      systemCall("sendto", () => libc.sendto(socket.fd, data, data.length, flags, peer, peer.length));
    },
    unread: () => {
      systemCall("ioctl", () => libc.ioctl(socket.fd, c.SIOCOUTQ, "void *", unread));
      return unread[0] ?? 0;
    },
    onReadable: (handler) => reactor.watch(socket, handler),
    close: () => {
      if (!socket.isOpen) return;
      remove();
      socket.close();
    },
  };
}

/** As far as this process may. */
function growSendBuffer(socket: Descriptor, octets: number): void {
  const value = new Uint8Array(4);
  // the kernel doubles what it is given
  new DataView(value.buffer).setUint32(0, octets >>> 1, true);
  const set = (option: number) => attempt(() => libc.setsockopt(socket.fd, c.SOL_SOCKET, option, value, value.length));
  if (typeof set(c.SO_SNDBUFFORCE) === "string") set(c.SO_SNDBUF);
}

export interface UnixDatagramConnection {
  /** The next datagram, in memory of its own; undefined where there is none now. @throws KernelRefusal */
  receive(): Uint8Array | undefined;
  /** @throws KernelRefusal ECONNREFUSED where the other end is gone; EAGAIN where it doesn't read */
  send(data: Uint8Array): void;
  onReadable(handler: () => void): Watch;
  /** Removes the socket from the file system too. */
  close(): void;
}

export interface ConnectUnixDatagram {
  /** The socket to speak with. */
  readonly peer: string;
  /** Where this end is, for the answers; its owner's only. */
  readonly path: string;
  readonly maxLength: number;
}

/**
 * A socket that hears what one other says, and nobody else.
 * @throws KernelRefusal ENOENT, ECONNREFUSED, EACCES of the other end; those of {@link bindUnixDatagram}
 */
export function connectUnixDatagram(reactor: Reactor, options: ConnectUnixDatagram): UnixDatagramConnection {
  const { path, maxLength } = options;
  const peer = socketAddress(Buffer.from(options.peer), "connect");
  const { socket, remove } = bindNamed({ path, mode: 0o600 });
  socket.prepare(() => {
    try {
      systemCall("connect", () => libc.connect(socket.fd, peer, peer.length));
    } catch (error) {
      remove();
      throw error;
    }
  });
  const received = new Uint8Array(maxLength);
  return {
    receive: () => {
      const result = attempt(() => libc.recv(socket.fd, received, received.length, c.MSG_DONTWAIT));
      if (result === "EAGAIN") return undefined;
      if (typeof result === "string") throw new KernelRefusal("recv", result);
      return received.slice(0, result);
    },
    send: (data) => {
      systemCall("send", () => libc.send(socket.fd, data, data.length, c.MSG_DONTWAIT | c.MSG_NOSIGNAL));
    },
    onReadable: (handler) => reactor.watch(socket, handler),
    close: () => {
      if (!socket.isOpen) return;
      remove();
      socket.close();
    },
  };
}

/** Sends to whoever listens, and has no name of its own to be answered at. */
export interface UnixDatagramSender {
  /** @returns whether somebody has it; that nobody listens, or doesn't read, is no exception */
  offer(data: Uint8Array): boolean;
  close(): void;
}

export function openUnixDatagramSender(path: string): UnixDatagramSender {
  const socket = openSocket();
  const peer = socketAddress(Buffer.from(path), "sendto");
  const flags = c.MSG_DONTWAIT | c.MSG_NOSIGNAL;
  return {
    offer: (data) =>
      typeof attempt(() => libc.sendto(socket.fd, data, data.length, flags, peer, peer.length)) === "number",
    close: () => socket.close(),
  };
}

/** Whether somebody receives on this socket. @throws KernelRefusal EACCES and the like, where it can't be told */
export function isUnixDatagramServed(path: string): boolean {
  const address = socketAddress(Buffer.from(path));
  const socket = openSocket();
  try {
    const result = attempt(() => libc.connect(socket.fd, address, address.length));
    // Of another type, with its queue full, or in conversation with somebody else: somebody is there.
    if (typeof result === "number" || ["EPROTOTYPE", "EAGAIN", "EPERM"].includes(result)) return true;
    if (result === "ECONNREFUSED" || result === "ENOENT") return false;
    throw new KernelRefusal("connect", result);
  } finally {
    socket.close();
  }
}

const openSocket = (): Descriptor =>
  Descriptor.open("socket", () => libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0));

interface NamedSocket {
  readonly socket: Descriptor;
  /** Takes it out of the file system. */
  remove(): void;
}

function bindNamed({ path, mode, groupId }: Omit<BindUnixDatagram, "maxLength">): NamedSocket {
  const address = socketAddress(Buffer.from(path));
  removeStale(path);
  const socket = openSocket();
  socket.prepare(() => {
    systemCall("bind", () => libc.bind(socket.fd, address, address.length));
  });
  const remove = (): void => ignoreMissing(() => unlinkSync(path));
  socket.prepare(() => {
    try {
      if (groupId !== undefined) chownSync(path, -1, groupId);
      chmodSync(path, mode);
    } catch (error) {
      remove();
      throw refusalOf(error, "chmod");
    }
  });
  return { socket, remove };
}

/** A socket whose daemon died still lies in the directory; only that may go. */
function removeStale(path: string): void {
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present === undefined) return;
  if (!present.isSocket() || isUnixDatagramServed(path)) throw new KernelRefusal("bind", "EADDRINUSE");
  ignoreMissing(() => unlinkSync(path));
}

/** struct sockaddr_un. @throws KernelRefusal ENAMETOOLONG */
function socketAddress(octets: Uint8Array, request = "bind"): Uint8Array {
  if (octets.length >= pathLength) throw new KernelRefusal(request, "ENAMETOOLONG");
  // The zero that ends a path is no part of an abstract name.
  const abstract = octets[0] === 0;
  const address = new Uint8Array(2 + octets.length + (abstract ? 0 : 1));
  new DataView(address.buffer).setUint16(0, c.AF_UNIX, true);
  address.set(octets, 2);
  return address;
}

function decodeAddress(address: Uint8Array): UnixAddress {
  const octets = Buffer.from(address.subarray(2));
  const end = octets[0] === 0 ? octets.length : octets.indexOf(0);
  return octets.toString("latin1", 0, end < 0 ? octets.length : end) as UnixAddress;
}

function ignoreMissing(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (refusalOf(error, "unlink").errno !== "ENOENT") throw error;
  }
}

function refusalOf(error: unknown, request: string): KernelRefusal {
  const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
  return new KernelRefusal(request, code);
}
