/** radius_req_attr_sqlite: attributes that requests about single stations have beside the others, in hostapd's table. */

import type { OpenAttributeDatabase } from "../ap/radius/attribute-database.ts";
import { textOf } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { octetTextOf } from "../config/octets.ts";
import { parseRadiusAttribute } from "../config/radius-attribute.ts";
import { SqliteDatabase } from "../linux/sqlite.ts";

const makeTable =
  "CREATE TABLE IF NOT EXISTS radius_attributes( id INTEGER PRIMARY KEY, sta TEXT, reqtype TEXT, attr TEXT)";
const makeIndex = "CREATE INDEX IF NOT EXISTS idx_sta_reqtype ON radius_attributes(sta,reqtype)";
const select = "SELECT attr FROM radius_attributes WHERE sta=? AND (reqtype=? OR reqtype IS NULL)";

export const openAttributeDatabase =
  (log: Log): OpenAttributeDatabase =>
  (path) => {
    const database = new SqliteDatabase(path, 0o600);
    const tell = (thrown: unknown): void => log.error(`${path}: ${messageOf(thrown)}`);
    const ready = database
      .query(makeTable)
      .then(() => database.query(makeIndex))
      .catch(tell);
    return {
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
