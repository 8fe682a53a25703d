/** Recorded conversations, had again; and had again with one thing wrong. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hexOf, MalformedError } from "../../src/base/bytes.ts";
import type { MethodUnderTest, PacketStep } from "../../testing/eap-method.ts";
import { caseOf, type EapRecording, methodOf, readRecordings, responsesOf } from "../../testing/eap-recording.ts";

for (const recording of readRecordings()) {
  const responses = responsesOf(recording);
  const { isUnprotected = () => false } = caseOf(recording);

  describe(`${recording.case}, recorded`, () => {
    test("the same questions, and the keys that the peer had", async () => {
      const method = methodOf(recording);
      const steps = [await method.begin()];
      for (const response of responses) steps.push(await respond(method, response));
      const last = steps.pop();
      assert.deepEqual(steps.map(packetOf), recording.requests);
      assert.equal(last?.kind, "success");
      const keys = last?.kind === "success" ? last.keys : undefined;
      if (recording.pmk === undefined) return assert.equal(keys, undefined);
      assert.ok(keys);
      assert.equal(hexOf(keys.msk.subarray(0, 32)), recording.pmk);
      if (recording.msk !== undefined) assert.equal(hexOf(keys.msk), recording.msk);
      if (recording.emsk !== undefined) assert.equal(keys.emsk && hexOf(keys.emsk), recording.emsk);
      if (recording.sessionId !== undefined) assert.equal(keys.sessionId && hexOf(keys.sessionId), recording.sessionId);
      method.forget();
      assert.equal(hexOf(keys.msk.subarray(0, 32)), recording.pmk, "the keys that were handed out stay");
    });

    // What derives no keys protects nothing.
    if (recording.pmk === undefined) return;

    test("one bit changed: no success; what was ignored has changed nothing", async () => {
      for (const [at, response] of responses.entries()) {
        const stride = Math.max(1, Math.floor(response.length / 20));
        for (let i = 0; i < response.length; i += i < 8 ? 1 : stride) {
          const changed = response.slice();
          changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
          if (isUnprotected(at, i)) continue;
          await isOfNoUse(recording, at, changed, `bit ${i % 8} of octet ${i} of response ${at}`);
        }
      }
    });

    test("cut anywhere: no success; what was ignored has changed nothing", async () => {
      for (const [at, response] of responses.entries()) {
        const stride = Math.max(1, Math.floor(response.length / 20));
        for (let length = 0; length < response.length; length += length < 8 ? 1 : stride) {
          await isOfNoUse(recording, at, response.subarray(0, length), `${length} octets of response ${at}`);
        }
      }
    });

    test("an answer in the place of another: no success", async () => {
      for (const at of responses.keys()) {
        for (const [other, response] of responses.entries()) {
          const isSame = hexOf(response) === hexOf(responses[at] ?? response);
          if (!isSame) await isOfNoUse(recording, at, response, `response ${other} in place of ${at}`);
        }
      }
    });

    test("noise: no success, nothing thrown", async () => {
      const noise = fc.tuple(fc.nat({ max: responses.length - 1 }), fc.uint8Array({ maxLength: 120 }));
      await fc.assert(
        fc.asyncProperty(noise, async ([at, octets]) => {
          fc.pre(hexOf(octets) !== hexOf(responses[at] ?? octets));
          await isOfNoUse(recording, at, octets, "noise");
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** Says all that was recorded, but something else first at one place. */
async function isOfNoUse(recording: EapRecording, place: number, octets: Uint8Array, what: string): Promise<void> {
  const method = methodOf(recording);
  const responses = responsesOf(recording);
  let step = await method.begin();
  for (const response of responses.slice(0, place)) step = await respond(method, response);
  step = await respond(method, octets);
  assert.notEqual(step.kind, "success", what);
  const isIgnored = step.kind === "ignored" || step.kind === "malformed";
  for (const response of responses.slice(isIgnored ? place : place + 1)) {
    if (step.kind === "failure" || step.kind === "success") break;
    step = await respond(method, response);
  }
  method.forget();
  assert.equal(step.kind === "success", isIgnored, `${what}: ${JSON.stringify(step)}`);
}

async function respond(method: MethodUnderTest, data: Uint8Array): Promise<PacketStep> {
  const step = await method.respond(data);
  if (step.kind === "malformed" && !(step.thrown instanceof MalformedError)) throw step.thrown;
  return step;
}

const packetOf = (step: PacketStep): string => (step.kind === "request" ? hexOf(step.packet) : step.kind);
