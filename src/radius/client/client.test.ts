import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { accept, asked, clientWorkshop, server, sharedSecret } from "../../../testing/radius-client.ts";
import type { ReceivedRequest } from "../../../testing/radius-network.ts";
import { textOf } from "../../base/bytes.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { AttributeList, firstOf } from "../../wire/radius/values.ts";
import { checkMessageAuthenticator, sealAnswer } from "../sealing.ts";

describe("one server", () => {
  test("a request and its answer", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1")] });
    network.servers.set("192.0.2.1:1812", accept);
    const one = asked();
    client.send(one.request);
    const [request] = network.requests;
    assert.ok(request);
    assert.equal(checkMessageAuthenticator(sharedSecret, request.octets), "right");
    assert.equal(request.packet.attributes[0]?.type, 80, "it goes first");
    clock.advance(milliseconds(20));
    assert.deepEqual(
      one.answers.map(({ code }) => code),
      ["Access-Accept"],
    );
    assert.deepEqual(one.failures, []);
    assert.equal(client.pendingCount, 0);
    assert.deepEqual(clock.armed, []);
    assert.equal(client.members[0]?.statistics.accepts, 1);
  });

  test("the same octets again, at hostapd's times, then it is given up", () => {
    const { clock, network, client, times } = clientWorkshop({ servers: [server("192.0.2.1")] });
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(100));
    assert.equal(network.requests.length, 4);
    const [first = 0, second = 0, third = 0, fourth = 0] = times();
    assert.ok(first === 0 && second > 2.6 && second <= 3 && third - second > 5.3 && third - second <= 6);
    assert.ok(fourth - third > 10.7 && fourth - third <= 12.1);
    assert.equal(new Set(network.requests.map(({ octets }) => Buffer.from(octets).toString("hex"))).size, 1);
    assert.deepEqual(one.failures, ["no answer from the server"]);
    const { requests, retransmissions, timeouts } = client.members[0]?.statistics ?? assert.fail();
    assert.deepEqual([requests, retransmissions, timeouts], [1, 3, 4]);
  });

  test("what isn't an answer of the server's is counted and dropped", () => {
    const { clock, network, client, lines } = clientWorkshop({ servers: [server("192.0.2.1")] });
    const wrong = asked();
    network.servers.set("192.0.2.1:1812", (request) => {
      const { identifier, authenticator } = request.packet;
      request.reply(Uint8Array.of(2, identifier, 0, 19));
      request.reply(new Uint8Array(20));
      request.answer("Access-Accept", [], "another secret");
      request.answer("Accounting-Response");
      request.reply(sealAnswer(sharedSecret, authenticator, { code: 2, identifier, attributes: [] }, false));
      request.reply(
        sealAnswer(sharedSecret, authenticator, { code: 2, identifier: identifier ^ 1, attributes: [] }, true),
      );
      const twice = new Uint8Array(16);
      const doubled = sealAnswer(
        sharedSecret,
        authenticator,
        { code: 2, identifier, attributes: [{ type: 80, value: twice }] },
        true,
      );
      request.reply(doubled);
    });
    client.send(wrong.request);
    clock.advance(seconds(1));
    assert.deepEqual(wrong.answers, []);
    const { malformed, badAuthenticators, unknownTypes, dropped, accepts } =
      client.members[0]?.statistics ?? assert.fail();
    // An Accounting-Response has no Message-Authenticator, which is missed first.
    assert.deepEqual([malformed, badAuthenticators, unknownTypes, dropped, accepts], [2, 4, 0, 1, 0]);
    assert.equal(
      lines().filter((line) => line.includes("correct authenticator")).length,
      3,
      "one line a minute for each kind",
    );
    network.servers.set("192.0.2.1:1812", accept);
    clock.advance(seconds(3));
    assert.equal(wrong.answers.length, 1);
  });

  test("without Message-Authenticator, only where that was asked for, and never with EAP", () => {
    const bare = (request: ReceivedRequest): void => {
      const { identifier, authenticator } = request.packet;
      request.reply(sealAnswer(sharedSecret, authenticator, { code: 2, identifier, attributes: [] }, false));
    };
    const settings = { servers: [server("192.0.2.1")], requireMessageAuthenticator: false };
    const { clock, network, client } = clientWorkshop(settings);
    network.servers.set("192.0.2.1:1812", bare);
    const [plain, eap] = [asked(), asked({ carriesEap: true })];
    client.send(plain.request);
    client.send(eap.request);
    clock.advance(seconds(1));
    assert.equal(plain.answers.length, 1);
    assert.equal(eap.answers.length, 0);
  });

  test("over TLS without Message-Authenticator: where a certificate has shown who it is, and never with EAP", () => {
    const bare = (request: ReceivedRequest): void => {
      const { identifier, authenticator } = request.packet;
      request.reply(sealAnswer(sharedSecret, authenticator, { code: 2, identifier, attributes: [] }, false));
    };
    const files = { clientCertificate: undefined, privateKey: undefined, privateKeyPassword: undefined };
    for (const [caCertificate, isTaken] of [
      ["ca.pem", true],
      [undefined, false],
    ] as const) {
      const overTls = { ...server("192.0.2.1").endpoint, tls: { ...files, caCertificate } };
      const { clock, network, client } = clientWorkshop(
        { servers: [{ endpoint: overTls, secret: sharedSecret }] },
        "Authentication",
        true,
      );
      network.servers.set("192.0.2.1:1812", bare);
      const [plain, eap] = [asked(), asked({ carriesEap: true })];
      client.send(plain.request);
      client.send(eap.request);
      clock.advance(seconds(1));
      assert.deepEqual([plain.answers.length, eap.answers.length], [isTaken ? 1 : 0, 0]);
    }
  });

  test("one that is known by name is looked up again when it is silent, and only then", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("radius.example.org")] });
    client.send(asked().request);
    clock.advance(seconds(60));
    network.servers.set("radius.example.org:1812", accept);
    client.send(asked().request);
    client.send(asked().request);
    clock.advance(seconds(1));
    assert.equal(network.opened, 2);
    // It has answered, and falls silent once more.
    network.servers.set("radius.example.org:1812", undefined);
    client.send(asked().request);
    clock.advance(seconds(60));
    client.send(asked().request);
    assert.equal(network.opened, 3);
    client.close();
  });

  test("one that is known by name and answers others is where it was", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("radius.example.org")] });
    network.servers.set("radius.example.org:1812", (request) => {
      if (textOf(firstOf(request.packet.attributes, radius.userName) ?? sharedSecret) !== "odd") accept(request);
    });
    client.send(asked({ name: "odd" }).request);
    for (let i = 0; i < 6; i++) {
      clock.advance(seconds(10));
      client.send(asked().request);
    }
    clock.advance(seconds(1));
    assert.equal(client.pendingCount, 0);
    assert.equal(network.opened, 1);
  });

  test("the round trip of the last answer, in hundredths of a second", () => {
    const { clock, network, client, records } = clientWorkshop({ servers: [server("192.0.2.1")] });
    network.servers.set("192.0.2.1:1812", (request) => {
      clock.after("server", milliseconds(249), () => accept(request));
    });
    client.send(asked({ station: "02:00:00:00:00:01" as MacAddress }).request);
    clock.advance(seconds(1));
    assert.equal(client.members[0]?.statistics.roundTripTime, 25);
    const line = "Received RADIUS packet matched with a pending request, round trip time 0.25 sec";
    assert.ok(records.some(({ text, station }) => text === line && station === "02:00:00:00:00:01"));
  });

  test("whoever waits for the last answer hears that it is there", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1")] });
    let idle = 0;
    client.onIdle = () => {
      idle += 1;
    };
    network.servers.set("192.0.2.1:1812", accept);
    client.send(asked().request);
    client.send(asked().request).cancel();
    assert.equal(idle, 0);
    clock.advance(seconds(1));
    assert.equal(idle, 1);
  });

  test("late, and twice", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1")] });
    network.servers.set("192.0.2.1:1812", (request) => {
      accept(request);
      accept(request);
    });
    const [one, two] = [asked(), asked()];
    client.send(one.request);
    client.send(two.request).cancel();
    clock.advance(seconds(1));
    assert.equal(one.answers.length, 1);
    assert.deepEqual([two.answers, two.failures], [[], []]);
    assert.equal(client.members[0]?.statistics.dropped, 3);
  });

  test("an answer that comes to another port of ours is nobody's", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1")] });
    const all = Array.from({ length: 257 }, () => asked());
    for (const { request } of all) client.send(request);
    const [first, last] = [network.requests[0], network.requests[256]];
    assert.ok(first && last && first.port !== last.port);
    assert.equal(first.packet.identifier, last.packet.identifier);
    const { identifier, authenticator } = first.packet;
    last.reply(sealAnswer(sharedSecret, authenticator, { code: 2, identifier, attributes: [] }, true));
    clock.advance(seconds(1));
    assert.ok(all.every(({ answers }) => answers.length === 0));
    assert.equal(client.members[0]?.statistics.badAuthenticators, 1);
    accept(first);
    accept(last);
    clock.advance(seconds(1));
    assert.deepEqual([all[0]?.answers.length, all[256]?.answers.length], [1, 1]);
    client.close();
  });

  test("a thousand at once have identifiers of several ports, which close again", () => {
    const { clock, network, client, lines } = clientWorkshop({ servers: [server("192.0.2.1")] });
    const all = Array.from({ length: 1000 }, (_, i) => asked({ name: `user ${i}` }));
    for (const { request } of all) client.send(request);
    assert.equal(client.ports, 4);
    assert.equal(new Set(network.requests.map(({ port, packet }) => `${port} ${packet.identifier}`)).size, 1000);
    for (const request of network.requests.toReversed()) accept(request);
    clock.advance(seconds(1));
    assert.ok(all.every(({ answers }) => answers.length === 1));
    assert.equal(client.ports, 1);
    assert.equal(network.alive.size, 1);
    const late = asked();
    for (let i = 0; i < 1003; i++) client.send(i === 0 ? late.request : asked().request);
    assert.deepEqual(late.failures, ["too many requests wait for an answer"]);
    assert.equal(client.pendingCount, 1000);
    assert.equal(lines().filter((line) => line.startsWith("Removing the oldest")).length, 1, "said once a minute");
    client.close();
    assert.deepEqual(
      clock.armed.filter((name) => name !== "network"),
      [],
    );
    assert.equal(client.ports, 0);
  });

  test("one who says that nobody is there: tried again at the next time, from another port", () => {
    const { clock, network, client, lines } = clientWorkshop({ servers: [server("192.0.2.1")] });
    network.servers.set("192.0.2.1:1812", (request) => request.fail("connection refused"));
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(2));
    network.servers.set("192.0.2.1:1812", accept);
    clock.advance(seconds(2));
    assert.equal(one.answers.length, 1);
    assert.deepEqual(
      network.requests.map(({ port }) => port),
      [0, 1],
    );
    assert.ok(lines().includes("Authentication server 192.0.2.1: connection refused"));
  });

  test("attributes that don't fit", () => {
    const { client } = clientWorkshop({ servers: [server("192.0.2.1")] });
    const long = asked({ attributes: () => new AttributeList().add(radius.userName, new Uint8Array(254)).list });
    client.send(long.request);
    assert.match(long.failures[0] ?? "", /no RADIUS packet/);
    assert.equal(client.pendingCount, 0);
    const none = clientWorkshop({ servers: [] });
    const nobody = asked();
    none.client.send(nobody.request);
    assert.deepEqual(nobody.failures, ["there is no authentication server"]);
    assert.deepEqual(none.lines(), ["No authentication server configured"]);
  });
});

test("whatever comes back, nothing is thrown and nothing but an answer counts", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    // The header of an answer, with anything behind it.
    fc
      .uint8Array({ maxLength: 60 })
      .map((rest) => Uint8Array.of(2, 0, 0, 20 + rest.length, ...new Uint8Array(16), ...rest)),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 10 }), (packets) => {
      const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1")] });
      const one = asked();
      network.servers.set("192.0.2.1:1812", (request) => {
        for (const packet of packets) request.reply(packet);
      });
      client.send(one.request);
      clock.advance(seconds(1));
      assert.deepEqual([one.answers.length, client.pendingCount], [0, 1]);
      const { malformed, badAuthenticators, dropped } = client.members[0]?.statistics ?? assert.fail();
      assert.equal(malformed + badAuthenticators + dropped, packets.length);
      network.servers.set("192.0.2.1:1812", accept);
      clock.advance(seconds(3));
      assert.equal(one.answers.length, 1);
    }),
    { numRuns: 60 },
  );
});
