import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import { Log } from "../base/log.ts";
import { eapTypeName } from "../wire/eap/types.ts";
import { EapUserDatabase } from "./eap-user-database.ts";

const folder = mkdtempSync(join(tmpdir(), "eap-users-"));
after(() => rmSync(folder, { recursive: true }));

/** The tables that hostapd documents (hostapd.eap_user_sqlite of hostapd 2.10). */
const tables = `
CREATE TABLE users(identity TEXT PRIMARY KEY, methods TEXT, password TEXT, remediation TEXT, phase2 INTEGER, t_c_timestamp INTEGER);
CREATE TABLE wildcards(identity TEXT PRIMARY KEY, methods TEXT);
CREATE TABLE authlog(timestamp TEXT, session TEXT, nas_ip TEXT, username TEXT, note TEXT);
INSERT INTO users(identity,methods,password,phase2) VALUES ('user','TTLS-MSCHAPV2','password',1);
INSERT INTO users(identity,methods,password,phase2) VALUES ('DOMAIN\\mschapv2 user','MSCHAPV2,GTC','password',1);
INSERT INTO users(identity,methods,password,phase2) VALUES ('outer','MD5','secret',0);
INSERT INTO users(identity,methods,password,phase2) VALUES ('no password','TLS',NULL,0);
INSERT INTO users(identity,methods,password,phase2) VALUES ('odd','MD5,MD4,GTC','secret',0);
INSERT INTO users(identity,methods,password,phase2) VALUES ('it''s','MD5','quote',0);
INSERT INTO wildcards(identity,methods) VALUES ('','TTLS,TLS');
INSERT INTO wildcards(identity,methods) VALUES ('0','AKA');
INSERT INTO wildcards(identity,methods) VALUES ('01','SIM');
`;

const tool = (file: string, sql: string): string =>
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", file, sql], { encoding: "utf8" }).trimEnd();

let count = 0;
function open(sql = tables) {
  const path = join(folder, `${++count}.db`);
  tool(path, sql);
  const said: string[] = [];
  const clock = new VirtualClock();
  const database = new EapUserDatabase(path, { clock, log: new Log(({ text }) => said.push(text)) });
  const methods = async (identity: string, phase: 1 | 2) =>
    (await database.find(utf8(identity), phase))?.methods.map(eapTypeName).join();
  return { path, database, said, clock, methods };
}

test("users of both phases, and wildcards, the longest first", async () => {
  const { database, methods, said } = open();
  const user = await database.find(utf8("user"), 2);
  assert.deepEqual(user?.ttls, ["MSCHAPV2"]);
  assert.ok(user.credential?.kind === "password");
  assert.equal(textOf(user.credential.password), "password");
  assert.equal(await methods("DOMAIN\\mschapv2 user", 2), "MSCHAPV2,GTC");
  assert.equal(await methods("outer", 1), "MD5");
  assert.equal(await methods("outer", 2), undefined);
  assert.equal(await methods("whoever", 1), "TTLS,TLS");
  assert.equal(await methods("whoever", 2), undefined);
  assert.equal(await methods("0123", 1), "SIM");
  assert.equal(await methods("0", 1), "AKA");
  assert.equal(await methods("", 1), "TTLS,TLS");
  assert.equal((await database.find(utf8("0123"), 1))?.credential, undefined);
  assert.equal(await methods("no password", 1), "TTLS,TLS");
  assert.equal(await methods("it's", 1), "MD5");
  assert.equal(await database.find(Uint8Array.of(0xff), 1), undefined);
  assert.equal(await database.find(Uint8Array.of(0x61, 0), 1), undefined);
  assert.deepEqual(said, []);
  assert.equal(await methods("odd", 1), "MD5");
  assert.deepEqual(said.length, 1);
  assert.match(said[0] ?? "", /'MD4' is no EAP method/);
  await database.close();
});

test("what another program changes counts at once", async () => {
  const { database, methods, path } = open();
  assert.equal(await methods("outer", 1), "MD5");
  tool(path, "UPDATE users SET methods = 'GTC' WHERE identity = 'outer'; DELETE FROM wildcards");
  assert.equal(await methods("outer", 1), "GTC");
  assert.equal(await methods("whoever", 1), undefined);
  await database.close();
});

test("a database that can't be read has no users; it is said once a minute, and mended it works", async () => {
  const { database, methods, said, clock, path } = open("CREATE TABLE something(a)");
  assert.equal(await methods("outer", 1), undefined);
  assert.equal(await methods("outer", 1), undefined);
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /no such table: users/);
  clock.advance(seconds(61));
  assert.equal(await methods("outer", 1), undefined);
  assert.equal(said.length, 2);
  tool(path, tables);
  assert.equal(await methods("outer", 1), "MD5");
  writeFileSync(path, "garbage".repeat(1000));
  assert.equal(await methods("outer", 1), undefined);
  assert.equal(said.length, 3);
  await database.close();
});

test("authlog: many notes in few transactions, in order, with their time", async () => {
  const { database, path, clock } = open();
  const began = clock.unixTime();
  for (let i = 0; i < 100; i++)
    database.note({ session: `0x${i}`, nas: "127.0.0.1", user: "o'neil", note: `note ${i}` });
  await database.close();
  assert.equal(tool(path, "SELECT count(*), min(session), max(username) FROM authlog"), "100|0x0|o'neil");
  assert.equal(tool(path, "SELECT note FROM authlog ORDER BY rowid DESC LIMIT 1"), "note 99");
  const time = new Date(began * 1000).toISOString().replace("T", " ").slice(0, 23);
  assert.equal(tool(path, "SELECT DISTINCT timestamp FROM authlog"), time);
});

test("a database without authlog loses the notes and says so", async () => {
  const { database, said } = open("CREATE TABLE users(a)");
  database.note({ session: "1", nas: "::1", user: "user", note: "note" });
  await database.close();
  assert.match(said.join(), /no such table: authlog/);
});
