/** A file of lines that survive whatever becomes of the process. One process has it at a time. */
export interface LineJournal {
  /** Those that it had when it was opened. */
  readonly lines: readonly string[];
  /** Octets of the file. */
  readonly length: number;
  /** Nothing is being written, so that {@link rewrite} may come. */
  readonly isIdle: boolean;
  /** Resolves when the line is on the disk. @throws ConfigurationError where it can't be written: a full disk */
  append(line: string): Promise<void>;
  /** @throws ConfigurationError */
  rewrite(lines: readonly string[]): void;
  /** What waits is still written. */
  close(): void;
}
