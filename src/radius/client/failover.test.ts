import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accept, asked, clientWorkshop, server, sharedSecret, unmoved } from "../../../testing/radius-client.ts";
import type { ReceivedRequest } from "../../../testing/radius-network.ts";
import { utf8 } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { radiusCodes } from "../../wire/radius/packet.ts";
import { firstOf } from "../../wire/radius/values.ts";
import { checkMessageAuthenticator } from "../sealing.ts";

describe("several servers", () => {
  const servers = [server("192.0.2.1"), server("192.0.2.2", 1812, utf8("other")), server("2001:db8::3")];

  test("silence leads to the next one, with its own secret and the request from its start", () => {
    const { clock, network, client, lines } = clientWorkshop({ servers });
    const answered = asked();
    client.send(answered.request);
    network.servers.set("192.0.2.2:1812", (request) => request.answer("Access-Reject", [], "other"));
    clock.advance(seconds(46));
    assert.deepEqual(
      answered.answers.map(({ code }) => code),
      ["Access-Reject"],
    );
    assert.equal(network.requests.at(-1)?.endpoint.host, "192.0.2.2");
    assert.equal(checkMessageAuthenticator(utf8("other"), network.requests.at(-1)?.octets ?? sharedSecret), "right");
    assert.ok(lines().includes("No response from Authentication server 192.0.2.1:1812 - failover"));
    assert.ok(lines().includes("Authentication server 192.0.2.2:1812"));
    client.send(asked().request);
    assert.equal(network.requests.at(-1)?.endpoint.host, "192.0.2.2");
  });

  test("one that can't be reached is left at once; where none can be, nobody goes round in circles", () => {
    const { clock, network, client } = clientWorkshop({ servers });
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
    const { clock, client } = clientWorkshop({ servers });
    const bound = asked({ isBound: true });
    client.send(bound.request);
    clock.advance(seconds(50));
    assert.deepEqual(bound.failures, ["the server that knew of this conversation doesn't answer"]);
  });

  test("one that answers others is not left for a request that it has no answer to", () => {
    const { clock, network, client } = clientWorkshop({ servers });
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
    const { clock, network, client } = clientWorkshop({ servers, retryPrimary: seconds(60) });
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

  test("that time may change while the client runs", () => {
    const { clock, network, client } = clientWorkshop({ servers });
    network.servers.set("192.0.2.1:1812", (request) => request.fail("connection refused"));
    client.send(asked().request).cancel();
    clock.advance(seconds(1));
    assert.equal(client.current, 1);
    client.configure({ servers, ...unmoved, retryPrimary: seconds(60) });
    clock.advance(seconds(61));
    assert.equal(client.current, 0);
    client.close();
  });

  test("with a probe, the first is asked again when it says that it is there: RFC 5997", () => {
    const settings = {
      servers: [server("192.0.2.1"), server("192.0.2.2"), server("192.0.2.3")],
      retryPrimary: seconds(60),
      probesPrimary: true,
    };
    const { clock, network, client } = clientWorkshop(settings);
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
    for (const { octets } of probed) assert.equal(checkMessageAuthenticator(sharedSecret, octets), "right");
    assert.equal(client.current, 2);
    network.servers.set("192.0.2.2:1812", here);
    clock.advance(seconds(60));
    assert.equal(client.current, 1);
    network.servers.set("192.0.2.1:1812", (request) => {
      request.answer("Access-Accept", [], "another secret");
      request.reply(Uint8Array.of(2, request.packet.identifier, 0, 19));
      request.reply(new Uint8Array(3));
    });
    clock.advance(seconds(60));
    assert.equal(client.current, 1, "nobody else's word counts");
    network.servers.set("192.0.2.1:1812", undefined);
    clock.advance(seconds(60));
    network.servers.set("192.0.2.1:1812", here);
    clock.advance(seconds(60));
    assert.equal(client.current, 0);
    client.close();
    assert.equal(network.alive.size, 0);
    assert.deepEqual(clock.armed, []);
  });

  test("nobody is probed any more who is no server, or when it is over", () => {
    const settings = { servers, retryPrimary: seconds(60), probesPrimary: true };
    for (const end of ["close", "configure"] as const) {
      const { clock, network, client } = clientWorkshop(settings);
      network.servers.set("192.0.2.1:1812", (request) => request.fail("nobody is there"));
      client.send(asked().request).cancel();
      clock.advance(seconds(1));
      assert.equal(client.current, 1);
      network.servers.set("192.0.2.1:1812", undefined);
      clock.advance(seconds(59.5));
      assert.ok(clock.armed.includes("RADIUS Status-Server"));
      if (end === "close") client.close();
      else client.configure({ servers: servers.slice(1), ...unmoved });
      assert.ok(!clock.armed.includes("RADIUS Status-Server"), end);
      assert.equal(clock.armed.includes("RADIUS primary server"), false, end);
      client.close();
      assert.equal(network.alive.size, 0);
    }
  });

  test("all silent: one round, and it is over", () => {
    const { clock, network, client } = clientWorkshop({ servers });
    const one = asked();
    client.send(one.request);
    clock.advance(seconds(600));
    assert.deepEqual(one.failures, ["no answer from the server"]);
    assert.equal(network.requests.length, 12);
    assert.equal(client.pendingCount, 0);
  });

  test("other servers while somebody waits", () => {
    const { clock, network, client, lines } = clientWorkshop({ servers });
    const one = asked();
    client.send(one.request);
    network.servers.set("192.0.2.9:1812", accept);
    client.configure({ servers: [server("192.0.2.9")], ...unmoved });
    assert.equal(lines().at(-1), "Authentication server 192.0.2.9:1812");
    clock.advance(seconds(1));
    assert.equal(one.answers.length, 1);
    const two = asked();
    client.send(two.request);
    // Another one behind it changes nothing for those that wait.
    const both = [server("192.0.2.9"), server("192.0.2.8")];
    const sent = network.requests.length;
    client.configure({ servers: both, ...unmoved });
    clock.advance(seconds(1));
    assert.equal(two.answers.length, 1);
    assert.equal(network.requests.length, sent);
    assert.equal(client.members[0]?.statistics.accepts, 2);
    const three = asked();
    client.send(three.request);
    client.configure({ servers: [], ...unmoved });
    assert.deepEqual(three.failures, ["there is no server any more"]);
  });
});
