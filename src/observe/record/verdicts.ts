/** The short forms in which explanations are written. */

import type { Words } from "./explanation.ts";

/** Something is to be mended. @param advice what to look at, the likeliest first */
export const bad = (fault: Words["fault"], text: string, ...advice: readonly string[]): Words => ({
  verdict: "bad",
  fault,
  text,
  advice,
});
/** Nothing has to be mended, though somebody may ask. */
export const harmless = (fault: Words["fault"], text: string, ...advice: readonly string[]): Words => ({
  ...bad(fault, text, ...advice),
  verdict: "harmless",
});
