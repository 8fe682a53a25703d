/** beacond as an authentication server, with users in a file and in a database, and Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runEapolTest } from "../../testing/eapol-test.ts";
import { type RadiusDaemon, startRadiusDaemon } from "../../testing/radius-daemon.ts";

const folder = mkdtempSync(join(tmpdir(), "eap-daemon-"));
const database = join(folder, "users.db");

const tool = (sql: string): string =>
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", database, sql], { encoding: "utf8" }).trimEnd();

let daemon: RadiusDaemon;
before(async () => {
  tool("CREATE TABLE users(identity TEXT PRIMARY KEY, methods TEXT, password TEXT, phase2 INTEGER)");
  tool("CREATE TABLE wildcards(identity TEXT PRIMARY KEY, methods TEXT)");
  tool("CREATE TABLE authlog(timestamp TEXT, session TEXT, nas_ip TEXT, username TEXT, note TEXT)");
  tool("INSERT INTO users VALUES('in database', 'GTC,MD5', 'one', 0)");
  daemon = await startRadiusDaemon({
    folder: join(folder, "daemon"),
    users: '"in file" MSCHAPV2 "one"\n',
    lines: [`eap_user_file=sqlite:${database}`],
  });
});

after(async () => {
  await daemon.kill("SIGTERM");
  rmSync(folder, { recursive: true });
});

const writeUsers = (text: string): void => writeFileSync(join(daemon.folder, "users"), text);

const comesIn = async (identity: string, password: string): Promise<boolean> => {
  const network = ["eap=MSCHAPV2 GTC MD5", `identity="${identity}"`, `password="${password}"`];
  const { succeeded } = await runEapolTest({ network, port: daemon.port, arguments: ["-n"], timeout: 20 });
  return succeeded;
};

test("users of the file, users of the database, and nobody else", async () => {
  assert.ok(await comesIn("in file", "one"), daemon.log());
  assert.ok(await comesIn("in database", "one"), daemon.log());
  assert.ok(!(await comesIn("in file", "two")));
  assert.ok(!(await comesIn("stranger", "one")));
});

test("what happened is in authlog, without a secret", async () => {
  for (
    let i = 0;
    i < 100 && Number(tool("SELECT count(*) FROM authlog WHERE note = 'Sending Access-Reject'")) < 2;
    i++
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const notes = tool("SELECT note FROM authlog WHERE username = 'in database' ORDER BY rowid").split("\n");
  assert.deepEqual(notes, [
    "New session created",
    "EAP: EAP-Response/Identity 'in database'",
    "EAP: Propose EAP method vendor=0 method=6",
    "EAP authentication succeeded",
    "Sending Access-Accept",
  ]);
  assert.equal(tool("SELECT DISTINCT nas_ip FROM authlog"), "127.0.0.1");
  assert.equal(
    tool("SELECT note FROM authlog WHERE username = 'stranger' AND note LIKE '%failed%'"),
    "EAP authentication failed: there is no user 'stranger'",
  );
  assert.equal(tool("SELECT count(*) FROM authlog WHERE note LIKE '%one%'"), "0");
});

test("a changed database counts at once, a changed file after SIGHUP", async () => {
  tool("UPDATE users SET password = 'two'");
  assert.ok(!(await comesIn("in database", "one")));
  assert.ok(await comesIn("in database", "two"));
  writeUsers('"in file" MSCHAPV2 "two"\n"new" MD5 "two"\n');
  assert.ok(await comesIn("in file", "one"));
  await daemon.reload();
  assert.ok(await comesIn("new", "two"));
  assert.ok(await comesIn("in file", "two"));
  assert.ok(!(await comesIn("in file", "one")));
});

test("a file with errors leaves the users as they were", async () => {
  writeUsers('"in file" MSCHAPV2 "three"\n"broken" MD4\n');
  const from = daemon.log().length;
  await daemon.reload();
  await daemon.hears(/'MD4' is no EAP method/, from);
  assert.ok(await comesIn("in file", "two"));
  assert.doesNotMatch(daemon.log(), /three/);
});
