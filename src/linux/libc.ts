/**
 * The C library's functions that Node doesn't offer, and their errors. Structures are bytes, laid out by whoever calls;
 * Linux has the same layout for those used here on all machines, but for their byte order: little-endian ones only.
 */

import koffi from "koffi";
import { KernelRefusal } from "../base/errors.ts";

// The process itself: whatever C library Node runs on, glibc or musl.
const library = koffi.load(null);

type Socket = (domain: number, type: number, protocol: number) => number;
type Address = (fd: number, address: Uint8Array, length: number) => number;
type Option = (fd: number, level: number, name: number, value: Uint8Array, length: number) => number;
type Send = (fd: number, data: Uint8Array, length: number, flags: number) => number;
type SendTo = (fd: number, data: Uint8Array, length: number, flags: number, to: Uint8Array, toLength: number) => number;
type Receive = (fd: number, data: Uint8Array, length: number, flags: number) => number;
type ReceiveFrom = (
  fd: number,
  data: Uint8Array,
  length: number,
  flags: number,
  from: Uint8Array,
  fromLength: Uint32Array,
) => number;

/** struct sock_fprog */
const filterProgram = koffi.struct({ length: "uint16_t", program: koffi.pointer("uint8_t") });

export const libc = {
  socket: library.func("int socket(int, int, int)") as Socket,
  bind: library.func("int bind(int, const void *, uint32_t)") as Address,
  connect: library.func("int connect(int, const void *, uint32_t)") as Address,
  getsockname: library.func("int getsockname(int, void *, void *)") as (
    fd: number,
    address: Uint8Array,
    length: Uint32Array,
  ) => number,
  setsockopt: library.func("int setsockopt(int, int, int, const void *, uint32_t)") as Option,
  attachFilter: library.func("setsockopt", "int", ["int", "int", "int", koffi.pointer(filterProgram), "uint32_t"]) as (
    fd: number,
    level: number,
    name: number,
    program: { readonly length: number; readonly program: Uint8Array },
    length: number,
  ) => number,
  send: library.func("long send(int, const void *, size_t, int)") as Send,
  sendto: library.func("long sendto(int, const void *, size_t, int, const void *, uint32_t)") as SendTo,
  recv: library.func("long recv(int, void *, size_t, int)") as Receive,
  recvfrom: library.func("long recvfrom(int, void *, size_t, int, void *, void *)") as ReceiveFrom,
  open: library.func("int open(const char *, int)") as (path: string, flags: number) => number,
  read: library.func("long read(int, void *, size_t)") as (fd: number, data: Uint8Array, length: number) => number,
  poll: library.func("int poll(void *, unsigned long, int)") as (
    fds: Uint8Array,
    count: number,
    timeout: number,
  ) => number,
  ioctl: library.func("int ioctl(int, unsigned long, ...)") as (
    fd: number,
    request: number,
    type: "void *",
    argument: Uint8Array | Int32Array,
  ) => number,
  getrandom: library.func("long getrandom(void *, size_t, unsigned int)") as (
    data: Uint8Array,
    length: number,
    flags: number,
  ) => number,
  flock: library.func("int flock(int, int)") as (fd: number, operation: number) => number,
  close: library.func("int close(int)") as (fd: number) => number,
  ifNameToIndex: library.func("unsigned int if_nametoindex(const char *)") as (name: string) => number,
} as const;

/** asm-generic/socket.h, linux/net.h, asm-generic/fcntl.h; the same on every machine that Node runs on. */
export const constants = {
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
  AF_PACKET: 17,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  O_RDONLY: 0,
  O_NONBLOCK: 0o4000,
  O_CLOEXEC: 0o2000000,
  GRND_NONBLOCK: 1,
  LOCK_EX: 2,
  LOCK_NB: 4,
  SOL_SOCKET: 1,
  SO_SNDBUF: 7,
  SO_RCVBUF: 8,
  SO_REUSEPORT: 15,
  SO_SNDBUFFORCE: 32,
  SO_RCVBUFFORCE: 33,
  SO_BINDTODEVICE: 25,
  SO_ATTACH_FILTER: 26,
  SO_ATTACH_REUSEPORT_CBPF: 51,
  IPPROTO_IP: 0,
  IP_MTU_DISCOVER: 10,
  IPPROTO_IPV6: 41,
  IPV6_V6ONLY: 26,
  SOL_PACKET: 263,
  PACKET_ADD_MEMBERSHIP: 1,
  SOL_NETLINK: 270,
  NETLINK_ADD_MEMBERSHIP: 1,
  NETLINK_CAP_ACK: 10,
  NETLINK_EXT_ACK: 11,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
  POLLIN: 1,
  SIOCOUTQ: 0x5411,
} as const;

// EWOULDBLOCK and the like are other names of the same number: the one that comes first in the kernel's list counts.
const otherNames = new Set(["EWOULDBLOCK", "EDEADLOCK", "ENOTSUP"]);
const names = new Map(
  Object.entries(koffi.os.errno)
    .filter(([name]) => !otherNames.has(name))
    .map(([name, number]) => [number, name]),
);
// The kernel's own, which no C library names; some drivers answer with it.
names.set(524, "ENOTSUPP");

/** `EBUSY`; `E<number>` where it has no name. */
export const errnoName = (errno: number): string => names.get(errno) ?? `E${errno}`;

/** The name of the error that the last call ended with; read before anything else is called. */
export const lastError = (): string => errnoName(koffi.errno());

/**
 * Makes a system call, again where a signal came between.
 * @param request its name, for the error
 * @returns what the call returned, 0 or more
 * @throws KernelRefusal
 */
export function systemCall(request: string, call: () => number): number {
  const result = attempt(call);
  if (typeof result === "number") return result;
  throw new KernelRefusal(request, result);
}

/** As {@link systemCall}, where an error is nothing special: its symbolic errno is the result. */
export function attempt(call: () => number): number | string {
  for (;;) {
    const result = call();
    if (result >= 0) return result;
    const errno = lastError();
    if (errno !== "EINTR") return errno;
  }
}
