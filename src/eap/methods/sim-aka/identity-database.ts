/**
 * Temporary identities in an SQLite database, with hostapd's tables (`eap_sim_db=unix:... db=FILE`): they outlive the process, and several
 * processes can share them. The keys of fast reauthentication stand in it as they are: who can read the file has them.
 */

import { bytesOfHex, hexOf, textOf } from "../../../base/bytes.ts";
import { messageOf } from "../../../base/errors.ts";
import { SqliteDatabase, type SqlRow, type SqlValue } from "../../../linux/sqlite.ts";
import type { Reauthentication, ReauthenticationSecret, TemporaryIdentities } from "./temporary-identities.ts";
import { wipeSecret } from "./temporary-identities.ts";

const tables = [
  "CREATE TABLE IF NOT EXISTS pseudonyms(permanent CHAR(21) PRIMARY KEY, pseudonym CHAR(21) NOT NULL)",
  `CREATE TABLE IF NOT EXISTS reauth(permanent CHAR(21) PRIMARY KEY, reauth_id CHAR(21) NOT NULL, counter INTEGER,
  mk CHAR(40), k_encr CHAR(32), k_aut CHAR(64), k_re CHAR(64))`,
] as const;

/**
 * @param warn for people, without secrets
 * @throws ConfigurationError where the system has no SQLite
 */
export function identityDatabase(path: string, warn: (text: string) => void): TemporaryIdentities {
  const database = new SqliteDatabase(path, 0o600);
  const run = async (sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> => {
    try {
      // Another file may have taken its place since the last time.
      for (const table of tables) await database.query(table);
      return await database.query(sql, ...values);
    } catch (thrown) {
      warn(`temporary identities in ${path}: ${messageOf(thrown)}`);
      return [];
    }
  };
  return {
    async permanentOf(pseudonym) {
      const [row] = await run("SELECT permanent FROM pseudonyms WHERE pseudonym = ?1", pseudonym);
      return textIn(row, "permanent");
    },
    async addPseudonym(permanent, pseudonym) {
      await run("INSERT OR REPLACE INTO pseudonyms(permanent, pseudonym) VALUES (?1, ?2)", permanent, pseudonym);
    },
    async reauthenticationOf(identity) {
      const [row] = await run("SELECT * FROM reauth WHERE reauth_id = ?1", identity);
      return row && reauthenticationIn(row);
    },
    async addReauthentication(identity, { permanent, counter, secret }) {
      const keys = keysOf(secret);
      wipeSecret(secret);
      await run(
        "INSERT OR REPLACE INTO reauth VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        permanent,
        identity,
        counter,
        ...keys,
      );
    },
    async removeReauthentication(permanent) {
      await run("DELETE FROM reauth WHERE permanent = ?1", permanent);
    },
    close: () => database.close(),
  };
}

/** mk, k_encr, k_aut, k_re. */
function keysOf(secret: ReauthenticationSecret): readonly SqlValue[] {
  switch (secret.kind) {
    case "master-key":
      return [hexOf(secret.masterKey), null, null, null];
    case "aka-prime":
      return [null, hexOf(secret.kEncr), hexOf(secret.kAut), hexOf(secret.kRe)];
  }
}

/** @returns undefined where it isn't what hostapd or we have written */
function reauthenticationIn(row: SqlRow): Reauthentication | undefined {
  const permanent = textIn(row, "permanent");
  const counter = Number(textIn(row, "counter"));
  const secret = secretIn(row);
  if (permanent === undefined || secret === undefined || !(counter >= 0 && counter <= 0xffff)) return undefined;
  return { permanent, counter, secret };
}

function secretIn(row: SqlRow): ReauthenticationSecret | undefined {
  const masterKey = keyIn(row, "mk", 20);
  if (masterKey !== undefined) return { kind: "master-key", masterKey };
  const [kEncr, kAut, kRe] = [keyIn(row, "k_encr", 16), keyIn(row, "k_aut", 32), keyIn(row, "k_re", 32)];
  return kEncr && kAut && kRe && { kind: "aka-prime", kEncr, kAut, kRe };
}

function keyIn(row: SqlRow, column: string, length: number): Uint8Array | undefined {
  const key = bytesOfHex(textIn(row, column) ?? "");
  return key?.length === length ? key : undefined;
}

function textIn(row: SqlRow | undefined, column: string): string | undefined {
  const octets = row?.get(column);
  return octets && textOf(octets);
}
