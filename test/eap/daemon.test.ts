/** beacond as an authentication server, with users in a file and in a database, and Debian's eapol_test for a peer. */

import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { radiusSecret } from "../../testing/eap-radius-server.ts";
import { runEapolTest } from "../../testing/eapol-test.ts";

const beacond = fileURLToPath(new URL("../../../bin/beacond", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "eap-daemon-"));
const userFile = join(folder, "users");
const database = join(folder, "users.db");

const tool = (sql: string): string =>
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", database, sql], { encoding: "utf8" }).trimEnd();

async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

let daemon: ChildProcess;
let port: number;
let said = "";

/** Waits until the daemon has said it, from `from` on in what it said. */
async function hears(text: RegExp, from = 0): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (text.test(said.slice(from))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${text} in ${said}`);
}

before(async () => {
  port = await freePort();
  writeFileSync(join(folder, "clients"), `127.0.0.1 ${radiusSecret}\n`);
  writeFileSync(userFile, '"in file" MSCHAPV2 "one"\n');
  tool("CREATE TABLE users(identity TEXT PRIMARY KEY, methods TEXT, password TEXT, phase2 INTEGER)");
  tool("CREATE TABLE wildcards(identity TEXT PRIMARY KEY, methods TEXT)");
  tool("CREATE TABLE authlog(timestamp TEXT, session TEXT, nas_ip TEXT, username TEXT, note TEXT)");
  tool("INSERT INTO users VALUES('in database', 'GTC,MD5', 'one', 0)");
  const configuration = [
    "driver=none",
    `interface=eap${process.pid % 10_000}`,
    "eap_server=1",
    `radius_server_clients=${join(folder, "clients")}`,
    `radius_server_auth_port=${port}`,
    `eap_user_file=${userFile}`,
    `eap_user_file=sqlite:${database}`,
  ];
  writeFileSync(join(folder, "conf"), `${configuration.join("\n")}\n`);
  daemon = spawn(beacond, [join(folder, "conf")], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [daemon.stdout, daemon.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  await hears(/AP-ENABLED/);
});

after(async () => {
  if (daemon.exitCode === null) {
    daemon.kill();
    await once(daemon, "exit");
  }
  rmSync(folder, { recursive: true });
});

const comesIn = async (identity: string, password: string): Promise<boolean> => {
  const network = ["eap=MSCHAPV2 GTC MD5", `identity="${identity}"`, `password="${password}"`];
  const { succeeded } = await runEapolTest({ network, port, arguments: ["-n"], timeout: 20 });
  return succeeded;
};

test("users of the file, users of the database, and nobody else", async () => {
  assert.ok(await comesIn("in file", "one"), said);
  assert.ok(await comesIn("in database", "one"), said);
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
  writeFileSync(userFile, '"in file" MSCHAPV2 "two"\n"new" MD5 "two"\n');
  assert.ok(await comesIn("in file", "one"));
  daemon.kill("SIGHUP");
  for (let i = 0; i < 100 && !(await comesIn("new", "two")); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(await comesIn("in file", "two"));
  assert.ok(!(await comesIn("in file", "one")));
});

test("a file with errors leaves the users as they were", async () => {
  writeFileSync(userFile, '"in file" MSCHAPV2 "three"\n"broken" MD4\n');
  const from = said.length;
  daemon.kill("SIGHUP");
  await hears(/'MD4' is no EAP method/, from);
  assert.ok(await comesIn("in file", "two"));
  assert.doesNotMatch(said, /three/);
});
