/** What RADIUS has on this machine's disk: attributes for single stations (radius_req_attr_sqlite), records that wait (radius_acct_journal). */

import type { OpenAttributeDatabase } from "../ap/radius/attribute-database.ts";
import type { RadiusFiles } from "../ap/radius/shared.ts";
import { textOf } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { News } from "../base/news.ts";
import { octetTextOf } from "../config/octets.ts";
import { parseRadiusAttribute } from "../config/radius-attribute.ts";
import { Journal } from "../linux/journal.ts";
import { SqliteDatabase } from "../linux/sqlite.ts";
import { AccountingJournal } from "../radius/accounting-journal.ts";

const makeTable =
  "CREATE TABLE IF NOT EXISTS radius_attributes( id INTEGER PRIMARY KEY, sta TEXT, reqtype TEXT, attr TEXT)";
const makeIndex = "CREATE INDEX IF NOT EXISTS idx_sta_reqtype ON radius_attributes(sta,reqtype)";
const select = "SELECT attr FROM radius_attributes WHERE sta=? AND (reqtype=? OR reqtype IS NULL)";

export const radiusFiles = (clock: Clock, log: Log): RadiusFiles => ({
  openDatabase: openAttributeDatabase(clock, log),
  openJournal: (path) => openAccountingJournal(path, clock, log),
});

/** @throws ConfigurationError where it can't be read or written, or another process has it */
function openAccountingJournal(path: string, clock: Clock, log: Log): AccountingJournal {
  const news = new News(clock);
  const journal = new AccountingJournal(Journal.open(path), (reason) => {
    if (news.isNews(reason))
      log.error(`radius_acct_journal: ${reason}; what is not in it doesn't outlive this process`);
  });
  if (journal.broken > 0) log.warning(`${path}: ${journal.broken} lines that mean nothing are left out`);
  return journal;
}

function openAttributeDatabase(clock: Clock, log: Log): OpenAttributeDatabase {
  const news = new News(clock);
  return (path) => {
    const database = new SqliteDatabase(path, 0o600);
    const tell = (thrown: unknown): void => {
      const text = `${path}: ${messageOf(thrown)}`;
      if (news.isNews(text)) log.error(text);
    };
    const ready = database
      .query(makeTable)
      .then(() => database.query(makeIndex))
      .then(() => undefined, tell);
    return {
      ready,
      async attributesFor(station, kind) {
        await ready;
        try {
          const rows = await database.query(select, station, kind);
          return rows.flatMap((row) => {
            const value = row.get("attr");
            const attribute = value && parseRadiusAttribute(octetTextOf(value));
            if (typeof attribute !== "string") return attribute ?? [];
            log.warning(`${path}: '${textOf(value ?? new Uint8Array())}': ${attribute}`);
            return [];
          });
        } catch (thrown) {
          tell(thrown);
          return [];
        }
      },
      close: () => void database.close(),
    };
  };
}
