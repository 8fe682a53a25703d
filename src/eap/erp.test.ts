import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { hexOf, Reader, textOf, utf8, Writer } from "../base/bytes.ts";
import { hmac } from "../crypto/backend/node.ts";
import { deriveEmskName, deriveIntegrityKey, deriveReauthenticatedMsk, deriveRootKey } from "../crypto/erp.ts";
import { decodeEap, type EapReauthentication, encodeEap } from "../wire/eap/packet.ts";
import { eapIdentity, eapTypes } from "../wire/eap/types.ts";
import type { EapKeys } from "./contract.ts";
import { ReauthenticationKeys } from "./erp.ts";
import type { EapMethod } from "./method.ts";
import { createEapServer } from "./server.ts";

const keys: EapKeys = {
  msk: new Uint8Array(64),
  emsk: Uint8Array.from({ length: 64 }, (_, i) => i),
  sessionId: Uint8Array.of(13, 1, 2, 3),
};
const root = deriveRootKey(keys.emsk ?? new Uint8Array());
const name = `${hexOf(deriveEmskName(keys.sessionId ?? new Uint8Array()))}@example.com`;
const user = { identity: utf8("user"), method: "TLS", attributes: [{ type: 25, value: utf8("x") }] };

/** EAP-Initiate/Re-auth as a peer makes it. RFC 6696, section 5.3.2. */
function initiate(
  sequence: number,
  more: { suite?: number; keyName?: string; tlvs?: Uint8Array; key?: Uint8Array; tagLength?: number } = {},
): Uint8Array {
  const { suite = 2, keyName = name, tlvs = new Uint8Array(), key = root } = more;
  const tagLength = more.tagLength ?? (suite === 3 ? 32 : 16);
  const nai = utf8(keyName);
  const data = new Writer().u8(0).u16be(sequence).u8(1).u8(nai.length).put(nai).put(tlvs).u8(suite).zeros(tagLength);
  const octets = encodeEap({ code: "initiate", identifier: 9, type: 2, data: data.finish() });
  const end = octets.length - tagLength;
  octets.set(hmac("sha256", deriveIntegrityKey(key, suite), octets.subarray(0, end)).subarray(0, tagLength), end);
  return octets;
}

function decoded(octets: Uint8Array): EapReauthentication {
  const packet = decodeEap(new Reader(octets, ["packet"]));
  assert.ok(packet.code === "initiate" || packet.code === "finish");
  return packet;
}

const filled = (): ReauthenticationKeys => {
  const store = new ReauthenticationKeys();
  store.add(keys, "example.com", user);
  return store;
};

test("one message is answered by one, signed, and both ends have a new key", () => {
  const store = filled();
  for (const [sequence, suite, tagLength] of [
    [0, 2, 16],
    [1, 2, 16],
    [65535, 2, 16],
  ] as const) {
    const result = store.answer(decoded(initiate(sequence, { suite })));
    assert.ok(result.kind === "success", JSON.stringify(result));
    assert.equal(hexOf(result.msk), hexOf(deriveReauthenticatedMsk(root, sequence)));
    assert.deepEqual(result.user, user);
    const { code, identifier, type, data } = decoded(result.packet);
    assert.deepEqual([code, identifier, type], ["finish", 9, 2]);
    const r = new Reader(data, ["finish"]);
    assert.deepEqual([r.u8(), r.u16be(), r.u8()], [0, sequence, 1]);
    assert.equal(textOf(r.take(r.u8())), name);
    assert.equal(r.u8(), suite);
    assert.equal(r.remaining, tagLength);
    const end = result.packet.length - tagLength;
    const tag = hmac("sha256", deriveIntegrityKey(root, suite), result.packet.subarray(0, end)).subarray(0, tagLength);
    assert.deepEqual(r.rest(), Uint8Array.from(tag));
  }
});

test("a peer may take the longer tag, and keeps to what it took", () => {
  const store = filled();
  assert.equal(store.answer(decoded(initiate(1, { suite: 3 }))).kind, "success");
  assert.equal(store.answer(decoded(initiate(2, { suite: 2 }))).kind, "ignored");
  assert.equal(store.answer(decoded(initiate(2, { suite: 3 }))).kind, "success");
});

test("what came before, is signed by somebody else, or breaks the format changes nothing", () => {
  const store = filled();
  assert.equal(store.answer(decoded(initiate(5))).kind, "success");
  const wrong: readonly [Uint8Array, RegExp][] = [
    [initiate(5), /came before/],
    [initiate(4), /came before/],
    [initiate(6, { key: new Uint8Array(64) }), /tag is wrong/],
    [initiate(6, { suite: 1, tagLength: 8 }), /tag is wrong/],
    [initiate(6, { tlvs: Uint8Array.of(4, 200, 1) }), /octets wanted/],
    [encodeEap({ code: "initiate", identifier: 1, type: 2, data: Uint8Array.of(0, 0) }), /octets wanted/],
    [encodeEap({ code: "initiate", identifier: 1, type: 2, data: Uint8Array.of(0, 0, 7, 4, 0) }), /octets wanted/],
    [encodeEap({ code: "initiate", identifier: 1, type: 1, data: Uint8Array.of(0) }), /type 1/],
  ];
  for (const [octets, said] of wrong) {
    const result = store.answer(decoded(octets));
    assert.ok(result.kind === "ignored");
    assert.match(result.reason, said);
  }
  for (let at = 0; at < initiate(6).length; at++) {
    const spoiled = initiate(6).map((octet, i) => (i === at ? octet ^ 1 : octet));
    if (at >= 4) assert.notEqual(store.answer(decoded(spoiled)).kind, "success", `octet ${at}`);
  }
  const attributes = Uint8Array.of(2, 0, 0, 0, 9, 5, 2, 2, 3, 128, 1, 7);
  assert.equal(store.answer(decoded(initiate(6, { tlvs: attributes }))).kind, "success");
});

test("a name without a key is told so, without a tag", () => {
  const result = filled().answer(decoded(initiate(3, { keyName: "0011@example.com" })));
  assert.ok(result.kind === "failure");
  const { data } = decoded(result.packet);
  assert.deepEqual([...data.subarray(0, 5)], [0x80, 0, 3, 1, 16]);
  assert.equal(textOf(data.subarray(5)), "0011@example.com");
});

test("keys are bounded, the one that wasn't used longest goes, and all can be forgotten", () => {
  const store = new ReauthenticationKeys(2);
  const add = (octet: number): void => store.add({ ...keys, sessionId: Uint8Array.of(octet) }, "example.com", user);
  const isThere = (octet: number, sequence: number): boolean => {
    const keyName = `${hexOf(deriveEmskName(Uint8Array.of(octet)))}@example.com`;
    return store.answer(decoded(initiate(sequence, { keyName }))).kind === "success";
  };
  add(1);
  add(2);
  assert.ok(isThere(1, 1));
  add(3);
  assert.equal(store.size, 2);
  assert.ok(!isThere(2, 2));
  assert.ok(isThere(1, 3));
  assert.ok(isThere(3, 4));
  store.clear();
  assert.ok(!isThere(1, 5));
});

test("methods without an EMSK or a Session-Id leave no key, and neither does a domain that is too long", () => {
  const store = new ReauthenticationKeys();
  store.add({ ...keys, emsk: undefined }, "example.com", user);
  store.add({ ...keys, sessionId: undefined }, "example.com", user);
  store.add(keys, "d".repeat(240), user);
  assert.equal(store.size, 0);
});

const keyed: EapMethod<string> = {
  name: "TLS",
  type: eapTypes.TLS.type,
  begin: () => ({ kind: "request", data: new Uint8Array(), state: "asked" }),
  respond: () => ({ kind: "success", keys: { ...keys, emsk: keys.emsk?.slice() } }),
  forget: () => undefined,
};

test("the server: in full, then with one message, as the first or in place of the identity", async () => {
  const entry = {
    methods: [eapTypes.TLS],
    ttls: [],
    credential: undefined,
    peapVersion: undefined,
    macAcl: false,
    attributes: [{ type: 25, value: utf8("class") }],
  };
  const options = { users: { find: () => entry }, methods: [keyed], entropy: new FixedEntropy() };
  const server = createEapServer({ ...options, reauthenticationDomain: "example.com" });
  const full = server.converse({ address: undefined });
  await full.begin(1);
  const respond = (identifier: number, type: typeof eapIdentity, data: Uint8Array): Uint8Array =>
    encodeEap({ code: "response", identifier, type, expanded: false, data });
  await full.respond(respond(1, eapIdentity, utf8("me")));
  const success = await full.respond(respond(2, eapTypes.TLS, new Uint8Array()));
  assert.equal(success.kind, "success");

  const again = await server.converse({ address: undefined }).respond(initiate(0));
  assert.ok(again.kind === "success", JSON.stringify(again));
  assert.equal(textOf(again.identity), "me");
  assert.equal(again.method, "TLS");
  assert.deepEqual(again.attributes, entry.attributes);
  assert.equal(hexOf(again.keys?.msk ?? new Uint8Array()), hexOf(deriveReauthenticatedMsk(root, 0)));

  const asked = server.converse({ address: undefined });
  await asked.begin(1);
  assert.equal((await asked.respond(initiate(1))).kind, "success");
  assert.deepEqual(server.counters().succeeded, 3);
  assert.deepEqual(server.counters().open, 0);

  const replayed = server.converse({ address: undefined });
  assert.equal((await replayed.respond(initiate(1))).kind, "ignored");
  server.forgetKeys();
  const forgotten = await server.converse({ address: undefined }).respond(initiate(2));
  assert.ok(forgotten.kind === "failure");
  assert.equal(decoded(forgotten.packet).code, "finish");

  const without = createEapServer(options);
  assert.equal((await without.converse({ address: undefined }).respond(initiate(0))).kind, "ignored");
});
