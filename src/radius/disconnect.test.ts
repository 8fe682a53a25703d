import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { PlayedNetwork, type PlayedServer } from "../../testing/radius-network.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { utf8 } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import { radius } from "../wire/radius/attributes.ts";
import { AttributeList } from "../wire/radius/values.ts";
import { requestDisconnect } from "./disconnect.ts";
import { readAuthorizationRequest } from "./dynamic-authorization.ts";

const secret = utf8("radius");
const session = new AttributeList().add(radius.callingStationId, "02-00-00-00-00-01").list;

function ask(server: PlayedServer) {
  const clock = new VirtualClock();
  const network = new PlayedNetwork(clock);
  network.servers.set("10.0.0.1:3799", server);
  const outcomes: string[] = [];
  const options = { network, clock, entropy: new FixedEntropy(1) };
  requestDisconnect(options, { host: "10.0.0.1", secret }, session, (outcome) => void outcomes.push(outcome));
  clock.advance(seconds(10));
  assert.equal(network.alive.size, 0);
  return { network, clock, outcomes };
}

test("our own access point understands it", () => {
  const { network, clock } = ask((request) => request.answer("Disconnect-ACK"));
  const settings = {
    client: "10.0.0.9",
    secret,
    timeWindow: 300,
    requiresTimestamp: true,
    requiresMessageAuthenticator: true,
  };
  const [request] = network.requests;
  assert.ok(request);
  const read = readAuthorizationRequest(settings, request.octets, "10.0.0.9", clock.unixTime());
  assert.equal(read.kind, "disconnect");
  assert.equal(read.kind === "disconnect" ? read.session.station : undefined, "02:00:00:00:00:01");
});

test("done, refused, no answer, nobody there, somebody else's answer", () => {
  assert.deepEqual(ask((request) => request.answer("Disconnect-ACK")).outcomes, ["done"]);
  const cause = new AttributeList().add(radius.errorCause, 503).list;
  assert.deepEqual(ask((request) => request.answer("Disconnect-NAK", cause)).outcomes, ["refused, Error-Cause 503"]);
  assert.deepEqual(ask((request) => request.answer("Disconnect-NAK")).outcomes, ["refused"]);
  const silent = ask(undefined);
  assert.deepEqual([silent.outcomes, silent.network.requests.length], [["no answer"], 3]);
  assert.deepEqual(ask((request) => request.fail("nobody listens there")).outcomes, [
    "it could not be asked: nobody listens there",
  ]);
  const forged = ask((request) => {
    request.answer("Disconnect-ACK", [], "another secret");
    request.reply(new Uint8Array(5));
  });
  assert.deepEqual(forged.outcomes, ["no answer"]);
});
