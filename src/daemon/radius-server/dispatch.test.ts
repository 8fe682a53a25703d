import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { hexOf, utf8 } from "../../base/bytes.ts";
import { Reactor } from "../../linux/reactor.ts";
import { borrowUdpSocket, openUdpGroup, openUdpSocket } from "../../linux/udp-socket.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { encodeRadiusPacket } from "../../wire/radius/packet.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import { threadFilter, threadOf } from "./dispatch.ts";

const request = (list: AttributeList, identifier = 1): Uint8Array =>
  encodeRadiusPacket({ code: 1, identifier, authenticator: new Uint8Array(16), attributes: list.list });
const station = (i: number): string =>
  `02-00-00-00-${(i >> 8).toString(16).padStart(2, "0")}-${(i & 255).toString(16)}`;

test("State names the thread, whatever else there is", () => {
  const list = new AttributeList().add(radius.callingStationId, station(1)).add(radius.state, Uint8Array.of(3, 9, 9));
  assert.equal(threadOf(request(list), 4), 3);
  assert.equal(threadOf(request(new AttributeList().add(radius.state, Uint8Array.of(4))), 4), 4);
});

test("a station comes to the same thread each time, under whatever name", () => {
  const of = (user: string, i: number) =>
    threadOf(
      request(new AttributeList().add(radius.userName, utf8(user)).add(radius.callingStationId, station(i)), i & 255),
      4,
    );
  assert.equal(of("anonymous", 7), of("keyname@realm", 7));
  const byName = (user: string, i: number) =>
    threadOf(request(new AttributeList().add(radius.userName, utf8(user)), i), 4);
  assert.equal(byName("user", 1), byName("user", 2));
});

test("stations are shared out evenly", () => {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 4000; i++) {
    const thread = threadOf(request(new AttributeList().add(radius.callingStationId, station(i))), 4);
    counts[thread] = (counts[thread] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 800 && count < 1200, counts.join());
});

test("any octets have a thread", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => Number.isInteger(threadOf(octets, 3))));
});

for (const address of ["127.0.0.1", "::1"]) {
  test(`the kernel gives each thread what is its own, over ${address}`, async () => {
    const threads = 5;
    const reactor = new Reactor();
    const heard = new Map<string, number>();
    const nothing = { onMessage: () => undefined, onError: () => undefined };
    const sockets = openUdpGroup(reactor, { local: { address } }, threads, threadFilter(threads), nothing);
    const local = sockets[0]?.local ?? assert.fail();
    for (const [i, shared] of sockets.entries()) {
      shared.pause();
      // As a thread hears it.
      borrowUdpSocket(reactor, shared.fd, { ...nothing, onMessage: (octets) => void heard.set(hexOf(octets), i) });
    }
    const client = openUdpSocket(reactor, { peer: local }, nothing);
    const attribute = fc.record({
      type: fc.oneof(fc.constantFrom(1, 4, 31, 79), fc.integer({ min: 1, max: 255 })),
      value: fc.uint8Array({ maxLength: 30 }),
    });
    const packets = fc.sample(
      fc
        .record({
          authenticator: fc.uint8Array({ minLength: 16, maxLength: 16 }),
          attributes: fc.array(attribute, { maxLength: 20 }),
          state: fc.option(fc.uint8Array({ minLength: 1, maxLength: 8 })),
          after: fc.array(attribute, { maxLength: 6 }),
        })
        .map(({ authenticator, attributes, state, after }) =>
          encodeRadiusPacket({
            code: 1,
            identifier: 1,
            authenticator,
            attributes: [...attributes, ...(state ? [{ type: 24, value: state }] : []), ...after].filter(
              // An empty State is malformed.
              ({ type, value }) => type !== 24 || value.length > 0,
            ),
          }),
        ),
      { numRuns: 400, seed: 1 },
    );
    for (const packet of packets) {
      client.send(packet);
      for (let i = 0; i < 400 && !heard.has(hexOf(packet)); i++) await (i < 20 ? turn() : sleep(5));
    }
    for (const packet of packets) {
      const thread = threadOf(packet, threads);
      // One that no thread has may go to any.
      if (thread < threads) assert.equal(heard.get(hexOf(packet)), thread, hexOf(packet));
      else assert.ok(heard.has(hexOf(packet)));
    }
    for (const socket of [client, ...sockets]) socket.close();
    reactor.close();
  });
}
