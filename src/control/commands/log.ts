/** The daemon's log. */

import { leadingInteger } from "../../config/numbers.ts";
import { readable } from "../../config/octets.ts";
import { levelName, parseLevel } from "../../observe/message-level.ts";
import { done, fail, type GlobalContext, ok, onGlobal, onInterface } from "../command.ts";

const reopen = ({ daemon }: GlobalContext): string => done(daemon.logging.reopen());

function logLevel({ daemon: { logging } }: GlobalContext, args: string): string {
  const [level = "", stamp] = args.replace(/^ +/, "").split(/ +/);
  if (level === "" && stamp === undefined) {
    return `Current level: ${levelName(logging.level)}\nTimestamp: ${logging.timestamps ? 1 : 0}\n`;
  }
  const parsed = parseLevel(level);
  if (parsed === undefined) return fail;
  logging.level = parsed;
  if (stamp !== undefined && stamp !== "") logging.timestamps = leadingInteger(stamp).value !== 0;
  return ok;
}

export const logCommands = [
  onInterface("LOG_LEVEL", "[<level> [<timestamps: 0/1>]]", "Shows or sets what the log has.", logLevel),
  onInterface("NOTE", "<text>", "Writes a text into the log.", ({ daemon }, text) => {
    daemon.log.info(`NOTE: ${readable(text)}`);
    return ok;
  }),
  onInterface("RELOG", "[<anything>]", "Opens the log file again, after it has been renamed.", reopen),
  onInterface("CLOSE_LOG", "", "Closes the log file.", ({ daemon }) => {
    daemon.logging.close();
    return ok;
  }),
  onGlobal("RELOG", "[<anything>]", "Opens the log file again, after it has been renamed.", reopen),
] as const;
