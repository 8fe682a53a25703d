import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, utf8 } from "../base/bytes.ts";
import { encodeExpandedNak, encodeLegacyNak } from "../wire/eap/nak.ts";
import { decodeEap, type EapExchange } from "../wire/eap/packet.ts";
import { type EapType, eapIdentity, eapNak, eapTypes } from "../wire/eap/types.ts";
import { stepEap } from "./machine.ts";
import {
  type MachineEffect,
  type MachineInput,
  type MachineRules,
  type MachineState,
  newConversation,
} from "./machine-state.ts";
import type { MethodStep } from "./method.ts";
import type { EapUser } from "./users.ts";

const rules: MachineRules = {
  mostRounds: 100,
  mostShortRounds: 50,
  reauthenticates: true,
  identityText: utf8("hello"),
};
const user = (...methods: EapType[]): EapUser => ({
  methods,
  ttls: [],
  credential: undefined,
  peapVersion: undefined,
  macAcl: false,
  attributes: [],
});

class Walk {
  state: MachineState = newConversation();
  last: readonly MachineEffect[] = [];

  constructor(readonly with_: MachineRules = rules) {}

  take(input: MachineInput): this {
    const { state, effects } = stepEap(this.state, input, this.with_);
    this.state = state;
    this.last = effects;
    return this;
  }

  begin(identifier = 7): this {
    return this.take({ type: "begin", identifier });
  }

  response(type: EapType, data: Uint8Array, more: { identifier?: number; expanded?: boolean } = {}): this {
    const identifier = more.identifier ?? this.request.identifier;
    const packet: EapExchange = { code: "response", identifier, type, expanded: more.expanded ?? false, data };
    return this.take({ type: "packet", packet, length: 5 + data.length });
  }

  found(found: EapUser | undefined): this {
    return this.take({ type: "found", user: found });
  }

  stepped(step: MethodStep<unknown>): this {
    return this.take({ type: "stepped", step });
  }

  /** To the first request of the first method. */
  toMethod(...methods: EapType[]): this {
    this.begin().response(eapIdentity, utf8("me"), { identifier: 7 });
    return this.found(user(...methods)).stepped(asks("first"));
  }

  types(): string[] {
    return this.last.map((effect) => effect.type);
  }

  effect<T extends MachineEffect["type"]>(type: T): MachineEffect & { type: T } {
    const found = this.last.find((effect) => effect.type === type);
    assert.ok(found, `${type} in ${this.types().join()}`);
    return found as MachineEffect & { type: T };
  }

  #request: EapExchange | undefined;

  get request(): EapExchange {
    const sent = this.last.find((effect) => effect.type === "request");
    if (sent?.type === "request") this.#request = exchangeOf(sent.packet);
    assert.ok(this.#request);
    return this.#request;
  }
}

function exchangeOf(octets: Uint8Array): EapExchange {
  const packet = decodeEap(new Reader(octets, ["request"]));
  assert.ok(packet.code === "request");
  return packet;
}

const asks = (state: string): MethodStep<unknown> => ({ kind: "request", data: utf8(state), state });

test("asks for the identity, looks for the user, begins the first method, and ends with its success", () => {
  const walk = new Walk().begin(7);
  assert.deepEqual(walk.types(), ["tell", "tell", "request"]);
  assert.deepEqual(
    { ...walk.request },
    { code: "request", identifier: 7, type: eapIdentity, expanded: false, data: utf8("hello") },
  );
  walk.response(eapIdentity, utf8("me"));
  assert.deepEqual(walk.effect("find").identity, utf8("me"));
  walk.found(user(eapTypes.MD5));
  const { call } = walk.effect("begin-method");
  assert.deepEqual([call.identity, call.identifier, call.nextIdentifier], [utf8("me"), 7, 8]);
  walk.stepped(asks("one"));
  assert.equal(walk.request.identifier, 8);
  assert.deepEqual(walk.request.type, eapTypes.MD5);
  walk.response(eapTypes.MD5, utf8("answer"));
  const { method, data, call: next } = walk.effect("respond-method");
  assert.deepEqual([method.state, data, next.identifier, next.nextIdentifier], ["one", utf8("answer"), 8, 9]);
  walk.stepped({ kind: "success", keys: undefined });
  const { packet, identity } = walk.effect("succeed");
  assert.deepEqual([...packet], [3, 8, 0, 4]);
  assert.deepEqual(identity, utf8("me"));
  assert.deepEqual(walk.effect("forget").method.state, "one");
  assert.equal(walk.state.kind, "ended");
});

test("an identifier follows the one before, around 255", () => {
  const walk = new Walk().begin(255);
  assert.equal(walk.request.identifier, 255);
  walk.response(eapIdentity, utf8("me")).found(user(eapTypes.MD5)).stepped(asks("one"));
  assert.equal(walk.request.identifier, 0);
});

test("an identity that came unasked for begins it as well: RFC 3579, section 2.1", () => {
  const walk = new Walk().response(eapIdentity, utf8("me"), { identifier: 42 });
  assert.deepEqual(walk.effect("find").identity, utf8("me"));
  walk.found(user(eapTypes.GTC)).stepped(asks("one"));
  assert.equal(walk.request.identifier, 43);
});

test("another response to begin with has the identity asked for", () => {
  const walk = new Walk().response(eapNak, Uint8Array.of(13), { identifier: 42 });
  assert.equal(walk.request.identifier, 43);
  assert.deepEqual(walk.request.type, eapIdentity);
});

test("what is no response, has another identifier, or another type changes nothing: RFC 3748, section 4.1", () => {
  const walk = new Walk().toMethod(eapTypes.MD5);
  const before = walk.state;
  assert.ok(before.kind === "asking");
  const { identifier } = before.progress;
  const unwanted: [EapType, number][] = [
    [eapTypes.MD5, identifier - 1],
    [eapTypes.MD5, identifier + 1],
    [eapTypes.TLS, identifier],
    [eapIdentity, identifier],
    [eapTypes["VENDOR-TEST"], identifier],
  ];
  for (const [type, id] of unwanted) {
    assert.deepEqual(walk.response(type, utf8("x"), { identifier: id }).types(), ["tell", "ignore"]);
  }
  for (const code of ["success", "failure"] as const) {
    walk.take({ type: "packet", packet: { code, identifier }, length: 4 });
    assert.deepEqual(walk.types(), ["tell", "ignore"]);
  }
  const { state } = walk;
  assert.ok(state.kind === "asking");
  assert.deepEqual(state.method, before.method);
  walk.response(eapTypes.MD5, utf8("right"), { identifier });
  assert.equal(walk.effect("respond-method").method.proposed, true);
});

test("a response that a method ignores leaves the request standing", () => {
  const walk = new Walk().toMethod(eapTypes.MD5).response(eapTypes.MD5, utf8("?"), { identifier: 8 });
  assert.deepEqual(walk.stepped({ kind: "ignored", reason: "odd" }).types(), ["tell", "ignore"]);
  walk.response(eapTypes.MD5, utf8("right"), { identifier: 8 });
  assert.equal(walk.effect("respond-method").method.state, "first");
});

test("a Nak leaves of the user's methods those that the peer wants, in the user's order: RFC 3748, section 5.3.1", () => {
  const { MD5, GTC, TLS, PEAP, TTLS } = eapTypes;
  const walk = new Walk().toMethod(MD5, TLS, GTC, PEAP, TTLS);
  const nak = encodeLegacyNak({ wanted: [TTLS, GTC, { vendor: 0, type: 17 }], wantsExpanded: false });
  walk.response(eapNak, nak, { identifier: 8 });
  assert.equal(walk.effect("forget").method.state, "first");
  assert.deepEqual(walk.effect("begin-method").method, GTC);
  walk.stepped(asks("gtc"));
  assert.equal(walk.request.identifier, 9);
  walk.response(eapNak, encodeLegacyNak({ wanted: [TTLS], wantsExpanded: false }));
  assert.deepEqual(walk.effect("begin-method").method, TTLS);
  walk.stepped(asks("ttls")).response(eapNak, encodeLegacyNak({ wanted: [MD5], wantsExpanded: false }));
  assert.match(walk.effect("fail").reason, /does not speak TTLS, and wants MD5/);
  assert.deepEqual([...walk.effect("fail").packet], [4, 10, 0, 4]);
});

test("a Nak for all ends it", () => {
  const walk = new Walk().toMethod(eapTypes.MD5, eapTypes.TLS).response(eapNak, Uint8Array.of(0), { identifier: 8 });
  assert.match(walk.effect("fail").reason, /wants no other/);
});

test("an expanded Nak: RFC 3748, section 5.3.2", () => {
  const vendor = eapTypes["VENDOR-TEST"];
  const walk = new Walk().toMethod(vendor, eapTypes.TLS, eapTypes.MD5);
  assert.deepEqual([...walk.request.data], [...utf8("first")]);
  walk.response(eapNak, encodeExpandedNak([eapTypes.MD5]), { identifier: 8, expanded: true });
  assert.deepEqual(walk.effect("begin-method").method, eapTypes.MD5);
  const other = new Walk().toMethod(eapTypes.TLS, vendor, eapTypes.MD5);
  other.response(eapNak, Uint8Array.of(254), { identifier: 8 });
  assert.deepEqual(other.effect("begin-method").method, vendor);
});

test("a Nak that breaks its format is ignored, and one to a method that was taken", () => {
  const walk = new Walk().toMethod(eapTypes.MD5, eapTypes.GTC);
  assert.deepEqual(walk.response(eapNak, new Uint8Array(), { identifier: 8 }).types(), ["tell", "ignore"]);
  walk.response(eapNak, Uint8Array.of(1, 2, 3), { identifier: 8, expanded: true });
  assert.deepEqual(walk.types(), ["tell", "ignore"]);
  walk.response(eapTypes.MD5, utf8("x"), { identifier: 8 }).stepped(asks("second"));
  assert.deepEqual(walk.response(eapNak, Uint8Array.of(6)).types(), ["tell", "ignore"]);
});

test("an unknown user, a user without methods, and methods that can't begin are failures that say why", () => {
  const walk = new Walk().begin(7).response(eapIdentity, Uint8Array.of(0x6d, 0xff, 0x0a));
  assert.equal(walk.found(undefined).effect("fail").reason, "there is no user 'm\\xff\\x0a'");
  assert.deepEqual([...walk.effect("fail").packet], [4, 7, 0, 4]);

  const without = new Walk().begin(7).response(eapIdentity, utf8("me")).found(user());
  assert.match(without.effect("fail").reason, /no method/);

  const refusing = new Walk().begin(7).response(eapIdentity, utf8("me")).found(user(eapTypes.TLS, eapTypes.MD5));
  refusing.stepped({ kind: "failure", reason: "no certificate" });
  assert.deepEqual(refusing.effect("begin-method").method, eapTypes.MD5);
  refusing.stepped({ kind: "failure", reason: "no password" });
  assert.equal(refusing.effect("fail").reason, "MD5: no password");
});

test("an entry may have the identity asked for once more, not for ever", () => {
  const walk = new Walk().begin(7).response(eapIdentity, utf8("me")).found(user(eapIdentity, eapTypes.MD5));
  assert.deepEqual(walk.request.type, eapIdentity);
  walk.response(eapIdentity, utf8("you")).found(user(eapTypes.MD5));
  assert.deepEqual(walk.effect("begin-method").method, eapTypes.MD5);

  const again = new Walk().begin(7).response(eapIdentity, utf8("me")).found(user(eapIdentity));
  again.response(eapIdentity, utf8("you")).found(user(eapIdentity));
  assert.match(again.effect("fail").reason, /again and again/);
});

test("round trips have a limit, those without contents a lower one", () => {
  const count = (length: number): number => {
    const walk = new Walk({ ...rules, mostRounds: 10, mostShortRounds: 5 }).toMethod(eapTypes.TLS);
    for (let round = 2; round < 100; round++) {
      const { identifier } = walk.request;
      const packet: EapExchange = {
        code: "response",
        identifier,
        type: eapTypes.TLS,
        expanded: false,
        data: new Uint8Array(),
      };
      walk.take({ type: "packet", packet, length });
      if (walk.state.kind === "ended") {
        assert.equal(walk.types()[0], "forget");
        return round;
      }
      walk.stepped(asks("short"));
    }
    return Number.POSITIVE_INFINITY;
  };
  // Of the ten, the response with the identity was the first, and a short one too.
  assert.equal(count(100), 11);
  assert.equal(count(6), 6);
});

test("a long request in between makes short responses count anew", () => {
  const walk = new Walk({ ...rules, mostShortRounds: 2 }).toMethod(eapTypes.TLS);
  for (let round = 0; round < 20; round++) {
    walk.response(eapTypes.TLS, new Uint8Array());
    assert.equal(walk.state.kind, "answering");
    walk.stepped({ kind: "request", data: new Uint8Array(100), state: round });
  }
});

test("a known identity isn't asked for", () => {
  const walk = new Walk();
  walk.state = newConversation({ identity: utf8("inner") });
  walk.begin(3);
  assert.deepEqual(walk.effect("find").identity, utf8("inner"));
  walk.found(user(eapTypes.MSCHAPV2)).stepped(asks("one"));
  assert.equal(walk.request.identifier, 3);

  const given = new Walk();
  given.state = newConversation({ identity: utf8("inner"), user: user(eapTypes.TNC) });
  assert.deepEqual(given.begin(3).effect("begin-method").method, eapTypes.TNC);
});

test("a result that nobody waits for changes nothing, and nothing comes after the end", () => {
  const walk = new Walk().toMethod(eapTypes.MD5);
  assert.deepEqual(walk.found(user(eapTypes.GTC)).types(), []);
  assert.deepEqual(walk.stepped({ kind: "success", keys: undefined }).types(), []);
  walk.response(eapTypes.MD5, utf8("x"), { identifier: 8 });
  assert.deepEqual(walk.response(eapTypes.MD5, utf8("x"), { identifier: 8 }).types(), ["tell", "ignore"]);
  walk.stepped({ kind: "failure", reason: "no" });
  assert.equal(walk.effect("fail").reason, "MD5: no");
  assert.deepEqual(walk.response(eapTypes.MD5, utf8("x"), { identifier: 8 }).types(), ["tell", "ignore"]);
  assert.deepEqual(walk.begin(1).types(), ["tell", "ignore"]);
});
