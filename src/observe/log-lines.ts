/** Log records as hostapd prints them, and which of them it prints. Log watchers parse these lines. */

import { type Level, type LogModule, type LogRecord, levels } from "../base/log.ts";
import type { HostapdLogLevel, LogModule as ModuleKey } from "../config/keys/interface.ts";
import type { BssSettings } from "../config/registry.ts";

/** `wlan0: STA 02:00:00:00:01:00 IEEE 802.11: associated`, without a time. */
export function logLine({ interface: name, module, station, text }: LogRecord): string {
  const at = name === undefined ? "" : `${name}: `;
  if (station !== undefined) return `${at}STA ${station}${module === undefined ? "" : ` ${module}`}: ${text}`;
  if (module === undefined) return `${at}${text}`;
  return name === undefined ? `${module}: ${text}` : `${at}${module} ${text}`;
}

/** `1700000000.123456: ` as -t puts it before a line. @param unixTime in seconds */
export const timestamp = (unixTime: number): string => `${unixTime.toFixed(6)}: `;

/** What a BSS's settings say of what its parts log. */
export type LoggerSettings = Pick<
  BssSettings,
  "logger_stdout" | "logger_stdout_level" | "logger_syslog" | "logger_syslog_level"
>;

export interface LogThresholds {
  /** Least level of what is said outside of the modules: -d lowers it, -q raises it, LOG_LEVEL sets it. */
  readonly level: Level;
  /** How often -d was given: each makes the modules one step more talkative on standard output. */
  readonly verbosity: number;
  /** -s: standard output has nothing, syslog all. */
  readonly syslogOnly: boolean;
  /** @returns undefined where no BSS has that interface: everything is logged then */
  logger(interfaceName: string | undefined): LoggerSettings | undefined;
}

/** RFC 5424, 6.2.1: severities by name. */
export type SyslogSeverity = "debug" | "info" | "notice" | "warning" | "err";

export interface LogRoute {
  readonly stdout: boolean;
  /** undefined where syslog doesn't get it. */
  readonly syslog: SyslogSeverity | undefined;
}

const loggerLevels: readonly HostapdLogLevel[] = ["verbose", "debug", "info", "notice", "warning"];

const severityOf = {
  excessive: 0,
  msgdump: 0,
  debug: 1,
  info: 2,
  notice: 3,
  warning: 4,
  error: 4,
} as const satisfies Record<Level, number>;

const moduleKeys: Readonly<Record<LogModule, ModuleKey>> = {
  "IEEE 802.11": "ieee80211",
  "IEEE 802.1X": "ieee8021x",
  RADIUS: "radius",
  WPA: "wpa",
  DRIVER: "driver",
  MLME: "mlme",
};

const syslogSeverities = {
  excessive: "debug",
  msgdump: "debug",
  debug: "debug",
  info: "info",
  notice: "notice",
  warning: "warning",
  error: "err",
} as const satisfies Record<Level, SyslogSeverity>;

/** Modules obey logger_stdout and logger_syslog of their BSS; all else obeys -d and -q. */
export function routeOf(record: LogRecord, thresholds: LogThresholds): LogRoute {
  const { level, module } = record;
  const severity = syslogSeverities[level];
  if (module === undefined) {
    const shown = rank(level) >= rank(thresholds.level);
    return {
      stdout: shown && !thresholds.syslogOnly,
      syslog: shown && thresholds.syslogOnly ? severity : undefined,
    };
  }
  const settings = thresholds.logger(record.interface);
  const weight = severityOf[level];
  const key = moduleKeys[module];
  const stdoutLeast = settings ? Math.max(0, weightOf(settings.logger_stdout_level) - thresholds.verbosity) : 0;
  const wantedOnStdout = settings?.logger_stdout.has(key) ?? true;
  const syslogLeast = settings ? weightOf(settings.logger_syslog_level) : 0;
  const wantedInSyslog = settings?.logger_syslog.has(key) ?? true;
  return {
    // hostapd prints such a line as an information, so -q silences it
    stdout: wantedOnStdout && weight >= stdoutLeast && rank(thresholds.level) <= rank("info") && !thresholds.syslogOnly,
    syslog: wantedInSyslog && weight >= syslogLeast ? severity : undefined,
  };
}

const rank = (level: Level): number => levels.indexOf(level);
const weightOf = (level: HostapdLogLevel): number => loggerLevels.indexOf(level);
