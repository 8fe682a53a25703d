import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { utf8, Writer } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { DnsRelay, type RelayClient } from "./relay.ts";

const client: RelayClient = { address: "192.168.50.10", port: 4711 };

/** RFC 1035, section 4.1: recursion desired, one question for an address of `name`. */
const question = (id: number, name = "meadow"): Uint8Array =>
  new Writer()
    .u16be(id)
    .u16be(0x0100)
    .u16be(1)
    .zeros(6)
    .u8(name.length)
    .put(utf8(name))
    .u8(0)
    .u16be(1)
    .u16be(1)
    .finish();

function answerTo(asked: Uint8Array): Uint8Array {
  const answer = asked.slice();
  answer[2] = 0x81;
  answer[3] = 0x80;
  return answer;
}

interface Asked {
  readonly server: string;
  readonly heard: (answer: Uint8Array) => void;
  readonly failed: () => void;
  sent: Uint8Array;
  isOpen: boolean;
}

function workshop(servers: readonly string[] = ["9.9.9.9", "1.1.1.1"]) {
  const clock = new VirtualClock();
  const asked: Asked[] = [];
  const replies: { readonly answer: Uint8Array; readonly client: RelayClient }[] = [];
  const relay = new DnsRelay({
    clock,
    entropy: new FixedEntropy(7),
    servers: () => servers,
    ask: (server, heard, failed) => {
      const one: Asked = { server, heard, failed, sent: new Uint8Array(), isOpen: true };
      asked.push(one);
      return {
        send: (octets) => {
          one.sent = octets;
        },
        close: () => {
          one.isOpen = false;
        },
      };
    },
    reply: (answer, to) => void replies.push({ answer, client: to }),
  });
  return { clock, asked, replies, relay };
}

test("a question goes to the first server under another number, and its answer back under the client's", () => {
  const { asked, replies, relay, clock } = workshop();
  relay.receive(question(0xabcd), client);
  const [one] = asked;
  assert.equal(one?.server, "9.9.9.9");
  assert.notDeepEqual(one?.sent.subarray(0, 2), Uint8Array.of(0xab, 0xcd));
  assert.deepEqual(one?.sent.subarray(2), question(0xabcd).subarray(2));
  one?.heard(answerTo(one.sent));
  assert.deepEqual(replies, [{ answer: answerTo(question(0xabcd)), client }]);
  assert.equal(one?.isOpen, false);
  assert.deepEqual(clock.armed, []);
});

test("what answers another question, or under another number, or is a question itself, is not heard", () => {
  const { asked, replies, relay } = workshop();
  relay.receive(question(1), client);
  const [one] = asked;
  assert.ok(one);
  const other = answerTo(one.sent);
  other[0] = (other[0] ?? 0) ^ 1;
  one.heard(other);
  one.heard(one.sent);
  const forged = answerTo(question(0, "miadow"));
  forged.set(one.sent.subarray(0, 2), 0);
  one.heard(forged);
  one.heard(new Uint8Array(3));
  assert.deepEqual(replies, []);
  // In other case, as some servers write it.
  const shouted = answerTo(question(0, "MEADOW"));
  shouted.set(one.sent.subarray(0, 2), 0);
  one.heard(shouted);
  assert.equal(replies.length, 1);
});

test("a server that is silent or out of reach is followed by the next, and the last by a refusal", () => {
  const { clock, asked, replies, relay } = workshop();
  relay.receive(question(0x1234), client);
  clock.advance(seconds(2));
  assert.deepEqual(
    asked.map(({ server, isOpen }) => [server, isOpen]),
    [
      ["9.9.9.9", false],
      ["1.1.1.1", true],
    ],
  );
  asked[1]?.failed();
  const [refusal] = replies;
  // SERVFAIL, and the question.
  assert.deepEqual(refusal?.answer.subarray(0, 6), Uint8Array.of(0x12, 0x34, 0x81, 0x82, 0, 1));
  assert.deepEqual(refusal?.answer.subarray(12), question(0).subarray(12));
  assert.equal(relay.waiting, 0);
  assert.deepEqual(clock.armed, []);
});

test("a crowd of questions takes no memory without bound, and one station can't keep others out", () => {
  const { relay, asked, clock, replies } = workshop();
  for (let id = 0; id < 10_000; id++) relay.receive(question(id), client);
  assert.equal(relay.waiting, 96);
  relay.receive(question(1), { address: "192.168.50.11", port: 1 });
  assert.equal(relay.waiting, 97);
  for (let host = 0; host < 100; host++) {
    for (let id = 0; id < 100; id++) relay.receive(question(id), { address: `192.168.51.${host}`, port: 1 });
  }
  assert.equal(relay.waiting, 512);
  relay.close();
  assert.equal(relay.waiting, 0);
  assert.ok(asked.every(({ isOpen }) => !isOpen));
  assert.deepEqual(clock.armed, []);
  assert.deepEqual(replies, []);
});

test("what is no question is nobody's", () => {
  const { relay, asked } = workshop();
  relay.receive(new Uint8Array(), client);
  relay.receive(new Uint8Array(12), client);
  relay.receive(answerTo(question(1)), client);
  assert.deepEqual(asked, []);
});
