import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hexOf } from "./bytes.ts";
import { OctetIndex } from "./octet-index.ts";

test("finds what was added, and nothing else", () => {
  const octets = fc.uint8Array({ maxLength: 4 });
  fc.assert(
    fc.property(fc.array(octets, { maxLength: 60 }), fc.array(octets), (added, asked) => {
      const index = new OctetIndex(added.length, (number) => added[number] ?? assert.fail());
      const first = new Map<string, number>();
      for (const [number, each] of added.entries()) {
        const known = first.get(hexOf(each));
        assert.equal(index.add(each, number), known ?? number);
        if (known === undefined) first.set(hexOf(each), number);
      }
      for (const each of [...added, ...asked]) assert.equal(index.find(each), first.get(hexOf(each)));
    }),
  );
});
