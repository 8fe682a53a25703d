import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MethodUnderTest, type PacketStep } from "../../../testing/eap-method.ts";
import { concat, MalformedError, textOf, utf8 } from "../../base/bytes.ts";
import type { EapMethod } from "../method.ts";
import { tncMethod } from "./tnc.ts";

const inTunnel = (phase: 1 | 2 = 2): MethodUnderTest =>
  new MethodUnderTest(tncMethod as EapMethod<never>, {
    identity: utf8("user"),
    serverId: utf8("server"),
    credentialOf: () => undefined,
    phase,
  });

const batch = (id: number): Uint8Array => utf8(`<TNCCS-Batch BatchId="${id}" Recipient="TNCS"></TNCCS-Batch>`);
const packet = (flags: number, ...data: readonly Uint8Array[]): Uint8Array => concat(Uint8Array.of(flags | 1), ...data);

test("who speaks is recommended to be let in, and is, by what has authenticated him", async () => {
  const method = inTunnel();
  const start = await method.begin();
  assert.ok(start.kind === "request");
  assert.deepEqual(start.packet.subarray(5), Uint8Array.of(0x21));
  const answer = await method.respond(packet(0, batch(1)));
  assert.ok(answer.kind === "request");
  assert.match(textOf(answer.packet.subarray(6)), /BatchId="2".*Recommendation type="allow"/s);
  assert.deepEqual(await method.respond(packet(0)), { kind: "success", keys: undefined });
});

test("a batch in pieces", async () => {
  const method = inTunnel();
  await method.begin();
  const octets = batch(1);
  const length = Uint8Array.of(0, 0, 0, octets.length);
  const first = await method.respond(packet(0xc0, length, octets.subarray(0, 20)));
  assert.ok(first.kind === "request");
  assert.deepEqual(first.packet.subarray(5), Uint8Array.of(1));
  assert.equal((await method.respond(packet(0x40, octets.subarray(20, 40)))).kind, "request");
  const whole = await method.respond(packet(0, octets.subarray(40)));
  assert.ok(whole.kind === "request");
  assert.match(textOf(whole.packet.subarray(6)), /allow/);
});

test("outside a tunnel it lets nobody in", async () => {
  assert.equal((await inTunnel(1).begin()).kind, "failure");
});

test("what is no first batch, and what breaks the format", async () => {
  const step = async (data: Uint8Array): Promise<PacketStep["kind"]> => {
    const method = inTunnel();
    await method.begin();
    return (await method.respond(data)).kind;
  };
  assert.equal(await step(packet(0, batch(3))), "failure");
  assert.equal(await step(packet(0, utf8("hello"))), "failure");
  assert.equal(await step(Uint8Array.of(2)), "ignored");
  assert.equal(await step(packet(0x20)), "ignored");
  assert.equal(await step(packet(0x40, utf8("x"))), "malformed");
  assert.equal(await step(packet(0xc0, Uint8Array.of(0xff, 0, 0, 0), utf8("x"))), "malformed");
  assert.equal(await step(packet(0xc0, Uint8Array.of(0, 0, 0, 1), utf8("xx"))), "malformed");
  assert.equal(await step(packet(0xc0, Uint8Array.of(0, 0, 0, 1))), "malformed");
});

test("any octets: nothing but a MalformedError is thrown", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), async (packets) => {
      const method = inTunnel();
      await method.begin();
      for (const octets of packets) {
        const step = await method.respond(octets);
        if (step.kind === "malformed") assert.ok(step.thrown instanceof MalformedError);
      }
    }),
  );
});
