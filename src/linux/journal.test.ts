import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ConfigurationError } from "../base/errors.ts";
import { Journal } from "./journal.ts";

const directory = mkdtempSync(join(tmpdir(), "journal-"));
after(() => rmSync(directory, { recursive: true }));

const file = (name: string): string => join(directory, name);

test("what was added is there again", async () => {
  const journal = Journal.open(file("a"));
  assert.deepEqual(journal.lines, []);
  await Promise.all(["one", "two", "three"].map((line) => journal.append(line)));
  await journal.append("four");
  journal.close();
  const again = Journal.open(file("a"));
  assert.deepEqual(again.lines, ["one", "two", "three", "four"]);
  again.close();
});

test("a last line that was cut is left out, and written over", async () => {
  writeFileSync(file("b"), "one\ntw");
  const journal = Journal.open(file("b"));
  assert.deepEqual(journal.lines, ["one"]);
  await journal.append("three");
  journal.close();
  assert.equal(readFileSync(file("b"), "utf8"), "one\nthree\n");
});

test("one process has it", () => {
  const journal = Journal.open(file("c"));
  assert.throws(() => Journal.open(file("c")), ConfigurationError);
  journal.close();
  Journal.open(file("c")).close();
});

test("all lines anew", async () => {
  const journal = Journal.open(file("d"));
  await journal.append("x".repeat(1000));
  journal.rewrite(["short"]);
  assert.equal(journal.length, 6);
  await journal.append("next");
  journal.close();
  assert.equal(readFileSync(file("d"), "utf8"), "short\nnext\n");
});

test("what somebody else adds to the file is read", () => {
  const journal = Journal.open(file("e"));
  journal.close();
  appendFileSync(file("e"), "theirs\n");
  const again = Journal.open(file("e"));
  assert.deepEqual(again.lines, ["theirs"]);
  again.close();
});
