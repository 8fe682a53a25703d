/** Texts for the terminal. */

/** Local time of the day, with the date where it is another day. @param at seconds of UNIX time */
export function clockTime(at: number, now: Date = new Date()): string {
  const then = new Date(at * 1000);
  const two = (count: number): string => String(count).padStart(2, "0");
  const time = [then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(":");
  const isToday = then.toDateString() === now.toDateString();
  return isToday ? time : `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** At blanks, into lines of so many characters. */
export function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of safe(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Nothing in it moves the cursor or hides text: it may have come from the air. */
export const safe = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");

/** `1.2 GB`; decimal, as network people count. */
export function octets(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? ""}`;
}

/** `3d 4h`, `4h 05m`, `5m 09s`, `9s`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes, rest] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  const two = (count: number): string => String(count).padStart(2, "0");
  if (days > 0) return `${days}d ${two(hours)}h`;
  if (hours > 0) return `${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${two(rest)}s` : `${rest}s`;
}

/** Columns that a text takes on a terminal: wide characters of East Asia and pictures take two, marks none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Me}/u.test(character)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** To so many columns: cut with an ellipsis, or filled with blanks. */
export function fitted(text: string, width: number, side: "left" | "right" = "left"): string {
  let shown = text;
  if (columnsOf(shown) > width) {
    const characters = [...text];
    while (characters.length > 0 && columnsOf(characters.join("")) > width - 1) characters.pop();
    shown = `${characters.join("")}…`;
  }
  const fill = " ".repeat(Math.max(0, width - columnsOf(shown)));
  return side === "left" ? shown + fill : fill + shown;
}
