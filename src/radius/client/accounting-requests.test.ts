import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Asked, asked, clientWorkshop, server, sharedSecret } from "../../../testing/radius-client.ts";
import type { ReceivedRequest } from "../../../testing/radius-network.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { firstOf } from "../../wire/radius/values.ts";
import { verifyRequestAuthenticator } from "../sealing.ts";
import type { Persistence } from "./attempts.ts";

describe("accounting", () => {
  const record = (name: string, persistence: Persistence = "until-answered"): Asked => asked({ name, persistence });
  const answer = (request: ReceivedRequest): void => request.answer("Accounting-Response");

  test("each attempt tells how long it has waited, under another identifier", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1", 1813)] }, "Accounting");
    const one = record("one");
    client.send(one.request);
    clock.advance(seconds(10));
    const delays = network.requests.map(({ packet }) => firstOf(packet.attributes, radius.acctDelayTime));
    assert.deepEqual(delays, [0, 3, 9]);
    assert.equal(new Set(network.requests.map(({ packet }) => packet.identifier)).size, 3);
    for (const { octets } of network.requests) assert.ok(verifyRequestAuthenticator(sharedSecret, octets));
  });

  test("nothing is lost while the server is away for an hour, and it is told soon after it is back", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1", 1813)] }, "Accounting");
    const all = Array.from({ length: 300 }, (_, i) => record(`record ${i}`));
    for (const { request } of all) client.send(request);
    clock.advance(seconds(3600));
    assert.equal(client.pendingCount, 300);
    network.servers.set("192.0.2.1:1813", answer);
    const isAnswered = ({ answers }: Asked): boolean => answers.length === 1;
    for (let waited = 0; waited < 125 && !all.some(isAnswered); waited++) clock.advance(seconds(1));
    assert.ok(all.some(isAnswered));
    // From the first answer on the others take turns, instead of waiting for their own time, or coming all at once.
    const before = network.requests.length;
    clock.advance(milliseconds(500));
    const soon = network.requests.length - before;
    assert.ok(soon >= 50 && soon <= 150, `${soon} in half a second`);
    clock.advance(seconds(2));
    assert.ok(all.every(isAnswered));
    assert.equal(client.pendingCount, 0);
  });

  test("what is made anew is sent once", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1", 1813)] }, "Accounting");
    const one = record("one", "once");
    client.send(one.request);
    clock.advance(seconds(30));
    assert.equal(network.requests.length, 1);
    assert.deepEqual(one.failures, ["no answer from the server"]);
  });

  test("over a stream nothing is sent twice, but for a connection that is gone", () => {
    const { clock, network, client } = clientWorkshop({ servers: [server("192.0.2.1", 2083)] }, "Authentication", true);
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
