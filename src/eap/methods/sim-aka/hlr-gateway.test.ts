import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "../../../../testing/virtual-clock.ts";
import { hexOf, textOf, utf8 } from "../../../base/bytes.ts";
import { seconds } from "../../../base/duration.ts";
import { hlrGateway } from "./hlr-gateway.ts";

const octets = (fill: number, length: number): Uint8Array => new Uint8Array(length).fill(fill);
const hex = (fill: number, length: number): string => hexOf(octets(fill, length));

/** A gateway at the other end that does what it is told. */
function gateway() {
  const clock = new VirtualClock();
  const requests: string[] = [];
  const warnings: string[] = [];
  let answer: (text: string) => void = () => undefined;
  let connections = 0;
  let isServed = true;
  const centre = hlrGateway({
    clock,
    timeout: seconds(1),
    connect(receive) {
      if (!isServed) throw new Error("nobody is there");
      connections += 1;
      answer = (text) => receive(utf8(text));
      return {
        send(request) {
          if (!isServed) throw new Error("it is gone");
          requests.push(textOf(request));
        },
        close: () => undefined,
      };
    },
    warn: (text) => warnings.push(text),
  });
  return {
    centre,
    clock,
    requests,
    warnings,
    answer: (text: string) => answer(text),
    connections: () => connections,
    serve(now: boolean) {
      isServed = now;
    },
  };
}

const aka = (rand: number, imsi = "123"): string =>
  `AKA-RESP-AUTH ${imsi} ${hex(rand, 16)} ${hex(2, 16)} ${hex(3, 16)} ${hex(4, 16)} ${hex(5, 8)}`;

test("triplets, in the gateway's words", async () => {
  const { centre, requests, answer } = gateway();
  const asked = centre.gsmTriplets("232010000000000", 3);
  assert.deepEqual(requests, ["SIM-REQ-AUTH 232010000000000 3"]);
  const triplet = (n: number): string => `${hex(n, 8)}:${hex(n + 1, 4)}:${hex(n + 2, 16)}`;
  answer(`SIM-RESP-AUTH 232010000000000 ${triplet(1)} ${triplet(4)} ${triplet(7)} ${triplet(10)}`);
  const triplets = await asked;
  assert.equal(triplets.length, 3);
  assert.deepEqual(triplets[1], { kc: octets(4, 8), sres: octets(5, 4), rand: octets(6, 16) });
});

test("vectors, and a resynchronization that has no answer", async () => {
  const { centre, requests, answer } = gateway();
  const asked = centre.akaVector("123");
  answer(aka(1));
  assert.deepEqual(await asked, {
    rand: octets(1, 16),
    autn: octets(2, 16),
    ik: octets(3, 16),
    ck: octets(4, 16),
    res: octets(5, 8),
  });
  centre.resynchronize("123", octets(9, 14), octets(1, 16));
  assert.deepEqual(requests, ["AKA-REQ-AUTH 123", `AKA-AUTS 123 ${hex(9, 14)} ${hex(1, 16)}`]);
});

test("two who ask for the same subscriber have an answer each", async () => {
  const { centre, answer } = gateway();
  const [first, second] = [centre.akaVector("123"), centre.akaVector("123")];
  answer(aka(1));
  answer(aka(2));
  answer(aka(3));
  assert.equal((await first)?.rand[0], 1);
  assert.equal((await second)?.rand[0], 2);
});

test("an answer for somebody else, or of another kind, is nobody's", async () => {
  const { centre, answer, clock } = gateway();
  const asked = centre.akaVector("123");
  answer(aka(1, "124"));
  answer(`SIM-RESP-AUTH 123 ${hex(1, 8)}:${hex(1, 4)}:${hex(1, 16)}`);
  answer("AKA-RESP-AUTH");
  answer("");
  clock.advance(seconds(1));
  assert.equal(await asked, undefined);
});

test("FAILURE, and values that are none", async () => {
  const { centre, answer } = gateway();
  for (const text of [
    "AKA-RESP-AUTH 123 FAILURE",
    "AKA-RESP-AUTH 123",
    "AKA-RESP-AUTH 123 00 11 22 33 44",
    aka(1).slice(0, -1),
    aka(1).slice(0, -12),
  ]) {
    const asked = centre.akaVector("123");
    answer(text);
    assert.equal(await asked, undefined, text);
  }
  const triplets = centre.gsmTriplets("123", 3);
  answer("SIM-RESP-AUTH 123 FAILURE");
  assert.deepEqual(await triplets, []);
});

test("who doesn't answer in time is not waited for; a late answer is nobody's", async () => {
  const { centre, answer, clock } = gateway();
  const asked = centre.akaVector("123");
  clock.advance(seconds(1));
  assert.equal(await asked, undefined);
  answer(aka(1));
  const again = centre.akaVector("123");
  answer(aka(2));
  assert.equal((await again)?.rand[0], 2);
});

test("a gateway that goes and comes back is found again; meanwhile nobody waits", async () => {
  const { centre, answer, connections, serve, warnings } = gateway();
  serve(false);
  assert.equal(await centre.akaVector("123"), undefined);
  assert.equal(warnings.length, 1);
  serve(true);
  const asked = centre.akaVector("123");
  answer(aka(1));
  assert.equal((await asked)?.rand[0], 1);
  serve(false);
  assert.deepEqual(await centre.gsmTriplets("123", 3), []);
  serve(true);
  const again = centre.akaVector("123");
  answer(aka(4));
  assert.equal((await again)?.rand[0], 4);
  assert.equal(connections(), 2);
});

test("at its end, whoever waits goes without", async () => {
  const { centre } = gateway();
  const asked = [centre.akaVector("123"), centre.akaVector("124")];
  centre.close();
  assert.deepEqual(await Promise.all(asked), [undefined, undefined]);
});

test("any answer: nothing thrown", () => {
  const { centre, answer } = gateway();
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("AKA-RESP-AUTH 1 ", "SIM-RESP-AUTH 1 ", ""), (text, start) => {
      void centre.akaVector("1");
      void centre.gsmTriplets("1", 3);
      answer(start + text);
    }),
  );
  centre.close();
});
