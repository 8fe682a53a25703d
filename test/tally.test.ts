import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../testing/repository.ts";

type Tally = Readonly<Record<string, number>>;

// scripts/*.mjs run before anything is built and have no types here.
const { addTallies, closingSummary, isGood, isSummaryLine, oneCheck, readTally } = (await import(
  pathToFileURL(join(repositoryRoot(), "scripts", "tally.mjs")).href
)) as {
  addTallies(tallies: readonly Tally[]): Tally;
  closingSummary(tally: Tally, durationMs: number): string;
  isGood(tally: Tally): boolean;
  isSummaryLine(line: string): boolean;
  oneCheck(passed: boolean): Tally;
  readTally(text: string): Tally;
};

const zero = { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };

for (const reporter of ["spec", "tap"]) {
  for (const colour of ["0", "1"]) {
    test(`reads what node's ${reporter} reporter says at the end, colours ${colour}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "tally-test-"));
      try {
        const file = join(folder, "x.mjs");
        writeFileSync(
          file,
          `import { describe, test } from "node:test";
          test("good", () => { console.log("# tests 99 and more"); });
          describe("suite", () => { test("bad", () => { throw new Error("# fail 3"); }); });
          test("left out", { skip: true }, () => {});`,
        );
        const { NODE_TEST_CONTEXT: _, ...env } = process.env;
        const args = [`--test-reporter=${reporter}`, "--test-reporter-destination=stdout", file];
        const { stdout } = spawnSync(process.execPath, args, {
          encoding: "utf8",
          env: { ...env, FORCE_COLOR: colour },
        });
        const tally = readTally(stdout);
        assert.deepEqual(tally, { ...zero, tests: 3, suites: 1, pass: 1, fail: 1, skipped: 1 }, stdout);
        assert.equal(isGood(tally), false);
        assert.equal(stdout.split("\n").filter(isSummaryLine).length, 8, stdout);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
}

test("adds up, and closes in the runner's words", () => {
  const total = addTallies([oneCheck(true), oneCheck(true), { ...zero, tests: 40, suites: 2, pass: 40 }]);
  assert.equal(isGood(total), true);
  assert.equal(
    closingSummary(total, 1234.5),
    "# tests 42\n# suites 2\n# pass 42\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n# duration_ms 1234.500",
  );
});

test("nothing run, a failure, a skipped test: none is good", () => {
  assert.equal(isGood(zero), false);
  assert.equal(isGood(oneCheck(false)), false);
  assert.equal(isGood(addTallies([oneCheck(true), oneCheck(false)])), false);
  assert.equal(isGood({ ...zero, tests: 2, pass: 1, skipped: 1 }), false);
  assert.equal(isGood({ ...zero, tests: 2, pass: 1 }), false);
});
