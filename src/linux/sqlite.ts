/**
 * SQLite databases, through the library of the system: the only way to share one with other programs, since its locks are the kernel's. What
 * waits for a disk or a lock does so on a thread of Node's pool, one statement of a database at a time.
 */

import { open, stat } from "node:fs/promises";
import koffi from "koffi";
import { ConfigurationError, messageOf } from "../base/errors.ts";

export type SqlValue = Uint8Array | string | number | null;

/** A row's columns by name; octets of text and blobs alike, undefined for NULL. */
export type SqlRow = ReadonlyMap<string, Uint8Array | undefined>;

/** What SQLite says is wrong, in its own words. */
export class SqliteError extends Error {
  override readonly name = "SqliteError";
}

type Pointer = bigint | null;
type Unary = (object: Pointer) => number;
type Step = Unary & { async(object: Pointer, done: (error: Error | null, result: number) => void): void };
type Prepare = (
  database: Pointer,
  sql: string,
  length: number,
  statement: [Pointer],
  tail: null,
  done: (error: Error | null, result: number) => void,
) => void;
type Open = (path: string, database: [Pointer], flags: number, system: null) => number;
type Bind = (statement: Pointer, place: number, octets: Uint8Array, length: number, copied: bigint) => number;
type Column = (statement: Pointer, column: number) => number;

/** Every function that is needed, by its prototype in sqlite3.h. */
const load = () => {
  const library = koffi.load("libsqlite3.so.0");
  const of = <F>(prototype: string): F => library.func(prototype) as F;
  return {
    open: of<Open>("int sqlite3_open_v2(const char *, _Out_ void **, int, const char *)"),
    close: of<Unary>("int sqlite3_close_v2(void *)"),
    busyTimeout: of<(database: Pointer, milliseconds: number) => number>("int sqlite3_busy_timeout(void *, int)"),
    errorText: of<(database: Pointer) => string>("const char *sqlite3_errmsg(void *)"),
    prepare: of<{ async: Prepare }>("int sqlite3_prepare_v2(void *, const char *, int, _Out_ void **, void *)"),
    finalize: of<Unary>("int sqlite3_finalize(void *)"),
    step: of<Step>("int sqlite3_step(void *)"),
    bindBlob: of<Bind>("int sqlite3_bind_blob(void *, int, const void *, int, intptr_t)"),
    bindText: of<Bind>("int sqlite3_bind_text(void *, int, const void *, int, intptr_t)"),
    bindDouble: of<(statement: Pointer, place: number, value: number) => number>(
      "int sqlite3_bind_double(void *, int, double)",
    ),
    columnCount: of<Unary>("int sqlite3_column_count(void *)"),
    columnName: of<(statement: Pointer, column: number) => string>("const char *sqlite3_column_name(void *, int)"),
    columnType: of<Column>("int sqlite3_column_type(void *, int)"),
    columnBlob: of<(statement: Pointer, column: number) => Pointer>("void *sqlite3_column_blob(void *, int)"),
    columnLength: of<Column>("int sqlite3_column_bytes(void *, int)"),
  };
};

type Library = ReturnType<typeof load>;
let loaded: Library | undefined;

/** @throws ConfigurationError where the system has no SQLite */
function sqlite(): Library {
  try {
    loaded ??= load();
  } catch (thrown) {
    throw new ConfigurationError(
      `SQLite's library (libsqlite3.so.0) is not there; on Debian: apt install libsqlite3-0 (${messageOf(thrown)})`,
      { cause: thrown },
    );
  }
  return loaded;
}

/** sqlite3.h */
const codes = { ok: 0, row: 100, done: 101, null: 5 } as const;
const openFlags = 0x2 | 0x10000; // read and write, with a lock of its own
const copied = -1n; // SQLITE_TRANSIENT
/** How long another program's lock is waited for. */
const busyTimeout = 2000;
const mostWaiting = 1000;

/** A file that is opened when it is first asked, and again when another has taken its place. */
export class SqliteDatabase {
  #handle: { readonly pointer: bigint; readonly file: string } | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;

  /**
   * @param createdAs permissions of the file where it is made because there is none; without them, nothing can be asked then
   * @throws ConfigurationError where the system has no SQLite
   */
  constructor(
    readonly path: string,
    readonly createdAs?: number,
  ) {
    sqlite();
  }

  /**
   * One statement.
   * @param values of its parameters: strings are text, octets blobs
   * @throws SqliteError in the promise, where it can't be done, or too many others wait
   */
  async query(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    if (this.#waiting >= mostWaiting) throw new SqliteError(`${mostWaiting} others wait for ${this.path}`);
    this.#waiting += 1;
    const before = this.#last;
    const result = (async () => {
      await before;
      const database = await this.#open();
      return runStatement(sqlite(), database, sql, values);
    })();
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** When what is under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    this.#drop();
  }

  async #open(): Promise<bigint> {
    if (this.#isClosed) throw new SqliteError(`${this.path} has been closed`);
    const file = await identityOf(this.path, this.createdAs);
    if (this.#handle !== undefined && this.#handle.file === file) return this.#handle.pointer;
    this.#drop();
    const library = sqlite();
    const out: [Pointer] = [null];
    const code = library.open(this.path, out, openFlags, null);
    const [pointer] = out;
    if (pointer === null || code !== codes.ok) {
      const reason = pointer === null ? "no memory" : library.errorText(pointer);
      if (pointer !== null) library.close(pointer);
      throw new SqliteError(`can't open ${this.path}: ${reason}`);
    }
    library.busyTimeout(pointer, busyTimeout);
    this.#handle = { pointer, file };
    return pointer;
  }

  #drop(): void {
    if (this.#handle !== undefined) sqlite().close(this.#handle.pointer);
    this.#handle = undefined;
  }
}

/** Another file at the same place has another. @throws SqliteError where there is none */
async function identityOf(path: string, createdAs: number | undefined): Promise<string> {
  try {
    // An empty file is an empty database.
    if (createdAs !== undefined) await (await open(path, "a", createdAs)).close();
    const { dev, ino } = await stat(path);
    return `${dev}:${ino}`;
  } catch (thrown) {
    throw new SqliteError(`can't open ${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

async function runStatement(
  library: Library,
  database: bigint,
  sql: string,
  values: readonly SqlValue[],
): Promise<readonly SqlRow[]> {
  const out: [Pointer] = [null];
  const expect = (code: number, ...fine: readonly number[]): number => {
    if (!fine.includes(code)) throw new SqliteError(library.errorText(database));
    return code;
  };
  expect(await later((done) => library.prepare.async(database, sql, -1, out, null, done)), codes.ok);
  const [statement] = out;
  try {
    for (const [i, value] of values.entries()) expect(bind(library, statement, i + 1, value), codes.ok);
    const rows: SqlRow[] = [];
    while (expect(await later((done) => library.step.async(statement, done)), codes.row, codes.done) === codes.row) {
      rows.push(rowOf(library, statement));
    }
    return rows;
  } finally {
    library.finalize(statement);
  }
}

const later = (call: (done: (error: Error | null, result: number) => void) => void): Promise<number> =>
  new Promise((resolve, reject) => call((error, result) => (error === null ? resolve(result) : reject(error))));

function bind(library: Library, statement: Pointer, place: number, value: SqlValue): number {
  if (value === null) return codes.ok;
  if (typeof value === "number") return library.bindDouble(statement, place, value);
  if (typeof value !== "string") return library.bindBlob(statement, place, atLeastOne(value), value.length, copied);
  const octets = new TextEncoder().encode(value);
  return library.bindText(statement, place, atLeastOne(octets), octets.length, copied);
}

/** An empty array may have no address, which would mean NULL. */
const atLeastOne = (octets: Uint8Array): Uint8Array => (octets.length === 0 ? new Uint8Array(1) : octets);

function rowOf(library: Library, statement: Pointer): SqlRow {
  const row = new Map<string, Uint8Array | undefined>();
  for (let column = 0; column < library.columnCount(statement); column++) {
    row.set(library.columnName(statement, column), octetsAt(library, statement, column));
  }
  return row;
}

function octetsAt(library: Library, statement: Pointer, column: number): Uint8Array | undefined {
  if (library.columnType(statement, column) === codes.null) return undefined;
  const address = library.columnBlob(statement, column);
  const length = library.columnLength(statement, column);
  if (address === null || length === 0) return new Uint8Array();
  return Uint8Array.from(koffi.decode(address, koffi.array("uint8_t", length, "Typed")) as Uint8Array);
}
