/** What is said of one link of the chain. */

import type { Evidence } from "./evidence.ts";

export type Verdict = "well" | "not well" | "can't tell";

export interface Diagnosis {
  /** The link of the chain. */
  readonly link: string;
  readonly verdict: Verdict;
  /** What was seen, in words. */
  readonly evidence: string;
  /** The one command that mends it, or what to do where there is none. */
  readonly mend: string | undefined;
}

export type Check = (evidence: Evidence) => Diagnosis;

export const well = (link: string, evidence: string): Diagnosis => ({
  link,
  verdict: "well",
  evidence,
  mend: undefined,
});

export const ill = (link: string, evidence: string, mend: string): Diagnosis => ({
  link,
  verdict: "not well",
  evidence,
  mend,
});

export const unclear = (link: string, evidence: string, mend?: string): Diagnosis => ({
  link,
  verdict: "can't tell",
  evidence,
  mend,
});
