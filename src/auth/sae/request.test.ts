import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  akmSuiteSelectorElement,
  antiCloggingTokenElement,
  encodeSaeCommit,
  passwordIdentifierElement,
  rejectedGroupsElement,
} from "../../wire/ieee80211/sae.ts";
import { akmSuite } from "../../wire/ieee80211/suites.ts";
import { isReflection, readSaeCommit, type SaeOffer } from "./request.ts";

const offer: SaeOffer = {
  methods: new Set(["looping", "hash-to-element"]),
  groups: new Map([[19, { number: 19, lengths: { scalar: 32, element: 64 } }]]),
};
const scalar = new Uint8Array(32).fill(1);
const element = new Uint8Array(64).fill(2);
const plain = { group: 19, token: undefined, scalar, element, elements: [] };

test("a Commit by looping, with and without a token before the scalar", () => {
  const token = new Uint8Array(32).fill(9);
  for (const expected of [undefined, token]) {
    const verdict = readSaeCommit(offer, "looping", encodeSaeCommit({ ...plain, token: expected }));
    assert.ok(verdict.type === "request");
    assert.deepEqual(verdict.token, expected);
    assert.deepEqual(verdict.request.peer, { scalar, element });
  }
});

test("a Commit by hash-to-element with all its elements, in any order", () => {
  const elements = [
    passwordIdentifierElement(Uint8Array.of(1, 2)),
    rejectedGroupsElement([20, 21]),
    antiCloggingTokenElement(Uint8Array.of(7)),
    akmSuiteSelectorElement(akmSuite["SAE-EXT-KEY"]),
  ];
  for (const order of [elements, elements.toReversed()]) {
    const verdict = readSaeCommit(offer, "hash-to-element", encodeSaeCommit({ ...plain, elements: order }));
    assert.ok(verdict.type === "request");
    assert.deepEqual(verdict.token, Uint8Array.of(7));
    assert.deepEqual(verdict.request.passwordIdentifier, Uint8Array.of(1, 2));
    assert.deepEqual(verdict.request.rejectedGroups, Uint8Array.of(20, 0, 21, 0));
    assert.equal(verdict.request.extendedKey, true);
  }
});

test("what is refused, and how", () => {
  const refusal = (fields: Uint8Array) => {
    const verdict = readSaeCommit(offer, "hash-to-element", fields);
    return verdict.type === "refused" ? verdict : assert.fail("it was taken");
  };
  const other = refusal(encodeSaeCommit({ ...plain, group: 20 }));
  assert.deepEqual([other.status, other.group], ["unsupported-finite-cyclic-group", 20]);
  for (const fields of [
    new Uint8Array(0),
    Uint8Array.of(19),
    encodeSaeCommit(plain).subarray(0, -1),
    encodeSaeCommit({ ...plain, elements: [rejectedGroupsElement([20, 19])] }),
    encodeSaeCommit({ ...plain, elements: [{ id: 255, extension: 92, data: Uint8Array.of(1) }] }),
    encodeSaeCommit({ ...plain, elements: [{ id: 255, extension: 114, data: Uint8Array.of(1) }] }),
  ]) {
    assert.equal(refusal(fields).status, "unspecified-failure");
  }
});

test("whatever octets come, there is a verdict", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (tail, looping) => {
      const verdict = readSaeCommit(offer, looping ? "looping" : "hash-to-element", Uint8Array.of(19, 0, ...tail));
      assert.ok(verdict.type === "request" || verdict.status === "unspecified-failure");
    }),
  );
});

test("our own values sent back", () => {
  assert.ok(isReflection({ scalar, element }, { scalar: scalar.slice(), element: element.slice() }));
  assert.ok(!isReflection({ scalar, element }, { scalar: element.slice(0, 32), element }));
});
