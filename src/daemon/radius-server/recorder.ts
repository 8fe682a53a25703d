/** Where the accounting server writes what it is told. */

import { utf8 } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { News } from "../../base/news.ts";
import type { BssSettings } from "../../config/registry.ts";
import { openRecordFile } from "../../linux/record-file.ts";
import type { Dictionary } from "../../radius/dictionary.ts";
import type { AccountingRecord } from "../../radius/server/accounting.ts";
import { recordLine } from "../../radius/server/record-line.ts";

export interface Recorder {
  /** @returns false where it could not be written */
  write(record: AccountingRecord): Promise<boolean>;
  close(): void;
}

const mebibyte = 1024 * 1024;

/** @throws ConfigurationError where the file can't be opened */
export async function openRecorder(
  settings: BssSettings,
  dictionary: Dictionary,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Recorder> {
  const { radius_server_acct_file: path } = settings;
  if (path === undefined) return { write: () => Promise.resolve(true), close: () => undefined };
  const news = new News(clock);
  const file = await openRecordFile({
    path,
    largest: settings.radius_server_acct_file_size * mebibyte,
    kept: settings.radius_server_acct_files,
    onTrouble: (doing, errno) => {
      const trouble = `can't ${doing} '${path}': ${errno}`;
      if (news.isNews(trouble)) log.error(`RADIUS accounting: ${trouble}; clients ask again until it can be written`);
    },
  });
  return {
    write: (record) => file.append(utf8(recordLine(record, dictionary))),
    close: () => void file.close(),
  };
}
