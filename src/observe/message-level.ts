/** hostapd's numbers of message levels, which monitors and LOG_LEVEL speak of. */

import type { Level } from "../base/log.ts";

const numbers: Readonly<Record<Level, number>> = {
  excessive: 0,
  msgdump: 1,
  debug: 2,
  info: 3,
  // hostapd has no notices among its messages, only in its logger
  notice: 3,
  warning: 4,
  error: 5,
};

/** 3 for `info`: what stands in `<3>AP-ENABLED`. */
export const messageLevel = (level: Level): number => numbers[level];

const named = ["excessive", "msgdump", "debug", "info", "warning", "error"] as const satisfies readonly Level[];

/** `MSGDUMP`, as LOG_LEVEL shows it. */
export const levelName = (level: Level): string => (level === "notice" ? "info" : level).toUpperCase();

/** @returns undefined where hostapd knows no such level; case doesn't matter */
export const parseLevel = (text: string): Level | undefined => named.find((level) => level === text.toLowerCase());
