/**
 * Users of the EAP server in an SQLite database (`eap_user_file=sqlite:...`), with hostapd's tables: `users` (identity, methods, password,
 * phase2), `wildcards` (identity, methods) for outer identities that begin so, and `authlog`, where what becomes of authentications is
 * written. Other programs may change it at any time.
 */

import { utf8 } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { News } from "../base/news.ts";
import { type MethodList, parseMethods } from "../config/eap-methods.ts";
import type { EapUser } from "../config/eap-user.ts";
import { octetTextOf } from "../config/octets.ts";
import { SqliteDatabase, type SqlRow } from "../linux/sqlite.ts";
import type { AuthenticationNote } from "../radius/server/authentication.ts";

/** A line of `authlog`. */
interface TimedNote extends AuthenticationNote {
  /** UNIX time. */
  readonly at: number;
}

/** Passwords that were read are overwritten when nobody has the credential any more. */
const forgotten = new FinalizationRegistry<Uint8Array>((password) => void password.fill(0));

const mostNotes = 10_000;

const findUser = "SELECT * FROM users WHERE identity = ?1 AND phase2 = ?2";
const findWildcard = `SELECT identity, methods FROM wildcards
  WHERE CAST(identity AS BLOB) = ifnull(substr(CAST(?1 AS BLOB), 1, length(CAST(identity AS BLOB))), x'')
  ORDER BY length(CAST(identity AS BLOB)) DESC LIMIT 1`;
const addNotes = (count: number): string =>
  `INSERT INTO authlog(timestamp, session, nas_ip, username, note)
  VALUES ${Array(count).fill("(strftime('%Y-%m-%d %H:%M:%f', ?, 'unixepoch'), ?, ?, ?, ?)").join()}`;
/** In one statement, which has no more than 999 parameters. */
const mostNotesAtOnce = 100;

export class EapUserDatabase {
  readonly #users: SqliteDatabase;
  /** Of its own, so that no look-up waits for a disk that is written to. */
  readonly #notes: SqliteDatabase;
  readonly #waiting: TimedNote[] = [];
  readonly #complaints: News;
  #isWriting = false;
  #writing: Promise<void> = Promise.resolve();

  /** @throws ConfigurationError where the system has no SQLite */
  constructor(
    readonly path: string,
    readonly host: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#users = new SqliteDatabase(path);
    this.#notes = new SqliteDatabase(path);
    this.#complaints = new News(host.clock);
  }

  /** @returns undefined where there is none, and where the database can't be asked, which the log tells */
  async find(identity: Uint8Array, phase: 1 | 2): Promise<EapUser | undefined> {
    try {
      const text = octetsAsText(identity);
      if (text === undefined) return undefined;
      const [user] = await this.#users.query(findUser, text, phase - 1);
      // As in hostapd, whoever has no password is nobody.
      if (user?.get("password") !== undefined) return this.#userOf(user);
      if (phase === 2) return undefined;
      const [wildcard] = await this.#users.query(findWildcard, text);
      return wildcard && { ...this.#userOf(wildcard), credential: undefined };
    } catch (thrown) {
      this.#complain(`no user can be looked for in ${this.path}: ${messageOf(thrown)}`);
      return undefined;
    }
  }

  /** Written soon, with others that come meanwhile; what the disk can't keep up with is left out, the oldest first. */
  note(note: AuthenticationNote): void {
    if (this.#waiting.length >= mostNotes) {
      this.#waiting.shift();
      this.#complain(`${this.path} can't be written to as fast as people authenticate: authlog has gaps`);
    }
    this.#waiting.push({ ...note, at: this.host.clock.unixTime() });
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#writing = this.#write();
  }

  /** When what was noted is written. */
  async close(): Promise<void> {
    await this.#writing;
    await Promise.all([this.#users.close(), this.#notes.close()]);
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const notes = this.#waiting.splice(0, mostNotesAtOnce);
      const values = notes.flatMap(({ at, session, nas, user, note }) => [at, session, nas, user, note]);
      try {
        await this.#notes.query(addNotes(notes.length), ...values);
      } catch (thrown) {
        this.#complain(`nothing can be written to authlog in ${this.path}: ${messageOf(thrown)}`);
      }
    }
    this.#isWriting = false;
  }

  #userOf(row: SqlRow): EapUser {
    const password = row.get("password");
    const credential = password && ({ kind: "password", password } as const);
    if (credential !== undefined) forgotten.register(credential, credential.password);
    return {
      ...this.#methodsOf(row),
      credential,
      peapVersion: undefined,
      attributes: [],
    };
  }

  /** What an unknown name follows is left out. */
  #methodsOf(row: SqlRow): MethodList {
    const { list, problem } = parseMethods(octetTextOf(row.get("methods") ?? utf8("")));
    if (problem !== undefined) this.#complain(`methods of a user in ${this.path}: ${problem.message}`);
    return list;
  }

  #complain(text: string): void {
    if (this.#complaints.isNews(text)) this.host.log.warning(`DB: ${text}`);
  }
}

/** A text of SQLite's may hold anything but an octet 0, and ours have to come through a string. @returns undefined where it can't */
function octetsAsText(identity: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(identity);
    return text.includes("\0") ? undefined : text;
  } catch {
    // It isn't UTF-8, and so it is nobody's name in a table of texts.
    return undefined;
  }
}
