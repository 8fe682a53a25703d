import { utf8 } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import { formatIpAddress, parseIpAddress } from "../base/ip-address.ts";
import { Descriptor } from "./descriptor.ts";
import { attempt, constants as c, libc, systemCall } from "./libc.ts";
import { attachFilter, type PacketFilter } from "./packet-filter.ts";
import type { Reactor, Watch } from "./reactor.ts";

/** An address of IPv4 or IPv6, and a port. */
export interface UdpAddress {
  readonly address: string;
  readonly port: number;
}

export interface UdpListener {
  /** @param from undefined where the socket speaks with one other only */
  onMessage(message: Uint8Array, from: UdpAddress): void;
  /** What the network says of messages that were sent: `ECONNREFUSED`, `EHOSTUNREACH`. */
  onError(errno: string): void;
}

export interface OpenUdp {
  /** Where it is bound: an address, a port, or both; the kernel's choice else. */
  readonly local?: Partial<UdpAddress> | undefined;
  /** Whom it speaks with; it hears nobody else then. */
  readonly peer?: UdpAddress | undefined;
  /** Interface that messages leave and come in by. */
  readonly device?: string | undefined;
  /** On all addresses of IPv6 and of IPv4, which look like `::ffff:192.0.2.1` then. */
  readonly bothFamilies?: boolean;
  /** Octets of messages that may wait to be heard, where the kernel allows so many. */
  readonly room?: number;
}

export interface UdpSocket {
  readonly local: UdpAddress;
  /** @param to where the socket has no peer @throws KernelRefusal ENETUNREACH, EACCES and the like; EAGAIN where the buffer is full */
  send(message: Uint8Array, to?: UdpAddress): void;
  close(): void;
}

/** One of several sockets with the same port. It is heard until it is paused; whoever has its number may hear it then. */
export interface SharedUdpSocket extends UdpSocket {
  readonly fd: number;
  pause(): void;
  resume(): void;
}

/** As many messages at a time: others have their turn then. */
const atOnce = 64;
const received = new Uint8Array(0x10000);

/**
 * UDP over IPv4 or IPv6, udp(7).
 * @throws KernelRefusal EADDRINUSE, EADDRNOTAVAIL, ENETUNREACH, ENODEV and the like; EINVAL where an address is none or the families don't fit
 */
export const openUdpSocket = (reactor: Reactor, options: OpenUdp, listener: UdpListener): UdpSocket =>
  serve(reactor, open(options), listener);

/**
 * Sockets of one port, of which each hears a part of what comes. Nobody else gets it: another's socket with that port is refused, and
 * makes ours be refused.
 * @param filter gives the place of the socket that is to have a message, from its payload; where it gives none, the kernel decides by addresses
 * @throws KernelRefusal as {@link openUdpSocket}
 */
export function openUdpGroup(
  reactor: Reactor,
  options: OpenUdp,
  count: number,
  filter: PacketFilter,
  listener: UdpListener,
): SharedUdpSocket[] {
  const sockets: SharedUdpSocket[] = [];
  try {
    // The first one is bound without being shared, so that a port that somebody shares already is refused.
    let local = options.local;
    for (let i = 0; i < count; i++) {
      const descriptor = open({ ...options, local }, i > 0);
      sockets.push(serve(reactor, descriptor, listener));
      if (i > 0) continue;
      descriptor.prepare(() => setOption(descriptor, c.SOL_SOCKET, c.SO_REUSEPORT, one));
      local = { ...local, port: localAddress(descriptor).port };
    }
    const [first] = sockets;
    if (first !== undefined && count > 1) attachFilter(first.fd, c.SO_ATTACH_REUSEPORT_CBPF, filter);
    return sockets;
  } catch (thrown) {
    for (const socket of sockets) socket.close();
    throw thrown;
  }
}

/** One that another thread has opened, and closes when nobody hears it any more. */
export const borrowUdpSocket = (reactor: Reactor, fd: number, listener: UdpListener): UdpSocket =>
  serve(reactor, Descriptor.borrow(fd), listener);

function open({ local, peer, device, bothFamilies = false, room }: OpenUdp, isShared = false): Descriptor {
  const family = familyOf(peer?.address ?? local?.address ?? (bothFamilies ? "::" : "0.0.0.0"));
  const socket = Descriptor.open("socket", () =>
    libc.socket(family, c.SOCK_DGRAM | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0),
  );
  return socket.prepare(() => {
    if (device !== undefined) setOption(socket, c.SOL_SOCKET, c.SO_BINDTODEVICE, utf8(`${device}\0`));
    // Whoever sends EAP over UDP has packets that are longer than a frame: routers may fragment them.
    if (family === c.AF_INET || bothFamilies) setOption(socket, c.IPPROTO_IP, c.IP_MTU_DISCOVER, new Uint8Array(4));
    else if (local?.address !== undefined && !peer) setOption(socket, c.IPPROTO_IPV6, c.IPV6_V6ONLY, one);
    if (bothFamilies) setOption(socket, c.IPPROTO_IPV6, c.IPV6_V6ONLY, new Uint8Array(4));
    if (isShared) setOption(socket, c.SOL_SOCKET, c.SO_REUSEPORT, one);
    if (room !== undefined) makeRoom(socket, room);
    if (local) {
      const address = encodeAddress({ address: local.address ?? anyOf(family), port: local.port ?? 0 }, family);
      systemCall("bind", () => libc.bind(socket.fd, address, address.length));
    }
    if (peer) {
      const address = encodeAddress(peer, family);
      systemCall("connect", () => libc.connect(socket.fd, address, address.length));
    }
  });
}

function serve(reactor: Reactor, socket: Descriptor, listener: UdpListener): SharedUdpSocket {
  const local = localAddress(socket);
  const family = familyOf(local.address);
  const known = new KnownAddresses();
  const sender = new Uint8Array(28);
  const senderLength = new Uint32Array(1);
  const receive = (): "message" | "nothing" | "error" => {
    senderLength[0] = sender.length;
    const result = attempt(() =>
      libc.recvfrom(socket.fd, received, received.length, c.MSG_DONTWAIT, sender, senderLength),
    );
    if (result === "EAGAIN") return "nothing";
    if (typeof result === "string") {
      listener.onError(result);
      return "error";
    }
    listener.onMessage(received.slice(0, result), known.decoded(sender));
    return "message";
  };
  const onReadable = (): void => {
    for (let i = 0; i < atOnce && socket.isOpen; i++) if (receive() === "nothing") return;
    if (socket.isOpen) watch?.wake();
  };
  let watch: Watch | undefined = reactor.watch(socket, onReadable);
  return {
    local,
    get fd() {
      return socket.fd;
    },
    pause: () => {
      watch?.close();
      watch = undefined;
    },
    resume: () => {
      if (socket.isOpen) watch ??= reactor.watch(socket, onReadable);
    },
    send: (message, to) => {
      const flags = c.MSG_DONTWAIT | c.MSG_NOSIGNAL;
      if (!to) {
        systemCall("send", () => libc.send(socket.fd, message, message.length, flags));
        return;
      }
      const address = known.encoded(to, family);
      systemCall("sendto", () => libc.sendto(socket.fd, message, message.length, flags, address, address.length));
    },
    close: () => socket.close(),
  };
}

const one = Uint8Array.of(1, 0, 0, 0);

/** Beyond the system's limit where we may, else up to it. */
function makeRoom(socket: Descriptor, octets: number): void {
  const value = new Uint8Array(Int32Array.of(octets).buffer);
  const set = (name: number) => () => libc.setsockopt(socket.fd, c.SOL_SOCKET, name, value, value.length);
  if (typeof attempt(set(c.SO_RCVBUFFORCE)) === "string") attempt(set(c.SO_RCVBUF));
}

const setOption = (socket: Descriptor, level: number, name: number, value: Uint8Array): void =>
  void systemCall("setsockopt", () => libc.setsockopt(socket.fd, level, name, value, value.length));

const familyOf = (address: string): number => (address.includes(":") ? c.AF_INET6 : c.AF_INET);
const anyOf = (family: number): string => (family === c.AF_INET6 ? "::" : "0.0.0.0");

/** Those that were heard or written to lately: most messages come from few. */
class KnownAddresses {
  /** By address and port of IPv4. */
  readonly #decoded = new Map<number, UdpAddress>();
  readonly #encoded = new WeakMap<UdpAddress, Uint8Array>();

  decoded(encoded: Uint8Array): UdpAddress {
    if (encoded[0] !== c.AF_INET) return decodeAddress(encoded);
    let key = 0;
    for (let i = 2; i < 8; i++) key = key * 256 + (encoded[i] ?? 0);
    const found = this.#decoded.get(key);
    if (found) return found;
    const decoded = decodeAddress(encoded);
    if (this.#decoded.size >= 1024) this.#decoded.clear();
    this.#decoded.set(key, decoded);
    return decoded;
  }

  /** @throws KernelRefusal */
  encoded(to: UdpAddress, family: number): Uint8Array {
    const found = this.#encoded.get(to);
    if (found) return found;
    const encoded = encodeAddress(to, family);
    // What depends on an interface's number may change.
    if (!to.address.includes("%")) this.#encoded.set(to, encoded);
    return encoded;
  }
}

/** struct sockaddr_in, sockaddr_in6 @throws KernelRefusal */
function encodeAddress({ address, port }: UdpAddress, family: number): Uint8Array {
  const parsed = parseIpAddress(address);
  if (!parsed || familyOf(address) !== family) throw new KernelRefusal("bind", "EINVAL", `the address ${address}`);
  const { octets, zone } = parsed;
  const encoded = new Uint8Array(family === c.AF_INET6 ? 28 : 16);
  const view = new DataView(encoded.buffer);
  view.setUint16(0, family, true);
  view.setUint16(2, port, false);
  if (family === c.AF_INET) {
    encoded.set(octets, 4);
    return encoded;
  }
  encoded.set(octets, 8);
  if (zone !== undefined) {
    const index = libc.ifNameToIndex(zone);
    if (index === 0) throw new KernelRefusal("if_nametoindex", "ENODEV", zone);
    view.setUint32(24, index, true);
  }
  return encoded;
}

function decodeAddress(encoded: Uint8Array): UdpAddress {
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  const isV6 = view.getUint16(0, true) === c.AF_INET6;
  const octets = encoded.slice(isV6 ? 8 : 4, isV6 ? 24 : 8);
  return { address: formatIpAddress(octets), port: view.getUint16(2, false) };
}

function localAddress(socket: Descriptor): UdpAddress {
  const address = new Uint8Array(28);
  const length = Uint32Array.of(address.length);
  systemCall("getsockname", () => libc.getsockname(socket.fd, address, length));
  return decodeAddress(address);
}
