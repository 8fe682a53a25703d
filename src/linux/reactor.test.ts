import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { utf8 } from "../base/bytes.ts";
import { Descriptor } from "./descriptor.ts";
import { constants as c, libc } from "./libc.ts";
import { openNetlink } from "./netlink-socket.ts";
import { Reactor } from "./reactor.ts";
import { bindUnixDatagram, type UnixAddress, type UnixDatagramSocket } from "./unix-datagram.ts";

const directory = mkdtempSync(join(tmpdir(), "reactor-"));
// One for all, closed even where a test fails: a watch would keep the process alive.
const reactor = new Reactor();
after(() => {
  reactor.close();
  rmSync(directory, { recursive: true });
});

const bind = (name: string): UnixDatagramSocket =>
  bindUnixDatagram(reactor, { path: join(directory, name), mode: 0o700, maxLength: 4096 });

const at = (socket: UnixDatagramSocket): UnixAddress => socket.path as UnixAddress;

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10_000; turns++) {
    if (condition()) return;
    await turn();
  }
  assert.fail("it doesn't happen");
}

test("a handler runs when there is something to read, and again for the next", async () => {
  const [a, b] = [bind("a"), bind("b")];
  const heard: string[] = [];
  b.onReadable(() => {
    for (let next = b.receive(); next !== undefined; next = b.receive()) heard.push(Buffer.from(next.data).toString());
  });
  a.sendTo(at(b), utf8("one"));
  a.sendTo(at(b), utf8("two"));
  await until(() => heard.length === 2);
  a.sendTo(at(b), utf8("three"));
  await until(() => heard.length === 3);
  assert.deepEqual(heard, ["one", "two", "three"]);
  a.close();
  b.close();
});

test("what a handler leaves comes again, and waking calls it without anything to read", async () => {
  const [a, b] = [bind("a"), bind("b")];
  let calls = 0;
  let received = 0;
  const watch = b.onReadable(() => {
    calls++;
    if (b.receive() !== undefined) received++;
  });
  for (let i = 0; i < 5; i++) a.sendTo(at(b), utf8("x"));
  await until(() => received === 5);
  const before = calls;
  watch.wake();
  watch.wake();
  await until(() => calls > before);
  await turn();
  assert.equal(calls, before + 1);
  a.close();
  b.close();
});

test("promises that a handler resolves continue before anything else", async () => {
  const [a, b] = [bind("a"), bind("b")];
  const order: string[] = [];
  b.onReadable(() => {
    b.receive();
    setImmediate(() => order.push("immediate"));
    void Promise.resolve().then(() => order.push("microtask"));
    process.nextTick(() => order.push("tick"));
  });
  a.sendTo(at(b), utf8("x"));
  await until(() => order.length === 3);
  assert.deepEqual(order, ["tick", "microtask", "immediate"]);
  a.close();
  b.close();
});

test("a closed watch hears nothing, also of what came before it closed", async () => {
  const [a, b] = [bind("a"), bind("b")];
  let calls = 0;
  const watch = b.onReadable(() => calls++);
  a.sendTo(at(b), utf8("x"));
  watch.wake();
  watch.close();
  watch.close();
  for (let turns = 0; turns < 20; turns++) await turn();
  assert.equal(calls, 0);
  a.close();
  b.close();
});

test("a socket goes on being watched after an error of its own", async () => {
  const netlink = openNetlink(reactor, "route");
  const events: string[] = [];
  netlink.onReadable(() => {
    for (let next = netlink.receive(); next !== undefined; next = netlink.receive())
      events.push(next === "overrun" ? "overrun" : "message");
  });
  // Each bad request is answered; nobody reads the answers until the socket overflows.
  const bad = new Uint8Array(16);
  new DataView(bad.buffer).setUint32(0, 16, true);
  new DataView(bad.buffer).setUint32(4, 0x0005_ffff, true);
  for (let i = 0; i < 20_000; i++) netlink.send(bad);
  await until(() => events.includes("overrun"));
  await turn();
  const seen = events.length;
  netlink.send(bad);
  await until(() => events.length > seen);
  netlink.close();
});

const run = (body: string) => {
  const modules = ["reactor", "unix-datagram", "descriptor"].map((name) => new URL(`./${name}.js`, import.meta.url));
  const script = `
    const [{ Reactor }, { bindUnixDatagram }] = await Promise.all(${JSON.stringify(modules)}.map((url) => import(url)));
    const reactor = new Reactor();
    const socket = bindUnixDatagram(reactor, { path: ${JSON.stringify(join(directory, "child"))}, mode: 0o700, maxLength: 64 });
    ${body}`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", timeout: 20_000 });
};

test("the process lives while something is watched, and ends afterwards", () => {
  const { stdout, status } = run(`
    socket.onReadable(() => {
      socket.receive();
      console.log("heard");
      socket.close();
    });
    setTimeout(() => { console.log("sending"); socket.sendTo(socket.path, Buffer.from("x")); }, 50).unref();`);
  assert.equal(stdout, "sending\nheard\n");
  assert.equal(status, 0);
});

test("an exception of a handler is an uncaught exception, and the next event is heard", () => {
  const { stdout, status } = run(`
    let count = 0;
    process.on("uncaughtException", (error) => console.log("caught", error.message));
    socket.onReadable(() => {
      socket.receive();
      if (++count === 2) { console.log("second"); reactor.close(); socket.close(); }
      else { socket.sendTo(socket.path, Buffer.from("y")); throw new Error("ours"); }
    });
    socket.sendTo(socket.path, Buffer.from("x"));`);
  assert.equal(stdout, "caught ours\nsecond\n");
  assert.equal(status, 0);
});

test("a process that just exits while watching does so cleanly", () => {
  const { status, signal, stderr } = run(`
    socket.onReadable(() => undefined);
    socket.sendTo(socket.path, Buffer.from("x"));
    setTimeout(() => process.exit(7), 20);`);
  assert.equal(signal, null);
  assert.equal(stderr, "");
  assert.equal(status, 7);
});

test("signals while waiting or calling are harmless", async () => {
  const [a, b] = [bind("a"), bind("b")];
  let signals = 0;
  const onSignal = (): void => void signals++;
  process.on("SIGUSR2", onSignal);
  let received = 0;
  b.onReadable(() => {
    while (b.receive() !== undefined) received++;
  });
  for (let i = 0; i < 200; i++) {
    process.kill(process.pid, "SIGUSR2");
    a.sendTo(at(b), utf8("x"));
    // A socket of this kind queues ten datagrams.
    if (i % 5 === 0) await turn();
  }
  await until(() => received === 200 && signals > 0);
  process.off("SIGUSR2", onSignal);
  a.close();
  b.close();
});

test("a wait that a signal interrupts goes on", () => {
  const netlink = openNetlink(reactor, "route");
  const interrupting = spawnSync(
    "/bin/sh",
    ["-c", `(sleep 0.05; kill -USR2 ${process.pid}) > /dev/null 2>&1 & exit 0`],
    { stdio: "ignore" },
  );
  assert.equal(interrupting.status, 0);
  const ignore = (): void => undefined;
  process.on("SIGUSR2", ignore);
  assert.equal(netlink.wait(200), false);
  process.off("SIGUSR2", ignore);
  netlink.close();
});

test("closing the descriptor closes its watch", async () => {
  const descriptor = Descriptor.open("socket", () =>
    libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK, 0),
  );
  let calls = 0;
  const watch = reactor.watch(descriptor, () => calls++);
  descriptor.close();
  watch.wake();
  await turn();
  assert.equal(calls, 0);
});
