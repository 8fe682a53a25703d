/** A client of a control socket that waits for each answer and does nothing else meanwhile. */

import { rmSync } from "node:fs";
import { Descriptor } from "../src/linux/descriptor.ts";
import { constants as c, libc, systemCall } from "../src/linux/libc.ts";

export interface ControlClient {
  /** Sends a request and waits for its answer. */
  ask(request: Uint8Array | string): string;
  close(): void;
}

/** @throws KernelRefusal where nobody has that socket */
export function openControlClient(path: string): ControlClient {
  const own = `${path}.bench-${process.pid}`;
  const answer = Buffer.alloc(8192);
  const socket = Descriptor.open("socket", () => libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC, 0));
  for (const [name, call, place] of [
    ["bind", libc.bind, own],
    ["connect", libc.connect, path],
  ] as const) {
    const address = addressOf(place);
    systemCall(name, () => call(socket.fd, address, address.length));
  }
  return {
    ask(request) {
      const octets = typeof request === "string" ? Buffer.from(request) : request;
      systemCall("send", () => libc.send(socket.fd, octets, octets.length, 0));
      const length = systemCall("recv", () => libc.recv(socket.fd, answer, answer.length, 0));
      return answer.toString("latin1", 0, length);
    },
    close() {
      socket.close();
      rmSync(own, { force: true });
    },
  };
}

/** struct sockaddr_un */
function addressOf(path: string): Uint8Array {
  const address = Buffer.alloc(2 + Buffer.byteLength(path) + 1);
  address.writeUInt16LE(c.AF_UNIX, 0);
  address.write(path, 2);
  return address;
}
