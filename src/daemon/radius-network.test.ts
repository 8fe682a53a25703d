import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Reactor } from "../linux/reactor.ts";
import { openUdpSocket } from "../linux/udp-socket.ts";
import type { Endpoint } from "../radius/client/port.ts";
import { radiusNetwork } from "./radius-network.ts";

const reactor = new Reactor();
after(() => reactor.close());
const network = radiusNetwork(reactor);

const noFiles = {
  caCertificate: undefined,
  clientCertificate: undefined,
  privateKey: undefined,
  privateKeyPassword: undefined,
};
const endpoint = (more: Partial<Endpoint>): Endpoint => ({
  host: "127.0.0.1",
  port: 1,
  tls: undefined,
  localAddress: undefined,
  device: undefined,
  ...more,
});

function listener() {
  const packets: Uint8Array[] = [];
  const failures: string[] = [];
  return {
    packets,
    failures,
    onPacket: (packet: Uint8Array) => void packets.push(packet),
    onFailure: (reason: string) => void failures.push(reason),
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await sleep(5);
}

test("UDP to an address, and to a name, which is looked up first", async () => {
  const asked: Uint8Array[] = [];
  const server = openUdpSocket(
    reactor,
    { local: { address: "127.0.0.1" } },
    {
      onMessage: (message, from) => {
        asked.push(message);
        server.send(message, from);
      },
      onError: () => undefined,
    },
  );
  const ways = [{ host: "127.0.0.1" }, { host: "localhost" }, { host: "localhost", localAddress: "127.0.0.2" }];
  for (const way of ways) {
    const heard = listener();
    const channel = network.open(endpoint({ ...way, port: server.local.port }), heard);
    assert.equal(channel.isReliable, false);
    channel.send(Uint8Array.of(1, 2));
    channel.send(Uint8Array.of(3));
    await until(() => heard.packets.length + heard.failures.length >= 2);
    // Where the name leads to ::1, nobody listens; from an address of IPv4 it doesn't.
    if (heard.failures.length === 0 || way.localAddress !== undefined)
      assert.deepEqual(heard.packets, [Uint8Array.of(1, 2), Uint8Array.of(3)]);
    channel.close();
  }
  server.close();
});

test("failure is told later, once, in words", async () => {
  const cases: readonly (readonly [Endpoint, RegExp])[] = [
    [endpoint({}), /nobody listens there/],
    [endpoint({ host: "no-such-host.invalid" }), /no-such-host\.invalid has no address/],
    [endpoint({ localAddress: "192.0.2.99" }), /radius_client_addr is no address of this machine/],
    [endpoint({ localAddress: "::1" }), /EINVAL/],
    [endpoint({ device: "nosuch0" }), /radius_client_dev is no interface/],
    [endpoint({ tls: noFiles }), /ECONNREFUSED/],
    [endpoint({ tls: { ...noFiles, caCertificate: "/does/not/exist" } }), /ENOENT/],
  ];
  for (const [where, words] of cases) {
    const heard = listener();
    const channel = network.open(where, heard);
    channel.send(Uint8Array.of(1));
    assert.deepEqual(heard.failures, []);
    await until(() => heard.failures.length > 0);
    assert.match(heard.failures[0] ?? "", words);
    channel.send(Uint8Array.of(1));
    await sleep(10);
    assert.equal(heard.failures.length, 1);
    channel.close();
  }
});

test("one that doesn't speak TLS, and one that is closed in time", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  const heard = listener();
  network.open(endpoint({ port: address.port, tls: noFiles }), heard);
  await until(() => heard.failures.length > 0);
  assert.equal(heard.failures.length, 1);
  const closed = listener();
  network.open(endpoint({ port: address.port, tls: noFiles }), closed).close();
  await sleep(50);
  assert.deepEqual(closed.failures, []);
  server.close();
});

test("requests that come in are answered where they came from; a port is had once", async () => {
  const open = () => network.listen(0, ({ packet, answer }) => answer(Uint8Array.from(packet, (octet) => octet + 1)));
  const idle = open();
  idle.close();
  const probe = openUdpSocket(
    reactor,
    { local: { address: "0.0.0.0" } },
    { onMessage: () => undefined, onError: () => undefined },
  );
  const { port } = probe.local;
  assert.throws(() => network.listen(port, () => undefined), { errno: "EADDRINUSE" });
  probe.close();
  const server = network.listen(port, ({ packet, answer }) => answer(Uint8Array.from(packet, (octet) => octet + 1)));
  for (const host of ["127.0.0.1", "::1"]) {
    const heard = listener();
    const channel = network.open(endpoint({ host, port }), heard);
    channel.send(Uint8Array.of(4, 5));
    await until(() => heard.packets.length > 0);
    assert.deepEqual(heard.packets, [Uint8Array.of(5, 6)]);
    channel.close();
  }
  server.close();
});
