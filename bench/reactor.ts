import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, cpuUsage, memoryUsage } from "node:process";
import { fileURLToPath } from "node:url";
import koffi from "koffi";
import { Descriptor } from "../src/linux/descriptor.ts";
import { constants, libc } from "../src/linux/libc.ts";
import { Reactor } from "../src/linux/reactor.ts";

const rounds = 5;
const pings = 2000;
const warmUp = 200;

const library = koffi.load(null);
const epollCreate: (flags: number) => number = library.func("int epoll_create1(int)");
const epollControl: (epoll: number, operation: number, fd: number, event: Uint8Array) => number = library.func(
  "int epoll_ctl(int, int, int, void *)",
);
const epollWait = library.func("int epoll_wait(int, void *, int, int)") as ((
  epoll: number,
  events: Uint8Array,
  count: number,
  timeout: number,
) => number) & {
  async(
    epoll: number,
    events: Uint8Array,
    count: number,
    timeout: number,
    done: (error: unknown, n: number) => void,
  ): void;
};
const fcntl: (fd: number, command: number, argument: number) => number = library.func("int fcntl(int, int, int)");

const addressOf = (path: string): Uint8Array => {
  const address = new Uint8Array(110);
  new DataView(address.buffer).setUint16(0, constants.AF_UNIX, true);
  address.set(Buffer.from(path), 2);
  return address;
};

const openAt = (path: string, flags: number): Descriptor => {
  const socket = Descriptor.open("socket", () => libc.socket(constants.AF_UNIX, constants.SOCK_DGRAM | flags, 0));
  libc.bind(socket.fd, addressOf(path), 110);
  return socket;
};

const received = new Uint8Array(4096);
const sender = new Uint8Array(110);
const senderLength = new Uint32Array(1);

const answerOne = (fd: number): boolean => {
  senderLength[0] = sender.length;
  const length = libc.recvfrom(fd, received, received.length, 0, sender, senderLength);
  if (length < 0) return false;
  libc.sendto(fd, received, length, 0, sender, senderLength[0] ?? 0);
  return true;
};

const drain = (fd: number): void => {
  while (answerOne(fd));
};

type Start = (socket: Descriptor) => () => void;

const throughReactor: Start = (socket) => {
  const reactor = new Reactor();
  reactor.watch(socket, () => drain(socket.fd));
  return () => reactor.close();
};

const makeEpoll = (socket: Descriptor): Descriptor => {
  const epoll = Descriptor.open("epoll_create1", () => epollCreate(constants.SOCK_CLOEXEC));
  const event = new Uint8Array(12);
  new DataView(event.buffer).setUint32(0, 1, true);
  epollControl(epoll.fd, 1, socket.fd, event);
  return epoll;
};

const throughSecondEpoll: Start = (socket) => {
  const epoll = makeEpoll(socket);
  const events = new Uint8Array(12);
  const reactor = new Reactor();
  reactor.watch(epoll, () => {
    while (epollWait(epoll.fd, events, 1, 0) > 0) drain(socket.fd);
  });
  return () => {
    reactor.close();
    epoll.close();
  };
};

const throughPoolThread: Start = (socket) => {
  const epoll = makeEpoll(socket);
  const events = new Uint8Array(12);
  let stopped = false;
  const wait = (): void => {
    epollWait.async(epoll.fd, events, 1, 200, (_error, count) => {
      if (stopped) {
        epoll.close();
        return;
      }
      for (let ready = count; ready > 0; ready = epollWait(epoll.fd, events, 1, 0)) drain(socket.fd);
      wait();
    });
  };
  wait();
  return () => {
    stopped = true;
  };
};

const throughSignal: Start = (socket) => {
  const onSignal = (): void => drain(socket.fd);
  process.on("SIGIO", onSignal);
  const setOwner = 8;
  const setFlags = 4;
  const async = 0o20000;
  fcntl(socket.fd, setOwner, process.pid);
  fcntl(socket.fd, setFlags, async | constants.SOCK_NONBLOCK);
  return () => {
    fcntl(socket.fd, setFlags, constants.SOCK_NONBLOCK);
    process.off("SIGIO", onSignal);
  };
};

const withoutLoop: Start = (socket) => {
  for (let answered = 0; answered < pings; answered++) answerOne(socket.fd);
  return () => undefined;
};

const ways: readonly { readonly name: string; readonly flags: number; readonly start: Start }[] = [
  { name: "blocking calls, no event loop", flags: 0, start: withoutLoop },
  { name: "Reactor: libuv watches the socket", flags: constants.SOCK_NONBLOCK, start: throughReactor },
  { name: "libuv watches a second epoll", flags: constants.SOCK_NONBLOCK, start: throughSecondEpoll },
  { name: "epoll_wait on a pool thread", flags: constants.SOCK_NONBLOCK, start: throughPoolThread },
  { name: "SIGIO", flags: constants.SOCK_NONBLOCK, start: throughSignal },
];

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
const inMicroseconds = (value: number): string => `${value.toFixed(1)} us`;

function ping(path: string): void {
  const socket = openAt(`${path}.client`, 0);
  libc.connect(socket.fd, addressOf(path), 110);
  const request = Buffer.from("PING");
  const times: number[] = [];
  for (let sent = 0; sent < pings; sent++) {
    const start = process.hrtime.bigint();
    libc.send(socket.fd, request, request.length, 0);
    libc.recv(socket.fd, received, received.length, 0);
    if (sent >= warmUp) times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  socket.close();
  process.send?.(times.sort((a, b) => a - b));
  process.disconnect();
}

const answerOf = (child: ChildProcess): Promise<number[]> =>
  new Promise((resolve) => child.once("message", (times) => resolve(times as number[])));

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "reactor-"));
  const results = ways.map(({ name }) => ({
    name,
    medians: [] as number[],
    slow: [] as number[],
    cpu: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { flags, start }] of ways.entries()) {
      const path = join(directory, `${round}.${index}`);
      const socket = openAt(path, flags);
      const child = fork(fileURLToPath(import.meta.url), [path]);
      const answer = answerOf(child);
      const before = cpuUsage();
      const stop = start(socket);
      const times = await answer;
      const { user, system } = cpuUsage(before);
      stop();
      socket.close();
      results[index]?.medians.push(quantile(times, 0.5));
      results[index]?.slow.push(quantile(times, 0.99));
      results[index]?.cpu.push((user + system) / pings);
    }
  }
  rmSync(directory, { recursive: true });
  console.log(`A datagram answered, ${rounds} rounds of ${pings}, the best round of each:`);
  console.table(
    results.map(({ name, medians, slow, cpu }) => ({
      way: name,
      "median round trip": inMicroseconds(Math.min(...medians)),
      "99 in 100 within": inMicroseconds(Math.min(...slow)),
      "CPU of the answerer": inMicroseconds(Math.min(...cpu)),
    })),
  );
  console.log(`resident memory at the end: ${(memoryUsage.rss() / 1e6).toFixed(0)} MB`);
}

const [, , path] = argv;
if (path === undefined) await main();
else ping(path);
