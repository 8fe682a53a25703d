/** An EAP server under a peer that sends anything: it never throws, never says yes without the password, and never stops answering others. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Reader, textOf, utf8 } from "../../src/base/bytes.ts";
import type { EapUser } from "../../src/config/eap-user.ts";
import { hash } from "../../src/crypto/backend/node.ts";
import type { EapAnswer, EapConversation } from "../../src/eap/contract.ts";
import { typeOfMethod } from "../../src/eap/method.ts";
import { plainMethods } from "../../src/eap/methods.ts";
import { type CountingEapServer, createEapServer } from "../../src/eap/server.ts";
import { decodeEap, type EapExchange, encodeEap } from "../../src/wire/eap/packet.ts";
import { type EapType, eapIdentity, eapNak, eapTypes } from "../../src/wire/eap/types.ts";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";

const methods = plainMethods.filter(({ name }) => name !== "VENDOR-TEST");

const user: EapUser = {
  // Whoever speaks VENDOR-TEST comes in.
  methods: methods.map(typeOfMethod),
  ttls: [],
  credential: { kind: "password", password: utf8("0123456789abcdef0123456789abcdef") },
  peapVersion: undefined,
  macAcl: false,
  attributes: [],
};

const server = (tell: (text: string) => void = () => undefined): CountingEapServer =>
  createEapServer({
    users: { find: (identity) => (textOf(identity) === "user" ? user : undefined) },
    methods,
    entropy: new FixedEntropy(),
    reauthenticationDomain: "example.com",
    tell: (event) => {
      if (event.type === "mistake") tell(String(event.error));
    },
  });

function requestOf(answer: EapAnswer): EapExchange | undefined {
  if (answer.kind !== "request") return undefined;
  const packet = decodeEap(new Reader(answer.packet, ["request"]));
  assert.ok(packet.code === "request");
  return packet;
}

/** One thing that a peer may do. `right` follows the conversation, so that the rest gets far into it. */
type Move =
  | { readonly kind: "octets"; readonly octets: Uint8Array }
  | { readonly kind: "right"; readonly data: Uint8Array }
  | { readonly kind: "other-type"; readonly type: EapType; readonly expanded: boolean; readonly data: Uint8Array }
  | { readonly kind: "other-identifier"; readonly by: number; readonly data: Uint8Array }
  | { readonly kind: "nak"; readonly wanted: Uint8Array }
  | { readonly kind: "other-length"; readonly length: number; readonly data: Uint8Array };

const data = fc.uint8Array({ maxLength: 80 });
const anyType = fc.record({
  vendor: fc.constantFrom(0, 0, 0, 0x137, 0xfefefe),
  type: fc.integer({ min: 0, max: 0xffff_ffff }).map((n) => n % 260),
});
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: fc.constant("octets"), octets: fc.uint8Array({ maxLength: 120 }) }),
  fc.record({ kind: fc.constant("right"), data }),
  fc.record({ kind: fc.constant("other-type"), type: anyType, expanded: fc.boolean(), data }),
  fc.record({ kind: fc.constant("other-identifier"), by: fc.integer({ min: 1, max: 255 }), data }),
  fc.record({ kind: fc.constant("nak"), wanted: fc.uint8Array({ maxLength: 20 }) }),
  fc.record({ kind: fc.constant("other-length"), length: fc.integer({ min: 0, max: 0xffff }), data }),
);

function octetsOf(made: Move, request: EapExchange): Uint8Array {
  const response = (more: Partial<EapExchange>): Uint8Array =>
    encodeEap({ ...request, code: "response", expanded: false, data: new Uint8Array(), ...more });
  switch (made.kind) {
    case "octets":
      return made.octets;
    case "right":
      return response({ data: made.data });
    case "other-type":
      return response({ type: made.type, expanded: made.expanded, data: made.data });
    case "other-identifier":
      return response({ identifier: (request.identifier + made.by) & 0xff, data: made.data });
    case "nak":
      return response({ type: eapNak, data: made.wanted });
    case "other-length": {
      const octets = response({ data: made.data });
      octets.set([made.length >> 8, made.length & 0xff], 2);
      return octets;
    }
  }
}

test("whatever a peer sends, there is an answer, no mistake of ours, and no success", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 30 }), fc.nat({ max: 255 }), async (moves, identifier) => {
      const mistakes: string[] = [];
      const eap = server((text) => mistakes.push(text));
      const conversation = eap.converse({ address: undefined });
      const first = requestOf(await conversation.begin(identifier));
      assert.ok(first);
      let request: EapExchange = first;
      const named = encodeEap({ ...request, code: "response", data: utf8("user") });
      request = requestOf(await conversation.respond(named)) ?? request;
      for (const made of moves) {
        const answer = await conversation.respond(octetsOf(made, request));
        assert.notEqual(answer.kind, "success");
        request = requestOf(answer) ?? request;
      }
      assert.deepEqual(mistakes, []);
      conversation.abandon();
      assert.equal(eap.counters().open, 0);
    }),
    { numRuns: 500 },
  );
});

async function comesIn(conversation: EapConversation): Promise<EapAnswer> {
  await conversation.begin(1);
  const respond = (identifier: number, type: EapType, content: Uint8Array): Promise<EapAnswer> =>
    conversation.respond(encodeEap({ code: "response", identifier, type, expanded: false, data: content }));
  const challenge = requestOf(await respond(1, eapIdentity, utf8("user")));
  assert.ok(challenge && user.credential?.kind === "password");
  const md5 = hash(
    "md5",
    Uint8Array.of(challenge.identifier),
    user.credential.password,
    challenge.data.subarray(1, 17),
  );
  return respond(challenge.identifier, eapTypes.MD5, Uint8Array.of(16, ...md5));
}

test("what is ignored in between doesn't keep anybody out", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 20 }), async (noise) => {
      const conversation = server().converse({ address: undefined });
      const noisy: EapConversation = {
        begin: (identifier) => conversation.begin(identifier),
        async respond(packet) {
          for (const octets of noise) assert.equal((await conversation.respond(octets)).kind, "ignored");
          return conversation.respond(packet);
        },
        abandon: () => conversation.abandon(),
      };
      assert.equal((await comesIn(noisy)).kind, "success");
    }),
  );
});

test("10,000 half-open conversations of others leave room for one that goes on", async () => {
  const eap = server();
  const one = eap.converse({ address: undefined });
  for (let i = 0; i < 9_999; i++) await eap.converse({ address: undefined }).begin(1);
  assert.equal((await comesIn(one)).kind, "success");
  for (let i = 0; i < 11_000; i++) await eap.converse({ address: undefined }).begin(1);
  assert.equal(eap.counters().open, 10_000);
  assert.equal((await comesIn(eap.converse({ address: undefined }))).kind, "success");
});
