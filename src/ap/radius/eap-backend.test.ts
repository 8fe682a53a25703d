import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { secret, value } from "../../../testing/radius-access-point.ts";
import type { PlayedServer } from "../../../testing/radius-network.ts";
import { VirtualNetwork } from "../../../testing/virtual-network.ts";
import { concat, textOf, utf8 } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { BackendAnswer } from "../../dot1x/port.ts";
import { mppeKeyAttributes } from "../../radius/hiding.ts";
import { sealAnswer } from "../../radius/sealing.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { AttributeList, allOf, firstOf, joinEapMessage, splitEapMessage } from "../../wire/radius/values.ts";
import { openRadiusBackend } from "./eap-backend.ts";

const config = `ssid=test
hw_mode=g
channel=1
wpa=2
wpa_key_mgmt=WPA-EAP
rsn_pairwise=CCMP
ieee8021x=1
own_ip_addr=2001:db8::7
auth_server_addr=192.0.2.1
auth_server_shared_secret=radius
auth_server_addr=192.0.2.2
auth_server_shared_secret=radius`;

const eap = (code: number, identifier: number, ...data: number[]): Uint8Array =>
  Uint8Array.of(code, identifier, 0, 4 + data.length, ...data);
const identity = concat(Uint8Array.of(2, 1, 0, 10, 1), utf8("alice"));
const challenge = eap(1, 2, 4, 9);
const success = eap(3, 2);
const msk = Uint8Array.from({ length: 64 }, (_, i) => i);

async function workshop(server: PlayedServer, more = "") {
  const network = await new VirtualNetwork(`${config}\n${more}`).start();
  network.radius.servers.set("192.0.2.1:1812", server);
  const bss = network.radio.bsses[0] ?? assert.fail();
  const answers: BackendAnswer[] = [];
  const supplicant = {
    address: "02:00:00:00:01:01" as MacAddress,
    multiSessionId: 0x1234n,
    isPreauthenticating: false,
    chargeableUserIdentity: undefined,
  };
  const backend = openRadiusBackend(bss) ?? assert.fail();
  const exchange = backend.begin(supplicant, (answer) => void answers.push(answer));
  return { network, exchange, answers };
}

test("a conversation: EAP in pieces, State handed back, keys and grants at the end", async () => {
  const long = concat(Uint8Array.of(2, 2, 2, 88), new Uint8Array(596).fill(7));
  const { network, exchange, answers } = await workshop((request) => {
    const { authenticator, attributes } = request.packet;
    const state = firstOf(attributes, radius.state);
    if (!state) {
      const list = new AttributeList().add(radius.state, utf8("s1")).add(radius.sessionTimeout, 17);
      return request.answer("Access-Challenge", list.put(...splitEapMessage(challenge)).list);
    }
    const list = new AttributeList()
      .put(...splitEapMessage(success), ...mppeKeyAttributes(secret, authenticator, msk, new FixedEntropy(1)))
      .add(radius.userName, utf8("alice@example.org"))
      .add(radius.class, utf8("c1"))
      .add(radius.class, utf8("c2"))
      .add(radius.sessionTimeout, 3600)
      .add(radius.terminationAction, 1)
      .add(radius.acctInterimInterval, 19)
      .add(radius.chargeableUserIdentity, utf8("cui"))
      .add(radius.eapKeyName, Uint8Array.of(13, 1, 2));
    request.answer("Access-Accept", list.list);
  }, "radius_request_cui=1\nradius_auth_req_attr=126:s:Operator");
  exchange.respond(identity);
  network.pass(10);
  assert.deepEqual(answers, [{ kind: "request", packet: challenge, timeout: seconds(17) }]);
  exchange.respond(long);
  network.pass(10);
  const [first, second] = network.radius.requests;
  assert.ok(first && second);
  assert.equal(textOf(value(first, radius.userName) ?? new Uint8Array()), "alice");
  assert.equal(value(first, radius.nasIpv6Address), "2001:db8::7");
  assert.equal(value(first, radius.framedMtu), 1400);
  assert.equal(value(first, radius.serviceType), 2);
  assert.equal(value(first, radius.callingStationId), "02-00-00-00-01-01");
  assert.equal(textOf(value(first, radius.acctMultiSessionId) ?? new Uint8Array()), "0000000000001234");
  assert.deepEqual(value(first, radius.chargeableUserIdentity), Uint8Array.of(0));
  assert.equal(textOf(value(first, radius.operatorName) ?? new Uint8Array()), "Operator");
  assert.equal(allOf(second.packet.attributes, radius.eapMessage).length, 3);
  assert.deepEqual(joinEapMessage(second.packet.attributes), long);
  assert.equal(textOf(value(second, radius.state) ?? new Uint8Array()), "s1");
  const last = answers.at(-1);
  assert.ok(last?.kind === "accepted");
  assert.deepEqual(last.msk, msk);
  assert.deepEqual(last.packet, success);
  assert.deepEqual(last.sessionId, Uint8Array.of(13, 1, 2));
  const { granted } = last;
  assert.equal(textOf(granted.identity ?? new Uint8Array()), "alice@example.org");
  assert.deepEqual(granted.classes.map(textOf), ["c1", "c2"]);
  assert.equal(granted.sessionTimeout, seconds(3600));
  assert.equal(granted.terminationAction, "reauthenticate");
  assert.equal(granted.interimInterval, undefined, "less than a minute may not be asked for");
  assert.equal(textOf(granted.chargeableUserIdentity ?? new Uint8Array()), "cui");
  network.stop();
});

test("refused: with the server's words and the reason code it names", async () => {
  const { network, exchange, answers } = await workshop((request) =>
    request.answer(
      "Access-Reject",
      new AttributeList()
        .put(...splitEapMessage(eap(4, 1)))
        .add(radius.replyMessage, utf8("Not at this time"))
        .add(radius.wlanReasonCode, 30).list,
    ),
  );
  exchange.respond(identity);
  network.pass(10);
  const reason = "the RADIUS server refuses it: Not at this time";
  assert.deepEqual(answers, [{ kind: "refused", packet: eap(4, 1), reason, reasonCode: 30 }]);
  network.stop();
});

test("an identity that User-Name can't carry is refused, and told why", async () => {
  const { network, exchange, answers } = await workshop((request) => request.answer("Access-Accept"));
  exchange.respond(concat(Uint8Array.of(2, 1, 1, 3, 1), new Uint8Array(254).fill(0x61)));
  network.pass(10);
  const reason = "its identity of 254 octets does not fit into User-Name, which has 253 at most";
  assert.deepEqual(answers, [{ kind: "refused", packet: undefined, reason }]);
  assert.equal(network.radius.requests.length, 0);
  exchange.respond(concat(Uint8Array.of(2, 2, 1, 2, 1), new Uint8Array(253).fill(0x61)));
  network.pass(10);
  assert.equal(network.radius.requests.length, 1);
  network.stop();
});

test("an answer that anybody could have made, or that holds no EAP", async () => {
  const bare = await workshop((request) => {
    const { authenticator, identifier } = request.packet;
    request.reply(
      sealAnswer(secret, authenticator, { code: 2, identifier, attributes: splitEapMessage(success) }, false),
    );
  }, "radius_require_message_authenticator=0");
  bare.exchange.respond(identity);
  bare.network.pass(1000);
  assert.deepEqual(bare.answers, []);
  bare.network.stop();
  for (const broken of [[], splitEapMessage(Uint8Array.of(1, 2, 0, 9)), splitEapMessage(Uint8Array.of(1))]) {
    const { network, exchange, answers } = await workshop((request) => request.answer("Access-Challenge", broken));
    exchange.respond(identity);
    network.pass(10);
    assert.equal(answers[0]?.kind, "refused");
    network.stop();
  }
});

test("another response takes the place of the one before; nobody is told of what was abandoned", async () => {
  const { network, exchange, answers } = await workshop(undefined);
  exchange.respond(identity);
  exchange.respond(identity);
  assert.equal(network.radio.bsses[0]?.radius.authentication.pendingCount, 1);
  exchange.abandon();
  network.pass(200_000);
  assert.deepEqual(answers, []);
  network.stop();
});

test("silence leads to the other server, and at last to nobody", async () => {
  const { network, exchange, answers } = await workshop(undefined);
  exchange.respond(identity);
  network.pass(50_000);
  assert.equal(network.radius.requests.at(-1)?.endpoint.host, "192.0.2.2");
  network.pass(60_000);
  assert.deepEqual(answers, [{ kind: "unreachable", reason: "no answer from the server" }]);
  network.stop();
});

test("whatever a server sends, well sealed, nothing is thrown", async () => {
  let attributes: { type: number; value: Uint8Array }[] = [];
  let code: "Access-Accept" | "Access-Challenge" | "Access-Reject" = "Access-Accept";
  const { network, exchange } = await workshop((request) => request.answer(code, attributes));
  const attribute = fc.record({
    type: fc.oneof(fc.constantFrom(26, 79, 24, 27, 64, 65, 81, 56, 102), fc.integer({ min: 1, max: 255 })),
    value: fc.uint8Array({ maxLength: 30 }),
  });
  fc.assert(
    fc.property(
      fc.array(attribute, { maxLength: 12 }),
      fc.constantFrom("Access-Accept" as const, "Access-Challenge" as const, "Access-Reject" as const),
      (list, answer) => {
        attributes = list.filter(({ type }) => type !== 80);
        code = answer;
        exchange.respond(identity);
        network.pass(5);
      },
    ),
    { numRuns: 300 },
  );
  network.stop();
});
