/** Shows what happens as it happens: a line each, with the time since the beginning. */

import type { Clock } from "../../base/clock.ts";
import { inSeconds, since } from "../../base/duration.ts";
import type { Paint } from "../style.ts";
import type { Happening } from "./story.ts";

export type Tell = (who: string, happening: Happening | undefined) => void;

const whoWidth = 14;
const timeWidth = 9;

export function timeline(output: NodeJS.WritableStream, paint: Paint, clock: Clock): Tell {
  const begun = clock.now();
  const indent = " ".repeat(timeWidth + 2 + whoWidth);
  return (who, happening) => {
    if (happening === undefined) return;
    const { what, why, tone } = happening;
    const time = `${inSeconds(since(clock, begun)).toFixed(3)} s`.padStart(timeWidth);
    const said = tone === undefined ? what : paint(tone, what);
    output.write(`${paint("quiet", time)}  ${paint("name", who.padEnd(whoWidth))}${said}\n`);
    if (why !== undefined) output.write(`${indent}why: ${why}\n`);
  };
}

/** The same for programs: an object a line. */
export function jsonTimeline(output: NodeJS.WritableStream, clock: Clock): Tell {
  const begun = clock.now();
  return (who, happening) => {
    if (happening === undefined) return;
    const { what, why } = happening;
    const seconds = Number(inSeconds(since(clock, begun)).toFixed(6));
    output.write(`${JSON.stringify({ type: "happening", seconds, who, what, why })}\n`);
  };
}
