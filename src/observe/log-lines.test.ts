import assert from "node:assert/strict";
import { test } from "node:test";
import type { Level, LogRecord } from "../base/log.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { defaultBss } from "../config/settings.ts";
import { type LogThresholds, logLine, routeOf, timestamp } from "./log-lines.ts";
import { levelName, messageLevel, parseLevel } from "./message-level.ts";

const station = "02:00:00:00:01:00" as MacAddress;
const ofStation: LogRecord = {
  level: "info",
  interface: "wlan0",
  module: "IEEE 802.11",
  station,
  text: "authenticated",
};

test("lines in hostapd's shape", () => {
  assert.equal(logLine(ofStation), `wlan0: STA ${station} IEEE 802.11: authenticated`);
  const { interface: _, ...nowhere } = ofStation;
  assert.equal(logLine(nowhere), `STA ${station} IEEE 802.11: authenticated`);
  assert.equal(
    logLine({ level: "debug", interface: "wlan0", module: "WPA", text: "rekeying GTK" }),
    "wlan0: WPA rekeying GTK",
  );
  assert.equal(logLine({ level: "debug", module: "RADIUS", text: "lost" }), "RADIUS: lost");
  assert.equal(logLine({ level: "info", interface: "wlan0", text: "AP-ENABLED " }), "wlan0: AP-ENABLED ");
  assert.equal(logLine({ level: "info", text: "Configuration file: a.conf" }), "Configuration file: a.conf");
  assert.equal(timestamp(1_700_000_000.5), "1700000000.500000: ");
});

const thresholds = (more: Partial<LogThresholds> = {}): LogThresholds => ({
  level: "info",
  verbosity: 0,
  syslogOnly: false,
  logger: () => defaultBss("wlan0"),
  ...more,
});

test("what has no module obeys -d and -q", () => {
  const shown = (level: Level, least: Level): boolean =>
    routeOf({ level, text: "" }, thresholds({ level: least })).stdout;
  assert.equal(shown("info", "info"), true);
  assert.equal(shown("debug", "info"), false);
  assert.equal(shown("debug", "debug"), true);
  assert.equal(shown("info", "warning"), false);
  assert.equal(shown("error", "warning"), true);
  assert.equal(routeOf({ level: "error", text: "" }, thresholds()).syslog, undefined);
});

test("modules obey logger_stdout and logger_stdout_level, which -d lowers, and -q silences them", () => {
  const shown = (level: Level, more: Partial<LogThresholds> = {}): boolean =>
    routeOf({ ...ofStation, level }, thresholds(more)).stdout;
  assert.equal(shown("info"), true);
  assert.equal(shown("debug"), false);
  assert.equal(shown("debug", { verbosity: 1 }), true);
  assert.equal(shown("excessive", { verbosity: 1 }), false);
  assert.equal(shown("excessive", { verbosity: 2 }), true);
  assert.equal(shown("info", { level: "warning" }), false);
  const bss = defaultBss("wlan0");
  assert.equal(shown("error", { logger: () => ({ ...bss, logger_stdout: new Set(["wpa" as const]) }) }), false);
  assert.equal(shown("notice", { logger: () => ({ ...bss, logger_stdout_level: "warning" }) }), false);
  assert.equal(shown("debug", { logger: () => undefined }), true, "what is of no BSS is all shown");
});

test("syslog has its own settings, and with -s all there is", () => {
  assert.deepEqual(routeOf(ofStation, thresholds()), { stdout: true, syslog: "info" });
  assert.deepEqual(routeOf({ ...ofStation, level: "debug" }, thresholds()), { stdout: false, syslog: undefined });
  const silent = { ...defaultBss("wlan0"), logger_syslog: new Set<never>() };
  assert.equal(routeOf(ofStation, thresholds({ logger: () => silent })).syslog, undefined);
  assert.deepEqual(routeOf(ofStation, thresholds({ syslogOnly: true })), { stdout: false, syslog: "info" });
  assert.deepEqual(routeOf({ level: "warning", text: "" }, thresholds({ syslogOnly: true })), {
    stdout: false,
    syslog: "warning",
  });
});

test("levels by hostapd's numbers and names", () => {
  assert.equal(messageLevel("info"), 3);
  assert.equal(levelName("msgdump"), "MSGDUMP");
  assert.equal(parseLevel("Warning"), "warning");
  assert.equal(parseLevel("notice"), undefined);
});
