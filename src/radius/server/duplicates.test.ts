import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { seconds } from "../../base/duration.ts";
import { Duplicates } from "./duplicates.ts";

const source = { address: "192.0.2.1", port: 1812 };
const authenticator = (octet: number): Uint8Array => new Uint8Array(16).fill(octet);

function answered(duplicates: Duplicates, identifier: number, octet: number): Uint8Array {
  const heard = duplicates.hear(source, identifier, authenticator(octet));
  const answer = Uint8Array.of(identifier, octet);
  if (heard.kind === "duplicate") assert.fail("it was heard before");
  heard.settle(answer);
  return answer;
}

test("the same request gets the same answer for 30 seconds, wherever in them it was first heard", () => {
  for (const after of [0, 1, 20, 29, 31, 59]) {
    const clock = new VirtualClock();
    const duplicates = new Duplicates(clock);
    clock.advance(seconds(after));
    const answer = answered(duplicates, 1, 1);
    clock.advance(seconds(29));
    answered(duplicates, 2, 2);
    assert.deepEqual(duplicates.hear(source, 1, authenticator(1)), { kind: "duplicate", answer });
    clock.advance(seconds(1));
    assert.equal(duplicates.hear(source, 1, authenticator(1)).kind, "new");
  }
});

test("another authenticator, identifier or source makes it another request", () => {
  const duplicates = new Duplicates(new VirtualClock());
  answered(duplicates, 1, 1);
  assert.equal(duplicates.hear(source, 1, authenticator(2)).kind, "new");
  assert.equal(duplicates.hear(source, 2, authenticator(1)).kind, "new");
  assert.equal(duplicates.hear({ ...source, address: "192.0.2.2" }, 1, authenticator(1)).kind, "new");
  assert.equal(duplicates.hear({ ...source, port: 1813 }, 1, authenticator(1)).kind, "new");
});

test("a request that got no answer may be asked again at once", () => {
  const duplicates = new Duplicates(new VirtualClock());
  const heard = duplicates.hear(source, 1, authenticator(1));
  assert.deepEqual(duplicates.hear(source, 1, authenticator(1)), { kind: "duplicate", answer: undefined });
  if (heard.kind === "new") heard.settle(undefined);
  assert.equal(duplicates.size, 0);
  assert.equal(duplicates.hear(source, 1, authenticator(1)).kind, "new");
});

test("however many there are, no more than 16,384 are remembered, and the latest half of them always", () => {
  const duplicates = new Duplicates(new VirtualClock());
  for (let i = 0; i < 50_000; i++) {
    const heard = duplicates.hear({ address: "192.0.2.1", port: i }, 1, authenticator(1));
    if (heard.kind === "new") heard.settle(Uint8Array.of(1));
    assert.ok(duplicates.size <= 16_384);
  }
  for (let i = 50_000 - 8192; i < 50_000; i++) {
    assert.equal(duplicates.hear({ address: "192.0.2.1", port: i }, 1, authenticator(1)).kind, "duplicate");
  }
});
