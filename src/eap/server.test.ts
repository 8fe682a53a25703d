import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { Reader, textOf, utf8 } from "../base/bytes.ts";
import { hash } from "../crypto/backend/node.ts";
import { decodeEap, encodeEap } from "../wire/eap/packet.ts";
import { type EapType, eapIdentity, eapTypes } from "../wire/eap/types.ts";
import type { EapAnswer, EapConversation } from "./contract.ts";
import type { ConversationEvent } from "./conversation.ts";
import type { EapMethod } from "./method.ts";
import { plainMethods } from "./methods.ts";
import { type CountingEapServer, createEapServer, type EapServerOptions } from "./server.ts";
import type { EapUser } from "./users.ts";

const entry = (more: Partial<EapUser> = {}): EapUser => ({
  methods: [eapTypes.MD5],
  ttls: [],
  credential: { kind: "password", password: utf8("secret") },
  peapVersion: undefined,
  macAcl: false,
  attributes: [],
  ...more,
});

const server = (more: Partial<EapServerOptions> = {}): CountingEapServer =>
  createEapServer({
    users: { find: (identity, phase) => (phase === 1 && textOf(identity) === "user" ? entry() : undefined) },
    methods: plainMethods,
    entropy: new FixedEntropy(),
    ...more,
  });

const peer = { address: undefined };

function response(identifier: number, type: EapType, data: Uint8Array): Uint8Array {
  return encodeEap({ code: "response", identifier, type, expanded: false, data });
}

function requestIn(answer: EapAnswer) {
  assert.ok(answer.kind === "request", JSON.stringify(answer));
  const packet = decodeEap(new Reader(answer.packet, ["request"]));
  assert.ok(packet.code === "request");
  return packet;
}

async function tryPassword(conversation: EapConversation, password: string, identity = "user"): Promise<EapAnswer> {
  const { identifier } = requestIn(await conversation.begin(5));
  const answer = await conversation.respond(response(identifier, eapIdentity, utf8(identity)));
  if (answer.kind !== "request") return answer;
  const challenge = requestIn(answer);
  const value = hash("md5", Uint8Array.of(challenge.identifier), utf8(password), challenge.data.subarray(1, 17));
  return conversation.respond(
    response(challenge.identifier, eapTypes.MD5, Uint8Array.of(16, ...value, ...utf8("name"))),
  );
}

test("who knows the password comes in; who doesn't, doesn't; both are counted", async () => {
  const eap = server();
  const success = await tryPassword(eap.converse(peer), "secret");
  assert.ok(success.kind === "success");
  assert.deepEqual([...success.packet], [3, 6, 0, 4]);
  assert.equal(success.method, "MD5");
  assert.equal(textOf(success.identity), "user");
  const failure = await tryPassword(eap.converse(peer), "guess");
  assert.ok(failure.kind === "failure");
  assert.equal(failure.reason, "MD5: the password is wrong");
  const stranger = await tryPassword(eap.converse(peer), "secret", "stranger");
  assert.ok(stranger.kind === "failure");
  assert.equal(stranger.reason, "there is no user 'stranger'");
  assert.deepEqual(eap.counters(), { started: 3, succeeded: 1, failed: 2, ignored: 0, crowdedOut: 0, open: 0 });
});

test("octets that are no EAP packet are ignored, and the request stands", async () => {
  const eap = server();
  const conversation = eap.converse(peer);
  await conversation.begin(5);
  for (const octets of [[], [2], [2, 5, 0, 3], [2, 5, 0, 200, 1], [9, 5, 0, 5, 1], [2, 5, 0, 4], [3, 5, 0, 5, 1]]) {
    assert.equal((await conversation.respond(Uint8Array.from(octets))).kind, "ignored", octets.join());
  }
  requestIn(await conversation.respond(response(5, eapIdentity, utf8("user"))));
  assert.equal(eap.counters().ignored, 7);
});

test("while an answer is made, others are ignored", async () => {
  let tell: (user: EapUser) => void = () => undefined;
  const users = { find: () => new Promise<EapUser>((resolve) => (tell = resolve)) };
  const conversation = server({ users }).converse(peer);
  await conversation.begin(5);
  const first = conversation.respond(response(5, eapIdentity, utf8("user")));
  assert.equal((await conversation.respond(response(5, eapIdentity, utf8("user")))).kind, "ignored");
  tell(entry());
  assert.deepEqual(requestIn(await first).type, eapTypes.MD5);
});

test("when there are too many, the one that was silent longest goes, and hears it", async () => {
  const eap = server({ mostOpen: 3 });
  const all = Array.from({ length: 4 }, () => eap.converse(peer));
  const [first, second] = all;
  assert.ok(first && second);
  for (const conversation of all.slice(0, 3)) await conversation.begin(5);
  await first.respond(response(5, eapIdentity, utf8("user")));
  await all[3]?.begin(5);
  assert.equal(eap.counters().open, 3);
  assert.equal(eap.counters().crowdedOut, 1);
  const told = await second.respond(response(5, eapIdentity, utf8("user")));
  assert.ok(told.kind === "failure");
  assert.match(told.reason, /too many/);
  const value = await first.respond(response(6, eapTypes.MD5, Uint8Array.of(16, ...new Uint8Array(16))));
  assert.equal(value.kind, "failure");
  assert.equal(eap.counters().open, 2);
});

test("10,000 half-open conversations, and as many more, leave 10,000", async () => {
  const eap = server();
  for (let i = 0; i < 20_000; i++) await eap.converse(peer).begin(i & 0xff);
  assert.equal(eap.counters().open, 10_000);
  assert.equal(eap.counters().crowdedOut, 10_000);
  assert.equal((await tryPassword(eap.converse(peer), "secret")).kind, "success");
  eap.close();
  assert.equal(eap.counters().open, 0);
});

/** A method whose steps end when the test says so. */
function slowMethod() {
  const forgotten: unknown[] = [];
  const waiting: ((state: string) => void)[] = [];
  const step = () =>
    new Promise<{ kind: "request"; data: Uint8Array; state: string }>((resolve) => {
      waiting.push((state) => resolve({ kind: "request", data: utf8(state), state }));
    });
  const method: EapMethod<string> = {
    name: "MD5",
    type: eapTypes.MD5.type,
    begin: step,
    respond: step,
    forget: (state) => forgotten.push(state),
  };
  return { method, forgotten, go: (state: string) => waiting.shift()?.(state) };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test("whoever is abandoned is forgotten: at once, or when the method is done", async () => {
  const { method, forgotten, go } = slowMethod();
  const eap = server({ methods: [method] });
  const waits = eap.converse(peer);
  await waits.begin(5);
  const answer = waits.respond(response(5, eapIdentity, utf8("user")));
  await soon();
  go("one");
  await answer;
  waits.abandon();
  assert.deepEqual(forgotten, ["one"]);
  waits.abandon();
  assert.deepEqual(forgotten, ["one"]);

  const works = eap.converse(peer);
  await works.begin(5);
  const begun = works.respond(response(5, eapIdentity, utf8("user")));
  await soon();
  go("two");
  await begun;
  const next = works.respond(response(6, eapTypes.MD5, utf8("x")));
  await soon();
  works.abandon();
  assert.deepEqual(forgotten, ["one"]);
  go("three");
  assert.equal((await next).kind, "ignored");
  assert.deepEqual(forgotten, ["one", "three", "two"]);
  assert.equal(eap.counters().open, 0);
  assert.equal((await works.respond(response(6, eapTypes.MD5, utf8("x")))).kind, "ignored");
});

test("what a method or a database throws ends in a failure, and is told", async () => {
  const told: ConversationEvent[] = [];
  const users = { find: () => Promise.reject(new Error("disk on fire")) };
  const eap = server({ users, tell: (event) => told.push(event) });
  const conversation = eap.converse(peer);
  await conversation.begin(5);
  const answer = await conversation.respond(response(5, eapIdentity, utf8("user")));
  assert.ok(answer.kind === "failure");
  assert.deepEqual([...answer.packet], [4, 5, 0, 4]);
  assert.ok(told.some((event) => event.type === "mistake"));
  assert.equal(eap.counters().failed, 1);
});

test("inside a tunnel: users of phase 2, the same methods, and the attributes of who was found last", async () => {
  const tunnel: EapMethod<EapConversation> = {
    name: "TTLS",
    type: eapTypes.TTLS.type,
    async begin({ inner }) {
      const conversation = inner.converse();
      const answer = await conversation.begin(1);
      assert.ok(answer.kind === "request");
      return { kind: "request", data: answer.packet, state: conversation };
    },
    async respond(_, conversation, data) {
      const answer = await conversation.respond(data.rest());
      switch (answer.kind) {
        case "request":
          return { kind: "request", data: answer.packet, state: conversation };
        case "success":
          return { kind: "success", keys: answer.keys, identity: answer.identity };
        case "failure":
        case "ignored":
          return { kind: answer.kind, reason: answer.reason };
      }
    },
    forget: (conversation) => conversation.abandon(),
  };
  const attributes = [{ type: 64, value: utf8("x") }];
  const told: ConversationEvent[] = [];
  const eap = server({
    methods: [tunnel, ...plainMethods],
    users: {
      find: (_, phase) =>
        phase === 1 ? entry({ methods: [eapTypes.TTLS] }) : entry({ methods: [eapTypes.GTC], attributes }),
    },
    tell: (event) => told.push(event),
  });
  const conversation = eap.converse(peer);
  await conversation.begin(5);
  const outer = requestIn(await conversation.respond(response(5, eapIdentity, utf8("anonymous"))));
  const asked = decodeEap(new Reader(outer.data, ["inner"]));
  assert.ok(asked.code === "request" && asked.identifier === 1);
  const inner = response(1, eapIdentity, utf8("real"));
  const gtc = requestIn(await conversation.respond(response(6, eapTypes.TTLS, inner)));
  assert.equal(textOf(gtc.data.subarray(5)), "Password");
  const last = response(2, eapTypes.GTC, utf8("secret"));
  const success = await conversation.respond(response(7, eapTypes.TTLS, last));
  assert.ok(success.kind === "success", JSON.stringify(success));
  assert.equal(textOf(success.identity), "real");
  assert.equal(success.method, "TTLS");
  assert.deepEqual(success.attributes, attributes);
  assert.deepEqual(
    told.filter((event) => event.type === "inside").map(({ event }) => event.type),
    ["started", "proposed", "identified", "proposed", "succeeded"],
  );
  assert.equal(eap.counters().started, 1);
});
