/** Small words for numbers and codes. */

import { reasonCode } from "../../wire/ieee80211/reason-code.ts";

const units = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** `3 minutes`; the largest unit alone says enough. @param seconds negative ones count as none */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [size, name] = units.find(([least]) => whole >= least) ?? units[units.length - 1] ?? [1, "second"];
  const count = Math.floor(whole / size);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

export const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/** `a, b and c`. */
export const listed = (words: readonly string[], join = "and"): string =>
  words.length < 2 ? (words[0] ?? "nothing") : `${words.slice(0, -1).join(", ")} ${join} ${words.at(-1) ?? ""}`;

/** `reason 15, 4-way handshake timeout`. */
export const reasonText = (
  reason: string,
  code: number | undefined = reasonCode[reason as keyof typeof reasonCode],
): string => (code === undefined ? reason.replaceAll("-", " ") : `reason ${code}, ${spelled(reason)}`);

export const spelled = (name: string): string => name.replaceAll("-", " ").replace("4 way", "4-way");
