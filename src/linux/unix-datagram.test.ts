import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { textOf, utf8 } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import { Descriptor } from "./descriptor.ts";
import { constants as c, libc, systemCall } from "./libc.ts";
import { Reactor } from "./reactor.ts";
import {
  bindUnixDatagram,
  connectUnixDatagram,
  isUnixDatagramServed,
  type UnixAddress,
  type UnixDatagramSocket,
} from "./unix-datagram.ts";

const directory = mkdtempSync(join(tmpdir(), "unix-datagram-"));
after(() => rmSync(directory, { recursive: true }));

const reactor = new Reactor();
const bind = (name: string, options: { mode?: number; maxLength?: number } = {}): UnixDatagramSocket =>
  bindUnixDatagram(reactor, { path: join(directory, name), mode: 0o770, maxLength: 4096, ...options });

const refuses = (errno: string) => (error: unknown) => error instanceof KernelRefusal && error.errno === errno;

/** Binds without being ready for anything: what a daemon that was killed leaves. */
function leaveBehind(path: string): void {
  const address = Buffer.concat([Buffer.of(c.AF_UNIX, 0), Buffer.from(path), Buffer.of(0)]);
  const socket = Descriptor.open("socket", () => libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC, 0));
  systemCall("bind", () => libc.bind(socket.fd, address, address.length));
  socket.close();
}

test("a datagram comes with its sender's address, and the answer goes there", () => {
  const [server, client] = [bind("server"), bind("client")];
  client.sendTo(server.path as UnixAddress, utf8("PING"));
  const request = server.receive() ?? assert.fail("nothing came");
  assert.equal(textOf(request.data), "PING");
  assert.equal(request.sender, client.path);
  server.sendTo(request.sender, utf8("PONG\n"));
  const answer = client.receive() ?? assert.fail("nothing came");
  assert.equal(textOf(answer.data), "PONG\n");
  assert.equal(client.receive(), undefined);
  server.close();
  client.close();
});

test("abstract names and octets that are no UTF-8 are addresses like others", () => {
  const server = bind("server");
  for (const name of [Buffer.from("\0abstract-test"), Buffer.from(`${directory}/caf\xe9`, "latin1")]) {
    const address = Buffer.concat([Buffer.of(c.AF_UNIX, 0), name]);
    const peer = Descriptor.open("socket", () => libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC, 0));
    systemCall("bind", () => libc.bind(peer.fd, address, address.length));
    const to = Buffer.concat([Buffer.of(c.AF_UNIX, 0), Buffer.from(server.path), Buffer.of(0)]);
    systemCall("sendto", () => libc.sendto(peer.fd, utf8("hello"), 5, 0, to, to.length));
    const { sender } = server.receive() ?? assert.fail("nothing came");
    assert.equal(sender, name.toString("latin1"));
    server.sendTo(sender, utf8("you too"));
    assert.equal(libc.recv(peer.fd, new Uint8Array(16), 16, c.MSG_DONTWAIT), 7);
    peer.close();
  }
  server.close();
});

test("a path of more than ASCII is UTF-8 in the file system", () => {
  const socket = bind("größe");
  assert.ok(statSync(join(directory, "größe")).isSocket());
  socket.close();
  assert.ok(!existsSync(join(directory, "größe")));
});

test("a sender without a name can't be answered, and that is said", () => {
  const server = bind("server");
  const to = Buffer.concat([Buffer.of(c.AF_UNIX, 0), Buffer.from(server.path), Buffer.of(0)]);
  const peer = Descriptor.open("socket", () => libc.socket(c.AF_UNIX, c.SOCK_DGRAM | c.SOCK_CLOEXEC, 0));
  systemCall("sendto", () => libc.sendto(peer.fd, utf8("x"), 1, 0, to, to.length));
  const { sender } = server.receive() ?? assert.fail("nothing came");
  assert.equal(sender, "");
  assert.throws(() => server.sendTo(sender, utf8("x")), KernelRefusal);
  peer.close();
  server.close();
});

test("permissions are as asked", () => {
  const socket = bind("modes", { mode: 0o750 });
  assert.equal(statSync(socket.path).mode & 0o777, 0o750);
  socket.close();
});

test("a datagram that is too long is cut", () => {
  const [server, client] = [bind("server", { maxLength: 4 }), bind("client")];
  client.sendTo(server.path as UnixAddress, utf8("12345678"));
  assert.equal(textOf(server.receive()?.data ?? assert.fail()), "1234");
  assert.equal(server.receive(), undefined);
  server.close();
  client.close();
});

test("a socket that nobody serves any more is replaced", () => {
  const path = join(directory, "stale");
  leaveBehind(path);
  assert.equal(isUnixDatagramServed(path), false);
  const socket = bind("stale");
  assert.equal(isUnixDatagramServed(path), true);
  socket.close();
});

test("one that is served isn't, nor is what is no socket", () => {
  const socket = bind("living");
  assert.throws(() => bind("living"), refuses("EADDRINUSE"));
  assert.equal(isUnixDatagramServed(socket.path), true);
  socket.close();
  const file = join(directory, "file");
  writeFileSync(file, "precious");
  assert.throws(() => bind("file"), refuses("EADDRINUSE"));
  assert.equal(statSync(file).size, 8);
});

test("nor is one that is in conversation with somebody else", () => {
  const server = bind("daemon");
  const options = { peer: server.path, path: join(directory, "talking"), maxLength: 64 };
  const first = connectUnixDatagram(reactor, options);
  assert.equal(isUnixDatagramServed(options.path), true);
  assert.throws(() => connectUnixDatagram(reactor, options), refuses("EADDRINUSE"));
  first.close();
  server.close();
});

test("paths that can't be", () => {
  assert.throws(() => bind("x".repeat(200)), refuses("ENAMETOOLONG"));
  assert.throws(() => bind("missing/socket"), refuses("ENOENT"));
  assert.equal(isUnixDatagramServed(join(directory, "nothing")), false);
});

test("nobody there, and somebody who doesn't read", () => {
  const [server, client] = [bind("server"), bind("client")];
  const to = server.path as UnixAddress;
  assert.throws(() => {
    for (let i = 0; i < 10_000; i++) client.sendTo(to, utf8("x"));
  }, refuses("EAGAIN"));
  assert.equal(isUnixDatagramServed(server.path), true);
  server.close();
  assert.throws(() => client.sendTo(to, utf8("x")), refuses("ENOENT"));
  leaveBehind(server.path);
  assert.throws(() => client.sendTo(to, utf8("x")), refuses("ECONNREFUSED"));
  client.close();
});

test("closing removes the socket, once", () => {
  const socket = bind("once");
  socket.close();
  assert.ok(!existsSync(socket.path));
  const other = bind("once");
  socket.close();
  assert.ok(existsSync(other.path));
  other.close();
});
