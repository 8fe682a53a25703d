/**
 * Accounting records on the disk until the server has answered, and of each session the record that would end it: what a process that is gone
 * has left is told by the next one. RFC 2866 leaves it open how long a record is kept; section 2 wants it delivered.
 */

import { bytesOfHex, hexOf } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import type { LineJournal } from "../base/line-journal.ts";
import { decodeCheckedLine, encodeCheckedLine } from "../crypto/checked-line.ts";
import type { RadiusAttribute } from "../wire/radius/packet.ts";

export interface KeptRecord {
  /** Seconds of UNIX time when it was made. */
  readonly since: number;
  /** All but Acct-Delay-Time. */
  readonly attributes: readonly RadiusAttribute[];
}

/** As it stands in a line: hexadecimal for octets. */
interface StoredRecord {
  readonly of: string;
  readonly since: number;
  readonly attributes: readonly (readonly [type: number, value: string])[];
}

type Line =
  /** A record that the server has to hear. @property ends the session whose end it tells */
  | (StoredRecord & { readonly id: number; readonly ends?: string })
  /** The server has it. */
  | { readonly answered: number }
  /** The record that is due where nothing more is heard of the session. */
  | (StoredRecord & { readonly session: string });

/** Below that, a file is not worth the trouble. */
const smallFile = 262_144;

export class AccountingJournal {
  readonly #records = new Map<number, StoredRecord & { readonly id: number }>();
  /** By BSS and session. */
  readonly #sessions = new Map<string, StoredRecord & { readonly session: string }>();
  /** Those of before that nobody has taken over yet. */
  readonly #left: Set<number>;
  #id = 0;
  /** Length of the file when it was written anew. */
  #kept = 0;
  readonly broken: number = 0;

  /** @param onTrouble hears why a line could not be written; the record is in memory all the same */
  constructor(
    readonly journal: LineJournal,
    readonly onTrouble: (reason: string) => void,
  ) {
    for (const line of journal.lines) {
      // Whole, so it is what we have written.
      const decoded = decodeCheckedLine(line) as Line | undefined;
      if (decoded === undefined) this.broken += 1;
      else this.#take(decoded);
    }
    // Sessions that were going on have ended with the process.
    for (const [key, { of, since, attributes }] of [...this.#sessions]) {
      this.#sessions.delete(key);
      this.#id += 1;
      this.#records.set(this.#id, { id: this.#id, of, since, attributes });
    }
    this.#left = new Set(this.#records.keys());
    if (journal.lines.length > 0) this.#writeAnew();
  }

  get size(): number {
    return this.#records.size;
  }

  /**
   * What an earlier process has left, for one BSS, once; in the order in which it was made.
   * @returns each with what is to be called when it needn't be kept any longer
   */
  takeLeft(of: string): readonly (KeptRecord & { readonly settle: () => void })[] {
    return [...this.#left].flatMap((id) => {
      const record = this.#records.get(id);
      if (record?.of !== of) return [];
      this.#left.delete(id);
      return [{ since: record.since, attributes: attributesOf(record), settle: () => this.#settle(id) }];
    });
  }

  /**
   * @param of name of the BSS's interface
   * @param ends the session that ends with it
   * @returns to be called when it needn't be kept any longer
   */
  keep(of: string, { since, attributes }: KeptRecord, ends?: string): () => void {
    this.#id += 1;
    const id = this.#id;
    this.#write({ id, of, since, attributes: stored(attributes), ...(ends === undefined ? {} : { ends }) });
    return () => this.#settle(id);
  }

  /** @param last what would have to be told of it if nothing more were heard */
  note(of: string, session: string, { since, attributes }: KeptRecord): void {
    this.#write({ of, session, since, attributes: stored(attributes) });
  }

  close(): void {
    this.journal.close();
  }

  #settle(id: number): void {
    if (this.#records.has(id)) this.#write({ answered: id });
  }

  #write(line: Line): void {
    this.#take(line);
    const text = encodeCheckedLine(line);
    this.journal.append(text).then(
      () => this.#shrink(),
      (thrown: unknown) => {
        if (!(thrown instanceof ConfigurationError)) throw thrown;
        this.onTrouble(thrown.message);
      },
    );
  }

  #take(line: Line): void {
    if ("answered" in line) {
      this.#records.delete(line.answered);
      return;
    }
    if ("session" in line) {
      this.#sessions.set(`${line.of} ${line.session}`, line);
      return;
    }
    const { ends, ...record } = line;
    this.#records.set(record.id, record);
    this.#id = Math.max(this.#id, record.id);
    if (ends !== undefined) this.#sessions.delete(`${line.of} ${ends}`);
  }

  /** A file that is mostly of the past is written anew. */
  #shrink(): void {
    const { journal } = this;
    if (journal.isIdle && journal.length - this.#kept > Math.max(smallFile, this.#kept)) this.#writeAnew();
  }

  #writeAnew(): void {
    const { journal } = this;
    const lines = [...this.#records.values(), ...this.#sessions.values()].map(encodeCheckedLine);
    try {
      journal.rewrite(lines);
      this.#kept = journal.length;
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      this.onTrouble(thrown.message);
    }
  }
}

const stored = (attributes: readonly RadiusAttribute[]): StoredRecord["attributes"] =>
  attributes.map(({ type, value }) => [type, hexOf(value)]);

const attributesOf = ({ attributes }: StoredRecord): readonly RadiusAttribute[] =>
  attributes.map(([type, value]) => ({ type, value: bytesOfHex(value) ?? new Uint8Array() }));
