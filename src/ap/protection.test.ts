import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtectionCounts, type StationTraits } from "./protection.ts";

const modern: StationTraits = {
  erp: true,
  shortSlot: true,
  shortPreamble: true,
  ht: true,
  greenfield: true,
  width40: true,
  fortyIntolerant: false,
};
const withHt = { ht: "above", shortPreamble: true, erp: true } as const;

test("9.4.2.11: one DSSS station obliges all others to protect their frames from it", () => {
  const counts = new ProtectionCounts();
  counts.add(modern);
  assert.deepEqual(counts.erp, { nonErpPresent: false, useProtection: false, barkerPreamble: false });
  counts.add({ ...modern, erp: false, ht: false });
  assert.deepEqual(counts.erp, { nonErpPresent: true, useProtection: true, barkerPreamble: false });
  assert.ok(counts.bssProtection(withHt).ctsProtection);
  assert.ok(!counts.bssProtection({ ...withHt, erp: false }).ctsProtection, "no such thing in 5 GHz");
});

test("short preamble and short slot are for all or for none", () => {
  const counts = new ProtectionCounts();
  const slow = { ...modern, shortSlot: false, shortPreamble: false };
  counts.add(slow);
  assert.deepEqual(
    [counts.allowsShortSlot, counts.allowsShortPreamble, counts.erp.barkerPreamble],
    [false, false, true],
  );
  assert.deepEqual(
    [counts.bssProtection(withHt).shortSlot, counts.bssProtection(withHt).shortPreamble],
    [false, false],
  );
  assert.ok(counts.bssProtection({ ...withHt, erp: false }).shortSlot, "5 GHz has no other slot");
  counts.remove(slow);
  assert.deepEqual([counts.allowsShortSlot, counts.allowsShortPreamble], [true, true]);
});

test("9.4.2.56: HT protection by the weakest station", () => {
  const counts = new ProtectionCounts();
  assert.equal(counts.htOf("above").protection, "none");
  counts.add({ ...modern, width40: false });
  assert.equal(counts.htOf("above").protection, "20mhz");
  assert.equal(counts.htOf("none").protection, "none", "on 20 MHz nobody is in the way of 40");
  counts.olbc = { erp: false, ht: true };
  assert.deepEqual([counts.htOf("none").protection, counts.htOf("none").obssNonHtPresent], ["nonmember", true]);
  counts.olbc = { erp: true, ht: false };
  assert.ok(counts.erp.useProtection && !counts.erp.nonErpPresent);
  counts.add({ ...modern, ht: false, greenfield: false, width40: false });
  assert.equal(counts.htOf("above").protection, "mixed");
  assert.ok(!counts.htOf("above").nongreenfieldPresent, "who has no HT has no greenfield to lack");
  counts.add({ ...modern, greenfield: false });
  assert.ok(counts.htOf("above").nongreenfieldPresent);
  assert.equal(counts.bssProtection({ ...withHt, ht: undefined }).htOperationMode, undefined);
});

test("whatever joins and leaves, the counts are those of who is there", () => {
  const traits = fc.record({
    erp: fc.boolean(),
    shortSlot: fc.boolean(),
    shortPreamble: fc.boolean(),
    ht: fc.boolean(),
    greenfield: fc.boolean(),
    width40: fc.boolean(),
    fortyIntolerant: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(traits, { maxLength: 20 }), fc.array(fc.nat({ max: 19 })), (joined, leaving) => {
      const counts = new ProtectionCounts();
      for (const station of joined) counts.add(station);
      const gone = new Set(leaving.filter((index) => index < joined.length));
      for (const index of gone) counts.remove(joined[index] ?? modern);
      const there = new ProtectionCounts();
      for (const [index, station] of joined.entries()) if (!gone.has(index)) there.add(station);
      assert.deepEqual(counts.counts, there.counts);
    }),
  );
});
