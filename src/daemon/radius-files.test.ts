import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Log } from "../base/log.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { systemClock } from "../linux/clock.ts";
import { radiusFiles } from "./radius-files.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "beacond-radius-"));
});
after(() => rmSync(folder, { recursive: true }));

const lines: string[] = [];
const files = radiusFiles(systemClock, new Log(({ text }) => void lines.push(text)));
const anna = "02:00:00:00:00:01" as MacAddress;

test("attributes for single stations: the table is there for others to write to, and what they write counts", async () => {
  const path = join(folder, "attributes.sqlite");
  const database = files.openDatabase(path);
  await database.ready;
  const insert = (type: string, attribute: string): string =>
    `INSERT INTO radius_attributes(sta,reqtype,attr) VALUES('${anna}',${type},'${attribute}');`;
  const sql = [insert("'auth'", "126:s:Operator"), insert("NULL", "25:x:0102"), insert("'auth'", "no attribute")];
  execFileSync("sqlite3", [path], { input: sql.join("") });
  assert.deepEqual(new Set((await database.attributesFor(anna, "auth")).map(({ type }) => type)), new Set([126, 25]));
  assert.deepEqual(
    (await database.attributesFor(anna, "acct")).map(({ type }) => type),
    [25],
  );
  assert.match(lines.join("\n"), /'no attribute': .*type of an attribute/);
  database.close();
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a database that can't be: told once, and there are no attributes", async () => {
  lines.length = 0;
  for (let i = 0; i < 2; i++) {
    const database = files.openDatabase(join(folder, "no folder", "attributes.sqlite"));
    await database.ready;
    assert.deepEqual(await database.attributesFor(anna, "auth"), []);
    database.close();
  }
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /can't open/);
});

test("a journal: what one has kept, the next has; one at a time", async () => {
  const path = join(folder, "journal");
  const record = { since: 1, attributes: [{ type: 40, value: Uint8Array.of(0, 0, 0, 2) }] };
  const first = files.openJournal(path);
  first.keep("wlan0", record);
  assert.throws(() => files.openJournal(path), /another process has it/);
  first.close();
  for (let i = 0; i < 100 && readFileSync(path, "utf8") === ""; i++) await new Promise((done) => setTimeout(done, 10));
  await new Promise((done) => setTimeout(done, 50));
  const next = files.openJournal(path);
  assert.deepEqual(
    next.takeLeft("wlan0").map(({ since, attributes }) => ({ since, attributes })),
    [record],
  );
  next.close();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.throws(() => files.openJournal(join(folder, "no folder", "journal")), /ENOENT/);
});
