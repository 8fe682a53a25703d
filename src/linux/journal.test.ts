import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
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

/** Adds numbered lines, several at a time, says which are on the disk, and makes the file anew now and then. */
const writer = `
const { Journal } = await import(process.argv[1]);
const journal = Journal.open(process.argv[2]);
const kept = journal.lines.slice(-40);
let next = Number(journal.lines.at(-1) ?? 0) + 1;
for (;;) {
  const batch = Array.from({ length: 1 + (next % 3) }, () => String(next++));
  await Promise.all(batch.map((line) => journal.append(line)));
  kept.push(...batch);
  require("node:fs").writeSync(1, batch.join("\\n") + "\\n");
  if (next % 7 === 0) journal.rewrite(kept.splice(0, kept.length - 40) && kept);
}`;

test("killed at any instruction, it keeps what it has said to be on the disk", async () => {
  const module = new URL("./journal.js", import.meta.url).href;
  let told = 0;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ["--eval", `(async () => {${writer}})()`, module, file("k")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      // At another moment each time, and never at the same instruction.
      if (said.length > 40 * (round + 1)) child.kill("SIGKILL");
    });
    await once(child, "close");
    told = Math.max(told, ...said.split("\n").slice(0, -1).map(Number));
    const journal = Journal.open(file("k"));
    const numbers = journal.lines.map(Number);
    assert.ok((numbers.at(-1) ?? 0) >= told, `${told} was told, ${numbers.at(-1)} is the last`);
    const [first = 0] = numbers;
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => first + i),
    );
    journal.close();
  }
  assert.ok(told > 100);
});
