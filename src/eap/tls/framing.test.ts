import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { concat, Reader } from "../../base/bytes.ts";
import {
  decodeTlsFrame,
  encodeTlsStartWithOuter,
  type Fragments,
  noFragments,
  sendMessage,
  takeFrame,
} from "./framing.ts";

const frame = (...octets: readonly number[]) => decodeTlsFrame(new Reader(Uint8Array.from(octets), ["EAP-TLS"]));
const take = (fragments: Fragments, octets: Uint8Array) =>
  takeFrame(fragments, decodeTlsFrame(new Reader(octets, ["EAP-TLS"])), 100, 0);

test("any message, in fragments of any size, both ways", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), fc.integer({ min: 7, max: 300 }), (message, limit) => {
      let sending = sendMessage(noFragments, message, limit, 1);
      let receiving = noFragments;
      for (;;) {
        assert.ok(sending.data.length <= limit);
        const arrival = take(receiving, sending.data);
        assert.notEqual(arrival.kind, "refused");
        if (arrival.kind === "message") {
          assert.deepEqual(arrival.message, message);
          assert.deepEqual(arrival.fragments, noFragments);
          assert.equal(sending.fragments.unsent.length, 0);
          return;
        }
        if (arrival.kind !== "reply") return;
        receiving = arrival.fragments;
        const next = takeFrame(sending.fragments, frame(1), limit, 1);
        assert.equal(next.kind, "reply");
        if (next.kind === "reply") sending = next;
      }
    }),
  );
});

describe("fragments that are none", () => {
  const refuses = (fragments: Fragments, octets: readonly number[], words: RegExp) => {
    const arrival = take(fragments, Uint8Array.from(octets));
    assert.ok(arrival.kind === "refused" && words.test(arrival.reason), JSON.stringify(arrival));
  };
  const begun = (): Fragments => {
    const arrival = take(noFragments, Uint8Array.of(0xc0, 0, 0, 0, 5, 1, 2, 3));
    assert.equal(arrival.kind, "reply");
    return arrival.kind === "reply" ? arrival.fragments : noFragments;
  };

  test("a first one without a length, or of too long a message, or longer than that", () => {
    refuses(noFragments, [0x40, 1, 2], /does not tell the length/);
    refuses(noFragments, [0xc0, 0, 1, 0, 1, 1], /65537 octets/);
    refuses(noFragments, [0xc0, 0, 0, 0, 1, 1, 2], /2 octets of a message of 1/);
    refuses(
      noFragments,
      [0x80, 0xff, 0xff, 0xff, 0xff].slice(0, 1).concat([0, 0, 0, 0, 9]),
      /1 octets of a message of 0/,
    );
  });

  test("more than was announced", () => {
    refuses(begun(), [0, 4, 5, 6], /6 octets of a message of 5/);
    refuses(begun(), [0x40, 4, 5, 6], /6 octets of a message of 5/);
    const arrival = take(begun(), Uint8Array.of(0, 4, 5));
    assert.ok(arrival.kind === "message" && arrival.message.length === 5);
  });

  test("data in place of an acknowledgement", () => {
    const { fragments } = sendMessage(noFragments, new Uint8Array(300), 100, 0);
    refuses(fragments, [0, 1], /acknowledged/);
  });

  test("a cut header", () => {
    assert.throws(() => frame(), /wanted/);
    assert.throws(() => frame(0x80, 0, 0), /wanted/);
  });
});

test("outer TLVs", () => {
  const outer = Uint8Array.of(0, 1, 0, 2, 7, 8);
  const start = decodeTlsFrame(new Reader(encodeTlsStartWithOuter(1, outer), ["TEAP"]), true);
  assert.deepEqual(start, {
    version: 1,
    start: true,
    more: false,
    messageLength: undefined,
    data: new Uint8Array(),
    outer,
  });
  const behind = concat(Uint8Array.of(0x11, 0, 0, 0, 6, 22, 3, 1), outer);
  assert.deepEqual(decodeTlsFrame(new Reader(behind, ["TEAP"]), true).data, Uint8Array.of(22, 3, 1));
  assert.throws(() => decodeTlsFrame(new Reader(Uint8Array.of(0x11, 0, 0, 0, 6, 1), ["TEAP"]), true), /6 octets/);
});
