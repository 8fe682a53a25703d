import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelRefusal } from "../base/errors.ts";
import { Reactor } from "./reactor.ts";
import { openUdpGroup, openUdpSocket, type UdpAddress, type UdpListener } from "./udp-socket.ts";

const reactor = new Reactor();
after(() => reactor.close());

interface Heard extends UdpListener {
  readonly messages: { readonly text: string; readonly from: UdpAddress }[];
  readonly errors: string[];
}

function listener(): Heard {
  const messages: Heard["messages"] = [];
  const errors: string[] = [];
  return {
    messages,
    errors,
    onMessage: (message, from) => void messages.push({ text: Buffer.from(message).toString(), from }),
    onError: (errno) => void errors.push(errno),
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(5);
}

for (const address of ["127.0.0.1", "::1"]) {
  test(`there and back over ${address}, and nothing from others`, async () => {
    const [heard, answered, nobody] = [listener(), listener(), listener()];
    const server = openUdpSocket(reactor, { local: { address } }, heard);
    const client = openUdpSocket(reactor, { peer: server.local }, answered);
    const stranger = openUdpSocket(reactor, { local: { address } }, nobody);
    client.send(Buffer.from("request"));
    await until(() => heard.messages.length === 1);
    assert.deepEqual(heard.messages, [{ text: "request", from: client.local }]);
    stranger.send(Buffer.from("lie"), client.local);
    server.send(Buffer.from("answer"), client.local);
    await until(() => answered.messages.length > 0);
    assert.deepEqual(answered.messages, [{ text: "answer", from: server.local }]);
    server.close();
    client.send(Buffer.from("more"));
    await until(() => answered.errors.length > 0);
    assert.deepEqual(answered.errors, ["ECONNREFUSED"]);
    client.close();
    stranger.close();
    assert.throws(() => client.send(Buffer.from("closed")), KernelRefusal);
  });
}

test("bound to a device, and to an address", async () => {
  const heard = listener();
  const server = openUdpSocket(reactor, { local: { address: "127.0.0.1" } }, heard);
  const client = openUdpSocket(
    reactor,
    { local: { address: "127.0.0.3" }, peer: server.local, device: "lo" },
    listener(),
  );
  client.send(Buffer.from("hello"));
  await until(() => heard.messages.length === 1);
  assert.equal(heard.messages[0]?.from.address, "127.0.0.3");
  assert.throws(() => openUdpSocket(reactor, { local: server.local }, listener()), { errno: "EADDRINUSE" });
  client.close();
  server.close();
});

test("what can't be", () => {
  const peer = { address: "127.0.0.1", port: 1812 };
  const open = (options: Parameters<typeof openUdpSocket>[1]) => () => openUdpSocket(reactor, options, listener());
  assert.throws(open({ peer, device: "nosuch0" }), { errno: "ENODEV" });
  assert.throws(open({ peer, local: { address: "::1" } }), { errno: "EINVAL" });
  assert.throws(open({ peer: { address: "radius.example", port: 1812 } }), { errno: "EINVAL" });
  assert.throws(open({ peer: { address: "fe80::1%nosuch0", port: 1812 } }), { errno: "ENODEV" });
  assert.throws(open({ peer, local: { address: "192.0.2.77" } }), { errno: "EADDRNOTAVAIL" });
});

test("several of one port, and nobody else's", async () => {
  const heard = listener();
  const all = openUdpGroup(reactor, { local: { address: "127.0.0.1" } }, 3, [[0x06, 0, 0, 2]], heard);
  const [first, , last] = all;
  assert.ok(first && last);
  const { local } = first;
  assert.deepEqual(
    all.map((socket) => socket.local),
    [local, local, local],
  );
  assert.throws(() => openUdpSocket(reactor, { local }, listener()), { errno: "EADDRINUSE" });
  assert.throws(() => openUdpGroup(reactor, { local }, 3, [[0x06, 0, 0, 0]], listener()), { errno: "EADDRINUSE" });
  last.pause();
  const client = openUdpSocket(reactor, { peer: local }, listener());
  client.send(Buffer.from("waits"));
  await sleep(50);
  assert.deepEqual(heard.messages, [], "the filter gives it to the one that is paused");
  last.resume();
  await until(() => heard.messages.length === 1);
  assert.deepEqual(heard.messages, [{ text: "waits", from: client.local }]);
  for (const socket of [client, ...all]) socket.close();
});
