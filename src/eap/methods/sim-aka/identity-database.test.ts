import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { identityDatabase } from "./identity-database.ts";

const folder = mkdtempSync(join(tmpdir(), "identities-"));
after(() => rmSync(folder, { recursive: true }));

/** What the program of SQLite itself makes of a file. */
const tool = (file: string, sql: string): string =>
  execFileSync("sqlite3", [file, sql], { encoding: "utf8" }).trimEnd();

let count = 0;
function made() {
  const path = join(folder, `${++count}.db`);
  const warnings: string[] = [];
  return { path, warnings, identities: identityDatabase(path, (text) => warnings.push(text)) };
}

const masterKey = () => ({ kind: "master-key", masterKey: new Uint8Array(20).fill(7) }) as const;
const primeKeys = () =>
  ({
    kind: "aka-prime",
    kEncr: new Uint8Array(16).fill(1),
    kAut: new Uint8Array(32).fill(2),
    kRe: new Uint8Array(32).fill(3),
  }) as const;

test("pseudonyms and entries for fast reauthentication, in hostapd's tables", async () => {
  const { path, identities, warnings } = made();
  await identities.addPseudonym("1001", "3a");
  await identities.addPseudonym("1001", "3b");
  assert.equal(await identities.permanentOf("3a"), undefined);
  assert.equal(await identities.permanentOf("3b"), "1001");
  const secret = masterKey();
  await identities.addReauthentication("5a", { permanent: "1001", counter: 1, secret });
  assert.deepEqual(secret.masterKey, new Uint8Array(20), "wiped here, once it is there");
  await identities.addReauthentication("8a", { permanent: "6001", counter: 3, secret: primeKeys() });
  assert.deepEqual(await identities.reauthenticationOf("5a"), { permanent: "1001", counter: 1, secret: masterKey() });
  assert.deepEqual(await identities.reauthenticationOf("8a"), { permanent: "6001", counter: 3, secret: primeKeys() });
  assert.equal(
    tool(path, "SELECT permanent, reauth_id, counter, mk, k_encr IS NULL FROM reauth WHERE counter = 1"),
    `1001|5a|1|${"07".repeat(20)}|1`,
  );
  await identities.removeReauthentication("1001");
  assert.equal(await identities.reauthenticationOf("5a"), undefined);
  await identities.close();
  assert.deepEqual(warnings, []);
});

test("what another process has written counts; what nobody could have written doesn't", async () => {
  const { path, identities } = made();
  assert.equal(await identities.permanentOf("3a"), undefined);
  tool(path, "INSERT INTO pseudonyms VALUES('1001', '3a')");
  assert.equal(await identities.permanentOf("3a"), "1001");
  tool(path, `INSERT INTO reauth(permanent, reauth_id, counter, mk) VALUES('1001', '5a', 9, '${"ab".repeat(20)}')`);
  assert.equal((await identities.reauthenticationOf("5a"))?.counter, 9);
  tool(path, "UPDATE reauth SET mk = 'abc'");
  assert.equal(await identities.reauthenticationOf("5a"), undefined);
  tool(path, `UPDATE reauth SET mk = '${"ab".repeat(20)}', counter = 'many'`);
  assert.equal(await identities.reauthenticationOf("5a"), undefined);
  await identities.close();
});

test("names are values, whatever is in them", async () => {
  const { path, identities } = made();
  await identities.addPseudonym("1001'; DROP TABLE pseudonyms; --", "3'");
  assert.equal(await identities.permanentOf("3'"), "1001'; DROP TABLE pseudonyms; --");
  assert.equal(tool(path, "SELECT count(*) FROM pseudonyms"), "1");
  await identities.close();
});

test("a database that can't be there: nobody is known, and it is told", async () => {
  const warnings: string[] = [];
  const identities = identityDatabase(join(folder, "missing", "x.db"), (text) => warnings.push(text));
  await identities.addPseudonym("1001", "3a");
  assert.equal(await identities.permanentOf("3a"), undefined);
  assert.equal(await identities.reauthenticationOf("5a"), undefined);
  assert.equal(warnings.length, 3);
  assert.match(warnings[0] ?? "", /missing/);
  await identities.close();
});
