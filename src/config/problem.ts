/** What is wrong with a file, where, and how it is said. */

/** `error`: the file can't be used. `warning`: it can, but not all of it means what it says. `note`: a choice was made. */
export type Severity = "error" | "warning" | "note";

export interface Problem {
  readonly severity: Severity;
  readonly file: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  /** Octets from the start of the line, from 1; 0 where the whole line or file is meant. */
  readonly column: number;
  /** In octets. */
  readonly length: number;
  readonly key?: string;
  readonly message: string;
  /** What to write instead of the octets that are pointed at. */
  readonly fix?: string;
  /** The whole line that hostapd logs for it. */
  readonly hostapd?: string;
}
