/** `dump_msk_file`: keys of sessions in a file, for tests in which somebody decrypts what was recorded. */

import { closeSync, constants, fchmodSync, fstatSync, openSync, writeSync } from "node:fs";
import { hexOf } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { News } from "../../base/news.ts";

/** MS-MPPE attributes carry no more. */
const longest = 64;
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

export class MskFile {
  readonly #news: News;

  constructor(
    readonly clock: Clock,
    readonly log: Log,
  ) {
    this.#news = new News(clock);
  }

  /** A line of hexadecimal digits behind what is there. Where it can't be written, the session goes on without, and the log says so. */
  append(path: string, msk: Uint8Array): void {
    try {
      appendForOwner(path, `${hexOf(msk.subarray(0, longest))}\n`);
    } catch (thrown) {
      const trouble = `can't write '${path}' (dump_msk_file): ${messageOf(thrown)}`;
      if (this.#news.isNews(trouble)) this.log.error(`RADIUS server: ${trouble}`);
    }
  }
}

/** Opened each time, as hostapd does it: a test may take the file away at any moment. @throws Error as Node's file system does */
function appendForOwner(path: string, line: string): void {
  // What somebody else has put there, a link or a pipe, is not written to.
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const { mode, uid } = fstatSync(file);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw new Error("it is no file");
    if (uid !== process.geteuid?.()) throw new Error("it belongs to somebody else");
    if ((mode & 0o077) !== 0) fchmodSync(file, 0o600);
    writeSync(file, line);
  } finally {
    closeSync(file);
  }
}
