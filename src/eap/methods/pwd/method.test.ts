import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MethodUnderTest, type PacketStep } from "../../../../testing/eap-method.ts";
import { FixedEntropy } from "../../../../testing/fixed-entropy.ts";
import { concat, MalformedError, Reader, utf8 } from "../../../base/bytes.ts";
import { eapArithmeticHere } from "../../../crypto/eap-arithmetic.ts";
import { CyclicGroups } from "../../../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../../../crypto/groups/load.ts";
import { ModpGroups } from "../../../crypto/modp.ts";
import type { Credential, EapMethod } from "../../method.ts";
import { sendMessage } from "./fragments.ts";
import { decodeId, encodeId, exchangeCode } from "./message.ts";
import { pwdMethod } from "./method.ts";

const loaded = await loadGroupArithmetic();
const groups = new CyclicGroups(loaded);
const arithmetic = eapArithmeticHere(async () => ({ cyclic: groups, modp: new ModpGroups(loaded) }));

function conversation(group = 19, credential: Credential | undefined = { kind: "password", password: utf8("secret") }) {
  const method = pwdMethod({ groups: async () => groups, arithmetic, group, fragmentSize: 0 }) as EapMethod<never>;
  return new MethodUnderTest(method, {
    identity: utf8("user"),
    serverId: utf8("server"),
    credentialOf: () => credential,
    entropy: new FixedEntropy(1),
  });
}

/** Type-Data of a request. */
function dataOf(step: PacketStep): Uint8Array {
  assert.ok(step.kind === "request", JSON.stringify(step));
  return step.packet.subarray(5);
}

/** Up to the server's Commit. */
async function committed(): Promise<{ readonly method: MethodUnderTest; readonly commit: Uint8Array }> {
  const method = conversation();
  const request = decodeId(new Reader(dataOf(await method.begin()).subarray(1), ["id"]));
  const answer = encodeId({ ...request, identity: utf8("user") });
  const commit = dataOf(await method.respond(concat(Uint8Array.of(exchangeCode.id), answer)));
  assert.equal(commit[0], exchangeCode.commit);
  return { method, commit };
}

test("groups that are not for it, and users without a password", async () => {
  for (const group of [0, 1, 15, 18, 25, 26, 28, 30, 99]) {
    const step = await conversation(group).begin();
    assert.ok(step.kind === "failure");
    assert.match(step.reason, /pwd_group=/);
  }
  const nobody = new MethodUnderTest(
    pwdMethod({ groups: async () => groups, arithmetic, group: 19, fragmentSize: 0 }) as EapMethod<never>,
    { identity: utf8("user"), serverId: utf8("server"), credentialOf: () => undefined },
  );
  assert.equal((await nobody.begin()).kind, "failure");
});

test("parameters that are not the ones that were given", async () => {
  for (const change of [{ group: 20 }, { preparation: "ms" as const }, { token: Uint8Array.of(9, 9, 9, 9) }]) {
    const method = conversation();
    const request = decodeId(new Reader(dataOf(await method.begin()).subarray(1), ["id"]));
    const answer = encodeId({ ...request, identity: utf8("user"), ...change });
    assert.equal((await method.respond(concat(Uint8Array.of(exchangeCode.id), answer))).kind, "failure");
  }
});

test("the server's own values sent back", async () => {
  const { method, commit } = await committed();
  assert.deepEqual(await method.respond(commit), {
    kind: "failure",
    reason: "the peer sends the server's own values back",
  });
});

test("values that are not of the group", async () => {
  // P-256's, FIPS 186-4, appendix D.1.2.3.
  const generator = Uint8Array.from(
    Buffer.from(
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
      "hex",
    ),
  );
  const element = (commit: Uint8Array): Uint8Array => commit.slice(1, 65);
  const scalar = new Uint8Array(32).fill(2);
  const wrong: readonly ((commit: Uint8Array) => readonly [Uint8Array, Uint8Array])[] = [
    () => [new Uint8Array(64), scalar],
    (commit) => [element(commit).fill(1, 63), scalar],
    () => [new Uint8Array(64).fill(0xff), scalar],
    () => [generator, new Uint8Array(32)],
    () => [generator, new Uint8Array(32).fill(0xff)],
  ];
  for (const make of wrong) {
    const { method, commit } = await committed();
    const step = await method.respond(concat(Uint8Array.of(exchangeCode.commit), ...make(commit)));
    assert.deepEqual(step, { kind: "failure", reason: "the peer's values are not of the group" });
  }
});

test("a message arrives as it was, however it was cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), fc.integer({ min: 10, max: 200 }), (message, size) => {
      const first = sendMessage(exchangeCode.commit, message, size);
      assert.ok(first.data.length <= size);
      const isCut = (first.data[0] ?? 0) > 0x3f;
      assert.equal(isCut, message.length + 1 > size);
      const sent = first.data.length - (isCut ? 3 : 1);
      assert.deepEqual(concat(first.data.subarray(isCut ? 3 : 1), first.fragments.unsent), message);
      assert.equal(sent + first.fragments.unsent.length, message.length);
    }),
  );
});

test("pieces that nobody could have meant", async () => {
  for (const pieces of [
    // the first without its length
    [Uint8Array.of(0x41, 1)],
    // longer than announced
    [Uint8Array.of(0xc1, 0, 1, 1, 2)],
    // more than anybody has to say
    [Uint8Array.of(0xc1, 0xff, 0xff, 1)],
    // nothing, and more of it
    [Uint8Array.of(0xc1, 0, 9)],
  ]) {
    const method = conversation();
    await method.begin();
    for (const piece of pieces) {
      const step = await method.respond(piece);
      assert.ok(step.kind === "malformed" && step.thrown instanceof MalformedError);
    }
  }
});
