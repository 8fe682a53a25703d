import { type Level, type LogSink, levels } from "../base/log.ts";
import type { LogOutput } from "./log-output.ts";
import type { Options } from "./options.ts";

/** Lines in hostapd's shape, since log watchers read them. */
export function logSink(options: Options, output: LogOutput): LogSink {
  const least = levels.indexOf("info") - options.verbosity;
  const shows = (level: Level): boolean => levels.indexOf(level) >= least;
  return ({ level, interface: name, module, station, text }) => {
    if (!shows(level)) return;
    const who = station === undefined ? "" : `STA ${station} `;
    const what = module === undefined ? text : `${who}${module}: ${text}`;
    const stamp = options.timestamps ? `${(Date.now() / 1000).toFixed(6)}: ` : "";
    output.write(`${stamp}${name === undefined ? "" : `${name}: `}${what}`);
  };
}
