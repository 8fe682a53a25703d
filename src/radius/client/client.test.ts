import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { PlayedNetwork, type ReceivedRequest } from "../../../testing/radius-network.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { utf8 } from "../../base/bytes.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { Log, type LogRecord } from "../../base/log.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { radiusCodes } from "../../wire/radius/packet.ts";
import { AttributeList, firstOf } from "../../wire/radius/values.ts";
import { checkMessageAuthenticator, sealAnswer, verifyRequestAuthenticator } from "../sealing.ts";
import type { Persistence } from "./attempts.ts";
import { type ClientKind, type ClientSettings, RadiusClient, type Server } from "./client.ts";
import type { RadiusAnswer, RadiusRequest } from "./request.ts";

const secret = utf8("radius");

/** Settings beside the servers. */
const unmoved = { retryPrimary: seconds(0), probesPrimary: false, requireMessageAuthenticator: true } as const;

const server = (host: string, port = 1812, own = secret): Server => ({
  endpoint: { host, port, tls: undefined, localAddress: undefined, device: undefined },
  secret: own,
});

interface Asked {
  readonly request: RadiusRequest;
  readonly answers: RadiusAnswer[];
  readonly failures: string[];
}

function asked(more: Partial<RadiusRequest> & { readonly name?: string } = {}): Asked {
  const answers: RadiusAnswer[] = [];
  const failures: string[] = [];
  const request: RadiusRequest = {
    station: undefined,
    persistence: "one-round",
    carriesEap: false,
    isBound: false,
    attributes: ({ delay }) =>
      new AttributeList().add(radius.userName, utf8(more.name ?? "somebody")).add(radius.acctDelayTime, delay).list,
    answered: (answer) => void answers.push(answer),
    failed: (reason) => void failures.push(reason),
    ...more,
  };
  return { request, answers, failures };
}

function workshop(
  settings: Partial<ClientSettings> & Pick<ClientSettings, "servers">,
  kind: ClientKind = "Authentication",
  isReliable = false,
) {
  const clock = new VirtualClock();
  const network = new PlayedNetwork(clock, "radius", isReliable);
  const records: LogRecord[] = [];
  const log = new Log((record) => void records.push(record));
  const client = new RadiusClient({ kind, clock, entropy: new FixedEntropy(3), log, network, mostPending: 1000 });
  client.configure({ ...unmoved, ...settings });
  const times = (): number[] => network.requests.map(({ at }) => Math.round(at / 100) / 10);
  const lines = (): string[] => records.filter(({ level }) => level !== "debug").map(({ text }) => text);
  return { clock, network, client, times, lines, records };
}

const accept = (request: ReceivedRequest): void => request.answer("Access-Accept");

describe("one server", () => {
  test("a request and its answer", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1")] });
    network.servers.set("192.0.2.1:1812", accept);
    const one = asked();
    client.send(one.request);
    const [request] = network.requests;
    assert.ok(request);
    assert.equal(checkMessageAuthenticator(secret, request.octets), "right");
    assert.equal(request.packet.attributes[0]?.type, 80, "it goes first");
    clock.advance(milliseconds(20));
    assert.deepEqual(
      one.answers.map(({ code }) => code),
      ["Access-Accept"],
    );
    assert.deepEqual(one.failures, []);
    assert.equal(client.pendingCount, 0);
    assert.deepEqual(clock.armed, []);
    assert.equal(client.statistics[0]?.accepts, 1);
  });

  test("the same octets again, at hostapd's times, then it is given up", () => {
    const { clock, network, client, times } = workshop({ servers: [server("192.0.2.1")] });
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(100));
    assert.equal(network.requests.length, 4);
    const [first = 0, second = 0, third = 0, fourth = 0] = times();
    assert.ok(first === 0 && second > 2.6 && second <= 3 && third - second > 5.3 && third - second <= 6);
    assert.ok(fourth - third > 10.7 && fourth - third <= 12.1);
    assert.equal(new Set(network.requests.map(({ octets }) => Buffer.from(octets).toString("hex"))).size, 1);
    assert.deepEqual(one.failures, ["no answer from the server"]);
    const { requests, retransmissions, timeouts } = client.statistics[0] ?? assert.fail();
    assert.deepEqual([requests, retransmissions, timeouts], [1, 3, 4]);
  });

  test("what isn't an answer of the server's is counted and dropped", () => {
    const { clock, network, client, lines } = workshop({ servers: [server("192.0.2.1")] });
    const wrong = asked();
    network.servers.set("192.0.2.1:1812", (request) => {
      const { identifier, authenticator } = request.packet;
      request.reply(Uint8Array.of(2, identifier, 0, 19));
      request.reply(new Uint8Array(20));
      request.answer("Access-Accept", [], "another secret");
      request.answer("Accounting-Response");
      request.reply(sealAnswer(secret, authenticator, { code: 2, identifier, attributes: [] }, false));
      request.reply(sealAnswer(secret, authenticator, { code: 2, identifier: identifier ^ 1, attributes: [] }, true));
      const twice = new Uint8Array(16);
      const doubled = sealAnswer(
        secret,
        authenticator,
        { code: 2, identifier, attributes: [{ type: 80, value: twice }] },
        true,
      );
      request.reply(doubled);
    });
    client.send(wrong.request);
    clock.advance(seconds(1));
    assert.deepEqual(wrong.answers, []);
    const { malformed, badAuthenticators, unknownTypes, dropped, accepts } = client.statistics[0] ?? assert.fail();
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
      request.reply(sealAnswer(secret, authenticator, { code: 2, identifier, attributes: [] }, false));
    };
    const settings = { servers: [server("192.0.2.1")], requireMessageAuthenticator: false };
    const { clock, network, client } = workshop(settings);
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
      request.reply(sealAnswer(secret, authenticator, { code: 2, identifier, attributes: [] }, false));
    };
    const files = { clientCertificate: undefined, privateKey: undefined, privateKeyPassword: undefined };
    for (const [caCertificate, isTaken] of [
      ["ca.pem", true],
      [undefined, false],
    ] as const) {
      const overTls = { ...server("192.0.2.1").endpoint, tls: { ...files, caCertificate } };
      const { clock, network, client } = workshop({ servers: [{ endpoint: overTls, secret }] }, "Authentication", true);
      network.servers.set("192.0.2.1:1812", bare);
      const [plain, eap] = [asked(), asked({ carriesEap: true })];
      client.send(plain.request);
      client.send(eap.request);
      clock.advance(seconds(1));
      assert.deepEqual([plain.answers.length, eap.answers.length], [isTaken ? 1 : 0, 0]);
    }
  });

  test("one that is known by name is looked up again when it is silent, and only then", () => {
    const { clock, network, client } = workshop({ servers: [server("radius.example.org")] });
    client.send(asked().request);
    clock.advance(seconds(60));
    network.servers.set("radius.example.org:1812", accept);
    client.send(asked().request);
    client.send(asked().request);
    clock.advance(seconds(1));
    assert.equal(network.opened, 2);
    client.close();
  });

  test("late, and twice", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1")] });
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
    assert.equal(client.statistics[0]?.dropped, 3);
  });

  test("an answer that comes to another port of ours is nobody's", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1")] });
    const all = Array.from({ length: 257 }, () => asked());
    for (const { request } of all) client.send(request);
    const [first, last] = [network.requests[0], network.requests[256]];
    assert.ok(first && last && first.port !== last.port);
    assert.equal(first.packet.identifier, last.packet.identifier);
    const { identifier, authenticator } = first.packet;
    last.reply(sealAnswer(secret, authenticator, { code: 2, identifier, attributes: [] }, true));
    clock.advance(seconds(1));
    assert.ok(all.every(({ answers }) => answers.length === 0));
    assert.equal(client.statistics[0]?.badAuthenticators, 1);
    accept(first);
    accept(last);
    clock.advance(seconds(1));
    assert.deepEqual([all[0]?.answers.length, all[256]?.answers.length], [1, 1]);
    client.close();
  });

  test("a thousand at once have identifiers of several ports, which close again", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1")] });
    const all = Array.from({ length: 1000 }, (_, i) => asked({ name: `user ${i}` }));
    for (const { request } of all) client.send(request);
    assert.equal(client.ports, 4);
    assert.equal(new Set(network.requests.map(({ port, packet }) => `${port} ${packet.identifier}`)).size, 1000);
    for (const request of network.requests.toReversed()) accept(request);
    clock.advance(seconds(1));
    assert.ok(all.every(({ answers }) => answers.length === 1));
    assert.equal(client.ports, 1);
    const late = asked();
    for (let i = 0; i < 1001; i++) client.send(i === 0 ? late.request : asked().request);
    assert.deepEqual(late.failures, ["too many requests wait for an answer"]);
    client.close();
    assert.deepEqual(
      clock.armed.filter((name) => name !== "network"),
      [],
    );
    assert.equal(client.ports, 0);
  });

  test("one who says that nobody is there: tried again at the next time, from another port", () => {
    const { clock, network, client, lines } = workshop({ servers: [server("192.0.2.1")] });
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
    const { client } = workshop({ servers: [server("192.0.2.1")] });
    const long = asked({ attributes: () => new AttributeList().add(radius.userName, new Uint8Array(254)).list });
    client.send(long.request);
    assert.match(long.failures[0] ?? "", /no RADIUS packet/);
    assert.equal(client.pendingCount, 0);
    const none = workshop({ servers: [] });
    const nobody = asked();
    none.client.send(nobody.request);
    assert.deepEqual(nobody.failures, ["there is no authentication server"]);
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
      const { clock, network, client } = workshop({ servers: [server("192.0.2.1")] });
      const one = asked();
      network.servers.set("192.0.2.1:1812", (request) => {
        for (const packet of packets) request.reply(packet);
      });
      client.send(one.request);
      clock.advance(seconds(1));
      assert.deepEqual([one.answers.length, client.pendingCount], [0, 1]);
      const { malformed, badAuthenticators, dropped } = client.statistics[0] ?? assert.fail();
      assert.equal(malformed + badAuthenticators + dropped, packets.length);
      network.servers.set("192.0.2.1:1812", accept);
      clock.advance(seconds(3));
      assert.equal(one.answers.length, 1);
    }),
    { numRuns: 60 },
  );
});

describe("several servers", () => {
  const servers = [server("192.0.2.1"), server("192.0.2.2", 1812, utf8("other")), server("2001:db8::3")];

  test("silence leads to the next one, with its own secret and the request from its start", () => {
    const { clock, network, client, lines } = workshop({ servers });
    const answered = asked();
    client.send(answered.request);
    network.servers.set("192.0.2.2:1812", (request) => request.answer("Access-Reject", [], "other"));
    clock.advance(seconds(46));
    assert.deepEqual(
      answered.answers.map(({ code }) => code),
      ["Access-Reject"],
    );
    assert.equal(network.requests.at(-1)?.endpoint.host, "192.0.2.2");
    assert.equal(checkMessageAuthenticator(utf8("other"), network.requests.at(-1)?.octets ?? secret), "right");
    assert.ok(lines().includes("No response from Authentication server 192.0.2.1:1812 - failover"));
    assert.ok(lines().includes("Authentication server 192.0.2.2:1812"));
    client.send(asked().request);
    assert.equal(network.requests.at(-1)?.endpoint.host, "192.0.2.2");
  });

  test("one that can't be reached is left at once; where none can be, nobody goes round in circles", () => {
    const { clock, network, client } = workshop({ servers });
    for (const host of ["192.0.2.1", "192.0.2.2", "2001:db8::3"])
      network.servers.set(`${host}:1812`, (request) => request.fail("network is unreachable"));
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(1));
    assert.deepEqual(
      network.requests.map(({ endpoint }) => endpoint.host),
      ["192.0.2.1", "192.0.2.2", "2001:db8::3"],
    );
    network.servers.set("2001:db8::3:1812", accept);
    clock.advance(seconds(4));
    assert.equal(one.answers.length, 1);
  });

  test("a conversation that only the silent one knows ends", () => {
    const { clock, client } = workshop({ servers });
    const bound = asked({ isBound: true });
    client.send(bound.request);
    clock.advance(seconds(50));
    assert.deepEqual(bound.failures, ["the server that knew of this conversation doesn't answer"]);
  });

  test("one that answers others is not left for a request that it has no answer to", () => {
    const { clock, network, client } = workshop({ servers });
    network.servers.set("192.0.2.1:1812", (request) => {
      if (Buffer.from(firstOf(request.packet.attributes, radius.userName) ?? []).toString() !== "odd") accept(request);
    });
    client.send(asked({ name: "odd" }).request);
    for (let i = 0; i < 10; i++) {
      clock.advance(seconds(10));
      client.send(asked().request);
    }
    clock.advance(seconds(1));
    assert.equal(client.current, 0);
  });

  test("the first is asked again after the time that was set", () => {
    const { clock, network, client } = workshop({ servers, retryPrimary: seconds(60) });
    network.servers.set("192.0.2.1:1812", (request) => request.fail("connection refused"));
    network.servers.set("192.0.2.2:1812", (request) => request.answer("Access-Accept", [], "other"));
    client.send(asked().request);
    clock.advance(seconds(10));
    assert.equal(client.current, 1);
    network.servers.set("192.0.2.1:1812", accept);
    clock.advance(seconds(51));
    assert.equal(client.current, 0);
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(1));
    assert.equal(one.answers.length, 1);
    assert.equal(network.requests.at(-1)?.endpoint.host, "192.0.2.1");
  });

  test("with a probe, the first is asked again when it says that it is there: RFC 5997", () => {
    const settings = {
      servers: [server("192.0.2.1"), server("192.0.2.2"), server("192.0.2.3")],
      retryPrimary: seconds(60),
      probesPrimary: true,
    };
    const { clock, network, client } = workshop(settings);
    const away = (request: ReceivedRequest): void => request.fail("nobody is there");
    const here = (request: ReceivedRequest): void =>
      request.packet.code === radiusCodes["Status-Server"] ? request.answer("Access-Accept") : accept(request);
    network.servers.set("192.0.2.1:1812", away);
    network.servers.set("192.0.2.2:1812", away);
    network.servers.set("192.0.2.3:1812", accept);
    client.send(asked().request);
    clock.advance(seconds(1));
    assert.equal(client.current, 2);
    clock.advance(seconds(60));
    const probed = network.requests.filter(({ packet }) => packet.code === radiusCodes["Status-Server"]);
    assert.deepEqual(
      probed.map(({ endpoint }) => endpoint.host),
      ["192.0.2.1", "192.0.2.2"],
    );
    for (const { octets } of probed) assert.equal(checkMessageAuthenticator(secret, octets), "right");
    assert.equal(client.current, 2);
    network.servers.set("192.0.2.2:1812", here);
    clock.advance(seconds(60));
    assert.equal(client.current, 1);
    network.servers.set("192.0.2.1:1812", (request) => request.answer("Access-Accept", [], "another secret"));
    clock.advance(seconds(60));
    assert.equal(client.current, 1, "nobody else's word counts");
    network.servers.set("192.0.2.1:1812", undefined);
    clock.advance(seconds(60));
    network.servers.set("192.0.2.1:1812", here);
    clock.advance(seconds(60));
    assert.equal(client.current, 0);
    client.close();
    assert.equal(network.alive.size, 0);
  });

  test("all silent: one round, and it is over", () => {
    const { clock, network, client } = workshop({ servers });
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(600));
    assert.deepEqual(one.failures, ["no answer from the server"]);
    assert.equal(network.requests.length, 12);
    assert.equal(client.pendingCount, 0);
  });

  test("other servers while somebody waits", () => {
    const { clock, network, client } = workshop({ servers });
    const one = asked();
    client.send(one.request);
    network.servers.set("192.0.2.9:1812", accept);
    client.configure({ servers: [server("192.0.2.9")], ...unmoved });
    clock.advance(seconds(1));
    assert.equal(one.answers.length, 1);
    const two = asked();
    client.send(two.request);
    // Another one behind it changes nothing for those that wait.
    const both = [server("192.0.2.9"), server("192.0.2.8")];
    client.configure({ servers: both, ...unmoved });
    clock.advance(seconds(1));
    assert.equal(two.answers.length, 1);
    assert.equal(client.statistics[0]?.accepts, 2);
    const three = asked();
    client.send(three.request);
    client.configure({ servers: [], ...unmoved });
    assert.deepEqual(three.failures, ["there is no server any more"]);
  });
});

describe("accounting", () => {
  const record = (name: string, persistence: Persistence = "until-answered"): Asked => asked({ name, persistence });
  const answer = (request: ReceivedRequest): void => request.answer("Accounting-Response");

  test("each attempt tells how long it has waited, under another identifier", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1", 1813)] }, "Accounting");
    const one = record("one");
    client.send(one.request);
    clock.advance(seconds(10));
    const delays = network.requests.map(({ packet }) => firstOf(packet.attributes, radius.acctDelayTime));
    assert.deepEqual(delays, [0, 3, 9]);
    assert.equal(new Set(network.requests.map(({ packet }) => packet.identifier)).size, 3);
    for (const { octets } of network.requests) assert.ok(verifyRequestAuthenticator(secret, octets));
  });

  test("nothing is lost while the server is away for an hour, and it is told soon after it is back", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1", 1813)] }, "Accounting");
    const all = Array.from({ length: 300 }, (_, i) => record(`record ${i}`));
    for (const { request } of all) client.send(request);
    clock.advance(seconds(3600));
    assert.equal(client.pendingCount, 300);
    network.servers.set("192.0.2.1:1813", answer);
    clock.advance(seconds(125));
    assert.ok(all.every(({ answers }) => answers.length === 1));
    assert.equal(client.pendingCount, 0);
  });

  test("what is made anew is sent once", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1", 1813)] }, "Accounting");
    const one = record("one", "once");
    client.send(one.request);
    clock.advance(seconds(30));
    assert.equal(network.requests.length, 1);
    assert.deepEqual(one.failures, ["no answer from the server"]);
  });

  test("over a stream nothing is sent twice, but for a connection that is gone", () => {
    const { clock, network, client } = workshop({ servers: [server("192.0.2.1", 2083)] }, "Authentication", true);
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(10));
    assert.equal(network.requests.length, 1);
    network.requests[0]?.fail("connection reset");
    clock.advance(seconds(14));
    assert.equal(network.requests.length, 2);
    assert.equal(network.requests[1]?.port, 1);
  });
});
