import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { KernelRefusal } from "../base/errors.ts";
import { Descriptor } from "./descriptor.ts";
import { constants as c, errnoName, libc, systemCall } from "./libc.ts";
import { openNetlink } from "./netlink-socket.ts";
import { Reactor } from "./reactor.ts";
import { openRfkill } from "./rfkill.ts";
import { bindUnixDatagram } from "./unix-datagram.ts";

const openFiles = (): number => readdirSync("/proc/self/fd").length;
const open = (): Descriptor => Descriptor.open("open", () => libc.open("/dev/null", c.O_RDONLY | c.O_CLOEXEC));

test("opened and closed a thousand times, nothing is left open", async () => {
  const directory = mkdtempSync(join(tmpdir(), "descriptors-"));
  const reactor = new Reactor();
  const once = (): void => {
    const descriptor = open();
    const netlink = openNetlink(reactor, "route");
    netlink.onReadable(() => undefined);
    const socket = bindUnixDatagram(reactor, { path: join(directory, "s"), mode: 0o700, maxLength: 16 });
    socket.onReadable(() => undefined);
    const rfkill = openRfkill(reactor, () => undefined);
    for (const closable of [socket, netlink, descriptor, rfkill]) closable.close();
  };
  once();
  await turn();
  const before = openFiles();
  for (let i = 0; i < 1000; i++) once();
  await turn();
  assert.equal(openFiles(), before);
  rmSync(directory, { recursive: true });
});

test("closes once: the number may be another file's by then", () => {
  const first = open();
  const { fd } = first;
  first.close();
  const second = open();
  assert.equal(second.fd, fd);
  first.close();
  assert.equal(libc.read(second.fd, new Uint8Array(1), 1), 0);
  second.close();
  assert.equal(second.fd, -1);
  assert.equal(second.isOpen, false);
});

test("what is to be done before closing is done while it is open, once", () => {
  const descriptor = open();
  const seen: number[] = [];
  descriptor.beforeClose(() => seen.push(descriptor.fd));
  const forget = descriptor.beforeClose(() => seen.push(-2));
  forget();
  const { fd } = descriptor;
  descriptor.close();
  descriptor.close();
  assert.deepEqual(seen, [fd]);
});

test("where it can't be made ready it doesn't stay open", () => {
  const before = openFiles();
  const descriptor = open();
  assert.throws(() =>
    descriptor.prepare(() => {
      throw new Error("no");
    }),
  );
  assert.equal(openFiles(), before);
});

test("a system call's error has its symbolic name", () => {
  assert.throws(
    () => Descriptor.open("open", () => libc.open("/nowhere/at/all", c.O_RDONLY)),
    (error) => error instanceof KernelRefusal && error.request === "open" && error.errno === "ENOENT",
  );
  assert.throws(
    () => systemCall("read", () => libc.read(-1, new Uint8Array(1), 1)),
    (error) => error instanceof KernelRefusal && error.errno === "EBADF",
  );
});

test("numbers that have several names have the kernel's, those without one are shown as numbers", () => {
  assert.equal(errnoName(11), "EAGAIN");
  assert.equal(errnoName(95), "EOPNOTSUPP");
  assert.equal(errnoName(35), "EDEADLK");
  assert.equal(errnoName(132), "ERFKILL");
  assert.equal(errnoName(524), "ENOTSUPP");
  assert.equal(errnoName(9999), "E9999");
});
