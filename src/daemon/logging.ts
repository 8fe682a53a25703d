/** What is logged, and where to: hostapd's switches over the outputs. */

import { type Level, type LogRecord, type LogSink, levels } from "../base/log.ts";
import { type LoggerSettings, logLine, routeOf, timestamp } from "../observe/log-lines.ts";
import type { LogOutput, Syslog } from "./log-output.ts";
import type { Options } from "./options.ts";

export class Logging {
  #level: Level;
  /** Is called when the level has changed. */
  onLevel: () => void = () => undefined;
  /** Unix time in front of each line. */
  timestamps: boolean;
  /** What the BSS of an interface has set. */
  loggerOf: (interfaceName: string | undefined) => LoggerSettings | undefined = () => undefined;

  constructor(
    readonly options: Pick<Options, "verbosity" | "syslog" | "timestamps">,
    readonly output: LogOutput,
    readonly syslog: Syslog,
    readonly unixTime: () => number,
  ) {
    const least = levels.indexOf("info") - options.verbosity;
    this.#level = levels[Math.min(Math.max(0, least), levels.length - 1)] ?? "info";
    this.timestamps = options.timestamps;
  }

  /** Least level of what is said outside of the modules. */
  get level(): Level {
    return this.#level;
  }

  set level(level: Level) {
    this.#level = level;
    this.onLevel();
  }

  readonly sink: LogSink = (record: LogRecord) => {
    const { verbosity, syslog: syslogOnly } = this.options;
    const route = routeOf(record, {
      level: this.level,
      verbosity: Math.max(0, verbosity),
      syslogOnly,
      logger: (name) => this.loggerOf(name),
    });
    if (!route.stdout && route.syslog === undefined) return;
    const line = logLine(record);
    if (route.stdout) this.output.write(this.timestamps ? timestamp(this.unixTime()) + line : line);
    if (route.syslog !== undefined) this.syslog.write(line, route.syslog);
  };
}
