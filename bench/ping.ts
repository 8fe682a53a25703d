/** How long a control command takes that has nothing to do: PING, from a client that only waits for the answer. */

import { rmSync } from "node:fs";
import { Descriptor } from "../src/linux/descriptor.ts";
import { constants as c, libc, systemCall } from "../src/linux/libc.ts";
import { quantile } from "./statistics.ts";

const warmUp = 200;
const pings = 2000;

export interface PingTimes {
  /** Microseconds from sending the request to having the answer. */
  readonly median: number;
  readonly slow: number;
}

/** @throws Error where the answer is not PONG */
export function ping(controlSocket: string): PingTimes {
  const own = `${controlSocket}.ping`;
  const socket = Descriptor.open("socket", () => libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC, 0));
  try {
    for (const [path, name, call] of [
      [own, "bind", libc.bind],
      [controlSocket, "connect", libc.connect],
    ] as const) {
      const address = addressOf(path);
      systemCall(name, () => call(socket.fd, address, address.length));
    }
    const times = Array.from({ length: warmUp + pings }, () => roundTrip(socket)).slice(warmUp);
    times.sort((a, b) => a - b);
    return { median: quantile(times, 0.5), slow: quantile(times, 0.99) };
  } finally {
    socket.close();
    rmSync(own, { force: true });
  }
}

const request = Buffer.from("PING");
const answer = Buffer.alloc(64);

function roundTrip(socket: Descriptor): number {
  const sent = process.hrtime.bigint();
  systemCall("send", () => libc.send(socket.fd, request, request.length, 0));
  const length = systemCall("recv", () => libc.recv(socket.fd, answer, answer.length, 0));
  const time = Number(process.hrtime.bigint() - sent) / 1000;
  if (answer.toString("latin1", 0, length) !== "PONG\n") throw new Error("PING is not answered with PONG");
  return time;
}

/** struct sockaddr_un */
function addressOf(path: string): Uint8Array {
  const address = Buffer.alloc(2 + Buffer.byteLength(path) + 1);
  address.writeUInt16LE(c.AF_UNIX, 0);
  address.write(path, 2);
  return address;
}
