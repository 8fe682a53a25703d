/** Leases in a journal: a line each, JSON and what shows that it is whole. The last line of an address counts. */

import { ConfigurationError } from "../../base/errors.ts";
import type { LineJournal } from "../../base/line-journal.ts";
import { decodeCheckedLine, encodeCheckedLine } from "../../crypto/checked-line.ts";
import type { LeaseJournal, LeaseRecord } from "./journal.ts";

/** Below that, a file is not worth the trouble. */
const smallFile = 65_536;

/** Octets of a line, about. */
const typicalLine = 200;

export interface LeaseFile extends LeaseJournal {
  /** Lines that mean nothing: somebody or something has changed the file. */
  readonly broken: number;
}

export function openLeaseFile(journal: LineJournal): LeaseFile {
  const records = new Map<string, LeaseRecord>();
  let broken = 0;
  for (const line of journal.lines) {
    // Whole, so it is what we have written.
    const record = decodeCheckedLine(line) as LeaseRecord | undefined;
    if (record === undefined) broken += 1;
    else replace(records, record);
  }
  return {
    records: [...records.values()],
    broken,
    append: async (record) => {
      await journal.append(encodeCheckedLine(record));
      replace(records, record);
      const needed = records.size * typicalLine;
      if (journal.isIdle && journal.length > smallFile && journal.length > 4 * needed) {
        rewriteIfPossible(journal, [...records.values()].map(encodeCheckedLine));
      }
    },
    close: () => journal.close(),
  };
}

/** The record is on the disk already: a file that can't be made smaller now is made so another time. */
function rewriteIfPossible(journal: LineJournal, lines: readonly string[]): void {
  try {
    journal.rewrite(lines);
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
  }
}

/** To the end, so that they stay in the order in which they were written. */
function replace(records: Map<string, LeaseRecord>, record: LeaseRecord): void {
  records.delete(record.address);
  records.set(record.address, record);
}
