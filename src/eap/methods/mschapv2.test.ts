import assert from "node:assert/strict";
import { test } from "node:test";
import { MethodUnderTest, type PacketStep } from "../../../testing/eap-method.ts";
import { bytesOfHex, concat, hexOf, MalformedError, textOf, utf8 } from "../../base/bytes.ts";
import { mppeMasterKey, mppeStartKey } from "../../crypto/mschap.ts";
import type { Credential, EapMethod } from "../method.ts";
import { mschapV2Method } from "./mschapv2.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text);
  assert.ok(bytes);
  return bytes;
};

/** RFC 2759, section 9.2. */
const user = utf8("User");
const challenge = hex("5B5D7C7D7B3F2F3E3C2C602132262628");
const peerChallenge = hex("21402324255E262A28295F2B3A337C7E");
const ntResponse = hex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF");
const password: Credential = { kind: "password", password: utf8("clientPass") };
const ntHash: Credential = { kind: "nt-hash", hash: hex("44EBBA8D5312B8D611474411F56989AE") };

const begin = async (credential: Credential | undefined, identity = user) => {
  const method = new MethodUnderTest(mschapV2Method as EapMethod<never>, {
    identity,
    serverId: utf8("server"),
    credentialOf: () => credential,
    entropy: { bytes: () => challenge.slice() },
    firstIdentifier: 9,
  });
  return { method, first: await method.begin() };
};

/** OpCode, MS-CHAPv2-ID, MS-Length and the rest. */
const message = (code: number, id: number, ...contents: readonly Uint8Array[]): Uint8Array => {
  const rest = concat(...contents);
  return concat(Uint8Array.of(code, id, 0, 4 + rest.length), rest);
};
const response = (nt = ntResponse, name = user): Uint8Array =>
  message(2, 9, Uint8Array.of(49), peerChallenge, new Uint8Array(8), nt, Uint8Array.of(0), name);

const dataOf = (step: PacketStep): Uint8Array => {
  assert.ok(step.kind === "request", JSON.stringify(step));
  return step.packet.subarray(5);
};

for (const [name, credential] of [
  ["a password", password],
  ["its NT hash", ntHash],
] as const) {
  test(`the example of RFC 2759, section 9.2, with ${name}`, async () => {
    const { method, first } = await begin(credential);
    assert.equal(hexOf(dataOf(first)), hexOf(message(1, 9, Uint8Array.of(16), challenge, utf8("server"))));
    const second = dataOf(await method.respond(response()));
    assert.deepEqual([...second.subarray(0, 4)], [3, 9, 0, second.length]);
    assert.equal(textOf(second.subarray(4)), "S=407A5589115FD0D6209F510FE9C04566932CDA56 M=OK");
    const last = await method.respond(Uint8Array.of(3));
    assert.ok(last.kind === "success" && last.keys);
    // RFC 3079, section 3.5.3: what the server sends with.
    assert.equal(hexOf(last.keys.msk.subarray(16)), "8b7cdc149b993a1ba118cb153f56dccb");
    const master = mppeMasterKey(hex("41C00C584BD2D91C4017A2A12FA59F3F"), ntResponse);
    assert.equal(hexOf(last.keys.msk.subarray(0, 16)), hexOf(mppeStartKey(master, "receive")));
    method.forget();
  });
}

test("a domain stands before the name, at either end or at both", async () => {
  for (const [identity, name] of [
    ["User", "DOMAIN\\User"],
    ["DOMAIN\\User", "User"],
    ["A\\User", "B\\User"],
  ] as const) {
    const { method } = await begin(password, utf8(identity));
    assert.equal(dataOf(await method.respond(response(ntResponse, utf8(name))))[0], 3, identity);
  }
});

test("a wrong response: error 691, and the end when the peer has heard it", async () => {
  const { method } = await begin(password);
  const wrong = ntResponse.map((octet, i) => (i === 23 ? octet ^ 1 : octet));
  const refusal = dataOf(await method.respond(response(wrong)));
  assert.equal(refusal[0], 4);
  assert.match(textOf(refusal.subarray(4)), /^E=691 R=0 C=0{32} V=3 M=FAILED$/);
  assert.ok((await method.respond(Uint8Array.of(3))).kind === "malformed");
  assert.deepEqual(await method.respond(Uint8Array.of(4)), { kind: "failure", reason: "the password is wrong" });
});

test("a peer that doesn't believe the server", async () => {
  const { method } = await begin(password);
  await method.respond(response());
  const end = await method.respond(Uint8Array.of(4));
  assert.ok(end.kind === "failure");
  assert.match(end.reason, /does not accept/);
});

test("what is no answer to what was asked is ignored; what has not its form ends it", async () => {
  const { method } = await begin(password);
  for (const data of [new Uint8Array(), Uint8Array.of(3), Uint8Array.of(7, 1)]) {
    const step = await method.respond(data);
    assert.ok(step.kind === "malformed" && step.thrown instanceof MalformedError);
  }
  assert.equal(dataOf(await method.respond(response()))[0], 3);
  for (const data of [response().subarray(0, 53), message(2, 9, Uint8Array.of(48), new Uint8Array(53))]) {
    const other = await begin(password);
    const step = await other.method.respond(data);
    assert.deepEqual(step, { kind: "failure", reason: "its Response has not the form of one" });
  }
});

test("another name, or nothing to compare with", async () => {
  const other = await begin(password);
  const named = await other.method.respond(response(ntResponse, utf8("user")));
  assert.ok(named.kind === "failure");
  assert.match(named.reason, /calls itself 'user', where its identity is 'User'/);
  for (const credential of [
    undefined,
    { kind: "salted", prep: "sha1", hash: new Uint8Array(20), salt: new Uint8Array(1) },
    { kind: "password", password: Uint8Array.of(0xff) },
  ] as const) {
    const { method } = await begin(credential);
    assert.equal((await method.respond(response())).kind, "failure");
  }
});
