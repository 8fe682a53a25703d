import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LinesInMemory } from "../../testing/line-journal.ts";
import { AccountingJournal, type KeptRecord } from "./accounting-journal.ts";

const record = (n: number): KeptRecord => ({ since: n, attributes: [{ type: 44, value: Uint8Array.of(n) }] });
const open = (lines: LinesInMemory): AccountingJournal => new AccountingJournal(lines, () => undefined);
const left = (lines: LinesInMemory, of = "wlan0"): number[] =>
  open(new LinesInMemory([...lines.lines]))
    .takeLeft(of)
    .map(({ since, attributes }) => {
      assert.deepEqual(attributes, record(since).attributes);
      return since;
    });

test("what isn't settled is there again, for its BSS, once, in its order", () => {
  const lines = new LinesInMemory();
  const journal = open(lines);
  const settle = [1, 2, 3, 4].map((n) => journal.keep("wlan0", record(n)));
  journal.keep("wlan1", record(5));
  settle[1]?.();
  settle[1]?.();
  assert.deepEqual(left(lines), [1, 3, 4]);
  assert.deepEqual(left(lines, "wlan1"), [5]);
  const next = open(lines);
  for (const { settle } of next.takeLeft("wlan0")) settle();
  assert.deepEqual(next.takeLeft("wlan0"), []);
  assert.deepEqual([left(lines), left(lines, "wlan1")], [[], [5]]);
});

test("a session that has no end gets one; one that has, none", () => {
  const lines = new LinesInMemory();
  const journal = open(lines);
  journal.note("wlan0", "A", record(1));
  journal.note("wlan0", "B", record(2));
  journal.note("wlan0", "A", record(3));
  const settle = journal.keep("wlan0", record(4), "B");
  assert.deepEqual(left(lines), [4, 3]);
  settle();
  assert.deepEqual(left(lines), [3]);
  // The one after the next finds nothing, for the next has told it.
  const next = open(lines);
  for (const { settle } of next.takeLeft("wlan0")) settle();
  assert.deepEqual(left(lines), []);
});

test("killed at any moment: what was to be told is, and nothing that was settled", () => {
  type Action = { readonly do: "keep" | "settle" | "note" | "end"; readonly which: number };
  const action: fc.Arbitrary<Action> = fc.record({
    do: fc.constantFrom("keep", "settle", "note", "end"),
    which: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const lines = new LinesInMemory();
      const journal = open(lines);
      const kept = new Map<number, () => void>();
      const sessions = new Map<number, number>();
      const expected = new Set<number>();
      let n = 0;
      for (const { do: what, which } of actions) {
        n += 1;
        const oldest = [...kept][which];
        if (what === "keep") {
          kept.set(n, journal.keep("wlan0", record(n % 256)));
          expected.add(n);
        } else if (what === "settle" && oldest) {
          oldest[1]();
          kept.delete(oldest[0]);
          expected.delete(oldest[0]);
        } else if (what === "note") {
          journal.note("wlan0", `${which}`, record(n % 256));
          sessions.set(which, n);
        } else if (what === "end" && sessions.delete(which)) {
          kept.set(n, journal.keep("wlan0", record(n % 256), `${which}`));
          expected.add(n);
        }
        const wanted = [...expected, ...sessions.values()].sort((a, b) => a - b);
        assert.deepEqual(
          left(lines).sort((a, b) => a - b),
          wanted,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test("the file doesn't grow without end", async () => {
  const lines = new LinesInMemory();
  const journal = open(lines);
  for (let i = 0; i < 6000; i++) {
    journal.note("wlan0", `${i % 10}`, record(i % 256));
    if (i % 50 === 0) await Promise.resolve();
  }
  assert.ok(lines.length < 1_000_000, `${lines.length} octets`);
  assert.equal(left(lines).length, 10);
});

test("a line that is broken is left out; a full disk is told, and what is in memory counts", async () => {
  const lines = new LinesInMemory();
  const troubles: string[] = [];
  const journal = new AccountingJournal(lines, (reason) => void troubles.push(reason));
  journal.keep("wlan0", record(1));
  lines.isFull = true;
  const settle = journal.keep("wlan0", record(2));
  await new Promise(setImmediate);
  assert.deepEqual(troubles, ["ENOSPC"]);
  settle();
  lines.isFull = false;
  const [first = ""] = lines.lines;
  const damaged = new LinesInMemory([first.replace("wlan0", "wlan9"), first, "x"]);
  const next = open(damaged);
  assert.equal(next.broken, 2);
  assert.equal(next.takeLeft("wlan0").length, 1);
});
