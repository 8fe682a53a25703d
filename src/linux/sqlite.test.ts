import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { textOf, utf8 } from "../base/bytes.ts";
import { SqliteDatabase, SqliteError, type SqlRow } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "sqlite-"));
after(() => rmSync(folder, { recursive: true }));

/** What the program of SQLite itself makes of a file. */
const tool = (file: string, sql: string): string =>
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", file, sql], { encoding: "utf8" }).trimEnd();

const texts = (rows: readonly SqlRow[]): (string | undefined)[][] =>
  rows.map((row) => [...row.values()].map((octets) => octets && textOf(octets)));

let count = 0;
function made(sql: string): SqliteDatabase {
  const path = join(folder, `${++count}.db`);
  tool(path, sql);
  return new SqliteDatabase(path);
}

test("rows that the program sqlite3 wrote, and rows that it reads", async () => {
  const database = made(
    "CREATE TABLE t(a TEXT, b INTEGER, c); INSERT INTO t VALUES('héllo', 5, NULL), ('', 0, x'00ff');",
  );
  const rows = await database.query("SELECT * FROM t ORDER BY b DESC");
  assert.deepEqual([...(rows[0]?.keys() ?? [])], ["a", "b", "c"]);
  assert.deepEqual(texts(rows).slice(0, 1), [["héllo", "5", undefined]]);
  assert.deepEqual(rows[1]?.get("c"), Uint8Array.of(0, 255));
  assert.deepEqual(rows[1]?.get("a"), new Uint8Array());
  await database.query("INSERT INTO t VALUES(?, ?, ?)", "it's'; DROP TABLE t; --", 1.5, utf8("blob"));
  assert.equal(tool(database.path, "SELECT a, b, typeof(c) FROM t WHERE b = 1.5"), "it's'; DROP TABLE t; --|1.5|blob");
  await database.query("INSERT INTO t VALUES(?, 9, ?)", "", new Uint8Array());
  assert.equal(tool(database.path, "SELECT typeof(a), typeof(c) FROM t WHERE b = 9"), "text|blob");
  await database.close();
});

test("what another program changes is seen at once", async () => {
  const database = made("CREATE TABLE t(a);");
  assert.deepEqual(await database.query("SELECT a FROM t"), []);
  tool(database.path, "INSERT INTO t VALUES('new')");
  assert.deepEqual(texts(await database.query("SELECT a FROM t")), [["new"]]);
  tool(database.path, "ALTER TABLE t ADD COLUMN b DEFAULT 'more'");
  assert.deepEqual(texts(await database.query("SELECT * FROM t")), [["new", "more"]]);
  await database.close();
});

test("another file in its place is the one that is read", async () => {
  const database = made("CREATE TABLE t(a); INSERT INTO t VALUES('old');");
  assert.deepEqual(texts(await database.query("SELECT a FROM t")), [["old"]]);
  const other = made("CREATE TABLE t(a); INSERT INTO t VALUES('other');");
  renameSync(other.path, database.path);
  assert.deepEqual(texts(await database.query("SELECT a FROM t")), [["other"]]);
  await database.close();
});

test("what is wrong is said, and the next statement is none the worse", async () => {
  const missing = new SqliteDatabase(join(folder, "missing.db"));
  await assert.rejects(missing.query("SELECT 1"), /missing\.db/);
  tool(missing.path, "CREATE TABLE t(a)");
  assert.deepEqual(await missing.query("SELECT a FROM t"), []);
  await assert.rejects(missing.query("SELECT b FROM t"), (error) => {
    assert.ok(error instanceof SqliteError);
    assert.match(error.message, /no such column: b/);
    return true;
  });
  await assert.rejects(missing.query("SELECT"), /incomplete|syntax/);
  assert.deepEqual(await missing.query("SELECT a FROM t"), []);
  await missing.close();
  await assert.rejects(missing.query("SELECT 1"), /closed/);

  const garbage = join(folder, "garbage.db");
  execFileSync("dd", ["if=/dev/urandom", `of=${garbage}`, "bs=4096", "count=2", "status=none"]);
  await assert.rejects(new SqliteDatabase(garbage).query("SELECT * FROM t"), /not a database/);
});

test("many at once: one after the other, none is lost, and no more than so many wait", async () => {
  const database = made("CREATE TABLE t(a INTEGER);");
  await Promise.all(Array.from({ length: 50 }, (_, i) => database.query("INSERT INTO t VALUES(?)", i)));
  assert.equal(tool(database.path, "SELECT count(*), sum(a) FROM t"), "50|1225");
  const results = await Promise.allSettled(Array.from({ length: 1100 }, () => database.query("SELECT 1")));
  assert.equal(results.filter(({ status }) => status === "rejected").length, 100);
  await database.close();
});

test("another's lock is waited for, and the loop goes on meanwhile", async () => {
  const database = made("CREATE TABLE t(a INTEGER);");
  const other = new SqliteDatabase(database.path);
  await database.query("BEGIN IMMEDIATE");
  await database.query("INSERT INTO t VALUES(1)");
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 5);
  const waiting = other.query("INSERT INTO t VALUES(2)");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await database.query("COMMIT");
  await waiting;
  clearInterval(ticking);
  assert.ok(ticks > 5, `${ticks}`);
  assert.equal(tool(database.path, "SELECT group_concat(a) FROM t"), "1,2");
  await database.close();
  await other.close();
});

test("a database that is made where there is none, for its owner only", async () => {
  const path = join(folder, "made.db");
  await assert.rejects(new SqliteDatabase(path).query("SELECT 1"), SqliteError);
  const database = new SqliteDatabase(path, 0o600);
  await database.query("CREATE TABLE t(a)");
  await database.query("INSERT INTO t VALUES(1)");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(tool(path, "SELECT count(*) FROM t"), "1");
  await database.close();
});
